"""What is the headline?

The printed headline, the structured data, OpenGraph and the title element rarely agree to the letter; the
words that most of them share are the headline, the outlet's name around them is not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from pipeline.extract import structured
from pipeline.extract.blocks import Block
from pipeline.extract.features import squeezed
from pipeline.extract.page import Page
from pipeline.extract.surroundings import BIT
from pipeline.text import clean_line

# What separates a headline from the outlet's name: "Road reopens | The Courier"; not "well-known".
_SEPARATOR = re.compile(r"\s+[|\-–—·•»:/~]+\s+|\s*[|｜»]\s*|_")
_MAX_LENGTH = 400


def headline(page: Page, blocks: Sequence[Block], site_names: Sequence[str] = ()) -> str | None:
    """The headline, or None where the page has none."""
    printed = [block.text for block in blocks if (block.tag == "h1" or block.box.inside & BIT["h1"])]
    stated = [
        clean(text, site_names)
        for text in (
            structured.first(page.article, "headline", "name"),
            page.head.first("og:title"),
            page.head.first("twitter:title", "dc.title", "title", "parsely-title", "sailthru.title"),
        )
        if text
    ]
    whole = clean(page.head.title or "", site_names)
    agreed = [text for text in map(clean_line, printed) if text and _agrees(text, [*stated, whole])]
    if agreed:
        return max(agreed, key=lambda text: _closeness(text, [*stated, whole]))[:_MAX_LENGTH]
    if stated:
        return _shared(stated, whole)[:_MAX_LENGTH] or None
    usable = [text for text in map(clean_line, printed) if 8 <= len(text) <= 300]
    if whole and not usable:
        return whole[:_MAX_LENGTH]
    return usable[0] if len(usable) == 1 or (usable and not whole) else whole[:_MAX_LENGTH] or None


def clean(text: str, site_names: Sequence[str] = ()) -> str:
    """Without entities, and without the outlet's name before or after a separator."""
    line = clean_line(html.unescape(html.unescape(text)))
    names = {squeezed(name) for name in site_names if name}
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(line))
        if not cuts:
            break
        head, tail = line[: cuts[-1].start()], line[cuts[-1].end() :]
        start, rest = line[: cuts[0].start()], line[cuts[0].end() :]
        if _is_site(tail, names) and head:
            line = head
        elif _is_site(start, names) and rest:
            line = rest
        else:
            break
    return line.strip()


def _is_site(text: str, names: set[str]) -> bool:
    key = squeezed(text)
    return bool(key) and any(
        key == name
        or (len(key) > 3 and key in name)
        or (len(name) > 3 and name in key and len(key) < len(name) + 14)
        for name in names
    )


def _words(text: str) -> set[str]:
    return {squeezed(word) for word in text.split()} - {""}


def _closeness(text: str, others: Sequence[str]) -> float:
    own = _words(text)
    return max(
        (len(own & _words(other)) / len(own | _words(other)) for other in others if other and own),
        default=0.0,
    )


def _agrees(text: str, others: Sequence[str]) -> bool:
    """A printed headline is one that the page states elsewhere too, more or less."""
    key = squeezed(text)
    if any(key == squeezed(other) for other in others if other):
        return len(key) > 3
    return len(_words(text)) >= 3 and _closeness(text, others) >= 0.5


def _shared(stated: Sequence[str], whole: str) -> str:
    """The statement that another confirms, else the first: structured data, then OpenGraph."""
    for text in stated:
        if len(text) > 8 and squeezed(text) in squeezed(whole):
            return text
    return stated[0]
