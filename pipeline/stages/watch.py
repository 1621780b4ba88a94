"""Watching: what do the watches find in what was published, and who is told?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from pipeline.alerts import Alert, Evidence, Message, Sighting, Threshold, Watch, WatchKind
from pipeline.errors import DeliveryError
from pipeline.protocols import Clock
from pipeline.watching import decide, sightings_of_counts
from pipeline.watching.usual import BASELINE_DAYS

log = logging.getLogger("wirewatch.watch")


class Looking(Protocol):
    """What the published tables show a watch."""

    def sightings(self, watch: Watch, start: date, end: date) -> Sequence[Sighting]: ...
    def counts(self, watch: Watch, start: date, end: date) -> Mapping[date, int]: ...
    def news_days(self, watch: Watch, start: date, end: date) -> Sequence[date]: ...
    def evidence(self, watch: Watch, alert: Alert) -> tuple[Evidence, ...]: ...


class Owed(Protocol):
    """A message that a channel is owed."""

    @property
    def owner(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def items(self) -> tuple[str, ...]: ...
    @property
    def accepted(self) -> tuple[str, ...]: ...


AnyOwed = TypeVar("AnyOwed", bound=Owed)


class Book(Protocol[AnyOwed]):
    """Who is owed what, and what became of it."""

    def delivering(self) -> AbstractContextManager[None]: ...
    def due(self) -> Sequence[AnyOwed]: ...
    def begin(self, delivery: AnyOwed, message_id: str, at: datetime) -> None: ...
    def sent(self, delivery: AnyOwed, at: datetime) -> None: ...
    def failed(self, delivery: AnyOwed, at: datetime, detail: str, accepted: Sequence[str]) -> None: ...


class Send(Protocol):
    def __call__(self, channel: str, message: Message, at: datetime, *, skip: Sequence[str] = ()) -> None:
        """DeliveryError where the channel does not take it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """What delivering came to."""

    sent: tuple[str, ...]  # "palmyra to desk"
    failed: tuple[str, ...]  # a sentence each


def found(
    watch: Watch, start: date, end: date, *, looking: Looking, known: Iterable[Alert]
) -> tuple[Alert, ...]:
    """The watch's new findings on the days, both included, each with its evidence."""
    new = decide(watch, _sightings(watch, start, end, looking), known)
    return tuple(replace(alert, evidence=looking.evidence(watch, alert)) for alert in new)


def _sightings(watch: Watch, start: date, end: date, looking: Looking) -> Sequence[Sighting]:
    if watch.kind is not WatchKind.WORDS:
        return looking.sightings(watch, start, end)
    back = int(watch.over) if watch.threshold is Threshold.FIRST_MENTION else BASELINE_DAYS
    first = start - timedelta(days=back)
    return sightings_of_counts(
        watch.words or "",
        f"“{watch.words}”",
        looking.counts(watch, first, end),
        looking.news_days(watch, first, end),
        start=start,
        back=back,
    )


def deliver(
    book: Book[AnyOwed],
    *,
    compose: Callable[[AnyOwed], Message],
    send: Send,
    clock: Clock,
    owners: Collection[str] | None = None,
) -> Delivered:
    """Send what is owed, of those owners alone if any are given; what a channel does not take stays owed, and is told.

    One channel's failure keeps nothing from the others.
    """
    sent, failed = [], []
    with book.delivering():
        for delivery in book.due():
            if owners is not None and delivery.owner not in owners:
                continue
            try:
                message = compose(delivery)
                book.begin(delivery, message.message_id, clock.now())
                send(delivery.channel, message, clock.now(), skip=delivery.accepted)
            except DeliveryError as error:
                book.failed(delivery, clock.now(), str(error), error.accepted)
                failed.append(f"{delivery.owner} was not delivered: {error}")
                log.error("%s", failed[-1])
            else:
                book.sent(delivery, clock.now())
                sent.append(f"{delivery.owner} to {delivery.channel}")
                log.info("Delivered %s: %s", sent[-1], message.subject)
    return Delivered(sent=tuple(sent), failed=tuple(failed))
