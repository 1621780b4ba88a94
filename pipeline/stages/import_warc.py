"""Which pages of our outlets does any WARC file hold? They join the archive under their day of capture."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.errors import ArchiveError
from pipeline.identity import digest
from pipeline.interval import Interval
from pipeline.protocols import Archive
from pipeline.records import CaptureKind, Manifest, Outlet, OutletKind, Response
from pipeline.urls import canonical, host, is_http

_log = logging.getLogger("wirewatch.import")

_HTML = ("text/html", "application/xhtml+xml")
# Bodies held before they are written: large enough to open each archive file seldom, and flat whatever
# the size of the import.
_HELD_BYTES = 64_000_000

_UNDETERMINED = "und"  # ISO 639-2; each article's own is detected

_Place = tuple[str, Interval]


class Outlets(Protocol):
    """Whose page a URL is."""

    def of_url(self, url: str) -> Outlet | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What a file held for us, whether it is new or was held before."""

    counts: Mapping[str, int]  # of responses: read, imported, held, and left out by reason
    outlets: Mapping[Interval, tuple[str, ...]]  # by day of capture, whose pages it has
    lost: str | None = None  # what of the file could not be read, and why


def import_warc(
    file: Path,
    *,
    read: Callable[[Path], Iterable[Response]],
    catalog: Outlets,
    archive: Archive,
    every_host: bool,
    alone: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> Imported:
    """What the file brings; twice adds nothing, and of one that breaks off all before that place is kept.

    ``every_host``: a page of an unknown outlet goes under its host. ``alone``: while an outlet's part is written,
    nobody else imports or collects it.
    """
    places: set[_Place] = set()
    counts = dict.fromkeys(("read", "imported", "held", "no_page", "other_host"), 0)
    waiting: dict[_Place, list[Response]] = {}
    held_bytes = 0
    breaks: list[str] = []
    for response in _up_to_a_break(read(file), breaks):
        counts["read"] += 1
        outlet_id = _outlet_id(response.url, catalog, every_host=every_host)
        if not _is_page(response):
            counts["no_page"] += 1
        elif outlet_id is None:
            counts["other_host"] += 1
        else:
            url = canonical(response.url)
            final_url = url if response.final_url == response.url else canonical(response.final_url)
            place = (outlet_id, Interval.of_day(response.fetched_at.date()))
            places.add(place)
            waiting.setdefault(place, []).append(replace(response, url=url, final_url=final_url))
            held_bytes += len(response.body)
        if held_bytes >= _HELD_BYTES:
            _write(waiting, archive, counts, alone)
            waiting, held_bytes = {}, 0
    _write(waiting, archive, counts, alone)
    _log.info("%s: %s", file, ", ".join(f"{number} {name}" for name, number in counts.items() if number))
    outlets: dict[Interval, tuple[str, ...]] = {}
    for outlet_id, day in sorted(places):
        outlets[day] = (*outlets.get(day, ()), outlet_id)
    return Imported(counts=counts, outlets=dict(sorted(outlets.items())), lost="; ".join(breaks) or None)


def _up_to_a_break(responses: Iterable[Response], breaks: list[str]) -> Iterator[Response]:
    """All that can be read; what cannot is told in ``breaks``."""
    try:
        yield from responses
    except ArchiveError as error:
        _log.warning("%s", error)
        breaks.append(str(error))


def outlet_of_host(name: str) -> Outlet:
    """A host that nobody has catalogued, as the outlet of the pages that were imported from it."""
    return Outlet(
        outlet_id=name,
        name=name,
        kind=OutletKind.ONLINE,
        homepage=f"http://{name}/",
        hosts=(name,),
        language=_UNDETERMINED,
        country=None,
    )


def _outlet_id(url: str, catalog: Outlets, *, every_host: bool) -> str | None:
    if (outlet := catalog.of_url(url)) is not None:
        return outlet.outlet_id
    # A literal IPv6 host keeps no brackets or colons: the id is a folder's name.
    return host(url).strip("[]").replace(":", "-") if every_host else None


def _is_page(response: Response) -> bool:
    content_type = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
    return is_http(response.url) and response.status == 200 and content_type in _HTML and bool(response.body)


def _write(
    waiting: Mapping[_Place, list[Response]],
    archive: Archive,
    counts: dict[str, int],
    alone: Callable[[str], AbstractContextManager[None]],
) -> None:
    for (outlet_id, interval), pages in sorted(waiting.items(), key=lambda item: item[0]):
        with alone(outlet_id):
            new = _add(outlet_id, interval, pages, archive)
        counts["held"] += len(pages) - new
        counts["imported"] += new


def _add(outlet_id: str, interval: Interval, pages: list[Response], archive: Archive) -> int:
    """Archive those of the pages that the archive does not hold; how many they were."""
    standing = archive.manifest(outlet_id, interval) or Manifest(outlet_id=outlet_id, interval=interval)
    known = {(capture.url, capture.fetched_at, capture.digest) for capture in standing.captures}
    distinct = {(page.url, page.fetched_at, digest(page.body)): page for page in pages}
    new = {identity: page for identity, page in distinct.items() if identity not in known}
    if not new:
        return 0
    with archive.writer(outlet_id, interval, revisits=False) as writer:
        # What an import that was killed wrote, and did not live to list.
        adopted = {(capture.url, capture.fetched_at, capture.digest): capture for capture in writer.adopted}
        added = tuple(
            adopted.get(identity) or writer.write(page, CaptureKind.PAGE) for identity, page in new.items()
        )
        writer.commit()
    archive.save_manifest(replace(standing, captures=standing.captures + added))
    return len(added)
