"""What is usual? The days before, and how far a day stands out from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import median

from pipeline.alerts import Sighting

BASELINE_DAYS = 28
_SCALE = 1.4826  # makes a median absolute deviation comparable to a standard deviation


def robust_z(value: float, usual: float, deviation: float) -> float:
    """How far a count stands out; the scale is at least a count's own noise, so that quiet subjects do not explode."""
    return (value - usual) / max(_SCALE * deviation, sqrt(max(usual, 0)), 1.0)


def sightings_of_counts(
    subject: str, name: str, counts: Mapping[date, int], news_days: Sequence[date], *, start: date, back: int
) -> tuple[Sighting, ...]:
    """Each day from ``start`` on that has a count, beside the ``back`` days before it that hold any article."""
    found = []
    for day in sorted(counts):
        if day < start or not counts[day]:
            continue
        before = [one for one in news_days if day - timedelta(days=back) <= one < day]
        earlier = [counts.get(one, 0) for one in before]
        middle = median(earlier) if earlier else 0.0
        found.append(
            Sighting(
                subject=subject,
                name=name,
                day=day,
                value=counts[day],
                usual=middle,
                deviation=median(abs(count - middle) for count in earlier) if earlier else 0.0,
                known_days=len(before),
                last_day=max((one for one in before if counts.get(one)), default=None),
                count=counts[day],
            )
        )
    return tuple(found)
