"""What are the words of a text, and what can be seen on each before any model reads it?

The training labels and the running tagger both start here, so a change of this module asks for a new
training (models/attribution/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from pipeline.text import Span, sentences

# "Putin’s", "al-Assad", "3.5", and each punctuation mark alone; "U.S." gives "U.S" and ".".
_WORD = re.compile(r"\w+(?:[.'’\-]\w+)*|[^\w\s]")
# "one\n\ntwo"; not "one two".
_BREAK = re.compile(r"\n\s*")
# Half of a character, which no vocabulary takes: "\ud83d"; not "😀" whole.
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W\d_]")

_CLOSING = {"“": "”“", "„": "“”", "«": "»", "‘": "’", '"': '"'}

LONGEST_SEGMENT = 8_000  # characters read at once: memory stays flat on a text of any length


class Shape(IntEnum):
    MARK = 0
    LOWER = 1
    UPPER = 2
    CAPITAL = 3
    NUMBER = 4
    OTHER = 5


class Quoted(IntEnum):
    OUTSIDE = 0
    MARK = 1
    INSIDE = 2


class Start(IntEnum):
    NONE = 0
    SENTENCE = 1
    PARAGRAPH = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Parallel lists, one entry a word or mark; spans are offsets in the text they were read from."""

    spans: list[Span]
    surfaces: list[str]
    shape: list[int]
    quoted: list[int]
    start: list[int]
    sentence: list[int]
    paragraph: list[int]

    def __len__(self) -> int:
        return len(self.spans)


def segments(text: str, longest: int = LONGEST_SEGMENT) -> Iterator[Span]:
    """Stretches of at most ``longest`` characters that cover the text, cut between paragraphs if possible."""
    begin = 0
    while len(text) - begin > longest:
        end = begin + longest
        for cut in ("\n", " "):
            found = text.rfind(cut, begin + longest // 2, end)
            if found > begin:
                end = found + 1
                break
        yield begin, end
        begin = end
    if begin < len(text):
        yield begin, len(text)


def read_words(text: str) -> Words:
    """The words of a text with what is seen on each; time is linear in its length."""
    text = _SURROGATE.sub("\ufffd", text)
    spans = [match.span() for match in _WORD.finditer(text)]
    surfaces = [text[begin:end] for begin, end in spans]
    sentence = _numbered(spans, [begin for begin, _ in sentences(text)])
    paragraph = _numbered(spans, [match.end() for match in _BREAK.finditer(text)])
    return Words(
        spans=spans,
        surfaces=surfaces,
        shape=[shape(surface) for surface in surfaces],
        quoted=_quoted(surfaces, paragraph),
        start=_starts(sentence, paragraph),
        sentence=sentence,
        paragraph=paragraph,
    )


def has_letters(words: Words) -> bool:
    return any(_LETTER.search(surface) for surface in words.surfaces)


def shape(surface: str) -> int:
    if surface.islower():
        return Shape.LOWER
    if surface.isupper() and len(surface) > 1:
        return Shape.UPPER
    if surface[:1].isupper():
        return Shape.CAPITAL
    if surface.isdigit():
        return Shape.NUMBER
    return Shape.OTHER if surface[:1].isalnum() else Shape.MARK


def _numbered(spans: list[Span], starts: list[int]) -> list[int]:
    """For each word, how many of the starts lie at or before it."""
    numbers: list[int] = []
    passed = 0
    for begin, _ in spans:
        while passed < len(starts) and starts[passed] <= begin:
            passed += 1
        numbers.append(passed)
    return numbers


def _quoted(surfaces: list[str], paragraph: list[int]) -> list[int]:
    """A quotation ends with its mark or its paragraph: an unclosed one must not swallow the article."""
    found: list[int] = []
    closing = ""
    previous = -1
    for surface, number in zip(surfaces, paragraph, strict=True):
        if number != previous:
            closing, previous = "", number
        if closing:
            ends = surface in closing
            found.append(Quoted.MARK if ends else Quoted.INSIDE)
            closing = "" if ends else closing
        elif surface in _CLOSING:
            closing = _CLOSING[surface]
            found.append(Quoted.MARK)
        else:
            found.append(Quoted.OUTSIDE)
    return found


def _starts(sentence: list[int], paragraph: list[int]) -> list[int]:
    found: list[int] = []
    last_sentence = last_paragraph = -1
    for one, other in zip(sentence, paragraph, strict=True):
        if other != last_paragraph:
            found.append(Start.PARAGRAPH)
        else:
            found.append(Start.SENTENCE if one != last_sentence else Start.NONE)
        last_sentence, last_paragraph = one, other
    return found
