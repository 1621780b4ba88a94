"""Plain text: cleaning it, and the spans of its paragraphs, sentences and words.

Bodies are NFC, their paragraphs separated by one blank line (``PARAGRAPH_BREAK``). A span is a pair
of ``str`` offsets, end exclusive, so that ``text[start:end]`` is the thing itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import filterfalse

Span = tuple[int, int]

PARAGRAPH_BREAK = "\n\n"

# Soft hyphens, zero-width marks, bidi controls and byte-order marks: invisible, they break matching.
# The joiner stays where it makes another letter or picture of what stands before it: of scripts of India, of emoji.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    "|(?<![\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)
# Control characters except tab and newline, lone surrogates and noncharacters: "a\x00b".
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
# Lines that stand apart: "one\n\ntwo", and also "one\ntwo".
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")
# "well-known", "Putin’s", "1,200.5"; not the dash in "said - and".
_WORD = re.compile(r"\w++(?:[.'’,\-]\w++)*+")
# A mark that may end a sentence, with the quote marks and brackets that close after it: `."`, `?)`.
_STOP = re.compile(r"[.!?…。！？؟۔]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”]*")
# What comes before a full stop that ends no sentence: "Mr.", "Gen.", "U.S.", "a.m.", "J.".
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mrs?|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Rev|Hon|Jr|Sr|No|vs|Inc|Co"
    r"|Corp|Ltd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|est|pres|fr|v|Brig|Cmdr|Cpl|Pvt|Supt|Messrs"
    r"|Mme|Mlle|Mt|Ft|Ave|Blvd|Dept|Univ|Ariz|Calif|Colo|Conn|Fla|Ill|Kan|Mass|Mich|Minn|Mont|Nev|Okla|Ore|Pa"
    r"|Tenn|Tex|Va|Vt|Wis|Wyo|Ala|Neb|Ky|al)"
    r"|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)


def clean_line(text: str) -> str:
    """One line of readable text: NFC, no control or invisible characters, runs of white space as one."""
    line = " ".join(text.split())
    if line.isprintable() and (line.isascii() or unicodedata.is_normalized("NFC", line)):
        return line  # nearly all lines are clean, and are known to be at a tenth of the price
    visible = _FORBIDDEN.sub(" ", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible).replace("\n", " ")).strip()


def clean_body(text: str) -> str:
    """A body whose every non-empty line is a paragraph, each cleaned as a line."""
    lines = (clean_line(line) for line in re.split(r"[\n\r\u2028\u2029]+", text))
    return PARAGRAPH_BREAK.join(line for line in lines if line)


def paragraphs(text: str) -> Iterator[Span]:
    """Spans of the paragraphs, without the white space around them."""
    for match in _PARAGRAPH.finditer(text):
        yield _trimmed(text, match.start(), match.end())


def sentences(text: str) -> Iterator[Span]:
    """Spans of the sentences, none crossing a paragraph; closing quote marks belong to the sentence."""
    for start, end in paragraphs(text):
        yield from _sentences(text, start, end)


def sentences_at(text: str, places: Iterable[int]) -> Iterator[Span]:
    """For each place the sentence that holds it, or the one before it; the first where there is none before.

    Of ``sentences`` the last that begins there or earlier, but only the paragraphs of the places are read.
    """
    read: dict[int, list[Span]] = {}
    for at in places:
        start = text.rfind("\n", 0, at) + 1
        if start not in read:
            end = text.find("\n", at)
            read[start] = list(_sentences(text, start, len(text) if end < 0 else end))
        begun = [span for span in read[start] if span[0] <= at]
        if not begun:  # between paragraphs
            spans = list(sentences(text)) or [(0, 0)]
            begun = [span for span in spans if span[0] <= at] or spans[:1]
        yield begun[-1]


def words(text: str) -> Iterator[Span]:
    """Spans of the words: letters and digits, joined by inner apostrophes, hyphens, dots or commas."""
    for match in _WORD.finditer(text):
        yield match.span()


def number_of(count: int, one: str, many: str) -> str:
    """``1 watch``, ``2 watches``."""
    return f"{count} {one if count == 1 else many}"


def word_count(text: str) -> int:
    """How many ``words`` there are; most stand between spaces with no mark in them, and need no closer look."""
    parts = text.split()
    marked = list(filterfalse(str.isalnum, parts))
    return len(parts) - len(marked) + len(_WORD.findall(" ".join(marked)))


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Those of one paragraph."""
    start, end = _trimmed(text, start, end)
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() < end and not _ends_sentence(text, begin, stop, end):
            continue
        yield _trimmed(text, begin, stop.end())
        begin = stop.end()
    if text[begin:end].strip():
        yield _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    following = text[stop.end() : min(end, stop.end() + 3)].lstrip()
    if following[:1].islower():  # `"Is it?" he asked`
        return False
    before = text[max(begin, stop.start() - 12) : stop.start() + 1]
    return not (stop.group() == "." and _ABBREVIATION.search(before))
