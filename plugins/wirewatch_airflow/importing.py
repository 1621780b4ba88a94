"""What do the tasks of `import_warc` do? Files of others become days of ours, and those are done as any."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.interval import Interval
from wirewatch_airflow.stages import RunError, TaskRun, check_days, plural, said, tell_documents

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline

log = logging.getLogger(__name__)

ENDINGS = (".warc", ".warc.gz")
AT_ONCE = 25  # outlets in one task: Common Crawl's files have thousands, and a task costs a third of a second
SHOWN = 5


def list_files(
    _pipeline: Pipeline, _run: TaskRun, files: Sequence[str], *, every_host: bool
) -> list[dict[str, Any]]:
    """Every WARC file that these files, folders and patterns name, once each, as ``import_file`` is given it."""
    found: dict[str, None] = {}
    for given in files:
        path = Path(given).expanduser()
        if path.is_dir():
            named = [file for file in path.rglob("*") if file.name.endswith(ENDINGS)]
        elif path.is_file():
            named = [path]
        else:
            named = [
                file for file in Path(path.anchor).glob(str(path.relative_to(path.anchor))) if file.is_file()
            ]
        if not named:
            raise RunError(
                f"{given} names no file on this machine. Give whole paths that every worker sees, of a WARC file, "
                "a folder, or a pattern such as /data/cc-news/*.warc.gz, then trigger the DAG again."
            )
        found.update(dict.fromkeys(str(file.resolve()) for file in sorted(named)))
    log.info("%s: %s", plural(len(found), "file"), ", ".join(Path(file).name for file in list(found)[:SHOWN]))
    return [{"file": file, "every_host": every_host} for file in found]


def import_file(pipeline: Pipeline, _run: TaskRun, file: str, *, every_host: bool) -> dict[str, Any]:
    """Archive the file's pages under their days of capture; says which days and outlets those are."""
    imported = pipeline.import_warc(Path(file), every_host=every_host)
    log.info("%s: %s", file, said(imported.counts))
    if imported.lost is not None:
        raise RunError(
            f"{imported.lost}. What stands before is imported: get the file whole, and clear this task."
        )
    if not imported.outlets:
        log.warning("It has no page of a catalogued outlet: to take all hosts, tick “Pages of any host”.")
    return {
        "file": Path(file).name,
        **imported.counts,
        "outlets": {day.name: list(outlet_ids) for day, outlet_ids in imported.outlets.items()},
    }


def touched(
    _pipeline: Pipeline, _run: TaskRun, imported: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The days with pages of these files, in batches of outlets: each is what one process task is given."""
    days: dict[str, set[str]] = {}
    for file in imported:
        for day, outlet_ids in file["outlets"].items():
            days.setdefault(day, set()).update(outlet_ids)
    batches = []
    for day, outlet_ids in sorted(days.items()):
        log.info("%s: %s", day, plural(len(outlet_ids), "outlet"))
        names = sorted(outlet_ids)
        batches += [
            {"day": day, "arguments": {"outlet_ids": names[start : start + AT_ONCE]}}
            for start in range(0, len(names), AT_ONCE)
        ]
    return batches


def process_batch(pipeline: Pipeline, run: TaskRun, outlet_ids: Sequence[str]) -> dict[str, int]:
    """Read the archived pages of some outlets of one day."""
    log.info("%s: %s", run.interval.name, ", ".join(outlet_ids))
    return tell_documents(pipeline.process(outlet_id, run.interval) for outlet_id in outlet_ids)


def load_batches(pipeline: Pipeline, _run: TaskRun, batches: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Replace the rows of these outlets, a day in a transaction."""
    totals: Counter[str] = Counter()
    for day, outlet_ids in outlets_by_day(batches).items():
        counts = pipeline.load(day, outlet_ids)
        totals.update({name: getattr(counts, name) for name in counts.__dataclass_fields__})
    log.info("Loaded: %s", said(totals))
    return dict(totals)


def check_batches(pipeline: Pipeline, _run: TaskRun, batches: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """As ``stages.check``, of these days."""
    return check_days(pipeline, outlets_by_day(batches))


def outlets_by_day(batches: Iterable[Mapping[str, Any]]) -> dict[Interval, list[str]]:
    """The batches put together again."""
    days: dict[Interval, list[str]] = {}
    for batch in batches:
        day = Interval.of_day(date.fromisoformat(batch["day"]))
        days.setdefault(day, []).extend(batch["arguments"]["outlet_ids"])
    return days
