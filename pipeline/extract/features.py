"""What speaks for and against each block being part of the article, as small numbers?

Every feature is a place in a short list (a bin), so that a weight a bin is all that a scorer needs, and
the weights can be read. Bits tell of a block's surroundings: of its own element, of the element around
it, of everything it stands in, and of what it stands in inside the page's densest element.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.blocks import Block, Box
from pipeline.extract.surroundings import BIT
from pipeline.extract.words import says_promotion

_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "li", "div", "td", "blockquote", "figcaption", "section", "article", "span",
         "dd", "pre", "body", "aside", "header", "footer")  # fmt: skip
_TAG_PLACE = {tag: place + 1 for place, tag in enumerate(_TAGS)}
_SIZE = (12, 25, 45, 70, 100, 150, 250, 450)
_SHARE = (0.001, 0.1, 0.25, 0.5, 0.8, 0.99)
_COUNT = (1, 2, 3, 5, 9, 17, 40)
_PART = (0.02, 0.1, 0.25, 0.5, 0.8)
# The end of a sentence inside the block: `home. The`, `。`; not "3.5".
_SENTENCE_END = re.compile("[.!?…]['\"”’»)]* |[。！？]")
_PROSE = 80
_NO_LETTERS = re.compile(r"[\W_]+")

RELATIONS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What the head of the page says, to compare blocks with."""

    title: str = ""
    description: str = ""
    stated_body: str = ""  # articleBody of the structured data


