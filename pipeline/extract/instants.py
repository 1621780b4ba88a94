"""Which instant does a text state, and how exactly?

ISO 8601 and its looser relatives, mail headers, epochs, and dates as people write them in many languages
and calendars. What names no day is no instant; what names a day that cannot be converted is refused with
the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache
from zoneinfo import ZoneInfo

from pipeline.extract import calendars
from pipeline.records import Precision

# "2016-03-27T18:05:00+03:00", "2016-03-27 18:05", "20160327T1805Z", "2016/03/27"; not "2016-3", "2016-12".
_ISO = re.compile(
    r"^\s*(?P<year>\d{4})(?:(?P<part>[-/.])(?P<month>\d{1,2})(?P=part)(?P<day>\d{1,2})|(?P<mm>\d\d)(?P<dd>\d\d))(?!\d)"
    r"(?:[T\s,\-]+(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,:]\d+)?)?\s*"
    r"(?P<zone>Z|UTC|GMT|[+\-−]\d{2}:?\d{2}|[+\-−]\d{1,2}\b|[A-Z]{3,4})?)?",
)
# "27.03.2016", "27/03/2016", "25.04.24"; not "3.5.16".
_NUMERIC = re.compile(
    r"(?<![\d.])(\d{1,2})([./\-])(\d{1,2})\2((?:19|20|25)\d{2})(?!\d)|(?<![\d.])(\d\d)\.(\d\d)\.(\d\d)(?![\d.])"
)
# "2016.03.27", "1403/02/15" inside a line; not "2016/3".
_YEAR_FIRST = re.compile(r"(?<![\d./])(1[34]\d{2}|19\d{2}|20\d{2}|25\d{2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")  # fmt: skip
# "2016年3月27日", "2016년 3월 27일"; not "3月27日".
_EAST = re.compile(r"(?<!\d)(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
# "6:05 p.m. EDT", "18:05 GMT", "18.05 Uhr", "18h05", "오후 6:05"; not "3-4".
_TIME = re.compile(
    r"(?<![\d.:])(오후|오전|下午|上午|午後|午前)?\s*(\d{1,2})(?:[:h時点시]|\.(?=\d{2}\s*Uhr))\s?(\d{2})[分분]?(?::\d{2})?\s*([ap]\.?m\b\.?)?"
    r"\s*(GMT|UTC|BST|CEST|CET|MSK|EEST|EET|EDT|EST|ET|CDT|CST|PDT|PST|PT|IST|JST|KST|[+\-]\d{2}:?\d{2})?",
    re.I,
)
# What follows a time of the first or second half of the day: " PM"; not " pmo".
_HALF = re.compile(r"\s*[ap]\.?m\b", re.I)
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240,
    "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "IST": 330, "JST": 540, "KST": 540,
}  # fmt: skip
_REGIONS = {"ET": "America/New_York", "PT": "America/Los_Angeles"}
_AFTERNOON = frozenset(("오후", "下午", "午後"))
_LIMIT = 160
# Two digits of a year are of this century.
_CENTURY = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Instant:
    at: datetime  # aware, in its own offset or in the zone it was read in
    precision: Precision
    offset: int | None = None  # minutes east of UTC, where the text says so


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stated date that is not taken, and why."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a text does not say: its zone, its language, and whether 3/4 is March 4."""

    zone: tzinfo = UTC
    language: str | None = None
    month_first: bool = False


def parse(text: str, setting: Setting | None = None) -> Instant | Refusal | None:
    """The instant that a machine's or a person's text states; None where it states no day."""
    setting = setting or Setting()
    text = _ascii_digits(text.strip()[:_LIMIT])
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return Instant(at=datetime.fromtimestamp(int(text[:10]), UTC), precision=Precision.INSTANT, offset=0)
    match = _ISO.match(text)
    if match and (match["hour"] or match.end() == len(text)) and not _HALF.match(text, match.end()):
        stated = (int(match["year"]), int(match["month"] or match["mm"]), int(match["day"] or match["dd"]))
        clock = (
            (int(match["hour"]), int(match["minute"]), int(match["second"] or 0)) if match["hour"] else None
        )
        return _built(stated, clock, match["zone"], setting)
    if "," in text[:5]:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError, TypeError):
            at = None
        if at is not None:
            clock = (at.hour, at.minute, at.second)
            return _built((at.year, at.month, at.day), clock, at.strftime("%z"), setting)
    return written(text, setting)


def written(text: str, setting: Setting) -> Instant | Refusal | None:
    """The instant in a line that people read: "Published 27 March 2016, 18:05 GMT"."""
    text = _ascii_digits(text[:_LIMIT])
    found = _day_in(text, setting)
    if found is None:
        return None
    day, start, end = found
    clock = _TIME.search(text[:start]) or _TIME.search(text[end:])
    if clock is None:
        return _built(day, None, None, setting)
    return _built(day, (_hour(clock), int(clock[3]), 0), clock[5], setting)


