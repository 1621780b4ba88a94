"""What do the tasks of `watches` and `digests` do? Look at what was published, and tell."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from wirewatch_airflow.notifiers import ChannelNotifier
from wirewatch_airflow.stages import RunError, TaskRun, plural

if TYPE_CHECKING:
    from pipeline.alerting import Alerting
    from pipeline.alerts import Message
    from pipeline.wiring import Pipeline

log = logging.getLogger(__name__)

_SHOWN = 20  # alerts of a watch, in a log
# "2016-03-27", and both ends of "2016-03-27T050000--2016-03-28T050000".
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def look(pipeline: Pipeline, _run: TaskRun) -> dict[str, int]:
    """What the watches find on the days that were published; kept, and owed to their channels."""
    alerting = alerting_of(pipeline)
    days = days_of(get_current_context()) or (alerting.looking.newest_day(),)
    log.info("Looking at %s, and the day before", f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0])
    findings = alerting.look(min(days), max(days))
    for found in findings:
        for alert in found.alerts[:_SHOWN]:
            log.info("%s: %s", found.watch.watch_id, alert.reason)
        if len(found.alerts) > _SHOWN:
            log.info("%s: and %d more", found.watch.watch_id, len(found.alerts) - _SHOWN)
    alerts = sum(len(found.alerts) for found in findings)
    log.info("%s of %s", plural(alerts, "new alert"), plural(len(findings), "watch", "watches"))
    if problems := [found.problem for found in findings if found.problem]:
        for problem in problems:
            log.error("%s", problem)
        raise RunError(
            f"{plural(len(problems), 'watch', 'watches')} could not look (above); the others did. "
            "Mend the file, then clear this task: what was found already is not told twice."
        )
    return {"alerts": alerts}


def owe_digests(pipeline: Pipeline, run: TaskRun) -> dict[str, int]:
    """Note the digests whose day or week ends with the run's: the day before the morning it runs."""
    last = run.interval.start.date()
    owed = alerting_of(pipeline).owe_digests(last)
    log.info(
        "Digests of %s: %s", last, ", ".join(one.digest_id for one in owed) or "none that was not sent before"
    )
    return {"digests": len(owed)}


def deliver(pipeline: Pipeline, _run: TaskRun) -> dict[str, int]:
    """Send all that is owed, through Airflow's connections; red where somebody was not told."""
    context = get_current_context()

    def send(channel: str, message: Message, at: datetime, *, skip: Sequence[str] = ()) -> None:  # noqa: ARG001 - as it is called
        ChannelNotifier(channel=channel, message=message, skip=skip).notify(context)

    delivered = alerting_of(pipeline).deliver(send)
    log.info("Delivered %s", plural(len(delivered.sent), "message"))
    if delivered.failed:
        raise RunError(
            f"{plural(len(delivered.failed), 'message')} not delivered (above), and still owed: mend the channel, "
            "then clear this task; the next publish tries again too."
        )
    return {"delivered": len(delivered.sent)}


def alerting_of(pipeline: Pipeline) -> Alerting:
    from pipeline.alerting import Alerting

    return Alerting(pipeline)


def days_of(context: Mapping[str, Any]) -> tuple[date, ...]:
    """The days of the publishes that started this run, as their asset events tell; none where nobody tells."""
    days: set[date] = set()
    for events in (context.get("triggering_asset_events") or {}).values():
        for event in events:
            told = str((event.extra or {}).get("interval", ""))
            days |= {date.fromisoformat(day) for day in _DAY.findall(told)}
    return tuple(sorted(days))
