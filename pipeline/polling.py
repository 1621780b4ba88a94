"""When is a feed worth asking again?

Time is passed in, and a new ``Poll`` comes out. A feed that shows much news is asked sooner, one that shows none
later, between ten minutes and a day; what its publisher asks for is kept as long as it loses nothing. Failures
have weights: the heavier, the longer the feed is left alone, until it counts as disabled and is only tried once
a week. One good reading ends all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from pipeline.records import FeedStatus, Poll

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=24)
_FIRST = timedelta(minutes=30)
_PROBE = timedelta(days=7)
# Runs come by the clock, readings take time: a feed is due a little before its moment, or it would be asked
# every second run only.
_SLACK = 0.1
# Servers exist that answer "unchanged" for ever; once a day nobody is asked whether it has changed.
_BELIEVED_FOR = timedelta(hours=24)
DISABLED_WEIGHT = 10.0
# Publishers' hints are believed up to this: feeds forget within hours.
_LONGEST_HINT = timedelta(hours=6)
# "public, max-age=300"; not "s-maxage=300", which is for shared caches.
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"no-cache|no-store", re.IGNORECASE)
_DOUBLINGS = 6.0  # of the shortest back-off, at which a day is reached


class Failure(Enum):
    """How much a failure says about the next attempt."""

    HARD = 1.0  # gone, refused, something else in its place
    SOFT = 0.5  # broken, but there
    TEMPORARY = 0.25  # no connection, too slow, overloaded


def is_disabled(poll: Poll | None) -> bool:
    """Whether the feed has failed for so long that it is hardly asked any more."""
    return poll is not None and poll.failure_weight >= DISABLED_WEIGHT


def is_due(poll: Poll | None, now: datetime) -> bool:
    """Whether the feed should be asked in a run that goes on now."""
    if poll is None:
        return True
    return now >= poll.next_at - _SLACK * (poll.next_at - poll.asked_at)


def asks_in_full(poll: Poll | None, now: datetime) -> bool:
    """Whether to ask for the feed itself, rather than whether it has changed."""
    return poll is None or poll.full_at is None or now - poll.full_at >= _BELIEVED_FOR


def failure_of(status: FeedStatus, *, http_status: int | None = None, found: int = 0) -> Failure | None:
    """What kind of failure a reading's status is; None where it is none, or gave entries all the same."""
    if not status.is_loss or found:
        return None
    if status in (FeedStatus.NOT_A_FEED, FeedStatus.REFUSED):
        return Failure.HARD
    if status is FeedStatus.HTTP_ERROR:
        return Failure.SOFT if http_status is None or http_status >= 500 else Failure.HARD
    if status in (FeedStatus.MALFORMED, FeedStatus.OVERSIZE):
        return Failure.SOFT
    return Failure.TEMPORARY


def after_success(
    poll: Poll | None,
    now: datetime,
    *,
    seen_share: float,
    in_full: bool,
    asked_for: timedelta | None = None,
    skip_hours: tuple[int, ...] = (),
    comes_back: bool = False,
) -> Poll:
    """The poll after a reading of which ``seen_share`` was known before (1.0: nothing new, or unchanged).

    ``asked_for``: how long the publisher says its feed stays as it is. ``comes_back``: something of this
    reading is left to fetch.
    """
    every = _FIRST if poll is None else timedelta(minutes=poll.every_minutes)
    if poll is not None:  # the first reading is all new, and says nothing
        every = _within(every * _factor(seen_share))
    wait = every
    # Where half of a feed is new, waiting longer would lose entries: it forgets them.
    if asked_for is not None and seen_share > 0.5:
        wait = max(every, _within(min(asked_for, _LONGEST_HINT)))
    if comes_back:
        wait = min(wait, _FIRST)
    return Poll(
        asked_at=now,
        next_at=_awake(now + wait, skip_hours),
        every_minutes=round(every.total_seconds() / 60, 1),
        full_at=now if in_full or poll is None else poll.full_at,
    )


def after_failure(
    poll: Poll | None, now: datetime, failure: Failure, *, retry_after: timedelta | None = None
) -> Poll:
    """The poll after a failure: left alone for longer each time, and at least as long as the server asks."""
    weight = (0.0 if poll is None else poll.failure_weight) + failure.value
    wait = _within(_FIRST * 2 ** min(weight, _DOUBLINGS)) if weight < DISABLED_WEIGHT else _PROBE
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST))
    return Poll(
        asked_at=now,
        next_at=now + wait,
        every_minutes=_FIRST.total_seconds() / 60 if poll is None else poll.every_minutes,
        failure_weight=weight,
    )


def _factor(seen_share: float) -> float:
    """What to multiply the time between two readings by: 1.5 where nothing is new, 0.5 where most is."""
    if seen_share >= 1.0:
        return 1.5
    return 1.1 if seen_share > 0.95 else 0.8 if seen_share > 0.5 else 0.5


def _within(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)


def _awake(at: datetime, skip_hours: tuple[int, ...]) -> datetime:
    """The moment itself, or the next hour of the day that is not skipped."""
    if len(set(skip_hours)) >= 24:
        return at
    while at.hour in skip_hours:
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def lifetime(cache_control: str | None, expires: datetime | None, now: datetime) -> timedelta | None:
    """How long a response says it stays as it is; None where it says nothing, or not to be kept."""
    if cache_control is not None:
        if _NOT_KEPT.search(cache_control):
            return None
        if found := _MAX_AGE.search(cache_control):
            return timedelta(seconds=min(int(found[1]), int(LONGEST.total_seconds())))
    return None if expires is None or expires <= now else min(expires - now, LONGEST)


def due_children(
    children: Sequence[tuple[str, datetime | None]], polls: Mapping[str, Poll], now: datetime
) -> tuple[str, ...]:
    """Which sitemaps of an index to read, by (URL, when it changed), those likeliest to hold news first.

    A dated one is read when it has changed since it was asked; an undated one when it is due: those never
    asked first, the last listed before the others, then the one asked longest ago.
    """
    dated, undated = [], []
    for position, (url, changed_at) in enumerate(children):
        poll = polls.get(url)
        if poll is not None and poll.failure_weight and not is_due(poll, now):
            continue
        if changed_at is not None:
            if poll is None or poll.failure_weight or changed_at >= poll.asked_at:
                dated.append((-changed_at.timestamp(), url))
        elif is_due(poll, now):
            undated.append((poll.asked_at.timestamp() if poll else -1.0, -position, url))
    return (*(url for _, url in sorted(dated)), *(url for *_, url in sorted(undated)))
