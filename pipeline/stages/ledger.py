"""What has one collecting run brought so far? Everything it met is entered here, and the manifest made of it."""

from __future__ import annotations

import logging
from datetime import datetime

from pipeline.interval import Interval
from pipeline.records import (
    Capture,
    Entry,
    Feed,
    FeedReading,
    FeedStatus,
    Gap,
    Manifest,
    Outlet,
    Reason,
    Reject,
    Stage,
)

_log = logging.getLogger("wirewatch.collect")


class Ledger:
    """The growing manifest of one outlet and interval."""

    def __init__(self, outlet: Outlet, interval: Interval) -> None:
        self._outlet_id, self._interval = outlet.outlet_id, interval
        self.captures: list[Capture] = []
        self.entries: list[Entry] = []
        self._feed_only: list[Entry] = []
        self.readings: list[FeedReading] = []
        self._rejects: list[Reject] = []
        self._gaps: list[Gap] = []

    def manifest(self) -> Manifest:
        return Manifest(
            outlet_id=self._outlet_id,
            interval=self._interval,
            captures=tuple(self.captures),
            entries=tuple(self.entries),
            feed_only=tuple(self._feed_only),
            readings=tuple(self.readings),
            rejects=tuple(self._rejects),
            gaps=tuple(self._gaps),
        )

    def note(
        self, feed: Feed, url: str, status: FeedStatus, at: datetime, detail: str = "", **counts: int
    ) -> FeedReading:
        """Enter how one document of a feed was read."""
        reading = FeedReading(
            feed_id=feed.feed_id,
            outlet_id=self._outlet_id,
            url=url,
            at=at,
            status=status,
            detail=detail,
            **counts,
        )
        self.readings.append(reading)
        told = ", ".join(
            f"{number} {name.removesuffix('_count')}" for name, number in counts.items() if number
        )
        level = logging.WARNING if status.is_loss else logging.INFO
        _log.log(
            level, "%s: %s%s", feed.feed_id, status, "".join(f"; {text}" for text in (told, detail) if text)
        )
        return reading

    def gap(self, reason: Reason, key: str, detail: str, entry: Entry | None = None) -> None:
        """Something is missing; ``entry``: all that the feed said of it."""
        self._gaps.append(
            Gap(
                outlet_id=self._outlet_id,
                interval=self._interval,
                reason=reason,
                key=key,
                detail=self._with(detail, entry),
            )
        )

    def reject(
        self, reason: Reason, key: str, detail: str, at: datetime, entry: Entry | None = None
    ) -> Reject:
        """Something will not become an article; ``entry``: all that the feed said of it."""
        reject = Reject(
            stage=Stage.COLLECT,
            key=key,
            reason=reason,
            detail=self._with(detail, entry),
            outlet_id=self._outlet_id,
            at=at,
        )
        self._rejects.append(reject)
        return reject

    def _with(self, detail: str, entry: Entry | None) -> str:
        """The detail, with the title of the entry, which is kept as the only record of its article."""
        if entry is None or not (entry.title or entry.summary):
            return detail
        self._feed_only.append(entry)
        named = f"the feed says: {entry.title or entry.summary:.200}"
        return f"{detail}; {named}" if detail else named
