"""Which numbers does a text give, of what, how exactly, and who gives them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.attribution.counted import counted_after, counted_before, is_plural
from pipeline.attribution.figure_context import FigurePeriods, FigureStatements
from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.tokens import Tokens
from pipeline.records import Attribution, Figure

# "40", "1,200", "3.5"; not "27th", "10,00", "1.2.3".
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?")
# "20-30" as a range; not "2016-03-27".
_RANGE = re.compile(r"(\d{1,9})[-–](\d{1,9})")
# "117 targets | and | 12 tanks", "40 dead, 12 hurt".
_JOINED = re.compile(r",?\s+(?:and|or)\s+|,\s+")
_YEARS = range(1700, 2101)
# Words before a length of time, which is then no figure: "in the last 24 hours".
_BEFORE_TIME = frozenset(
    {"last", "past", "next", "previous", "within", "first", "in", "every", "for", "after", "coming"}
)
_TIME_UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "year", "decade"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Number:
    value: float
    end: int  # token after it
    spelled: bool
    high: float | None = None  # the upper end of a range


def find_figures(
    tokens: Tokens, lexicon: Lexicon, attributions: Sequence[Attribution], told: date | None = None
) -> tuple[Figure, ...]:
    """The figures of a text in order; numbers that count nothing (dates, names, ages) are left out.

    ``told``: the day of its publication, from which "since Monday" is reckoned.
    """
    owner = FigureStatements(attributions)
    periods = FigurePeriods(tokens, attributions, told)
    figures: list[Figure] = []
    position, count = 0, len(tokens.low)
    numbers = lexicon.numbers
    low = tokens.low
    while position < count:
        word = low[position]
        if not (word[0].isdigit() or word in numbers or ("-" in word and word.split("-")[0] in numbers)):
            position += 1
            continue
        found = _figure(tokens, lexicon, position)
        if found is None:
            position += 1
            continue
        figure, after = found
        held = owner.of((figure.start, figure.end))
        period = periods.of(position, (figure.start, figure.end), held[1] if held else None)
        figures.append(
            replace(
                figure,
                attribution=held[0] if held else None,
                period=period.text if period else None,
                period_start=period.first if period else None,
                period_end=period.last if period else None,
            )
        )
        position = after
    return tuple(_with_shared_periods(figures, tokens.text))


def _with_shared_periods(figures: list[Figure], text: str) -> list[Figure]:
    """Of "117 targets and 12 tanks in the last 24 hours", both are of the last 24 hours."""
    for place in range(len(figures) - 2, -1, -1):
        one, other = figures[place], figures[place + 1]
        if one.period is None and _JOINED.fullmatch(text, one.end, other.start):
            figures[place] = replace(
                one, period=other.period, period_start=other.period_start, period_end=other.period_end
            )
    return figures


def _figure(tokens: Tokens, lexicon: Lexicon, first: int) -> tuple[Figure, int] | None:
    number = _number(tokens, lexicon, first)
    if number is None or _names_something(tokens, lexicon, first, number):
        return None
    currency = _currency(tokens, lexicon, first)
    begin = first - 1 if currency is not None else first
    unit, end = _unit(tokens, lexicon, number.end)
    unit = currency or unit
    if unit in _TIME_UNITS and begin > 0 and tokens.low[begin - 1] in _BEFORE_TIME:
        return None
    qualifier, bound, start = _qualifier(tokens, lexicon, begin)
    number, end = _joined(tokens, lexicon, number, end, qualifier)
    counted, stop = counted_after(tokens, lexicon, end)
    if unit in _TIME_UNITS:
        counted, stop = None, end
    if unit is None and counted is None:
        counted = counted_before(tokens, lexicon, start)
        if counted is not None and not number.spelled:
            return _made(tokens, number, bound, qualifier, unit, counted, (start, end)), end
        counted = None
    if unit is None and (counted is None or (number.spelled and not is_plural(counted))):
        return None
    if unit is None and number.value == 1 and number.spelled:
        return None
    return _made(tokens, number, bound, qualifier, unit, counted, (start, stop)), stop


def _made(
    tokens: Tokens,
    number: _Number,
    bound: str | None,
    qualifier: str | None,
    unit: str | None,
    counted: str | None,
    words: Range,
) -> Figure:
    low, high = _bounds(number, bound)
    span = tokens.span(*words)
    return Figure(
        value=number.value if number.high is None else (number.value + number.high) / 2,
        low=low, high=high, qualifier=qualifier, unit=unit, counted=counted,
        attribution=None, start=span[0], end=span[1],
    )  # fmt: skip


def _number(tokens: Tokens, lexicon: Lexicon, first: int) -> _Number | None:
    word = tokens.low[first]
    high: float | None = None
    spelled = not word[0].isdigit()
    if spelled:
        parts = [lexicon.numbers.get(part) for part in word.split("-")]
        if any(part is None for part in parts):
            return None
        value = float(sum(part for part in parts if part is not None))
    elif _NUMBER.fullmatch(word):
        value = float(word.replace(",", ""))
    elif (both := _RANGE.fullmatch(word)) is not None and float(both[1]) < float(both[2]):
        value, high = float(both[1]), float(both[2])
    else:
        return None
    end = first + 1
    while end < len(tokens.low) and tokens.low[end] in lexicon.multipliers:
        factor = lexicon.multipliers[tokens.low[end]]
        value *= factor
        high = high * factor if high is not None else None
        end += 1
    return _Number(value=value, end=end, spelled=spelled, high=high)


def _names_something(tokens: Tokens, lexicon: Lexicon, first: int, number: _Number) -> bool:
    """A date, a time, a year, an age, a part of a name."""
    before = tokens.low[first - 1] if first else ""
    after = tokens.low[number.end] if number.end < len(tokens.low) else ""
    if before == "." and first > 1 and tokens.low[first - 2] == "no":  # "the No. 1 pick"
        return True
    if before in lexicon.number_before or after in lexicon.number_after:
        return True
    if _is_part_of_name(tokens, first, number):
        return True
    if before == ":" or after == ":" or before == "/" or after == "/":
        return True
    plain = number.end == first + 1 and not number.spelled and "," not in tokens.low[first]
    if plain and number.value in _YEARS and number.value == int(number.value):
        return before not in ("$", "€", "£", "over", "than", "least", "some", "about", "nearly")
    # ", 45," after a name
    return plain and before == "," and after in (",", ".") and number.value < 120


def _is_part_of_name(tokens: Tokens, first: int, number: _Number) -> bool:
    """The number of a thing: "the LC 500", "Boeing 737"; not "On Sunday 40 people", nor a sentence's first word."""
    before = first - 1
    if number.spelled or before < 0 or not tokens.capital[before] or not tokens.word[before]:
        return False
    if tokens.flags[before] & int(Word.TIME) or tokens.sentence[before] != tokens.sentence[first]:
        return False
    begins = (
        before == 0 or tokens.sentence[before - 1] != tokens.sentence[before] or not tokens.word[before - 1]
    )
    return number.end == first + 1 and "," not in tokens.low[first] and not begins


