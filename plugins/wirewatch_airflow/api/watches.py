"""The watches and what they found; whoever may act can try out whom they tell."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi import Path as PathParam
from fastapi.responses import Response

from pipeline.adapters.alert_book import Told
from pipeline.adapters.tables import Table
from pipeline.alerting import Alerting
from pipeline.alerts import Alert, Watch
from pipeline.errors import UsageError
from pipeline.watching import threshold_words
from wirewatch_airflow.api.answers import table_answer, view_answer
from wirewatch_airflow.api.asked import CHECKED, Line, Parted, Written
from wirewatch_airflow.api.guards import ACTORS
from wirewatch_airflow.channels import channel_variables

router = APIRouter(tags=["watches"], dependencies=CHECKED)

WatchId = Annotated[str, PathParam(max_length=100, description="A watch's id: its file's name.")]
_LIST = {
    "watch_id": "VARCHAR",
    "title": "VARCHAR",
    "kind": "VARCHAR",
    "threshold": "VARCHAR",
    "deliver": "VARCHAR",
    "alerts": "BIGINT",
    "last_alert_at": "TIMESTAMP WITH TIME ZONE",
}
_ALERTS = {
    "alert_id": "BIGINT",
    "at": "TIMESTAMP WITH TIME ZONE",
    "day": "DATE",
    "reason": "VARCHAR",
    "value": "DOUBLE",
    "usual": "DOUBLE",
    "evidence_article_id": "BIGINT",
    "delivered": "VARCHAR",
}


def alerting_of(line: Line) -> Alerting:
    return Alerting(line)


Watching = Annotated[Alerting, Depends(alerting_of)]


@router.get("/watches")
def watches(alerting: Watching, output: Written) -> Response:
    """Each watch, whom it tells, and how often and when last it found something."""
    found: dict[str, list[Alert]] = {}
    for told in alerting.book.told():
        found.setdefault(told.alert.watch_id, []).append(told.alert)
    rows = []
    for watch in alerting.watches:
        known = found.get(watch.watch_id, [])
        found_at = max((alert.found_at for alert in known if alert.found_at), default=None)
        rows.append(
            (
                watch.watch_id,
                watch.title,
                watch.kind.value,
                threshold_words(watch),
                ", ".join(watch.deliver),
                len(known),
                found_at,
            )
        )
    return table_answer(_table(_LIST, rows), output, "watches")


@router.get("/watches/{watch_id}")
def watch(alerting: Watching, watch_id: WatchId, part: Parted) -> Response:
    """The watch as its file has it, and its alerts, newest day first."""
    definition = asdict(_watch(alerting, watch_id))
    given = {name: value for name, value in definition.items() if value is not None}
    rows = [_row(told) for told in alerting.book.told(watch_id)]
    return view_answer({"watch": given}, {"alerts": _table(_ALERTS, rows)}, part.format, part.name)


@router.post("/watches/{watch_id}/test", dependencies=ACTORS)
def test(line: Line, alerting: Watching, watch_id: WatchId) -> dict[str, Any]:
    """Send a test through the watch's channels: the names of those that took it, a sentence for each that did not."""
    one = _watch(alerting, watch_id)
    delivered, failed = Alerting(line, channel_variables(one.deliver)).test(watch_id)
    return {"delivered": list(delivered), "failed": list(failed)}


def _watch(alerting: Alerting, watch_id: str) -> Watch:
    try:
        return alerting.watch(watch_id)
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


def _row(told: Told) -> tuple[Any, ...]:
    alert = told.alert
    return (
        alert.alert_id,
        alert.found_at,
        alert.day,
        alert.reason,
        alert.value,
        alert.usual,
        alert.evidence[0].article_id if alert.evidence else None,
        "; ".join(f"{channel}: {state}{f' ({why})' if why else ''}" for channel, state, why in told.states),
    )


def _table(columns: dict[str, str], rows: list[tuple[Any, ...]]) -> Table:
    return Table(columns=tuple(columns), types=tuple(columns.values()), rows=tuple(rows))
