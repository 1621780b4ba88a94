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

from pipeline.extract import scoring, structured
from pipeline.extract.blocks import BIT, Block, blocks_of, visual_size
from pipeline.extract.features import Described, Hints, describe, squeezed
from pipeline.extract.page import Page
from pipeline.records import Selectors
from pipeline.text import clean_body, clean_line

THRESHOLD = 0.35
_PLAUSIBLE = 200  # characters; a shorter choice is checked against the other witnesses
_SANE_MARKUP = 3_000_000
_SANE_ATTRIBUTES = 200_000
# A span of columns that no table has: `colspan="9000000000000000"`; not `colspan="12"`.
_INSANE_SPAN = re.compile(r"(?:col|row)span\s*=\s*[\"']?\d{4,}", re.I)
_TAG = re.compile(r"<[^>]{0,2000}>")
_BREAKING_TAG = re.compile(r"</?(?:p|br|div|li|h\d)\b[^>]{0,500}>", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    blocks: list[Block]
    described: Described


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    paragraphs: tuple[str, ...]
    first: int  # place of the first block taken, so that others know where the article begins
    found_by: str  # selector, blocks, json-ld, trafilatura


def candidates(page: Page) -> Candidates:
    blocks = blocks_of(page.tree.body)
    hints = Hints(
        title=structured.first(page.article, "headline") or page.head.first("og:title") or page.head.title or "",
        description=structured.first(page.article, "description") or page.head.first("og:description", "description") or "",
        stated_body=squeezed(structured.first(page.article, "articleBody") or ""),
    )
    return Candidates(blocks=blocks, described=describe(blocks, hints))


def drop(page: Page, selectors: Selectors) -> None:
    """Take out of the tree what the outlet's own file says is no part of any article."""
    for selector in selectors.drop:
        for node in page.tree.css(selector):
            node.decompose()


def body_of(page: Page, found: Candidates, selectors: Selectors, title: str | None) -> Body:
    if selectors.body:
        paragraphs = _selected(page.tree.css(selectors.body), title)
        if paragraphs:
            return Body(paragraphs=paragraphs, first=0, found_by="selector")
    chances = scoring.chances(found.blocks, found.described)
    chosen = [block for block, chance in zip(found.blocks, chances, strict=True) if chance > THRESHOLD]
    paragraphs = tuple(_without_repeats([block.text for block in chosen], title))
    first = chosen[0].order if chosen else 0
    if sum(map(visual_size, paragraphs)) >= _PLAUSIBLE:
        return Body(paragraphs=paragraphs, first=first, found_by="blocks")
    best = Body(paragraphs=paragraphs, first=first, found_by="blocks")
    for name, others in (("json-ld", _stated(page)), ("trafilatura", _by_trafilatura(page))):
        if sum(map(visual_size, others)) > max(_PLAUSIBLE, 2 * sum(map(visual_size, best.paragraphs))):
            return Body(paragraphs=tuple(_without_repeats(others, title)), first=first, found_by=name)
    return best


def _selected(nodes: Sequence[LexborNode], title: str | None) -> tuple[str, ...]:
    """All text of the chosen elements but what is a caption or no text by its very element."""
    apart = BIT["figcaption"] | BIT["figure"] | BIT["aside"] | BIT["nav"] | BIT["button"] | BIT["form"] | BIT["h1"]
    lines = [block.text for node in nodes for block in blocks_of(node) if not block.box.inside & apart and block.tag != "h1"]
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


def sane(page: Page) -> bool:
    """True where slower parsers will not choke on the page."""
    text = page.text
    return len(text) <= _SANE_MARKUP and text.count("=") <= _SANE_ATTRIBUTES and not _INSANE_SPAN.search(text)


def _by_trafilatura(page: Page) -> tuple[str, ...]:
    if not sane(page):
        return ()
    try:
        text = trafilatura_extract(page.text, include_comments=False, include_tables=False, favor_precision=True, fast=True)
    except Exception:  # noqa: BLE001 -- whatever a page makes another parser raise, it has found nothing
        return ()
    return tuple(line for line in clean_body(text or "").split("\n\n") if line)
