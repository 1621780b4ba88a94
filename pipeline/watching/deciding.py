"""Which sightings does a watch tell of, and which were told before?

Every finding has an identity of its own, made of what it is and never of what it measured: a day that is run
again, or whose counts grow, yields the same alert. Where a backfill can move the identity (an earlier first
mention, an earlier first copy), the alerts that are known already say that it is the same finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from pipeline.alerts import Alert, Sighting, Threshold, Watch
from pipeline.identity import key, number
from pipeline.watching.usual import robust_z
from pipeline.watching.wording import reason

_KNOWN_DAYS = 5  # of news before a day: fewer say nothing of what is usual


def decide(watch: Watch, sightings: Iterable[Sighting], known: Iterable[Alert]) -> tuple[Alert, ...]:
    """The alerts that are new, most striking first; ``known``: those of this watch that were found before."""
    told = list(known)
    ids = {alert.alert_id for alert in told}
    found: list[Alert] = []
    for sighting in sorted(sightings, key=lambda one: (-one.value, one.day, one.subject)):
        if not _PASSES[watch.threshold](watch, sighting):
            continue
        alert = Alert(
            alert_id=_identity(watch, sighting),
            watch_id=watch.watch_id,
            subject=sighting.subject,
            day=sighting.day,
            reason=reason(watch, sighting),
            value=float(sighting.value),
            usual=None if sighting.usual is None else float(sighting.usual),
        )
        if alert.alert_id in ids or _is_told(watch, sighting, [*told, *found]):
            continue
        ids.add(alert.alert_id)
        found.append(alert)
    return tuple(found)


def _identity(watch: Watch, sighting: Sighting) -> int:
    which = {
        Threshold.COPIES: "",  # a story is told once, however far it spreads
        Threshold.SILENT: str(sighting.last_day),  # a silence is told once, however long it lasts
    }.get(watch.threshold, sighting.day.isoformat())
    return number(key("alert", watch.watch_id, watch.threshold, sighting.subject, which))


def _is_told(watch: Watch, sighting: Sighting, told: Iterable[Alert]) -> bool:
    if watch.threshold is Threshold.FIRST_MENTION:
        near = timedelta(days=watch.over)
        return any(
            alert.subject == sighting.subject and abs(alert.day - sighting.day) <= near for alert in told
        )
    if watch.threshold is Threshold.COPIES:
        members = set(sighting.members)
        return any(one.article_id in members for alert in told for one in alert.evidence)
    return False


def _spikes(watch: Watch, sighting: Sighting) -> bool:
    if sighting.usual is None or sighting.deviation is None or sighting.known_days < _KNOWN_DAYS:
        return False
    return (
        sighting.value >= watch.least
        and robust_z(sighting.value, sighting.usual, sighting.deviation) > watch.over
    )


def _is_first(watch: Watch, sighting: Sighting) -> bool:
    return (
        sighting.value >= watch.least
        and sighting.known_days >= min(_KNOWN_DAYS, watch.over)
        and (sighting.last_day is None or (sighting.day - sighting.last_day).days > watch.over)
    )


def _conflicts(watch: Watch, sighting: Sighting) -> bool:
    lowest = sighting.usual or 0
    return sighting.count >= watch.least and sighting.value > max(lowest, lowest * watch.over)


def _exceeds(watch: Watch, sighting: Sighting) -> bool:
    return sighting.value > watch.over


_PASSES: Mapping[Threshold, Callable[[Watch, Sighting], bool]] = {
    Threshold.SPIKE: _spikes,
    Threshold.FIRST_MENTION: _is_first,
    Threshold.CONFLICTING_FIGURES: _conflicts,
    Threshold.SILENT: _exceeds,
    Threshold.COPIES: _exceeds,
}
