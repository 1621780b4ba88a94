"""Over which time was something counted? "in the last 24 hours", "since Monday", "on 27 March", "a day"."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.text import Span

Days = tuple[date | None, date | None]

_UNKNOWN: Days = (None, None)
_MONTHS = {name[:3]: number for number, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name: number for number, name in enumerate(calendar.day_name)}
_LENGTHS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25, "decade": 3652.5}
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "couple of": 2,
}  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![a-z])"
)
_WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})"
_YEAR = r"(?:19|20)\d\d(?![\d,.]*\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
# "27 March", "March 27, 2016", "March 2016", "2016", "last Monday"; not "May 00".
_DATE = (
    rf"(?:{_DAY}\s{_MONTH}(?:,?\s{_YEAR})?"
    rf"|{_MONTH}(?!\s00\b)(?:\s{_DAY}(?![\d,.]*\d))?(?:,?\s{_YEAR})?|{_YEAR}|(?:last\s)?{_WEEKDAY})"
)
_PART = re.compile(rf"(?P<weekday>{_WEEKDAY})|(?P<month>{_MONTH})|(?P<year>\d{{4}})|(?P<day>\d{{1,2}})")
# "in the last 24 hours", "over the past week"; not "in the last days of the war".
_LATELY = re.compile(
    r"\b(?:[Ii]n|[Oo]ver|[Dd]uring|[Ww]ithin|[Ff]or)\s(?:just\s)?the\s(?:last|past|previous)\s"
    rf"(?:(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}|few|several)[\s-])?"
    r"(?P<unit>hour|day|week|month|year|decade)s?\b(?!\sof\b)"
)
# "within 24 hours", "in a single day"; not "in two years' time", "in a week of talks".
_LENGTH = re.compile(
    r"\b(?:[Ii]n|[Ww]ithin|[Oo]ver)\s(?:(?:just\s)?(?:an?|one)(?:\ssingle)?\s(?:hour|day|week|month|year)"
    rf"|(?:\d{{1,3}}|{'|'.join(_COUNTS)})\s(?:hour|day|week|month|year)s)\b(?!\s(?:of|time|ago|later|after|before)\b|['’])"
)
# "since Monday", "since 15 March 2011"; not "since then".
_SINCE = re.compile(rf"\b[Ss]ince\s(?P<first>{_DATE})")
# "between Monday and Friday", "from January to March 2016"; not "from 30 to 40".
_BETWEEN = re.compile(
    rf"\b(?:[Bb]etween\s(?P<a>{_DATE})\sand|[Ff]rom\s(?P<b>{_DATE})\s(?:to|until|through))\s(?P<last>{_DATE})"
)
# Things of which there are that many: "in 2015 | vehicles"; not "in 2015 | was".
_COUNTED = (
    r"\s(?!(?:was|has|is|as|this|its|his|does|across|towards|versus|perhaps|plus|always)\b)"
    r"(?:[a-z]+s|people|men|women|children)\b"
)
# "on Sunday", "on 27 March", "in March", "in 2015"; not "on Sundays", "in 2015 vehicles".
_ON = re.compile(rf"\b(?:[Oo]n|[Ii]n|[Dd]uring)\s(?!{_YEAR}{_COUNTED})(?P<first>{_DATE})\b")
# "this week", "so far this year", "last month", "yesterday"; not "this weekend".
_NAMED = re.compile(
    r"\b(?:(?:[Ss]o\sfar\s)?(?P<which>[Tt]his|[Ll]ast)\s(?P<unit>week|month|year)|(?P<one>[Tt]oday|[Yy]esterday))\b"
)
# "500 people a day", "daily".
_RATE = re.compile(
    r"\b(?:(?:an?|per|each|every)\s(?:hour|day|week|month|year)|daily|weekly|monthly|annually)\b"
)
# Another clause begins between a figure and a period: "decades before he retired | in 2015"; not "40 people died".
_ELSEWHERE = re.compile(
    r"[,;:—–()“”\"]|\b(?:and|but|while|before|after|until|when|where|who|whom|which|that|because|as|if|from|than|\w+ing)\b"
)
# What happened over the time goes on: "in the last 24 hours, hitting 117 targets and killing | over 80 militants".
_GOES_ON = re.compile(r",\s\w+ing\b(?:(?!\b(?:wh\w+|that|before|after|because|as|but)\b)[^;:—–()“”\"]){0,60}")
_NEAR = 60  # characters from a figure to its period
_OPENING = re.compile(r"\W*(?:(?:and|but|that|also)\b\W*)*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """As printed, with the first and last day of it: None where they are not told, or cannot be. ``rate``: "a day"."""

    text: str
    span: Span
    first: date | None
    last: date | None
    rate: bool = False


def find_periods(text: str, told: date | None) -> tuple[Period, ...]:
    """The periods of a text in order, none inside another. ``told``: the day it was published."""
    found: list[Period] = []
    taken = 0
    read: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = (
        (_BETWEEN, _between), (_SINCE, _since), (_LATELY, _lately), (_ON, _on), (_NAMED, _named),
        (_LENGTH, _untold), (_RATE, _untold),
    )  # fmt: skip
    matches = [(match, days) for pattern, days in read for match in pattern.finditer(text)]
    for match, days in sorted(matches, key=lambda one: (one[0].start(), -one[0].end())):
        if match.start() < taken:
            continue
        taken = match.end()
        first, last = days(match, told) if told is not None else _UNKNOWN
        if first is not None and last is not None and first > last:  # "since 2020", told in 2016
            first, last = _UNKNOWN
        words = " ".join(match.group().lower().split())
        found.append(Period(text=words, span=match.span(), first=first, last=last, rate=match.re is _RATE))
    return tuple(found)


def period_of(figure: Span, within: Span, periods: Sequence[Period], text: str) -> Period | None:
    """The period of a figure in a stretch of text: the next after it, else the last before it, in the same clause.

    "12 in 2015 and 14 in 2016" has one for each. One that opens the stretch may stand farther off.
    """
    place = bisect_left(periods, figure[1], key=lambda period: period.span[0])
    if place < len(periods) and periods[place].span[1] <= within[1]:
        period = periods[place]
        between = text[figure[1] : period.span[0]]
        if between.isspace() or not (period.rate or _apart(between)):
            return period
    if place and periods[place - 1].span[0] >= within[0]:
        period = periods[place - 1]
        opens = _OPENING.fullmatch(text, within[0], period.span[0]) is not None
        goes_on = _GOES_ON.fullmatch(text, period.span[1], figure[0]) is not None
        if not period.rate and (opens or goes_on or not _apart(text[period.span[1] : figure[0]])):
            return period
    return None


def _apart(between: str) -> bool:
    return len(between) > _NEAR or _ELSEWHERE.search(between) is not None


# ---- which days ----------------------------------------------------------------------------------


def _between(match: re.Match[str], told: date) -> Days:
    last = _dated(match["last"], told)
    first = _dated(match["a"] or match["b"], last[1] or told)
    return first[0], last[1]


def _since(match: re.Match[str], told: date) -> Days:
    first, _ = _dated(match["first"], told)
    return (first, told) if first is not None else _UNKNOWN


def _lately(match: re.Match[str], told: date) -> Days:
    count = match["count"] or "1"
    number = _COUNTS.get(" ".join(count.split()), int(count) if count.isdigit() else None)
    if number is None:  # "a few days"
        return None, told
    length = timedelta(days=max(1, round(number * _LENGTHS[match["unit"]])))
    return (told - length if length <= told - date.min else None), told  # "in the past 300 decades"


def _on(match: re.Match[str], told: date) -> Days:
    return _dated(match["first"], told)


def _named(match: re.Match[str], told: date) -> Days:
    if match["one"]:
        day = told - timedelta(days=match["one"].lower() == "yesterday")
        return day, day
    begins = {
        "week": told - timedelta(days=told.weekday()), "month": told.replace(day=1), "year": told.replace(month=1, day=1),
    }  # fmt: skip
    first = begins[match["unit"]]
    if match["which"].lower() == "this":
        return first, told
    last = first - timedelta(days=1)
    before = {
        "week": last - timedelta(days=6),
        "month": last.replace(day=1),
        "year": last.replace(month=1, day=1),
    }
    return before[match["unit"]], last


def _untold(_: re.Match[str], __: date) -> Days:
    return _UNKNOWN


def _dated(words: str, told: date) -> Days:
    """The days of a date, the latest that is not after ``told`` where it leaves out the year or week."""
    parts = {str(match.lastgroup): match.group() for match in _PART.finditer(words)}
    if "weekday" in parts:
        back = (told.weekday() - _WEEKDAYS[parts["weekday"]]) % 7
        back += 7 * (back == 0 and words.startswith("last"))
        day = told - timedelta(days=back)
        return day, day
    if "month" not in parts:
        year = int(parts["year"])
        return date(year, 1, 1), date(year, 12, 31)
    month, number = _MONTHS[parts["month"][:3]], int(parts.get("day", 0))
    year = int(parts.get("year", told.year - ((month, number) > (told.month, told.day))))
    length = calendar.monthrange(year, month)[1]
    if number > length:
        return _UNKNOWN
    return date(year, month, number or 1), date(year, month, number or length)