def _hour(clock: re.Match[str]) -> int:
    hour, half = int(clock[2]), (clock[4] or "").lower()
    if half or clock[1]:
        return hour % 12 + (12 if half.startswith("p") or clock[1] in _AFTERNOON else 0)
    return hour


def _ascii_digits(text: str) -> str:
    """"۱۴۰۳" as "1403": the digits of every script as the ones that patterns know."""  # fmt: skip
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


Day = tuple[int, int, int] | date | str


def _day_in(text: str, setting: Setting) -> tuple[Day, int, int] | None:
    """The first day that a line names, and where; a text is why it is not taken."""
    for pattern, read in _readers():
        if match := pattern.search(text):
            return read(match, setting), match.start(), match.end()
    return None


def _built(day: Day, clock: tuple[int, int, int] | None, stated_offset: str | None, setting: Setting) -> Instant | Refusal | None:  # fmt: skip
    known = calendars.gregorian(*day, setting.language) if isinstance(day, tuple) else day
    if isinstance(known, str):
        return Refusal(known)
    if known is None:
        return None
    zone = _offset(stated_offset)
    try:
        at = datetime(known.year, known.month, known.day, *(clock or (0, 0, 0)), tzinfo=zone or setting.zone)
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if clock is None or (zone is None and clock == (0, 0, 0)):
        return Instant(at=at, precision=Precision.DAY)
    if zone is None:
        return Instant(at=at, precision=Precision.LOCAL)
    offset = at.utcoffset() or timedelta()
    return Instant(at=at, precision=Precision.INSTANT, offset=int(offset.total_seconds()) // 60)


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    text = text.upper().replace("−", "-")
    if text in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text]))
    if text in _REGIONS:
        return ZoneInfo(_REGIONS[text])
    if text[0] in "+-":
        digits = text[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    return None


def _numeric(match: re.Match[str], setting: Setting) -> Day:
    if match[5]:
        return _CENTURY + int(match[7]), int(match[6]), int(match[5])
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    swapped = second > 12 or (setting.month_first and match[2] == "/" and first <= 12)
    return (year, first, second) if swapped else (year, second, first)


def _era(match: re.Match[str], _: Setting) -> Day:
    year = 1 if match[2] == "元" else int(match[2])
    return calendars.eras()[match[1]] + year, int(match[3]), int(match[4])


def _persian(match: re.Match[str], _: Setting) -> Day:
    month = calendars.months("persian").numbers[match[2].lower()]
    found = calendars.persian(int(match[3]), month, int(match[1]))
    return found or f"no day of the Persian year {match[3]}"


def _lunar(match: re.Match[str], _: Setting) -> Day:
    return f"a day of the lunar month {match[2]}: such a month begins when the moon is seen"


Reader = Callable[[re.Match[str], Setting], Day]


def _in_order(year: int, month: int, day: int) -> Reader:
    """A reader of matches whose groups stand in this order; a month by its name or number."""

    def read(match: re.Match[str], _: Setting) -> Day:
        name = match[month].lower()
        number = calendars.months("months").numbers.get(name)
        return int(match[year]), int(name) if number is None else number, int(match[day])

    return read


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """Patterns of written days, each with what reads its groups; built once, for they hold many names."""
    month, persian, lunar = (calendars.months(kind).pattern for kind in ("months", "persian", "lunar"))
    era = "|".join(map(re.escape, calendars.eras()))
    return tuple(
        (re.compile(pattern, re.I), read)
        for pattern, read in (
            # "27 March 2016", "27th of March, 2016", "27 de marzo de 2016"; not "27 people in March 2016".
            (rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s,\-]*(?:of\s+|de\s+|d['’])?\b({month})\.?,?[\s\-]+(?:de[l]?\s+|năm\s+|,\s*)?((?:19|20|25)\d\d)\b", _in_order(3, 2, 1)),
            # "March 27, 2016", "Mar. 27 2016"; not "March of 2016".
            (rf"\b({month})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", _in_order(3, 1, 2)),
            # "2016. március 27.", "2016 March 27"; not "2016 March".
            (rf"\b((?:19|20)\d\d)\.?,?\s+({month})\.?\s+(\d{{1,2}})\b", _in_order(1, 2, 3)),
            # "15 اردیبهشت 1403"; not "15 اردیبهشت".
            (rf"(?<!\d)(\d{{1,2}})\s+({persian})(?:\s+ماه)?,?\s+(1[34]\d\d)\b", _persian),
            # "15 رمضان 1445"; not "رمضان".
            (rf"(?<!\d)(\d{{1,2}})\s+({lunar})\s+(1[45]\d\d)\b", _lunar),
            # "令和6年5月4日", "民國113年5月4日"; not "6年5月".
            (rf"({era})\s*(\d{{1,3}}|元)\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日", _era),
            (_EAST.pattern, _in_order(1, 2, 3)),
            (_YEAR_FIRST.pattern, _in_order(1, 3, 4)),
            (_NUMERIC.pattern, _numeric),
        )
    )  # fmt: skip
