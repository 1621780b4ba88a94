"""When: half-open UTC windows of collection, the unit that every stage works on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """``start <= instant < end``, both aware and in UTC; ValueError otherwise."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for bound in (self.start, self.end):
            if bound.utcoffset() != timedelta(0):
                raise ValueError(f"an interval needs aware UTC bounds, got {bound!r}")
        if not self.start < self.end:
            raise ValueError(f"an interval must end after it starts: {self.start} .. {self.end}")

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def covers(self, other: Interval) -> bool:
        """True when the other interval starts in this one: that is what it means to own it."""
        return other.start in self

    def days(self) -> Iterator[Interval]:
        """Its parts by UTC calendar day, in order; the first and last may be shorter than a day."""
        start = self.start
        while start < self.end:
            midnight = datetime.combine(start.date(), time(), UTC) + DAY
            yield Interval(start, min(midnight, self.end))
            start = midnight

    @property
    def name(self) -> str:
        """A sortable file name: ``2016-03-27``, ``2016-03-27T05``, or both bounds in full."""
        if self.start.time() == time() and self.end - self.start == DAY:
            return f"{self.start:%Y-%m-%d}"
        if self.start.minute == self.start.second == 0 and self.end - self.start == HOUR:
            return f"{self.start:%Y-%m-%dT%H}"
        return f"{self.start:%Y-%m-%dT%H%M%S}--{self.end:%Y-%m-%dT%H%M%S}"

    @classmethod
    def of_day(cls, day: date) -> Interval:
        start = datetime.combine(day, time(), UTC)
        return cls(start, start + DAY)

    @classmethod
    def of_days(cls, first: date, last: date) -> Interval:
        """From the first day's midnight to the end of the last day: both days are in it."""
        return cls(cls.of_day(first).start, cls.of_day(last).end)
