"""What does a number count? The noun phrase after it, or the one before that it belongs to."""

from __future__ import annotations

from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.tokens import Tokens

_COUNTED_WORDS = 4
_BACK = 16  # words from a number back to what it counts
_ATTRIBUTIVE = frozenset({"police"})  # plurals that go on: "30 police employees"
_NO_NOUN = int(Word.AUXILIARY | Word.PRONOUN | Word.DETERMINER | Word.TIME | Word.ADVERB)
_PLURALS = frozenset(
    {"people", "men", "women", "children", "police", "troops", "personnel", "percent", "dead"}
)


def counted_after(tokens: Tokens, lexicon: Lexicon, position: int) -> tuple[str | None, int]:
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


def counted_before(tokens: Tokens, lexicon: Lexicon, first: int) -> str | None:
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
    halves = not is_plural(tokens.low[end - 1]) and is_plural(tokens.low[end + 2])
    return end + 3 if halves and tokens.word[end + 1] else end


def _is_counted_whole(word: str) -> bool:
    return word not in _ATTRIBUTIVE and is_plural(word)


def is_plural(words: str) -> bool:
    last = words.lower().split()[-1]
    return last in _PLURALS or (
        last.endswith("s") and not last.endswith(("ss", "us", "sis", "xis", "nis", "'s", "’s"))
    )
