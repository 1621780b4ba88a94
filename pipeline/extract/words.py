"""What do pages say that is no news: read-more lines, consent and bot walls, error pages?

The phrases are data, ``catalog/page_words.toml``, and so are the agencies, ``catalog/agencies.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from pipeline import bundled


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    table = tomllib.loads(bundled.text("catalog/page_words.toml"))[kind]
    phrases = sorted({phrase for language in table.values() for phrase in language}, key=len, reverse=True)
    return re.compile("|".join(_pattern(phrase) for phrase in phrases), re.I)


def _pattern(phrase: str) -> str:
    """A phrase on whole words, where its script has any: "ad" is not in "lead"."""
    begin = r"\b" if phrase[0].isascii() and phrase[0].isalnum() else ""
    end = r"\b" if phrase[-1].isascii() and phrase[-1].isalnum() else ""
    return begin + re.escape(phrase).replace(r"\ ", r"\s+") + end


def found(kind: str, text: str) -> re.Match[str] | None:
    """The first phrase of a kind in a text."""
    return _phrases(kind).search(text)


def count(kind: str, text: str) -> int:
    """How many different phrases of a kind a text holds."""
    return len({match.group().lower() for match in _phrases(kind).finditer(text)})


def says_promotion(text: str) -> bool:
    """A line that leads away from the article, or asks something of the reader."""
    return len(text) < 400 and _phrases("read_more").search(text[:160]) is not None


def is_nobody(name: str) -> bool:
    """What stands in bylines and names no one: "Staff", "Redaktion", "Web Desk"."""
    line = name.strip().lower()
    match = _phrases("nobody").search(line)
    return match is not None and (len(match.group()) == len(line) or line.endswith((" staff", " desk", " team", " editor", " redaktion", " newsroom", " reporter", " correspondent", " news", " service")))


# Endings of words that name a people or a side: "Russian", "Turkish", "Chinese", "Franco", "Iraqi".
_ADJECTIVE = re.compile(r"(?:[ai]an|ish|ese|ch|sh|ic|al|[^aeiou]i|[oO]|ed|ly|un|wide|born|led|style|pro|anti|non|ex|vice|co|self|north|south|east|west|pan|post|pre)$", re.I)


def is_adjective(word: str) -> bool:
    """May be the first half of a compound: "Russian-Syrian", "Anglo-American", "Pro-Government"."""
    return _ADJECTIVE.search(word) is not None
