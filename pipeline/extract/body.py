"""Which text of the page is the article?

The block scorer chooses; where its choice is empty or cannot be the article, the structured data's own
text and trafilatura are asked, the latter only for trees that no one built to hurt it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode
from trafilatura import extract as trafilatura_extract

from pipeline.extract import scoring, structured, words
from pipeline.extract.blocks import Block, blocks_of, visual_size
from pipeline.extract.features import Hints, Table, describe, squeezed
from pipeline.extract.page import Page
from pipeline.extract.surroundings import BIT
from pipeline.extract.template import Known, judged
from pipeline.records import Selectors
from pipeline.text import clean_body, clean_line

THRESHOLD = 0.4
_PLAUSIBLE = 200  # characters; a shorter choice is checked against the other witnesses
_PROSE = 80  # characters without links of what may be a paragraph
_TAG = re.compile(r"<[^>]{0,2000}>")
_BREAKING_TAG = re.compile(r"</?(?:p|br|div|li|h\d)\b[^>]{0,500}>", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    blocks: list[Block]
    table: Table  # of their features


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    paragraphs: tuple[str, ...]
    first: int  # places of the first and last block taken, so that others know where to look around it
    last: int


def candidates(page: Page) -> Candidates:
    blocks = blocks_of(page.tree.body)
    title = structured.first(page.article, "headline") or page.head.first("og:title") or page.head.title
    description = structured.first(page.article, "description") or page.head.first(
        "og:description", "description"
    )
    hints = Hints(
        title=squeezed(title or ""),
        description=squeezed(description or ""),
        stated_body=squeezed(structured.first(page.article, "articleBody") or ""),
    )
    return Candidates(blocks=blocks, table=describe(blocks, hints))


def drop(page: Page, selectors: Selectors) -> None:
    """Take out of the tree what the outlet's own file says is no part of any article."""
    for selector in selectors.drop:
        for node in page.tree.css(selector):
            node.decompose()


def body_of(
    page: Page,
    found: Candidates,
    selectors: Selectors,
    title: str | None,
    known: Known | None = None,
    trees: scoring.Forest | None = None,
) -> Body:
    """The text; ``known``: what other pages of the outlet have taught, ``trees``: those to judge by."""
    if selectors.body:
        paragraphs = _selected(page.tree.css(selectors.body), title)
        if paragraphs:
            first, last = _places(found.blocks, paragraphs)
            return Body(paragraphs=paragraphs, first=first, last=last)
    likely = judged(known or Known(), found.blocks, scoring.chances(found.table, trees))
    taken = chosen(found.blocks, likely.tolist())
    paragraphs = tuple(_without_repeats([block.text for block in taken], title))
    first, last = (taken[0].order, taken[-1].order) if taken else (0, 0)
    if sum(map(visual_size, paragraphs)) >= _PLAUSIBLE:
        return Body(paragraphs=paragraphs, first=first, last=last)
    said = sum(map(visual_size, paragraphs))
    witnesses = [_stated]
    if _may_have_more(page, found.blocks):
        witnesses.append(_by_trafilatura)
    for ask in witnesses:
        others = ask(page)
        if sum(map(visual_size, others)) > max(_PLAUSIBLE, 2 * said):
            return Body(paragraphs=tuple(_without_repeats(others, title)), first=first, last=last)
    return Body(paragraphs=paragraphs, first=first, last=last)


# No article stands in a consent dialog, among comments, beside a picture, at the foot of the page, or in what its
# class hides; `class="hidden"`, that is, for by style or attribute pages also hide what a script will show.
_ELSEWHERE = (
    BIT["c_cookie"] | BIT["c_hidden"] | BIT["c_comment"] | BIT["figure"] | BIT["figcaption"] | BIT["footer"]
)
_BRIEF = 250
# "© dpa-infocom, dpa:230428-99", "(c) 2016 Quay Post"; not "Copyright law was changed".
_RIGHTS = re.compile(r"©|\(c\)\s|copyright (?:©|\d{4})", re.I)
# `<p class="wp-caption-text">`, `<div id="caption-2">`; not `<div data-caption="…">`.
_CAPTION = re.compile(r' (?:class|id)="[^"]*caption', re.I)


