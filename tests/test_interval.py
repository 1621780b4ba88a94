"""Intervals: half-open, in UTC, named so that files sort by time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.interval import Interval

INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
INTERVALS = st.tuples(INSTANTS, st.timedeltas(timedelta(seconds=1), timedelta(days=9))).map(
    lambda pair: Interval(pair[0], pair[0] + pair[1])
)


def test_start_is_inside_and_end_is_not() -> None:
    day = Interval.of_day(date(2016, 3, 27))
    assert day.start in day
    assert day.end not in day


def test_a_naive_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        Interval(datetime(2016, 3, 27), datetime(2016, 3, 28))  # noqa: DTZ001


def test_a_bound_in_another_zone_is_refused() -> None:
    moscow = timezone(timedelta(hours=3))
    with pytest.raises(ValueError, match="aware UTC"):
        Interval(datetime(2016, 3, 27, tzinfo=moscow), datetime(2016, 3, 28, tzinfo=moscow))


def test_an_empty_interval_is_refused() -> None:
    start = datetime(2016, 3, 27, tzinfo=UTC)
    with pytest.raises(ValueError, match="end after it starts"):
        Interval(start, start)


def test_names_say_day_hour_or_both_bounds() -> None:
    start = datetime(2016, 3, 27, 5, tzinfo=UTC)
    assert Interval.of_day(date(2016, 3, 27)).name == "2016-03-27"
    assert Interval(start, start + timedelta(hours=1)).name == "2016-03-27T05"
    assert Interval(start, start + timedelta(hours=2)).name == "2016-03-27T050000--2016-03-27T070000"


def test_both_days_of_a_range_are_in_it() -> None:
    span = Interval.of_days(date(2016, 3, 21), date(2016, 4, 3))
    assert [day.name for day in span.days()][:: len(list(span.days())) - 1] == ["2016-03-21", "2016-04-03"]


@given(INTERVALS)
def test_days_tile_the_interval(interval: Interval) -> None:
    days = list(interval.days())
    assert days[0].start == interval.start
    assert days[-1].end == interval.end
    assert all(one.end == other.start for one, other in pairwise(days))


@given(INTERVALS, INTERVALS)
def test_names_differ_when_intervals_do(one: Interval, other: Interval) -> None:
    whole = [
        Interval(i.start.replace(microsecond=0), i.end.replace(microsecond=0) + timedelta(seconds=1))
        for i in (one, other)
    ]
    assert (whole[0].name == whole[1].name) == (whole[0] == whole[1])


def test_an_interval_covers_what_starts_in_it() -> None:
    day = Interval.of_day(date(2016, 3, 27))
    late = Interval(day.end - timedelta(minutes=5), day.end + timedelta(hours=1))
    assert day.covers(late)
    assert not late.covers(day)
