"""Is the archive still what was captured, which days has it, and what of it is old enough to go?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pipeline.adapters.warc import INDEX, MANIFEST, WARC, WarcArchive
from pipeline.errors import ArchiveError
from pipeline.interval import Interval

_ALWAYS = Interval(datetime(1991, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def damages(archive: WarcArchive) -> Iterator[str]:
    """One sentence for each manifest, index or capture that is missing or not what was written; reads everything."""
    for name in archive.storage.names(MANIFEST):
        try:
            manifest = archive.manifest_named(name)
        except ArchiveError as error:
            yield str(error)
            continue
        try:
            _referred(archive, name.removesuffix(MANIFEST))
        except ArchiveError as error:
            yield str(error)
        for capture in manifest.captures:
            try:
                archive.read(capture)
            except ArchiveError as error:
                yield str(error)


def drop_before(archive: WarcArchive, instant: datetime) -> tuple[str, ...]:
    """Remove what was collected in intervals that ended by then; the names of the WARC files that went.

    A file whose bytes a younger one refers to stays. The manifest goes first: what it lists is never absent.
    """
    storage = archive.storage
    old, needed = [], set()
    for outlet_id in archive.outlet_ids():
        for manifest in archive.manifests(outlet_id, _ALWAYS):
            stem = f"{outlet_id}/{manifest.interval.name}"
            if manifest.interval.end <= instant:
                old.append(stem)
            else:
                needed |= _referred(archive, stem)
    dropped = []
    for stem in old:
        if stem + WARC in needed:
            continue
        for ending in (MANIFEST, INDEX, WARC):
            storage.remove(stem + ending)
        dropped.append(stem + WARC)
    return tuple(dropped)


def days_held(archive: WarcArchive) -> dict[Interval, tuple[str, ...]]:
    """The outlets that have manifests, by the day that their runs start on."""
    held: dict[Interval, set[str]] = {}
    for outlet_id in archive.outlet_ids():
        for manifest in archive.manifests(outlet_id, _ALWAYS):
            held.setdefault(Interval.of_day(manifest.interval.start.date()), set()).add(outlet_id)
    return {day: tuple(sorted(outlet_ids)) for day, outlet_ids in held.items()}


def _referred(archive: WarcArchive, stem: str) -> set[str]:
    """The files that have bytes of this one's revisits; a file of an older version has no index, nor revisits."""
    try:
        return {line.refers_to[0] for line in archive.index(stem + WARC) if line.refers_to is not None}
    except FileNotFoundError:
        return set()
