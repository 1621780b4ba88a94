"""Dates as feeds print them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.dates import instant

MOSCOW = "Europe/Moscow"
CASES = {
    "Sun, 27 Mar 2016 10:15:30 GMT": "2016-03-27T10:15:30",
    "Sun, 27 Mar 2016 10:15:30 +0300": "2016-03-27T07:15:30",
    "27 Mar 2016 10:15 -04:00": "2016-03-27T14:15:00",
    "Sun, 27 Mar 2016 10:15:30 EDT": "2016-03-27T14:15:30",
    "Sun, 27 Mar 2016 10:15:30 +0000 (UTC)": "2016-03-27T10:15:30",
    "27 March 2016": "2016-03-26T21:00:00",
    "Sun, 27 Mar 2016 10:15:30": "2016-03-27T07:15:30",
    "Sun, 27 Mar 2016 10:15:30 MSK": "2016-03-27T07:15:30",
    "2016-03-27T10:15:30Z": "2016-03-27T10:15:30",
    "2016-03-27T10:15:30.123+02:00": "2016-03-27T08:15:30",
    "2016-03-27 10:15": "2016-03-27T07:15:00",
    "2016-03-27": "2016-03-26T21:00:00",
    "20160327T101530Z": "2016-03-27T10:15:30",
    "March 27, 2016 10:15 PM EST": "2016-03-28T03:15:00",
    "Mar 27, 2016 12:05 a.m. GMT": "2016-03-27T00:05:00",
    "Thu, 31 Dec 2015 23:59:60 GMT": "2015-12-31T23:59:59",
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_date_is_read_with_its_zone_or_the_outlets(text: str, expected: str) -> None:
    assert instant(text, MOSCOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 27 Mar 2016 25:61:00 GMT",
        "Sun, 31 Feb 2016 10:00:00 GMT",
        "2016-13-01",
        "2016-03-27T10:15:61Z",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "Sun, 27 Mar 2016 10:00:00 XYZ",
        "Mar 27, 2016 13:05 PM",
        "2016-03-27T10:00:00+99:00",
        "03/04/2016",
        "yesterday",
        "",
        None,
    ],
)
def test_what_no_clock_shows_is_no_date(text: str | None) -> None:
    assert instant(text, MOSCOW) is None


def test_a_zone_name_that_two_places_share_is_read_where_the_outlet_uses_it() -> None:
    text = "Sun, 27 Mar 2016 10:00:00 IST"
    assert instant(text, "Asia/Kolkata") == datetime(2016, 3, 27, 4, 30, tzinfo=UTC)
    assert instant(text, "UTC") is None


@given(st.integers(800_000_000, 6_900_000_000), st.integers(-14 * 60, 14 * 60))
def test_a_printed_instant_is_read_back(seconds: int, minutes: int) -> None:
    local = datetime.fromtimestamp(seconds, UTC)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    expected = local - timedelta(minutes=minutes)
    assert instant(f"{local:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}", "UTC") == expected
    assert instant(f"{local:%a, %d %b %Y %H:%M:%S} {sign}{hours:02}{rest:02}", "UTC") == expected


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    read = instant(text, MOSCOW)
    assert read is None or read.utcoffset() == timedelta(0)
