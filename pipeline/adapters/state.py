"""What does one outlet's collecting remember between runs?

One JSON file an outlet, replaced whole. It is a memory and not a record: collecting catches it up from the
manifests, so a kill between the two, or losing the file, costs a few requests and no article.
"""

from __future__ import annotations

import fcntl
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.adapters.files import replace
from pipeline.adapters.plain import of_plain, to_lines, to_plain
from pipeline.protocols import SeenState

_log = logging.getLogger("wirewatch.state")


class StateFiles:
    """The seen-state of every outlet, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, outlet_id: str) -> SeenState:
        """What was saved last; nothing where the file is missing or damaged."""
        path = self._path(outlet_id)
        try:
            return of_plain(SeenState, json.loads(path.read_bytes()))
        except FileNotFoundError:
            pass
        except (ValueError, RecursionError) as error:
            _log.warning("%s is damaged (%s): remembering from the manifests instead", path, error)
        return SeenState(validators={}, seen={})

    def save(self, outlet_id: str, state: SeenState) -> None:
        replace(self._path(outlet_id), to_lines(to_plain(state)).encode() + b"\n")

    @contextmanager
    def alone(self, outlet_id: str) -> Iterator[None]:
        """Wait until no other process or thread collects the outlet: two at once would capture its pages twice."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{outlet_id}.lock").open("wb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _log.info("%s is being collected by another run: waiting for it", outlet_id)
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _path(self, outlet_id: str) -> Path:
        return self._folder / f"{outlet_id}.json"
