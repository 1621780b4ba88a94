"""What does each task of the DAGs do, and what does it tell in its log? Ids and counts are all it returns."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import WarehouseError, WirewatchError
from pipeline.interval import Interval
from pipeline.records import Article, Batch, Reject

if TYPE_CHECKING:
    from pipeline.adapters.tables import Table
    from pipeline.wiring import Pipeline

log = logging.getLogger(__name__)

SHOWN_ROWS = 5  # in a log
COUNTED = (
    "found",
    "new",
    "articles",
    "rejected",
    "gaps",
    "attributions",
)  # columns of the trend `collecting`
LOST_STATES = ("failed", "upstream_failed")


class RunError(WirewatchError):
    """A run must not count as good; running the same task again without a change would not mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRun:
    """What a stage may know of the Airflow run it works in."""

    interval: Interval
    states: Callable[[], Mapping[str, str]]  # by task id; asked only when needed


Stage = Callable[..., Any]  # (pipeline, run, **arguments) -> ids and counts


def plan(pipeline: Pipeline, run: TaskRun, outlet_ids: Sequence[str] | None = ()) -> list[str]:
    """Which outlets this run is about: those asked for, else those watched in the interval."""
    # Over many days, outlets come and go.
    watched = sorted({outlet_id for day in run.interval.days() for outlet_id in pipeline.watched(day)})
    outlet_ids = outlet_ids or ()
    unknown = sorted(set(outlet_ids) - set(watched))
    if unknown:
        raise RunError(
            f"not watched in {run.interval.name}: {', '.join(unknown)}. Watched are: {', '.join(watched)}. "
            "Mend the run's outlets, or watched_from and watched_until in catalog/outlets/."
        )
    chosen = [outlet_id for outlet_id in watched if not outlet_ids or outlet_id in outlet_ids]
    log.info("Interval %s: %s", run.interval.name, plural(len(chosen), "outlet"))
    if not chosen:
        log.warning("No outlet is watched then: see watched_from and watched_until in catalog/outlets/.")
    return chosen


def collect(pipeline: Pipeline, run: TaskRun, outlet_id: str) -> dict[str, Any]:
    """Read the outlet's feeds, fetch what is new, archive it."""
    log.info("Collecting %s for %s", outlet_id, run.interval.name)
    manifest = pipeline.collect(outlet_id, run.interval)
    for gap in manifest.gaps:
        log.warning("Lost: %s (%s) %s", gap.key, gap.reason, gap.detail)
    counts = {
        "found": manifest.found_count,
        "new": manifest.new_count,
        "rejects": len(manifest.rejects),
        "gaps": len(manifest.gaps),
    }
    log.info("%s", said(counts))
    return {"outlet_id": outlet_id, **counts}


def process(pipeline: Pipeline, run: TaskRun, outlet_id: str, *, again: bool = False) -> dict[str, int]:
    """Make articles, attributions, mentions and figures of what the archive holds.

    ``again``: even where the same code and word lists have read the same pages before.
    """
    days = [day for day in run.interval.days() if outlet_id in pipeline.watched(day)]
    return tell_documents(pipeline.process(outlet_id, day, again=again) for day in days)


def tell_documents(batches: Iterable[Batch]) -> dict[str, int]:
    """Counts of what was read, after the first rejects and their reasons in the log."""
    counts: Counter[str] = Counter(articles=0, rejects=0, attributions=0, mentions=0, figures=0)
    rejects: list[Reject] = []
    for batch in batches:
        for document in batch.documents:
            if isinstance(document.result, Article):
                counts["articles"] += 1
            else:
                counts["rejects"] += 1
                rejects.append(document.result)
            counts["attributions"] += len(document.attributions)
            counts["mentions"] += len(document.mentions)
            counts["figures"] += len(document.figures)
    for reject in rejects[:SHOWN_ROWS]:
        log.info("Rejected %s: %s %s", reject.key, reject.reason, reject.detail)
    if len(rejects) > SHOWN_ROWS:
        log.info("… and %d more; the table rejects has them all", len(rejects) - SHOWN_ROWS)
    log.info("%s", said(counts))
    return dict(counts)


