from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.calendars import persian
from pipeline.extract.instants import Instant, Refusal, Setting, parse
from pipeline.records import Precision

BERLIN = Setting(zone=ZoneInfo("Europe/Berlin"))


def of(text: str, **setting: object) -> Instant:
    found = parse(text, Setting(**{"zone": ZoneInfo("Europe/Berlin"), **setting}))  # type: ignore[arg-type]
    assert isinstance(found, Instant), f"{text!r}: {found}"
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2016-03-27T18:05:00+03:00", "2016-03-27T15:05:00+00:00"),
        ("2016-03-27T18:05:00.123Z", "2016-03-27T18:05:00+00:00"),
        ("2016-03-27 18:05", "2016-03-27T16:05:00+00:00"),
        ("20160327T1805Z", "2016-03-27T18:05:00+00:00"),
        ("Sun, 27 Mar 2016 18:05:00 GMT", "2016-03-27T18:05:00+00:00"),
        ("March 27, 2016, 6:05 p.m. EDT", "2016-03-27T22:05:00+00:00"),
        ("27 March 2016 - 19:20", "2016-03-27T17:20:00+00:00"),
        ("27.03.2016, 18:05 Uhr", "2016-03-27T16:05:00+00:00"),
        ("Do 25.04.24 | 14:07 Uhr", "2024-04-25T12:07:00+00:00"),
        ("1459101900", "2016-03-27T18:05:00+00:00"),
        ("2016年3月27日 18:05", "2016-03-27T16:05:00+00:00"),
        ("2016-03-27 6:05 PM", "2016-03-27T16:05:00+00:00"),
        ("2016.03.27 오후 6:05", "2016-03-27T16:05:00+00:00"),
    ],
)
def test_an_instant_is_read_as_it_is_written(text: str, wanted: str) -> None:
    assert of(text).at.astimezone(UTC) == datetime.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("28. April 2023", date(2023, 4, 28)),
        ("28 de abril de 2023", date(2023, 4, 28)),
        ("le 1er août 2023", date(2023, 8, 1)),
        ("28 апреля 2023", date(2023, 4, 28)),
        ("2023. április 28.", date(2023, 4, 28)),
        ("28 Ağustos 2023", date(2023, 8, 28)),
        ("28 أبريل 2023", date(2023, 4, 28)),
        ("٢٨ أبريل ٢٠٢٣", date(2023, 4, 28)),
        ("28 अप्रैल 2023", date(2023, 4, 28)),
        ("28 tháng 4 năm 2023", date(2023, 4, 28)),
        ("March 4, 2016", date(2016, 3, 4)),
    ],
)
def test_a_day_is_read_in_many_languages(text: str, wanted: date) -> None:
    found = of(text)
    assert (found.at.date(), found.precision) == (wanted, Precision.DAY)


def test_an_instant_says_how_exactly_it_is_stated() -> None:
    exact = of("2016-03-27T18:05:00+03:00")
    assert (exact.precision, exact.offset) == (Precision.INSTANT, 180)
    assert (of("2016-03-27 18:05").precision, of("2016-03-27 18:05").offset) == (Precision.LOCAL, None)
    assert of("2016-03-27").precision is Precision.DAY
    assert of("2016-03-27T00:00:00").precision is Precision.DAY  # what a template prints for no time


def test_three_slash_four_is_march_only_where_months_come_first() -> None:
    assert of("3/4/2016").at.month == 4
    assert of("3/4/2016", month_first=True).at.month == 3
    assert of("3/27/2016").at.month == 3


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("15 اردیبهشت 1403", "fa", date(2024, 5, 4)),
        ("۱۴۰۳/۰۲/۱۵", "fa-IR", date(2024, 5, 4)),
        ("30 اسفند 1403", "fa", date(2025, 3, 20)),
        ("4 พฤษภาคม 2567", "th", date(2024, 5, 4)),
        ("令和6年5月4日", "ja", date(2024, 5, 4)),
        ("民國113年5月4日", "zh-TW", date(2024, 5, 4)),
    ],
)
def test_days_of_other_calendars_are_converted(text: str, language: str, wanted: date) -> None:
    assert of(text, language=language).at.date() == wanted


@pytest.mark.parametrize(
    ("text", "language"), [("1445-10-25", "ar"), ("15 رمضان 1445", "ar"), ("1403-02-15", "en")]
)
def test_a_day_that_no_rule_converts_is_refused_with_the_reason(text: str, language: str) -> None:
    found = parse(text, Setting(language=language))
    assert isinstance(found, Refusal)
    assert "year" in found.reason or "month" in found.reason


# Days on which the solar year began, from published almanacs.
@pytest.mark.parametrize(
    ("year", "first"),
    [(1358, (1979, 3, 21)), (1376, (1997, 3, 21)), (1396, (2017, 3, 21)), (1400, (2021, 3, 21)), (1404, (2025, 3, 21))],
)  # fmt: skip
def test_the_persian_year_begins_when_it_does(year: int, first: tuple[int, int, int]) -> None:
    assert persian(year, 1, 1) == date(*first)


def test_the_persian_year_has_no_day_it_has_not() -> None:
    assert persian(1402, 12, 30) is None  # no leap year
    assert persian(1403, 12, 30) == date(2025, 3, 20)
    assert persian(1403, 7, 31) is None


@pytest.mark.parametrize(
    "text",
    [
        "soon", "2016", "2016-12", "2016-13-40", "99.99.2016", "March of 2016", "", "٢٠١٦", "3.5.16",
        "27 people in March 2016", "31 February 2016", "+99:99",
    ],
)  # fmt: skip
def test_what_is_no_day_is_no_instant(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=60))
def test_reading_an_instant_never_fails(text: str) -> None:
    found = parse(text, BERLIN)
    assert found is None or isinstance(found, Refusal) or found.at.tzinfo is not None


@given(st.integers(0, 3_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_an_iso_instant_keeps_its_offset(epoch: int, minutes: int) -> None:
    at = datetime.fromtimestamp(700_000_000 + epoch, UTC)
    sign = "+" if minutes >= 0 else "-"
    text = f"{at:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    found = of(text)
    assert found.offset == minutes
    assert found.at == datetime.fromisoformat(text)
