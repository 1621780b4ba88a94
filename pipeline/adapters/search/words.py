"""What does a search mean? Words, "phrases", AND, OR, NOT, brackets, fields: read into a tree.

palmyra museum              articles with both words, in the title or the body
"ancient city"              next to each other; "city museum"~3 with up to three words between
palmyra OR tadmur           either; NOT or - leaves out; brackets group
refug*                      words that begin so
title:palmyra               in the title; body: likewise
source:peskov               that cite it: a name, words of it, or its id; outlet:, language: likewise
date:2016-03-21..2016-03-27 of these days; date:2016-03 of this month
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from pipeline.errors import UsageError

FIELDS = ("title", "body", "source", "outlet", "language", "date")

_LONGEST = 1_000  # characters
_MOST = 64  # words and phrases
_SHORTEST_PREFIX = 2
# `"a phrase"~3`, `(`, `-`, `title:`, `AND`, a word; typographic quotation marks count as plain ones.
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<field>[A-Za-z_]+):(?=\S)
    | "(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,3}))?
    | (?P<open>\()
    | (?P<close>\))
    | (?P<sign>[-+])(?=[^\s\-+])
    | (?P<word>[^\s"()]+)
    | (?P<quote>")
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_ADDRESS = re.compile(r"\w+:/")
# "2016-03-21", "2016-03", "2016"; not "21.3.2016".
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A word, or words next to each other."""

    text: str
    field: str | None = None  # title, body, source, outlet, language; None: title or body
    slop: int = 0  # how many other words may stand between
    is_prefix: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Any:
    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    part: Node


Node = Words | Days | All | Any | Not


def parsed(text: str) -> Node:
    """The tree of a search; UsageError says what is wrong with it and how to write it."""
    if len(text) > _LONGEST:
        raise UsageError(f"a search may have {_LONGEST} characters, this one has {len(text)}")
    reader = _Reader(text.translate(_QUOTES))
    node = reader.either()
    if reader.at < len(reader.tokens):
        reader.refuse("a closing bracket has no opening one")
    if not _finds(node):
        raise UsageError(f"{text!r}: say what to find as well, not only what to leave out")
    return node


def _finds(node: Node) -> bool:
    """Whether it names anything at all, rather than all that something else is not."""
    if isinstance(node, Not):
        return False
    if isinstance(node, All):
        return any(map(_finds, node.parts))
    return all(map(_finds, node.parts)) if isinstance(node, Any) else True


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        self.at = 0
        self.depth = 0
        position = 0
        while match := _TOKEN.match(text, position):
            self.tokens.append(match)
            position = match.end()
        if not self.tokens:
            raise UsageError('nothing to search for: write a word, or several, or a "phrase"')
        if sum(1 for token in self.tokens if token["word"] or token["phrase"]) > _MOST:
            raise UsageError(f"a search may have {_MOST} words and phrases")

    def refuse(self, problem: str) -> NoReturn:
        raise UsageError(
            f"{self.text!r}: {problem}; `wirewatch search --help` shows how searches are written"
        )

    def either(self) -> Node:
        parts = [self.both()]
        while self._operator("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Any(parts=tuple(parts))

    def both(self) -> Node:
        parts = [self.one()]
        while self.at < len(self.tokens) and not self._is("OR") and not self.tokens[self.at]["close"]:
            self._operator("AND")
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def one(self) -> Node:
        if self.at == len(self.tokens):
            self.refuse("it ends where another word is due")
        token = self.tokens[self.at]
        if self._is("AND") or self._is("OR"):
            self.refuse(f"{token['word']} stands between two words")
        self.at += 1
        if token["quote"]:
            self.refuse("a quotation mark is not closed")
        if token["close"]:
            self.refuse("a bracket is closed where a word is due")
        if token["word"] == "NOT" or token["sign"]:
            part = self.one()
            return part if token["sign"] == "+" else Not(part=part)
        if token["open"]:
            return self._group()
        if token["field"]:
            return self._fielded(token)
        return self._words(token, None)

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > _MOST:
            self.refuse("its brackets are too deep")
        node = self.either()
        if self.at == len(self.tokens) or not self.tokens[self.at]["close"]:
            self.refuse("a bracket is not closed")
        self.at += 1
        self.depth -= 1
        return node

    def _fielded(self, token: re.Match[str]) -> Node:
        field = token["field"].lower()
        if _ADDRESS.match(token.group().strip() + self.text[token.end() : token.end() + 1]):
            self.refuse("an address is looked for in quotation marks")
        if field not in FIELDS:
            self.refuse(
                f"there is no field {field}; there are {', '.join(FIELDS)}; what has a colon of its own stands "
                "in quotation marks"
            )
        following = self.tokens[self.at] if self.at < len(self.tokens) else None
        if following is None or not (following["word"] or following["phrase"]):
            self.refuse(f"after {field}: a word or a phrase is due")
        self.at += 1
        if field == "date":
            return self._days(following["word"] or following["phrase"])
        return self._words(following, field)

    def _words(self, token: re.Match[str], field: str | None) -> Words:
        if token["phrase"] is not None:
            if not token["phrase"].strip():
                self.refuse("there is nothing between the quotation marks")
            return Words(text=token["phrase"], field=field, slop=int(token["slop"] or 0))
        text = token["word"]
        if text.endswith(":") and text[:-1].lower() in FIELDS:
            self.refuse(f"after {text} a word or a phrase is due, without a space")
        if text.endswith("*"):
            text = text.rstrip("*")
            if sum(map(str.isalnum, text)) < _SHORTEST_PREFIX:
                self.refuse(f"before a * stand at least {_SHORTEST_PREFIX} letters")
            return Words(text=text, field=field, is_prefix=True)
        return Words(text=text, field=field)

    def _days(self, text: str) -> Days:
        first, _, last = text.partition("..")
        bounds = [_DAY.fullmatch(part) for part in (first, last or first)]
        try:
            one, other = ([int(part or 0) for part in bound.groups()] if bound else [] for bound in bounds)
            days = Days(first=date(one[0], one[1] or 1, one[2] or 1), last=_last_day(*other))
        except (ValueError, IndexError, TypeError):
            self.refuse(f"{text!r} is no date: write 2016-03-21, 2016-03, or 2016-03-21..2016-03-27")
        if days.last < days.first:
            self.refuse(f"{days.last} is before {days.first}")
        return days

    def _is(self, word: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at]["word"] == word

    def _operator(self, word: str) -> bool:
        if not self._is(word):
            return False
        self.at += 1
        return True


def _last_day(year: int, month: int, day: int) -> date:
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])