def load(pipeline: Pipeline, run: TaskRun, outlet_ids: Sequence[str] | None) -> dict[str, int]:
    """Replace the interval's rows of these outlets, a day in a transaction."""
    if outlet_ids is None:
        raise RunError("the task `plan` left no list of outlets: read its log, then clear it")
    totals: Counter[str] = Counter()
    for day in run.interval.days():
        watched = pipeline.watched(day)
        counts = pipeline.load(day, [outlet_id for outlet_id in outlet_ids if outlet_id in watched])
        totals.update({name: getattr(counts, name) for name in counts.__dataclass_fields__})
    return dict(totals)


def check(pipeline: Pipeline, run: TaskRun) -> dict[str, int]:
    """Ask the build what it should not hold; a finding of severity error keeps readers on the old day."""
    return check_days(pipeline, run.interval.days())


def check_days(pipeline: Pipeline, days: Iterable[Interval]) -> dict[str, int]:
    """The checks of these days; RunError where one forbids to publish them."""
    findings = [finding for day in days for finding in pipeline.check(day) if finding.rows]
    for finding in findings:
        level = logging.ERROR if finding.severity == "error" else logging.WARNING
        for row in finding.rows[:SHOWN_ROWS]:
            log.log(level, "%s: %s", finding.check, said(dict(zip(finding.columns, row, strict=True))))
    stopping = sorted({finding.check for finding in findings if finding.severity == "error"})
    if stopping:
        raise RunError(
            f"not published: {', '.join(stopping)} found rows that must not be (printed above). Readers keep "
            "what was published before. Mend the cause, then clear this run from its process tasks on."
        )
    log.info("Nothing stops the publish; %s", plural(len(findings), "warning"))
    return {"warnings": len(findings)}


def publish(pipeline: Pipeline, run: TaskRun) -> None:
    """Swap the audited build in; readers see all of it or none."""
    pipeline.publish()
    log.info("Published: readers now see %s", run.interval.name)


def account_for_losses(
    pipeline: Pipeline, run: TaskRun, outlet_ids: Sequence[str] | None, mapped: str = ""
) -> dict[str, int]:
    """Nothing to do when nothing was lost; otherwise fail, so that a day with a loss is never green.

    ``mapped``: the prefix of the tasks that are mapped over the outlets, such as "outlet.".
    """
    outlet_ids = tuple(outlet_ids or ())
    sentences = [*failed_tasks(run.states(), outlet_ids, mapped), *pipeline.losses(run.interval, outlet_ids)]
    return settle(sentences, run.interval)


def account_for_unread(pipeline: Pipeline, run: TaskRun, outlet_ids: Sequence[str] | None) -> dict[str, int]:
    """As ``account_for_losses``, of days read again: what the archive has let go could not be."""
    days = list(run.interval.days())
    return settle([one for day in days for one in pipeline.let_go(day, outlet_ids or ())], run.interval)


def trend_names(pipeline: Pipeline, _run: TaskRun) -> list[str]:
    """Which trends can be answered unasked: those of sql/trends whose parameters all have defaults."""
    trends = pipeline.reader.trends()
    names = [info.name for info in trends if all(param.default is not None for param in info.params)]
    log.info("%s: %s", plural(len(names), "trend"), ", ".join(names))
    if asking := sorted({info.name for info in trends} - set(names)):
        log.info("To be asked with a parameter, and left out here: %s", ", ".join(asking))
    return names


def answer_trend(pipeline: Pipeline, _run: TaskRun, name: str) -> dict[str, int]:
    """Answer one trend over its own default days, and keep the answer as a CSV file beside the warehouse."""
    table = pipeline.trend(name)
    file = pipeline.settings.data / "trends" / f"{name}.csv"
    write_csv(file, table)
    log.info("%s: %s, in %s", name, plural(len(table.rows), "row"), file)
    for row in table.rows[:SHOWN_ROWS]:
        log.info("  %s", said(dict(zip(table.columns, row, strict=True))))
    if len(table.rows) > SHOWN_ROWS:
        log.info("  and %d more", len(table.rows) - SHOWN_ROWS)
    return {"rows": len(table.rows)}


