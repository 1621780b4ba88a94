"""Which day of our calendar is a day of another one?

The Persian solar year and years counted from another beginning are converted exactly. The lunar year is
not: its months begin when the moon is seen, and tables are a day off now and then.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipeline import bundled

# Farvardin 1, 1395; from there years are counted in both directions.
_NOWRUZ_YEAR, _NOWRUZ = 1395, date(2016, 3, 20)
_PERSIAN_YEARS = range(1300, 1450)
_BUDDHIST_YEARS = range(2500, 2650)
_BUDDHIST_LEAD = 543
_LUNAR_YEARS = range(1400, 1500)


@dataclass(frozen=True, slots=True)
class Months:
    """Names of months and a pattern that matches any of them."""

    numbers: dict[str, int]
    pattern: str


@cache
def months(kind: str) -> Months:
    """``months``, ``persian`` or ``lunar``: the names of catalog/calendar.toml."""
    table = tomllib.loads(bundled.text("catalog/calendar.toml"))[kind]
    numbers = {
        name: number
        for names in table.values()
        for number, forms in enumerate(names, 1)
        for name in forms.split("|")
    }
    return Months(numbers, "|".join(map(re.escape, sorted(numbers, key=len, reverse=True))))


@cache
def eras() -> dict[str, int]:
    """The year before the first of each era: 令和 is 2018, for 令和6 is 2024."""
    table = tomllib.loads(bundled.text("catalog/calendar.toml"))["eras"]
    return {name: before for names in table.values() for name, before in names.items()}


def gregorian(year: int, month: int, day: int, language: str | None) -> date | str | None:
    """The day, or the reason why a day of this year is not taken, or None where there is no such day."""
    try:
        if year in _BUDDHIST_YEARS:
            return date(year - _BUDDHIST_LEAD, month, day)
        if year not in _PERSIAN_YEARS and year not in _LUNAR_YEARS:
            return date(year, month, day)
    except ValueError:
        return None
    if (language or "")[:2] == "fa":
        return persian(year, month, day)
    if (language or "")[:2] == "ar" and year in _LUNAR_YEARS:
        return f"the lunar year {year}: its months begin when the moon is seen"
    return f"the year {year} of a calendar that the page does not name"


def persian(year: int, month: int, day: int) -> date | None:
    """A day of the solar year: six months of 31 days, five of 30, the last of 29 or 30."""
    if year not in _PERSIAN_YEARS or not 1 <= month <= 12:
        return None
    length = 31 if month <= 6 else 30 if month < 12 or _is_leap(year) else 29
    if not 1 <= day <= length:
        return None
    before = 31 * min(month - 1, 6) + 30 * max(0, month - 7)
    return _first_day(year) + timedelta(days=before + day - 1)


def _first_day(year: int) -> date:
    if year >= _NOWRUZ_YEAR:
        return _NOWRUZ + timedelta(days=sum(365 + _is_leap(each) for each in range(_NOWRUZ_YEAR, year)))
    return _NOWRUZ - timedelta(days=sum(365 + _is_leap(each) for each in range(year, _NOWRUZ_YEAR)))


def _is_leap(year: int) -> bool:
    """Eight leap years in 33, as the equinox has had it since long before 1300 and will beyond 1450."""
    return (25 * year + 11) % 33 < 8
