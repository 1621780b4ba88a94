"""Which numbers does a text give, of what, how exactly, and who gives them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.tokens import Tokens
from pipeline.records import Attribution, Figure
from pipeline.text import Span

# "40", "1,200", "3.5"; not "27th", "10,00", "1.2.3".
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?")
# "20-30" as a range; not "2016-03-27".
_RANGE = re.compile(r"(\d{1,9})[-–](\d{1,9})")
_YEARS = range(1700, 2101)
_COUNTED_WORDS = 4
_BACK = 16  # words from a number back to what it counts
_ATTRIBUTIVE = frozenset({"police"})  # plurals that go on: "30 police employees"
_PERIOD = frozenset(
    {"last", "past", "next", "previous", "within", "first", "in", "every", "for", "after", "coming"}
)
_TIME_UNITS = frozenset({"hour", "minute", "day", "week", "month", "year"})
_NO_NOUN = int(Word.AUXILIARY | Word.PRONOUN | Word.DETERMINER | Word.TIME | Word.ADVERB)
_PLURALS = frozenset(
    {"people", "men", "women", "children", "police", "troops", "personnel", "percent", "dead"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Number:
    value: float
    end: int  # token after it
    spelled: bool
    high: float | None = None  # the upper end of a range


def find_figures(tokens: Tokens, lexicon: Lexicon, attributions: Sequence[Attribution]) -> tuple[Figure, ...]:
    """The figures of a text in order; numbers that count nothing (dates, names, ages) are left out."""
    owner = _Owner(attributions)
    figures: list[Figure] = []
    position, count = 0, len(tokens.low)
    numbers = lexicon.numbers
    low = tokens.low
    while position < count:
        word = low[position]
        if not (word[0].isdigit() or word in numbers or ("-" in word and word.split("-")[0] in numbers)):
            position += 1
            continue
        found = _figure(tokens, lexicon, position, owner)
        if found is None:
            position += 1
            continue
        figure, position = found
        figures.append(figure)
    return tuple(figures)


def _figure(tokens: Tokens, lexicon: Lexicon, first: int, owner: _Owner) -> tuple[Figure, int] | None:
    number = _number(tokens, lexicon, first)
    if number is None or _names_something(tokens, lexicon, first, number):
        return None
    currency = _currency(tokens, lexicon, first)
    begin = first - 1 if currency is not None else first
    unit, end = _unit(tokens, lexicon, number.end)
    unit = currency or unit
    if unit in _TIME_UNITS and begin > 0 and tokens.low[begin - 1] in _PERIOD:
        return None
    qualifier, bound, start = _qualifier(tokens, lexicon, begin)
    number, end = _joined(tokens, lexicon, number, end, qualifier)
    counted, stop = _counted(tokens, lexicon, end)
    if unit in _TIME_UNITS:
        counted, stop = None, end
    if unit is None and counted is None:
        counted = _counted_before(tokens, lexicon, start)
        if counted is not None and not number.spelled:
            return _made(tokens, owner, number, bound, qualifier, unit, counted, (start, end)), end
        counted = None
    if unit is None and (counted is None or (number.spelled and not _is_plural(counted))):
        return None
    if unit is None and number.value == 1 and number.spelled:
        return None
    return _made(tokens, owner, number, bound, qualifier, unit, counted, (start, stop)), stop


def _made(
    tokens: Tokens,
    owner: _Owner,
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
        attribution=owner.of(span), start=span[0], end=span[1],
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
    if before in lexicon.number_before or after in lexicon.number_after:
        return True
    if before == ":" or after == ":" or before == "/" or after == "/":
        return True
    plain = number.end == first + 1 and not number.spelled and "," not in tokens.low[first]
    if plain and number.value in _YEARS and number.value == int(number.value):
        return before not in ("$", "€", "£", "over", "than", "least", "some", "about", "nearly")
    # ", 45," after a name
    return plain and before == "," and after in (",", ".") and number.value < 120


def _currency(tokens: Tokens, lexicon: Lexicon, first: int) -> str | None:
    if first == 0 or tokens.end[first - 1] != tokens.start[first]:
        return None
    return lexicon.currencies.get(tokens.text[tokens.start[first - 1] : tokens.end[first - 1]])


def _unit(tokens: Tokens, lexicon: Lexicon, position: int) -> tuple[str | None, int]:
    for length in (2, 1):
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


def _counted(tokens: Tokens, lexicon: Lexicon, position: int) -> tuple[str | None, int]:
    """The noun phrase after a number: "Syrian soldiers" of "40 Syrian soldiers were"."""
    end = position
    while end < min(len(tokens.low), position + _COUNTED_WORDS):
        word, flag = tokens.low[end], tokens.flags[end]
        if not tokens.word[end] or word[0].isdigit():
            break
        if word in lexicon.counted_stops and not tokens.capital[end]:
            break
        if flag & _NO_NOUN and not tokens.capital[end]:
            break
        if end > position and (
            word.endswith(("ed", "ing")) or word in lexicon.cues or _is_counted_whole(tokens.low[end - 1])
        ):
            break
        if end > position and tokens.sentence[end] != tokens.sentence[end - 1]:
            break
        end += 1
    end = _second_half(tokens, position, end)
    if end == position or _names_place(tokens, position, end):
        return None, position
    return " ".join(tokens.surface(position, end).split()), end


def _counted_before(tokens: Tokens, lexicon: Lexicon, first: int) -> str | None:
    """What a number counts that comes after it: "the number of journalists killed had risen to 97"."""
    low = tokens.low
    if first < 2 or low[first - 1] not in lexicon.count_reaching:
        return None
    for position in range(first - 2, max(-1, first - _BACK), -1):
        if tokens.sentence[position] != tokens.sentence[first] or low[position][0].isdigit():
            return None
        if low[position] in lexicon.count_nouns:
            begin = position - (low[position - 1] == "death")
            return tokens.surface(begin, position + 1)
        if low[position] in lexicon.count_heads and low[position + 1] == "of":
            end = position + 2
            while end < min(first, position + 2 + _COUNTED_WORDS) and tokens.word[end]:
                if tokens.flags[end] & int(Word.AUXILIARY) or low[end] in lexicon.count_reaching:
                    break
                end += 1
            several = end > position + 2 and not tokens.flags[position + 2] & int(Word.DETERMINER)
            return tokens.surface(position + 2, end) if several else None
    return None


def _names_place(tokens: Tokens, position: int, end: int) -> bool:
    """An address, as in "9501 Quay Street"; "2.7 million Syrians" are counted."""
    last = end - 1
    return tokens.capital[last] and not (tokens.low[last].endswith("s") and end - position < 3)


def _second_half(tokens: Tokens, position: int, end: int) -> int:
    """Where "1,000 maintenance and cleaning workers" ends: one plural for two words."""
    if not position < end < len(tokens.low) - 2 or tokens.low[end] not in ("and", "or"):
        return end
    halves = not _is_plural(tokens.low[end - 1]) and _is_plural(tokens.low[end + 2])
    return end + 3 if halves and tokens.word[end + 1] else end


def _is_counted_whole(word: str) -> bool:
    return word not in _ATTRIBUTIVE and _is_plural(word)


def _is_plural(words: str) -> bool:
    last = words.lower().split()[-1]
    return last in _PLURALS or (last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "’s")))


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


class _Owner:
    """Which statement gives a number: the innermost whose content holds it."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        parts = [(part, index) for index, a in enumerate(attributions) for part in a.content]
        self.parts: list[tuple[Span, int]] = sorted(parts, key=lambda item: (item[0][0], -item[0][1]))
        self.next = 0
        self.open: list[tuple[Span, int]] = []

    def of(self, span: Span) -> int | None:
        """Asked in rising order of position."""
        while self.next < len(self.parts) and self.parts[self.next][0][0] <= span[0]:
            self.open.append(self.parts[self.next])
            self.next += 1
        self.open = [item for item in self.open if item[0][1] >= span[0]]
        holding = [item for item in self.open if item[0][1] >= span[1]]
        return min(holding, key=lambda item: item[0][1] - item[0][0])[1] if holding else None