def _currency(tokens: Tokens, lexicon: Lexicon, first: int) -> str | None:
    if first == 0 or tokens.end[first - 1] != tokens.start[first]:
        return None
    return lexicon.currencies.get(tokens.text[tokens.start[first - 1] : tokens.end[first - 1]])


def _unit(tokens: Tokens, lexicon: Lexicon, position: int) -> tuple[str | None, int]:
    for length in (3, 2, 1):
        if position + length > len(tokens.low):
            continue
        words = " ".join(tokens.low[position : position + length])
        unit = lexicon.units.get(words)
        if unit is not None:
            return unit, position + length
    return None, position


def _qualifier(tokens: Tokens, lexicon: Lexicon, begin: int) -> tuple[str | None, str | None, int]:
    """(as printed, which bound it gives, where it starts) of "more than", "up to", "about"."""
    if begin > 0 and tokens.low[begin - 1] == "between":
        return "between", "between", begin - 1
    for length in (4, 3, 2, 1):
        if begin < length:
            continue
        phrase = lexicon.number_bounds.get(" ".join(tokens.low[begin - length : begin]))
        if phrase is not None:
            return tokens.surface(begin - length, begin).lower(), phrase, begin - length
    return None, None, begin


def _joined(
    tokens: Tokens, lexicon: Lexicon, number: _Number, end: int, qualifier: str | None
) -> tuple[_Number, int]:
    """One figure with two ends: "between 30 and 40", "20 to 30"."""
    if end + 1 >= len(tokens.low) or number.high is not None:
        return number, end
    joins = tokens.low[end] == "to" or (qualifier == "between" and tokens.low[end] == "and")
    word = tokens.low[end + 1]
    if not joins or not (word[0].isdigit() or word in lexicon.numbers):
        return number, end
    other = _number(tokens, lexicon, end + 1)
    if other is None or other.value <= number.value:
        return number, end
    joined = _Number(value=number.value, end=other.end, spelled=number.spelled, high=other.value)
    return joined, _unit(tokens, lexicon, other.end)[1]


def _bounds(number: _Number, bound: str | None) -> tuple[float | None, float | None]:
    if number.high is not None:
        return number.value, number.high
    if bound == "low":
        return number.value, None
    if bound == "high":
        return None, number.value
    if bound == "about":
        return None, None
    return number.value, number.value
