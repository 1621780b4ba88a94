"""What is the headline?

The structured data's headline, OpenGraph's, the printed one and the title element rarely agree to the letter.
The outlet's own word for it is asked first and believed where another statement shares its words; the
outlet's name and the date around a headline are not part of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from pipeline.extract import structured
from pipeline.extract.blocks import Block, Box
from pipeline.extract.features import squeezed
from pipeline.extract.page import Page
from pipeline.extract.surroundings import BIT
from pipeline.text import clean_line

# What separates a headline from the outlet's name: "Road reopens | The Courier"; not "well-known".
_SEPARATOR = re.compile(r"\s+[|\-–—·•»:/~]+\s+|\s*[|｜»]\s*|_")
# A day by itself, as some title elements end in: "28.04.2023", "2023-04-28"; not "Budget 2023".
_DAY = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2}")
# The end of a headline that was cut to length: "The minister said that…"; not "Wait... what?".
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_MAX_LENGTH = 400
# So few words in the title element of a page that says nothing else may be the outlet's name.
_FEW_WORDS = 2


def headline(page: Page, blocks: Sequence[Block], site_names: Sequence[str] = ()) -> str | None:
    """The headline, or None where the page has none."""
    linked = clean(structured.first(page.article, "headline") or "", site_names)
    shared = clean(page.head.first("og:title") or "", site_names)
    others = [clean(page.head.first(name) or "", site_names) for name in ("twitter:title", "dc.title", "parsely-title", "sailthru.title", "title")]  # fmt: skip
    whole = clean(page.head.title or "", site_names)
    stated = [text for text in (linked, shared, whole, *others) if text]
    printed = _printed(blocks, stated)
    if not printed and not linked and not shared and len(_words(whole)) <= _FEW_WORDS:
        printed = whole = (
            next((text for text in _printings(blocks) if len(_words(text)) > _FEW_WORDS), "") or whole
        )
    if not _believable(linked, [text for text in (shared, printed, whole) if text], site_names):
        linked = ""
    named = _named(page, stated)
    for text in _in_order(linked, shared, printed, whole, named, others):
        if text and squeezed(text) not in {squeezed(name) for name in site_names}:
            return _uncut(text, stated)[:_MAX_LENGTH]
    usable = [text for text in _printings(blocks) if 8 <= len(text) <= 300]
    return usable[0][:_MAX_LENGTH] if usable else None


def _in_order(
    linked: str, shared: str, printed: str, whole: str, named: str, others: Sequence[str]
) -> Iterator[str]:
    """The statements, the best witness first."""
    yield named
    if printed and _same(printed, shared) and _same(linked, whole):
        yield printed  # what readers are shown and share; the other two are for search engines
    yield linked
    if printed and any(_same(printed, text) for text in (whole, others[0])):
        yield printed
    yield from (shared, printed, whole, *others)


def clean(text: str, site_names: Sequence[str] = ()) -> str:
    """Without entities, and without the outlet's name or a date before or after a separator."""
    line = clean_line(html.unescape(html.unescape(text)))
    names = {squeezed(name) for name in site_names if name}
    for _ in range(4):
        cuts = list(_SEPARATOR.finditer(line))
        if not cuts:
            break
        head, tail = line[: cuts[-1].start()], line[cuts[-1].end() :]
        start, rest = line[: cuts[0].start()], line[cuts[0].end() :]
        if head and (_is_site(tail, names) or _DAY.fullmatch(tail)):
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


def _same(one: str, other: str) -> bool:
    return bool(one) and squeezed(one) == squeezed(other)


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
    if any(_same(text, other) for other in others):
        return len(squeezed(text)) > 3
    return len(_words(text)) >= 3 and _closeness(text, others) >= 0.5


def _believable(text: str, others: Sequence[str], site_names: Sequence[str]) -> bool:
    """Not the outlet's name, and of what the other statements are about: some data name another article."""
    if not text or _is_site(text, {squeezed(name) for name in site_names}):
        return False
    own = _telling(text)
    return not own or not any(map(_telling, others)) or any(own & _telling(other) for other in others)


def _telling(text: str) -> set[str]:
    """Longer words; where words are not parted by spaces, runs of three characters."""
    key = squeezed(text)
    if text.count(" ") * 12 >= len(text):
        return {word for word in _words(text) if len(word) > 3}
    return {key[place : place + 3] for place in range(len(key) - 2)}


def _named(page: Page, stated: Sequence[str]) -> str:
    """The element that microdata call the headline, where the page says much the same elsewhere."""
    for element in page.tree.css("[itemprop~=headline]")[:3]:
        text = clean_line(element.attributes.get("content") or element.text(separator=" "))
        if text and _agrees(text, stated):
            return text
    return ""


def _printed(blocks: Sequence[Block], stated: Sequence[str]) -> str:
    """The printed headline: of what stands in an h1, the text closest to what is stated elsewhere."""
    agreed = [text for text in _printings(blocks) if _agrees(text, stated)]
    return max(agreed, key=lambda text: _closeness(text, stated), default="")


def _printings(blocks: Sequence[Block]) -> list[str]:
    """Each h1, whole and by its parts: a line over the headline may or may not be part of it."""
    by_heading: dict[int, list[str]] = {}
    for block in blocks:
        heading = _heading(block)
        if heading is not None:
            by_heading.setdefault(id(heading), []).append(block.text)
    return [
        text for parts in by_heading.values() for text in dict.fromkeys((" ".join(parts), *parts)) if text
    ]


def _heading(block: Block) -> Box | None:
    if not block.box.inside & BIT["h1"]:
        return None
    box: Box | None = block.box
    while box is not None and box.tag != "h1":
        box = box.parent
    return box


def _uncut(text: str, stated: Sequence[str]) -> str:
    """The whole of a headline that was cut to length, where another statement has it."""
    if not _CUT.search(text):
        return text
    begun = squeezed(_CUT.sub("", text))
    return next(
        (other for other in stated if squeezed(other).startswith(begun) and len(squeezed(other)) > len(begun)
         and not _CUT.search(other)),
        text,
    )  # fmt: skip
