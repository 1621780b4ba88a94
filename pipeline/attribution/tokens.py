"""What are the words of a text, where do its sentences and paragraphs end, what stands in quotation marks?

A text is read once; everything after works on positions in these lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.quotes import Quote, find_quotes
from pipeline.text import Span, paragraphs, sentences

# "U.S.", "Mr.", "1,200.5", "12.9|bn", "£5|m", "Putin’s", "al-Assad", and each punctuation mark; not "end." as one.
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Adm|Brig|Cmdr|Rev|Hon|St|Jr|Sr)\."
    r"|[A-Z]\.(?=\s[A-Z])|\d(?:[\d,.]{0,30}\d)?(?=[bt]n\b)|(?<=[$€£¥])\d(?:[\d,.]{0,30}\d)?(?=[mk]\b)"
    r"|\d[\d,.]{0,30}\d(?!\w|-\w)|\w+(?:[.'’\-]\w+)*|[^\w\s]"
)
# The same of French: "l’|Union", "qu’|une", "a|-|t|-|elle"; not "aujourd’hui" apart.
_ELIDED = re.compile(
    r"(?:[A-Za-z]\.){2,}|(?:M|Mme|Mlle|Me|Dr)\.(?=\s)|\d[\d,.]{0,30}\d(?!\w|-\w)"
    r"|(?i:\b(?:[ldnsjcmt]|qu|jusqu|lorsqu|puisqu))['’](?=\w)"
    r"|(?:(?!(?i:(?:[ldnsjcmt]|qu|jusqu|lorsqu|puisqu)['’]))\w+)"
    r"(?:[.'’\-](?!(?:t-)?(?:ils?|elles?|on|je|nous|vous)\b)\w+)*|[^\w\s]"
)
# "al-Assad", "d'Orsay": capitals behind a particle; not "e-mail", "al-dente".
_PREFIXED = re.compile(r"(?:a[dlnrstz]|ash|e[ls]|ul|bin|d|l)[-'’][A-Z]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """Parallel lists, one entry a token. ``low``: lower case, straight apostrophes, no possessive."""

    text: str
    start: list[int]
    end: list[int]
    low: list[str]
    flags: list[int]
    capital: list[bool]
    possessive: list[bool]
    word: list[bool]
    sentence: list[int]
    quote: list[int]  # index of the quote a token stands in, marks included; -1 outside
    quotes: tuple[Quote, ...]
    quote_range: list[tuple[int, int]]  # tokens of each quote, marks included
    paragraph_range: list[tuple[int, int]]
    sentence_range: list[tuple[int, int]]

    def span(self, begin: int, end: int) -> Span:
        return self.start[begin], self.end[end - 1]

    def surface(self, begin: int, end: int) -> str:
        return self.text[self.start[begin] : self.end[end - 1]]


def tokenise(text: str, lexicon: Lexicon) -> Tokens:
    """The tokens of a text; time is linear in its length."""
    start: list[int] = []
    end: list[int] = []
    low: list[str] = []
    flags: list[int] = []
    capital: list[bool] = []
    possessive: list[bool] = []
    word: list[bool] = []
    met: dict[str, tuple[str, int, bool, bool, bool]] = {}  # words recur: each is looked at once
    for match in (_TOKEN if lexicon.foreign is None else _ELIDED).finditer(text):
        surface = match.group()
        first, last = match.span()
        facts = met.get(surface)
        if facts is None:
            facts = met[surface] = _facts(surface, lexicon.words)
        start.append(first)
        end.append(last)
        low.append(facts[0])
        flags.append(facts[1])
        capital.append(facts[2])
        possessive.append(facts[3])
        word.append(facts[4])
    quotes = find_quotes(text)
    quote, quote_range = _assign(start, [(q.start, q.end) for q in quotes])
    sentence, sentence_range = _assign(start, list(sentences(text)))
    _, paragraph_range = _assign(start, list(paragraphs(text)))
    return Tokens(
        text=text,
        start=start,
        end=end,
        low=low,
        flags=flags,
        capital=capital,
        possessive=possessive,
        word=word,
        sentence=sentence,
        quote=quote,
        quotes=quotes,
        quote_range=quote_range,
        paragraph_range=paragraph_range,
        sentence_range=sentence_range,
    )


def _facts(surface: str, known: Mapping[str, int]) -> tuple[str, int, bool, bool, bool]:
    """(normalised, flags, capital, possessive, no mark) of one word or mark."""
    lower = surface.lower().replace("’", "'")
    owns = len(lower) > 2 and lower.endswith("'s")
    if owns and lower not in known:
        lower = lower[:-2]
    else:
        owns = False
    flags = known.get(lower)
    if flags is None:
        flags = int(Word.ADVERB) if lower.endswith("ly") and len(lower) > 4 else 0
    capital = surface[0].isupper() or _PREFIXED.match(surface) is not None
    return lower, flags, capital, owns, surface[0].isalnum() or surface[0] == "_"


def _assign(starts: list[int], spans: list[Span]) -> tuple[list[int], list[tuple[int, int]]]:
    """For each token the span it starts in (-1: none), and for each span its token range."""
    owner = [-1] * len(starts)
    ranges: list[tuple[int, int]] = []
    token, count = 0, len(starts)
    for index, (begin, end) in enumerate(spans):
        while token < count and starts[token] < begin:
            token += 1
        first = token
        while token < count and starts[token] < end:
            owner[token] = index
            token += 1
        ranges.append((first, token))
    return owner, ranges
