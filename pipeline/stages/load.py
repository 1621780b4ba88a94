"""load, check, publish: how does a day of batches become rows that readers may trust?"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pipeline.interval import Interval
from pipeline.protocols import BatchStore, Finding, LoadCounts, Warehouse
from pipeline.records import Actor, Outlet, Reason

log = logging.getLogger("wirewatch.load")

# Rows of a failed check shown in a log; all of them stay in the warehouse to be queried.
_SHOWN_ROWS = 5


def load(
    interval: Interval,
    outlets: Sequence[Outlet],
    *,
    actors: Sequence[Actor],
    batches: BatchStore,
    warehouse: Warehouse,
) -> LoadCounts:
    """Replace the interval's rows of these outlets by their batches, in one transaction.

    An outlet without a batch keeps none of the interval's rows: it was lost, and ``losses`` says so.
    """
    read = [batch for outlet in outlets if (batch := batches.rows(outlet.outlet_id, interval))]
    counts = warehouse.load(interval, outlets, actors, read)
    log.info("%s: %d of %d outlets have a batch", interval.name, len(read), len(outlets))
    log.info(
        "%s: now holds %d articles, %d attributions, %d mentions, %d figures, %d rejects, %d gaps",
        interval.name,
        counts.articles,
        counts.attributions,
        counts.mentions,
        counts.figures,
        counts.rejects,
        counts.gaps,
    )
    return counts


def check(interval: Interval, *, warehouse: Warehouse) -> tuple[Finding, ...]:
    """What the checks found wrong with the interval; logged with the offending rows."""
    findings = tuple(warehouse.check(interval))
    _tell(findings)
    if not findings:
        log.info("%s: every check passed", interval.name)
    return findings


def audit(*, warehouse: Warehouse) -> tuple[Finding, ...]:
    """What is wrong in all that was ever loaded; logged with the offending rows."""
    findings = tuple(warehouse.audit())
    _tell(findings)
    if not findings:
        log.info("every row that was ever loaded passed")
    return findings


def _tell(findings: Sequence[Finding]) -> None:
    for finding in findings:
        level = logging.ERROR if finding.severity == "error" else logging.WARNING
        log.log(
            level,
            "check %s (%s): %d offending rows; columns %s",
            finding.check,
            finding.severity,
            len(finding.rows),
            ", ".join(finding.columns),
        )
        for row in finding.rows[:_SHOWN_ROWS]:
            log.log(level, "  %s", ", ".join(str(value) for value in row))


def stops_publish(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def losses(interval: Interval, outlets: Sequence[Outlet], *, batches: BatchStore) -> tuple[str, ...]:
    """A sentence for each thing the interval lost: gaps, pages the archive cannot give, outlets without a batch."""
    sentences: list[str] = []
    for outlet in outlets:
        batch = batches.rows(outlet.outlet_id, interval, ("gaps", "rejects"))
        name = f"{outlet.name} ({outlet.outlet_id})"
        if batch is None:
            sentences.append(
                f"{name} is lost for {interval.name}: it was never processed. "
                "See the log of its collect and process tasks, then run the interval again."
            )
            continue
        sentences.extend(
            f"{name}: {gap['reason'].replace('_', ' ')} at {gap['key']}"
            + (f": {gap['detail']}" if gap["detail"] else "")
            for gap in batch.tables["gaps"].to_pylist()
        )
        sentences.extend(
            f"{name}: the archived page of {reject['key']} cannot be read: "
            f"{reject['detail']}; put the file back from a copy of the archive, then run the interval again"
            for reject in batch.tables["rejects"].to_pylist()
            if reject["reason"] == Reason.ARCHIVE_DAMAGED
        )
    return tuple(sentences)
