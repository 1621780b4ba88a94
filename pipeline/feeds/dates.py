"""Which instant does a feed mean by this text?

A date without a zone is read in the outlet's own; an hour that no clock shows, a zone that nobody knows
and a year before the Web give None: a missing date is better than a wrong one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Hours east of Greenwich; names that two parts of the world share ("IST", "CST" in China) are read only
# where the outlet's own zone goes by them.
_ZONES: dict[str, float] = {
    **dict.fromkeys(("z", "gmt", "ut", "utc"), 0),
    **dict.fromkeys(("wet",), 0),
    **dict.fromkeys(("west", "cet"), 1),
    **dict.fromkeys(("cest", "eet"), 2),
    **dict.fromkeys(("eest", "msk"), 3),
    **dict.fromkeys(("jst",), 9),
    **dict.fromkeys(("edt",), -4),
    **dict.fromkeys(("est", "cdt"), -5),
    **dict.fromkeys(("mdt",), -6),
    **dict.fromkeys(("mst", "pdt"), -7),
    **dict.fromkeys(("pst",), -8),
}

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"\s*(?P<zone>[+-]\d\d:?\d\d|[+-]\d\d|[a-z]{1,5})?(?:\s*\([^)]*\))?"
# "Sun, 27 Mar 2016 10:15:00 +0300", "27 March 2016"; not "27/03/2016", which two orders share.
_MAIL = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?P<day>\d{{1,2}})[\s-]+(?P<month>[a-z]{{3,9}})\.?[\s-]+(?P<year>\d{{4}})"
    rf"(?:,?\s+{_TIME}{_ZONE})?",
    re.IGNORECASE,
)
# "March 27, 2016 10:15 AM EST"; not "March 2016".
_AMERICAN = re.compile(
    rf"(?:[a-z]+,\s+)?(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:at\s+)?{_TIME}{_ZONE})?",
    re.IGNORECASE,
)
# "2016-03-27T10:15:00Z", "2016-03-27 10:15", "2016-03-27"; not "2016-03".
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:(?:T|\s+){_TIME}{_ZONE})?", re.IGNORECASE
)
# "20160327T101500Z"; not "20160327".
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<half>)"
    + _ZONE,
    re.IGNORECASE,
)
_FIRST_YEAR, _LAST_YEAR = 1991, 2199


def instant(text: str | None, timezone_name: str) -> datetime | None:
    """The instant in UTC, or None where the text names none that can be."""
    if text is None:
        return None
    for shape in (_ISO, _MAIL, _AMERICAN, _COMPACT):
        if match := shape.fullmatch(text.strip()):
            return _instant(match, ZoneInfo(timezone_name))
    return None


def _instant(match: re.Match[str], home: ZoneInfo) -> datetime | None:
    year, month = int(match["year"]), _month(match["month"])
    if month is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    hour = _hour(int(match["hour"] or 0), (match["half"] or "").lower().replace(".", ""))
    try:
        second = int(match["second"] or 0)
        second -= second == 60  # a leap second, "23:59:60", is the one before it: datetime knows none
        local = datetime(year, month, int(match["day"]), hour, int(match["minute"] or 0), second, tzinfo=home)
        zone = _zone(match["zone"], local)
    except ValueError:  # "25:61", "31 Feb"
        return None
    return None if zone is None else local.replace(tzinfo=zone).astimezone(UTC)


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else None


def _hour(hour: int, half: str) -> int:
    if not half or not 1 <= hour <= 12:
        return hour if not half else 99  # "13:00 pm" is no hour, and datetime will say so
    return hour % 12 + (12 if half == "pm" else 0)


def _zone(text: str | None, local: datetime) -> tzinfo | None:
    """The zone a text names at a local time; the local one where it names none; None where unknown."""
    if text is None:
        return local.tzinfo
    if text[0] in "+-":
        digits = text[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if text[0] == "-" else offset)
    if (local.tzname() or "").lower() == text.lower():
        return local.tzinfo
    hours = _ZONES.get(text.lower())
    return None if hours is None else timezone(timedelta(hours=hours))