def chosen(blocks: Sequence[Block], chances: Sequence[float], threshold: float = THRESHOLD) -> list[Block]:
    """The blocks of the article, by their chances; those it would be strange to find there only if nothing else is."""
    likely = [
        block
        for block, chance in zip(blocks, chances, strict=True)
        if chance > threshold and not _leads_away(block)
    ]
    here = [block for block in likely if not block.box.inside & _ELSEWHERE and not _is_caption(block)]
    return here if sum(block.size for block in here) >= _PLAUSIBLE else likely


def _is_caption(block: Block) -> bool:
    """Its element, or the one around it, is called one."""
    around = block.box.parent
    return any(
        "aption" in box.attributes and _CAPTION.search(box.attributes) for box in (block.box, around) if box
    )


def _leads_away(block: Block) -> bool:
    """What stands between paragraphs as one of them: "Read more: …" with a link in it, "Related content:", "© …"."""
    if block.size >= _BRIEF:
        return False
    if _RIGHTS.match(block.text):
        return True
    phrase = words.begins("read_more", block.text)
    return phrase > 0 and (block.linked * 3 > block.size or len(block.text.rstrip(" :…")) <= phrase)


def _places(blocks: Sequence[Block], paragraphs: Sequence[str]) -> tuple[int, int]:
    """Where in the page the first and the last of these paragraphs stand."""
    first = next((block.order for block in blocks if block.text == paragraphs[0]), 0)
    return first, next((block.order for block in reversed(blocks) if block.text == paragraphs[-1]), first)


def _selected(nodes: Sequence[LexborNode], title: str | None) -> tuple[str, ...]:
    """All text of the chosen elements but what is a caption or no text by its very element."""
    apart = (
        BIT["figcaption"]
        | BIT["figure"]
        | BIT["aside"]
        | BIT["nav"]
        | BIT["button"]
        | BIT["form"]
        | BIT["h1"]
    )
    lines = [
        block.text
        for node in nodes
        for block in blocks_of(node)
        if not block.box.inside & apart and block.tag != "h1"
    ]
    if not lines:
        lines = [clean_line(node.text(separator=" ")) for node in nodes]
    return tuple(_without_repeats(lines, title))


def _without_repeats(lines: Sequence[str], title: str | None) -> list[str]:
    """Each long line once (pages print a standfirst twice), the headline not at all."""
    seen = {squeezed(title)} if title else set()
    kept = []
    for line in lines:
        key = squeezed(line)
        if key in seen:
            continue
        if len(key) > 40:
            seen.add(key)
        if key:
            kept.append(line)
    return kept


def _stated(page: Page) -> tuple[str, ...]:
    """The articleBody of the structured data, markup taken out."""
    text = structured.first(page.article, "articleBody") or ""
    return tuple(clean_body(_TAG.sub("", _BREAKING_TAG.sub("\n", text))).split("\n\n")) if text else ()


def _may_have_more(page: Page, blocks: Sequence[Block]) -> bool:
    """It has running text that was not taken, and calls itself an article or has much of it."""
    states_one = bool(page.article) or (page.head.first("og:type") or "").lower() == "article"
    plain = (block.size - block.linked for block in blocks)
    return sum(size for size in plain if size >= _PROSE) >= _PLAUSIBLE * (1 if states_one else 5)


def _by_trafilatura(page: Page) -> tuple[str, ...]:
    if not page.is_sane:
        return ()
    try:
        text = trafilatura_extract(
            page.text, include_comments=False, include_tables=False, favor_precision=True, fast=True
        )
    except Exception:  # whatever a page makes another parser raise, it has found nothing
        return ()
    return tuple(line for line in clean_body(text or "").split("\n\n") if line)