def count_before(pipeline: Pipeline, run: TaskRun, changed: str = "") -> dict[str, int]:
    """What readers see of these days now, to compare with afterwards. ``changed``: why they are done again."""
    log.info("Again, because: %s", changed or "nobody said what changed")
    counts = published_counts(pipeline, run.interval)
    log.info("Before: %s", said(counts))
    return counts


def compare(
    pipeline: Pipeline, run: TaskRun, before: Mapping[str, int] | None, changed: str = ""
) -> dict[str, int]:
    """How the published counts differ from those before."""
    if before is None:
        raise RunError("the task `count_before` left no counts: read its log, then clear it")
    after = published_counts(pipeline, run.interval)
    changes = {name: after[name] - before.get(name, 0) for name in after}
    log.info("What %s came to:", changed or "was changed")
    for name, count in after.items():
        log.info("%-12s %6d -> %6d  (%+d)", name, before.get(name, 0), count, changes[name])
    if not any(changes.values()):
        log.info("No count changed: the archive still says what it said.")
    return changes


def published_counts(pipeline: Pipeline, interval: Interval) -> dict[str, int]:
    """The sums of the trend `collecting` over the interval's days; zeros before anything is published."""
    days = list(interval.days())
    totals = dict.fromkeys(COUNTED, 0)
    try:
        table = pipeline.trend("collecting", start=days[0].start.date(), end=days[-1].start.date())
    except WarehouseError as error:
        log.info("Nothing is published yet: %s", error)
        return totals
    for row in table.rows:
        counts = dict(zip(table.columns, row, strict=True))
        for name in COUNTED:
            totals[name] += int(str(counts[name]))
    return totals


def write_csv(file: Path, table: Table) -> None:
    """All of the file or none of it."""
    from pipeline.adapters.tables import as_csv

    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".csv.part")
    unfinished.write_text(as_csv(table), encoding="utf-8", newline="")
    unfinished.replace(file)


def account_for_collecting(
    _pipeline: Pipeline,
    run: TaskRun,
    outlet_ids: Sequence[str] | None,
    collected: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None,
    mapped: str = "",
) -> dict[str, int]:
    """As ``account_for_losses``, before anything was processed: by the counts of the collect tasks.

    Of a group that is mapped over one outlet, Airflow hands over what its task gave, and not a list of it.
    """
    sentences = failed_tasks(run.states(), tuple(outlet_ids or ()), mapped)
    for counts in [collected] if isinstance(collected, Mapping) else collected or ():
        if counts["gaps"]:
            gaps = plural(counts["gaps"], "gap")
            sentences.append(f"{counts['outlet_id']}: {gaps}; the log of its collect task names them.")
    return settle(sentences, run.interval)


def settle(sentences: Sequence[str], interval: Interval) -> dict[str, int]:
    """RunError with the sentences in the log, unless there are none."""
    if not sentences:
        log.info("Nothing was lost in %s", interval.name)
        return {"losses": 0}
    for sentence in sentences:
        log.error("%s", sentence)
    raise RunError(
        f"{plural(len(sentences), 'loss', 'losses')} in {interval.name}, named above; all else was kept. "
        "What no archive holds stays a gap. Once the cause is mended, clear this run to try again."
    )


def failed_tasks(states: Mapping[str, str], outlet_ids: Sequence[str], mapped: str) -> list[str]:
    """A sentence for each task that failed, the outlet named where it is mapped over outlets."""
    sentences = []
    for task, state in sorted(states.items()):
        if state not in LOST_STATES:
            continue
        name, _, index = task.rpartition("_")
        if mapped and task.startswith(mapped) and index.isdigit() and int(index) < len(outlet_ids):
            task = f"{name} of {outlet_ids[int(index)]}"
        what = "failed" if state == "failed" else "did not run, because something before it failed"
        sentences.append(f"Task {task} {what}: its log says why; clear it to try again.")
    return sentences


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def said(counts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
