"""Which lines of an article show best why it was found? Its offsets, and those of the words in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.adapters.search.languages import UNSPACED, analyzer, folded, kind_of, variants
from pipeline.adapters.search.matching import Kinds
from pipeline.adapters.search.words import Node, Not, Words
from pipeline.text import Span

_LENGTH = 240  # characters
_LEAST = 3  # letters that a word and its stem have in common, where the stem is longer than that
_READ = 200_000  # characters of a body that are looked at
# The end of a sentence before a snippet that may as well begin with the next: "… closed. The"; not "3.5".
_SENTENCE_END = re.compile(r"[.!?…»”\"]\s+|\n+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """A stretch of a body, and where the words looked for stand in that body."""

    start: int
    end: int
    highlights: tuple[Span, ...]


class Finder:
    """Finds one search's words in the texts of one language."""

    def __init__(self, node: Node, language: str | None, kinds: Kinds) -> None:
        self._analyzer = analyzer(kind_of(language))
        self._words: set[str] = set()
        self._prefixes: set[str] = set()
        literal: set[str] = set()
        for words in _sought(node):
            if language in UNSPACED:
                literal.add(folded(words.text.strip()))
                continue
            for variant in variants(words.text, (*kinds, kind_of(language))):
                # Of "l'armée" the "l" is worth no mark.
                self._words.update(word for word in variant if len(variant) == 1 or len(word) > 1)
            if words.is_prefix:
                self._prefixes.update(one for variant in variants(words.text, (None,)) for one in variant)
        self._known: dict[str, str | None] = {}
        self._pattern = _pattern(self._words | self._prefixes, literal)
        self._is_literal = bool(literal)

    def found(self, body: str) -> list[tuple[Span, str]]:
        """Where the words stand, and which of those looked for each is, in order."""
        if self._pattern is None:
            return []
        return [
            (match.span(), sought)
            for match in self._pattern.finditer(folded(body[:_READ]))
            if (sought := match.group() if self._is_literal else self._sought(match.group()))
        ]

    def _sought(self, word: str) -> str | None:
        """Which of the words looked for this one is, that begins as one of them does."""
        if word not in self._known:
            fitting = [part for part in self._analyzer.analyze(word) if part in self._words]
            fitting += [prefix for prefix in self._prefixes if word.startswith(prefix)]
            self._known[word] = fitting[0] if fitting else None
        return self._known[word]


def snippet(body: str, finder: Finder) -> Snippet:
    """The stretch with most of the words looked for; the beginning, where none stands in the body."""
    found = finder.found(body)
    if not found:
        return Snippet(start=0, end=_word_end(body, min(_LENGTH, len(body))), highlights=())
    first, last = _best(found)
    start = _start(body, found[first][0][0], found[last][0][1])
    end = _word_end(body, min(max(start + _LENGTH, found[last][0][1]), len(body)))
    inside = (span for span, _ in found if start <= span[0] and span[1] <= end)
    return Snippet(start=start, end=end, highlights=tuple(inside))


def marked(body: str, shown: Snippet) -> str:
    """The snippet for people: found words between asterisks, dots where the text goes on."""
    parts, at = [], shown.start
    for start, end in shown.highlights:
        parts += [body[at:start], "*", body[start:end], "*"]
        at = end
    parts.append(body[at : shown.end])
    before = "… " if shown.start > 0 else ""
    after = " …" if shown.end < len(body) else ""
    return f"{before}{' '.join(''.join(parts).split())}{after}"


def _sought(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        if node.field in (None, "title", "body"):
            yield node
    elif not isinstance(node, Not):
        for part in getattr(node, "parts", ()):
            yield from _sought(part)


def _pattern(stems: Iterable[str], literal: Iterable[str]) -> re.Pattern[str] | None:
    """All words that begin as a stem does, since stemming changes the ends of words; and texts as they are."""
    starts = {stem[: max(1, min(_LEAST, len(stem) - 1))] for stem in stems}
    parts = [rf"\b{re.escape(start)}\w*" for start in sorted(starts)]
    parts += [re.escape(text) for text in sorted(literal, key=len, reverse=True) if text]
    return re.compile("|".join(parts)) if parts else None


def _best(found: Sequence[tuple[Span, str]]) -> tuple[int, int]:
    """The first and last of the words that stand together in one snippet: the most different ones."""
    best, best_worth = (0, 0), (0, 0)
    for first, ((start, _), _) in enumerate(found[:200]):
        last = first
        while last + 1 < len(found) and found[last + 1][0][1] - start <= _LENGTH:
            last += 1
        worth = (len({word for _, word in found[first : last + 1]}), last - first)
        if worth > best_worth:
            best, best_worth = (first, last), worth
    return best


def _start(body: str, first: int, last: int) -> int:
    """Where to begin: with the sentence if it is near, else with a word."""
    earliest = max(0, first - max(0, _LENGTH - (last - first)) // 2)
    if earliest == 0:
        return 0
    ends = [match.end() for match in _SENTENCE_END.finditer(body, earliest, first)]
    if ends:
        return ends[0]
    space = body.find(" ", earliest, first)
    return earliest if space < 0 else space + 1


def _word_end(body: str, end: int) -> int:
    """Back to the end of a word, where one is near."""
    if end >= len(body):
        return len(body)
    space = max(body.rfind(" ", end - 30, end + 1), body.rfind("\n", end - 30, end + 1))
    return end if space < 0 else space
