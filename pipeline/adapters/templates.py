"""Where is what an outlet's pages have taught, and from which day on does it hold?

``<root>/<outlet_id>/<day>.json``, beside the archive: one file for each time it was learnt, never changed by a
later one, so that pages of a day are read with the same knowledge however often they are read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.adapters.files import replace
from pipeline.adapters.plain import of_plain, to_lines, to_plain
from pipeline.errors import ArchiveError
from pipeline.records import Template


class Templates:
    """The templates of every outlet, in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, template: Template) -> Path:
        path = self._root / template.outlet_id / f"{template.since}.json"
        replace(path, to_lines(to_plain(template)).encode() + b"\n")
        return path

    def of_day(self, outlet_id: str, day: date) -> Template | None:
        """The newest one that holds on a day; None where nothing was learnt before it."""
        since = [known for known in self.days(outlet_id) if known <= day]
        return self._read(outlet_id, since[-1]) if since else None

    def days(self, outlet_id: str) -> Sequence[date]:
        """The first days of all of an outlet's templates, in order."""
        return sorted(
            date.fromisoformat(file.stem) for file in (self._root / outlet_id).glob("????-??-??.json")
        )

    def _read(self, outlet_id: str, since: date) -> Template:
        path = self._root / outlet_id / f"{since}.json"
        try:
            return of_plain(Template, json.loads(path.read_bytes()))
        except (ValueError, RecursionError) as error:
            again = f"wirewatch outlet learn {outlet_id} --since {since}"
            raise ArchiveError(f"{path} is damaged ({error}); learn it again: {again}") from error
