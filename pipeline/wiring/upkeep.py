"""How is what was collected and loaded kept? Made anew, compacted, copied, brought back, looked over, let go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ArchiveError, UsageError
from pipeline.interval import Interval

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """What a rebuild came to."""

    articles: int
    changed: tuple[str, ...]  # tables that are other than before
    lost: tuple[str, ...]  # a sentence for each thing known to be missing


def rebuild(work: Pipeline, *, drop_missing: bool = False) -> Rebuilt:
    """Make all tables again from the archive, and publish them.

    The build is replaced only when all of it is there; a lake must be empty. ArchiveError where the archive
    holds nothing; WarehouseError where it lacks days that the tables have, unless ``drop_missing``.
    """
    from pipeline import dedup
    from pipeline.adapters.retention import days_held
    from pipeline.adapters.warehouse import Warehouse, keeping
    from pipeline.adapters.warehouse.plain_file import PlainFile
    from pipeline.attribution import actors
    from pipeline.stages import load as stage
    from pipeline.stages.rebuild import rebuild

    days = days_held(work.archive)
    if not days:
        raise ArchiveError(
            f"{work.settings.archive or work.settings.data / 'archive'} holds nothing to rebuild from; "
            "name the right folder by --data, or the bucket by WIREWATCH_ARCHIVE"
        )
    folder = work.settings.data / "warehouse" / "rebuild"
    if work.lake is not None:
        keeping.refuse_filled(work.lake)
    else:
        shutil.rmtree(folder, ignore_errors=True)  # of a rebuild that was killed
    target = work.warehouse if work.lake else Warehouse(PlainFile(folder), near=dedup)
    articles = rebuild(
        days,
        process=partial(work.process, again=True),
        load=lambda day, outlet_ids: stage.load(
            day,
            work.outlets(outlet_ids),
            actors=actors(work.lexicon),
            batches=work.batches,
            warehouse=target,
        ),
        check=lambda day: stage.check(day, warehouse=target),
    )
    changed = (
        () if work.lake else keeping.take_over(work.plain_file, PlainFile(folder), drop_missing=drop_missing)
    )
    shutil.rmtree(folder, ignore_errors=True)
    work.publish()
    lost = [
        sentence
        for day, outlet_ids in sorted(days.items(), key=_start)
        for sentence in work.losses(day, outlet_ids)
    ]
    return Rebuilt(articles=articles, changed=changed, lost=tuple(lost))


def compact(work: Pipeline) -> None:
    """Store closed months by month, source and day, and publish that; of a lake, merge small files."""
    from pipeline.adapters.warehouse import keeping

    if work.lake is not None:
        work.lake.compact()
    else:
        keeping.compact(work.plain_file)
        work.publish()


def backup(work: Pipeline, target: Path) -> None:
    """Copy what is published to a file, and read the copy once to be sure of it."""
    from pipeline.adapters.warehouse import keeping

    _refuse_lake(work)
    keeping.backup(work.plain_file, target)


def restore(work: Pipeline, source: Path) -> None:
    """Put a backup in the place of build and published file."""
    from pipeline.adapters.warehouse import keeping

    _refuse_lake(work)
    keeping.restore(work.plain_file, source)
    work.publish()


def archive_damages(work: Pipeline) -> Iterator[str]:
    """One sentence for each capture that is missing or not what was captured; reads all of the archive."""
    from pipeline.adapters.retention import damages

    return damages(work.archive)


def drop_captures(work: Pipeline, *, older_than: timedelta) -> tuple[str, ...]:
    """The archive's files of intervals that ended so long ago, which are gone now."""
    from pipeline.adapters.retention import drop_before

    return drop_before(work.archive, work.clock.now() - older_than)


def _refuse_lake(work: Pipeline) -> None:
    if work.lake is not None:
        raise UsageError(
            "a lake is backed up by its catalogue's and its object store's own tools: see docs/operations.md"
        )


def _start(item: tuple[Interval, object]) -> datetime:
    return item[0].start
