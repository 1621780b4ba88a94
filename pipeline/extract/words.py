"""What do pages say that is no news: read-more lines, consent and bot walls, error pages?

The phrases are data that people edit, ``catalog/page_words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from pipeline import bundled

_WORD = re.compile(r"\w+")
# Letters of scripts that put no spaces between words, or join them to the next: "続きを読む", "آپ".
_SPACELESS = re.compile("[\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Endings of words that name a people or a side: "Russian", "Turkish", "Chinese", "Iraqi"; not "Harborline".
_ADJECTIVE = re.compile(
    r"(?:[ai]an|ish|ese|ch|sh|ic|al|[^aeiou]i|o|ed|ly|un|wide|born|led|style|pro|anti|non|ex|vice|self|north"
    r"|south|east|west|pan|post|pre)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases found by their first word, so that their number costs nothing; on whole words."""

    by_first: dict[str, tuple[str, ...]]
    spaceless: tuple[str, ...]  # of scripts without spaces: found anywhere

    def in_text(self, text: str) -> Iterator[tuple[str, int]]:
        """Each occurrence in reading order: the phrase and where it starts; of two at one place the longer."""
        lowered = text.lower()
        words = _WORD.findall(lowered)
        firsts = () if self.by_first.keys().isdisjoint(words) else self.by_first.keys() & words
        hits: dict[int, str] = {}
        for phrase in (phrase for first in firsts for phrase in self.by_first[first]):
            for place in _places(phrase, lowered):
                if len(phrase) > len(hits.get(place, "")):
                    hits[place] = phrase
        yield from ((hits[place], place) for place in sorted(hits))
        if _SPACELESS.search(text):
            for phrase in self.spaceless:
                place = lowered.find(phrase)
                if place >= 0:
                    yield phrase, place


def _places(phrase: str, text: str) -> Iterator[int]:
    """Where a phrase stands in a text on whole words."""
    place = text.find(phrase)
    while place >= 0:
        end = place + len(phrase)
        if not (
            _is_word(text[place - 1 : place]) or (phrase[-1].isalnum() and text[end : end + 1].isalnum())
        ):
            yield place
        place = text.find(phrase, end)


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


@cache
def _phrases(kind: str) -> Phrases:
    table = tomllib.loads(bundled.text("catalog/page_words.toml"))[kind]
    by_first: dict[str, list[str]] = {}
    spaceless = []
    for phrase in sorted(
        {phrase.lower() for language in table.values() for phrase in language}, key=len, reverse=True
    ):
        first = _WORD.match(phrase)
        if first is None or _SPACELESS.search(phrase):
            spaceless.append(phrase)
        else:
            by_first.setdefault(first.group(), []).append(phrase)
    return Phrases({word: tuple(found) for word, found in by_first.items()}, tuple(spaceless))


def found(kind: str, text: str) -> str | None:
    """The first phrase of a kind in a text."""
    return next((phrase for phrase, _ in _phrases(kind).in_text(text)), None)


def begins(kind: str, text: str) -> int:
    """The length of the phrase of a kind that a text begins with; 0 where it begins with none."""
    phrases, lowered = _phrases(kind), text[:60].lower()
    word = _WORD.match(lowered)
    for phrase in phrases.by_first.get(word.group(), ()) if word else ():
        end = len(phrase)
        if lowered.startswith(phrase) and not (phrase[-1].isalnum() and lowered[end : end + 1].isalnum()):
            return end
    if lowered.isascii() or _SPACELESS.search(lowered) is None:
        return 0
    return next((len(phrase) for phrase in phrases.spaceless if lowered.startswith(phrase)), 0)


def count(kind: str, text: str) -> int:
    """How many different phrases of a kind a text holds."""
    return len({phrase for phrase, _ in _phrases(kind).in_text(text)})


def holding(kind: str, lines: Sequence[str]) -> set[int]:
    """The places of the lines that hold a phrase of a kind; lines are in lower case, each in one piece.

    They are looked at as one text, for most of the phrases begin with no word of a page.
    """
    phrases, whole = _phrases(kind), "\n".join(lines)
    ends = list(accumulate(len(line) + 1 for line in lines))
    found_in = {
        bisect_right(ends, place)
        for first in phrases.by_first.keys() & set(_WORD.findall(whole))
        for phrase in phrases.by_first[first]
        for place in _places(phrase, whole)
    }
    if not whole.isascii():
        found_in.update(
            place
            for place, line in enumerate(lines)
            if _SPACELESS.search(line) and any(phrase in line for phrase in phrases.spaceless)
        )
    return found_in


_OFFICES = (
    " staff",
    " desk",
    " team",
    " editor",
    " redaktion",
    " newsroom",
    " reporter",
    " correspondent",
    " news",
    " service",
)


def is_nobody(name: str) -> bool:
    """What stands in bylines and names no one: "Staff", "Redaktion", "Web Desk"."""
    line = name.strip().lower()
    return begins("nobody", line) == len(line) > 0 or line.endswith(_OFFICES)


def is_company(name: str) -> bool:
    """The last or the first word is one that newspapers and firms are called by: "Quay Times", "Radio Norvik"."""
    parts = name.lower().replace(".", "").split()
    return len(parts) > 1 and (
        begins("company", parts[-1]) == len(parts[-1]) or begins("company_first", parts[0]) == len(parts[0])
    )


@cache
def _particles() -> frozenset[str]:
    return frozenset(tomllib.loads(bundled.text("catalog/people.toml"))["particles"]["personal"])


def is_particle(word: str) -> bool:
    """A small word inside a name: "van", "de", "al-"; not "said"."""
    return word.split("-")[0].split("'")[0].split("’")[0].lower() in _particles()


def is_adjective(word: str) -> bool:
    """May be the first half of a compound: "Russian-Syrian", "Anglo-American", "Pro-Government"."""
    return _ADJECTIVE.search(word) is not None