Row = tuple[int, ...]
Bits = tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """One page's blocks described: ``rows[i]`` and ``bits[i]`` belong to block i."""

    rows: list[Row]
    bits: list[Bits]
    best: Box | None


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case: what two printings of one text share."""
    return _NO_LETTERS.sub("", text.lower())


def densest(blocks: Sequence[Block]) -> Box | None:
    """The element with most paragraph text directly or nearly directly in it."""
    best, best_score = None, 0.0
    seen: set[int] = set()
    for block in blocks:
        box: Box | None = block.box
        for _ in range(4):
            if box is None or id(box) in seen:
                break
            seen.add(id(box))
            score = box.prose * (1 - box.linked / (box.size + box.linked + 1))
            if score > best_score:
                best, best_score = box, score
            box = box.parent
    return best


def within(box: Box | None, outer: Box | None) -> bool:
    while box is not None:
        if box is outer:
            return True
        box = box.parent
    return False


def relation(block: Block, best: Box | None) -> int:
    """How near a block stands to an element: in it, by so many steps; in its parents; elsewhere."""
    if best is None:
        return 0
    box: Box | None = block.box
    steps = 0
    while box is not None:
        if box is best:
            return 1 if steps <= 1 else 2 if steps == 2 else 3
        box = box.parent
        steps += 1
    if within(block.box, best.parent):
        return 4
    return 5 if best.parent is not None and within(block.box, best.parent.parent) else 0


def _enclosing_article(box: Box | None) -> Box | None:
    while box is not None and box.tag != "article":
        box = box.parent
    return box


_ENDINGS = {".": 1, "!": 2, "?": 2, "…": 2, "。": 1, "！": 2, "？": 2, "।": 1, "۔": 1, ":": 3, "：": 3, ",": 4, ";": 4,
            '"': 5, "”": 5, "“": 5, "»": 5, "'": 5, "’": 5, "」": 5, ")": 6, "]": 6, "|": 7, ">": 7, "›": 7, "→": 7}  # fmt: skip


def _ending(text: str) -> int:
    last = text[-1]
    return _ENDINGS.get(last) or (8 if last.isdigit() else 0)


def _beginning(text: str) -> int:
    first = text[0]
    if first.isalpha():
        return 0 if first.isupper() else 1 if first.islower() else 2
    if first.isdigit():
        return 3
    if first in "\"“”„«'‘’「":
        return 4
    return 5 if first in "-–—•*·" else 6


def _capitals(text: str) -> int:
    """Share of capitalised words: a sentence has few, a headline in title case many."""
    parts = text.split()[:40]
    return (
        bisect_right((0.15, 0.35, 0.6, 0.9), sum(part[0].isupper() for part in parts) / len(parts))
        if parts
        else 0
    )


def _digits(text: str) -> int:
    return bisect_right((0.01, 0.1, 0.3), sum(map(str.isdigit, text[:400])) / min(len(text), 400))


def _stated(key: str, hints: Hints) -> int:
    if not hints.stated_body:
        return 0
    return 2 if key[:60] in hints.stated_body else 1


def _prose_distances(blocks: Sequence[Block]) -> tuple[list[int], list[int]]:
    """For each block, how many blocks lie between it and the prose before and after it."""

    def one_way(order: range) -> list[int]:
        distances, since = [0] * len(blocks), 99
        for place in order:
            distances[place] = since
            block = blocks[place]
            since = 0 if block.size - block.linked >= _PROSE and block.linked * 2 < block.size else since + 1
        return distances

    return one_way(range(len(blocks))), one_way(range(len(blocks) - 1, -1, -1))


SIZES: tuple[tuple[str, int], ...] = (
    ("size", 9), ("links", 7), ("strong", 4), ("tag", 21), ("ending", 9), ("beginning", 7), ("commas", 4),
    ("digits", 4), ("capitals", 5), ("sentences", 4), ("holder_share", 6), ("holder_links", 7),
    ("holder_blocks", 8), ("relation", RELATIONS), ("place", 10), ("after_h1", 3), ("from_h1", 9),
    ("before_size", 9), ("before_links", 7), ("after_size", 9), ("after_links", 7), ("before2_size", 9),
    ("after2_size", 9), ("same_before", 3), ("same_after", 3), ("repeated", 4), ("is_title", 3),
    ("in_description", 3), ("stated", 3), ("promotion", 2), ("breaks", 2), ("depth", 7), ("holder_tag", 21),
    ("prose_before", 8), ("prose_after", 8), ("same_article", 3), ("page_prose", 6), ("tag_size", 21 * 9),
    ("relation_size", RELATIONS * 9), ("relation_links", RELATIONS * 7), ("ending_size", 81), ("relation_tag", RELATIONS * 21),
    ("neighbours", 81), ("gap", 64), ("tag_strong_size", 21 * 4),
)  # fmt: skip


def describe(blocks: Sequence[Block], hints: Hints) -> Described:
    best = densest(blocks)
    best_inside = best.inside if best else 0
    best_article = _enclosing_article(best)
    page_prose = (
        sum(block.size - block.linked for block in blocks if block.size - block.linked >= _PROSE) or 1
    )
    h1 = next((block.order for block in blocks if block.tag == "h1" or block.box.inside & BIT["h1"]), None)
    keys = [squeezed(block.text[:160]) for block in blocks]
    copies = Counter(key for key in keys if key)
    title, description = squeezed(hints.title), squeezed(hints.description)
    prose_before, prose_after = _prose_distances(blocks)
    sizes = [bisect_right(_SIZE, block.size) for block in blocks]
    links = [bisect_right(_SHARE, block.linked / block.size) if block.size else 0 for block in blocks]
    rows: list[Row] = []
    bits: list[Bits] = []
    count = len(blocks)
    for i, block in enumerate(blocks):
        text, box = block.text, block.box
        holder = box.parent or box
        tag = _TAG_PLACE.get(block.tag, 0)
        near = relation(block, best)
        strong = bisect_right((0.01, 0.5, 0.95), block.strong / block.size) if block.size else 0
        ending = _ending(text)
        size, link = sizes[i], links[i]
        before = blocks[i - 1] if i else None
        after = blocks[i + 1] if i + 1 < count else None
        before_size, after_size = sizes[i - 1] if before else 0, sizes[i + 1] if after else 0
        gap_before, gap_after = bisect_right(_COUNT, prose_before[i]), bisect_right(_COUNT, prose_after[i])
        key = keys[i]
        article = _enclosing_article(box)
        rows.append((
            size, link, strong, tag, ending, _beginning(text),
            min(3, text.count(",") + text.count("،") + text.count("、") + text.count("，")), _digits(text), _capitals(text),
            min(3, sum(1 for _ in _SENTENCE_END.finditer(text[:600]))),
            bisect_right(_PART, holder.size / page_prose),
            bisect_right(_SHARE, holder.linked / (holder.size + holder.linked + 1)),
            bisect_right(_COUNT, holder.blocks), near, i * 10 // count,
            0 if h1 is None else 1 if i > h1 else 2,
            0 if h1 is None or i < h1 else 1 + bisect_right(_COUNT, i - h1),
            before_size, links[i - 1] if before else 0, after_size, links[i + 1] if after else 0,
            sizes[i - 2] if i > 1 else 0, sizes[i + 2] if i + 2 < count else 0,
            0 if before is None else 1 + ((before.box.parent or before.box) is holder),
            0 if after is None else 1 + ((after.box.parent or after.box) is holder),
            min(3, copies[key] - 1) if key else 0,
            (2 if key == title else 1 if len(key) > 12 and (key in title or title in key) else 0) if title and key else 0,
            (2 if key[:80] == description[:80] else 1 if len(key) > 30 and key[:60] in description else 0) if description and key else 0,
            _stated(key, hints), int(says_promotion(text)), int(block.breaks),
            0 if best is None else 1 + max(0, min(5, box.depth - best.depth + 1)),
            _TAG_PLACE.get(holder.tag, 0), gap_before, gap_after,
            0 if best_article is None else 1 if article is best_article else 2,
            bisect_right((300, 800, 2000, 4000, 9000), page_prose),
            tag * 9 + size, near * 9 + size, near * 7 + link, ending * 9 + size, near * 21 + tag,
            before_size * 9 + after_size, gap_before * 8 + gap_after, tag * 4 + strong,
        ))  # fmt: skip
        bits.append((box.own, holder.own, box.inside, box.inside & ~best_inside))
    return Described(rows=rows, bits=bits, best=best)
