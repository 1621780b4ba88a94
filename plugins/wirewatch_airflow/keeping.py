"""What do the tasks of `maintenance` do? They keep archive and warehouse for years, and lose nothing."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wirewatch_airflow.stages import SHOWN_ROWS, RunError, TaskRun, failed_tasks, plural, settle

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline

log = logging.getLogger(__name__)

_BACKUP = re.compile(
    r"wirewatch-\d{8}T\d{6}\.duckdb"
)  # as in wirewatch-20261122T033000.duckdb; nobody else's file


def check_digests(pipeline: Pipeline, _run: TaskRun) -> dict[str, int]:
    """Read every archived capture; RunError where one is missing or not what was captured."""
    from pipeline.wiring import upkeep

    damages = list(upkeep.archive_damages(pipeline))
    for sentence in damages[:SHOWN_ROWS]:
        log.error("%s", sentence)
    if damages:
        raise RunError(
            f"{plural(len(damages), 'capture')} of the archive damaged, the first named above; nothing was removed. "
            "Bring the files back from your copy of data/archive; `wirewatch doctor --digests` lists them all."
        )
    log.info("Every capture is as it was captured")
    return {"damaged": 0}


def learn(pipeline: Pipeline, run: TaskRun) -> dict[str, int]:
    """Learn of each watched outlet what its pages have in common, for the pages of the days after this run's week."""
    since = run.interval.end.date()
    learnt = {}
    for outlet_id in pipeline.watched(run.interval):
        template = pipeline.learn(outlet_id, since)
        if template is None:
            log.info("%s: too few articles yet to learn from", outlet_id)
            continue
        learnt[outlet_id] = len(template.learnt_from)
        log.info(
            "%s: learnt from %s, which share %s",
            outlet_id,
            plural(len(template.learnt_from), "page"),
            plural(len(template.lines), "line"),
        )
    return learnt


def drop_old(pipeline: Pipeline, _run: TaskRun, days: int | None) -> dict[str, int]:
    """Remove captures collected longer ago, where somebody has asked for that; never asked, never done."""
    from pipeline.wiring import upkeep

    if not days:
        log.info("The archive is kept for good: the parameter `keep_captures_days` is empty")
        return {"dropped": 0}
    dropped = upkeep.drop_captures(pipeline, older_than=timedelta(days=int(days)))
    for name in dropped[:SHOWN_ROWS]:
        log.info("Removed %s", name)
    log.info(
        "%s older than %d days removed; the warehouse keeps its rows", plural(len(dropped), "file"), int(days)
    )
    return {"dropped": len(dropped)}


def audit(pipeline: Pipeline, _run: TaskRun) -> dict[str, int]:
    """Check all that was ever loaded, where a day's own check looks at what its load touched; RunError for errors."""
    if _nothing_published(pipeline):
        return {"findings": 0}
    findings = pipeline.audit()
    if findings:
        raise RunError(
            f"{', '.join(sorted({finding.check for finding in findings}))}: rows above are not what they must be. "
            "Bring the build back with `wirewatch warehouse restore FILE`, or make it again with `wirewatch rebuild`."
        )
    return {"findings": 0}


def compact(pipeline: Pipeline, _run: TaskRun, *, wanted: bool = True) -> None:
    """Store closed months by month, source and day; not one row changes, or it fails and leaves all as it was."""
    from pipeline.wiring import upkeep

    if not wanted:
        log.info("Not asked for: the parameter `compact` is off")
        return
    if _nothing_published(pipeline):
        return
    before = _size(pipeline)
    upkeep.compact(pipeline)
    log.info("Compacted: %.1f MB before, %.1f MB now", before / 1e6, _size(pipeline) / 1e6)


def reindex(pipeline: Pipeline, _run: TaskRun) -> None:
    """Write the search index anew from the tables, and publish it with them."""
    if _nothing_published(pipeline):
        return
    pipeline.publish(reindex=True)
    log.info("The search index was written anew and published")


def backup(pipeline: Pipeline, _run: TaskRun, folder: str = "", keep: int = 4) -> dict[str, int]:
    """Copy the published warehouse, read the copy, then let go of the oldest copies beyond ``keep``."""
    from pipeline.wiring import upkeep

    if pipeline.lake is not None:
        log.warning(
            "A lake is backed up by its catalogue's own tool (pg_dump) and its bucket's versions: see docs/operations.md"
        )
        return {"backups": 0, "removed": 0}
    if _nothing_published(pipeline):
        return {"backups": 0, "removed": 0}
    place = Path(folder) if folder else pipeline.settings.data / "backups"
    target = place / f"wirewatch-{pipeline.clock.now():%Y%m%dT%H%M%S}.duckdb"
    upkeep.backup(pipeline, target)
    log.info("%s: %.1f MB, read once and found whole", target, target.stat().st_size / 1e6)
    copies = sorted(file for file in place.iterdir() if _BACKUP.fullmatch(file.name))
    old = copies[: -max(int(keep), 1)]
    for file in old:
        file.unlink()
        log.info("Removed %s: %s newer than it", file, plural(max(int(keep), 1), "copy is", "copies are"))
    return {"backups": len(copies) - len(old), "removed": len(old)}


def account_for_failures(_pipeline: Pipeline, run: TaskRun) -> dict[str, int]:
    """Each task went on where another had failed; a week in which one did is not green."""
    return settle(failed_tasks(run.states(), (), ""), run.interval)


def _nothing_published(pipeline: Pipeline) -> bool:
    """A week in which nothing was published yet has nothing to keep."""
    empty = pipeline.lake is None and not pipeline.reader.published.is_file()
    if empty:
        log.info("Nothing is published yet: nothing to do")
    return empty


def _size(pipeline: Pipeline) -> int:
    folder = pipeline.settings.data / "warehouse"
    return sum(file.stat().st_size for file in folder.glob("*.duckdb"))
