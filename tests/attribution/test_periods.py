from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attribution.periods import find_periods
from pipeline.attribution.reading import read

TOLD = date(2016, 3, 27)  # a Sunday


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("in the last 24 hours", "in the last 24 hours", "2016-03-26", "2016-03-27"),
        ("over the past week", "over the past week", "2016-03-20", "2016-03-27"),
        ("within the previous two years", "within the previous two years", "2014-03-28", "2016-03-27"),
        ("since Monday", "since monday", "2016-03-21", "2016-03-27"),
        ("Since 15 March 2011", "since 15 march 2011", "2011-03-15", "2016-03-27"),
        ("on Sunday", "on sunday", "2016-03-27", "2016-03-27"),
        ("on last Sunday", "on last sunday", "2016-03-20", "2016-03-20"),
        ("on 27 March", "on 27 march", "2016-03-27", "2016-03-27"),
        ("on March 28", "on march 28", "2015-03-28", "2015-03-28"),
        ("on Sept. 5, 2014", "on sept. 5, 2014", "2014-09-05", "2014-09-05"),
        ("in February", "in february", "2016-02-01", "2016-02-29"),
        ("in 2015", "in 2015", "2015-01-01", "2015-12-31"),
        ("in 2015 and later", "in 2015", "2015-01-01", "2015-12-31"),
        ("in 2015 as ever", "in 2015", "2015-01-01", "2015-12-31"),
        ("in May 40 people left", "in may", "2015-05-01", "2015-05-31"),
        ("from January to March 2016", "from january to march 2016", "2016-01-01", "2016-03-31"),
        ("between Monday and Friday", "between monday and friday", "2016-03-21", "2016-03-25"),
        ("so far this year", "so far this year", "2016-01-01", "2016-03-27"),
        ("last week", "last week", "2016-03-14", "2016-03-20"),
        ("yesterday", "yesterday", "2016-03-26", "2016-03-26"),
    ],
)
def test_a_period_is_read_with_its_days(text: str, words: str, first: str, last: str) -> None:
    (period,) = find_periods(f"They came {text}.", TOLD)
    assert period.text == words
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "in the last days of the war",
        "on Sundays",
        "since then",
        "from 30 to 40",
        "this weekend",
        "in 2,015 homes",
        "in 2000 homes",
        "in 2015 vehicles",
        "in 2000 people",
        "since May 00",
        "since 45 March",
        "in two years’ time",
    ],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert find_periods(f"They came {text}.", TOLD) == ()


@pytest.mark.parametrize(
    "text",
    [
        "in the past few months",
        "since 30 February",
        "500 a day",
        "within 24 hours",
        "in a single day",
        "since 2020",
        "since 28 March 2016",
        "from 2017 to 2015",
        "from 27 March 2016 to 5 March 2016",
        "in the past 300 decades",
    ],
)
def test_days_that_are_not_told_stay_unknown(text: str) -> None:
    (period,) = find_periods(text, TOLD)
    assert period.first is None


@given(
    count=st.integers(0, 999),
    unit=st.sampled_from(["hour", "day", "week", "month", "year", "decade"]),
    told=st.dates(),
)
def test_every_length_of_time_ends_on_the_day_of_telling(count: int, unit: str, told: date) -> None:
    (period,) = find_periods(f"40 eruptions in the past {count} {unit}s.", told)
    assert period.last == told
    assert period.first is None or period.first < told


def test_without_the_day_of_telling_there_are_words_only() -> None:
    (period,) = find_periods("They came on Sunday.", None)
    assert (period.text, period.first, period.last) == ("on sunday", None, None)


def _periods(text: str) -> list[tuple[str, str | None]]:
    told = datetime(TOLD.year, TOLD.month, TOLD.day, tzinfo=UTC)
    figures = read(text, published_at=told, language="en", engine=None).figures
    return [(text[figure.start : figure.end], figure.period) for figure in figures]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They hit 117 targets and 12 tanks in the last 24 hours.", ["in the last 24 hours"] * 2),
        (
            "They made 40 flights in the last day, hitting 117 targets and killing over 80 militants.",
            ["in the last day"] * 3,
        ),
        ("They came in the last day, but 40 boats had left.", [None]),
        ("Some 30 boats came in 2014 and 40 boats in 2015.", ["in 2014", "in 2015"]),
        ("In 2015, 3,200 boats came. Another 12 boats waited.", ["in 2015", None]),
        ("Some 500 people a day cross there.", ["a day"]),
        ("Oldane said on Friday that 40 people had left.", [None]),
        ("Oldane said that 40 people had left on Friday.", ["on friday"]),
        ("Oldane resigned on Friday. The port has 40 boats.", [None]),
    ],
)
def test_a_figure_has_the_period_of_its_own_statement(text: str, found: list[str | None]) -> None:
    assert [period for _, period in _periods(text)] == found


def test_a_day_to_come_is_not_taken_for_one_gone_by() -> None:
    told = datetime(2016, 3, 27, tzinfo=UTC)
    (figure,) = read("Some 40 judges will vote on Friday.", published_at=told, engine=None).figures
    assert (figure.period, figure.period_start) == ("on friday", None)
