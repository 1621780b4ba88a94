"""What speaks for and against each block being part of the article, as numbers?

One column a feature, one line a block: what the block says, how it stands in its elements and among its
neighbours, and how it compares with what the page says of itself. Bits tell of its surroundings: of its own
element, of the element around it, of everything it stands in, and of what it stands in inside the page's
densest element.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.blocks import Block, Box
from pipeline.extract.characters import counted
from pipeline.extract.surroundings import BIT, NAMES
from pipeline.extract.words import holding

Column = NDArray[np.floating[Any]]
Table = NDArray[np.float32]  # ``table[f, i]``: feature f of block i
Places = NDArray[np.intp]

_NO_LETTERS = re.compile(r"[\W_]+")
_NO_LETTERS_IN_LINE = re.compile(r"[^\w\n]+|_+")
_CLASS = re.compile(r' class="([^"]*)"')
_PROSE = 80
_BRIEF = 100
_SAMPLE = 400  # characters of a block that are looked at one by one
_BEGUN = 160  # those by which blocks are compared
_LONG = 400  # from which a block that asks something of the reader says more than that
_FAR = 60  # what is farther is simply far

_ENDINGS = {
    mark: rank
    for rank, marks in enumerate(("|>›→»", ")]", ":：", ",;،、", "\"”“'’」", "!?…！？؟", ".。।۔"), start=2)
    for mark in marks
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What the head of the page says, to compare blocks with; squeezed."""

    title: str = ""
    description: str = ""
    stated_body: str = ""  # articleBody of the structured data


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standing:
    """Where each block stands, as places in the list of elements: its own, the one around it, …"""

    boxes: Sequence[Box]
    own: Places
    holder: Places
    outer: Places
    parents: Places  # of every element; the outermost is its own
    style: Places  # blocks of one style have one number: their tag, their class and that of their holder
    best: int  # the element with most paragraph text in or nearly in it


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case: what two printings of one text share."""
    return _squeezed(text) if len(text) <= _BRIEF else _NO_LETTERS.sub("", text.lower())


@lru_cache(maxsize=20_000)
def _squeezed(text: str) -> str:
    return _NO_LETTERS.sub("", text.lower())


def _densest(boxes: Sequence[Box]) -> int:
    """The element with most paragraph text directly or nearly directly in it."""
    scores = [box.prose * (1 - box.linked / (box.size + box.linked + 1)) for box in boxes]
    return max(range(len(boxes)), key=scores.__getitem__)


def _standing(blocks: Sequence[Block]) -> _Standing:
    boxes = _boxes(blocks)
    parents = np.array([box.parent.number if box.parent else 0 for box in boxes], np.intp)
    own = np.array([block.box.number for block in blocks], np.intp)
    holder = parents[own]
    classes = [match[1] if (match := _CLASS.search(box.attributes)) else "" for box in boxes]
    known: dict[tuple[str, str, str], int] = {}
    styles = [
        known.setdefault((block.tag, classes[at], classes[up]), len(known))
        for block, at, up in zip(blocks, own.tolist(), holder.tolist(), strict=True)
    ]
    return _Standing(
        boxes=boxes,
        own=own,
        holder=holder,
        outer=parents[holder],
        parents=parents,
        style=np.array(styles, np.intp),
        best=_densest(boxes),
    )


def _boxes(blocks: Sequence[Block]) -> list[Box]:
    """Every element that holds a block, in the order of their numbers."""
    known: dict[int, Box] = {}
    for block in blocks:
        box: Box | None = block.box
        while box is not None and box.number not in known:
            known[box.number] = box
            box = box.parent
    return [known[number] for number in range(len(known))]


def _nearness(parents: Places, target: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each element: steps up from the target to what holds both, and from there down to it."""
    up = {}
    at, steps = target, 0
    while at not in up:
        up[at] = steps
        at, steps = int(parents[at]), steps + 1
    ups, downs = [0] * len(parents), [0] * len(parents)
    for place, parent in enumerate(parents.tolist()):
        if place in up:
            ups[place] = up[place]
        else:
            ups[place], downs[place] = ups[parent], downs[parent] + 1
    return np.array(ups, np.float32), np.array(downs, np.float32)


def _said(texts: Sequence[str], begun: Sequence[str]) -> list[Column]:
    """What the blocks' own texts tell: their ends and beginnings, marks and words.

    ``begun``: what each begins with, in lower case.
    """
    ends = [_ENDINGS.get(text[-1]) or (1 if text[-1].isdigit() else 0) for text in texts]
    commas = [
        text.count(",")
        if text.isascii()
        else text.count(",") + text.count("،") + text.count("、") + text.count("，")
        for text in texts
    ]
    parts = [text[:_SAMPLE] for text in texts]
    digits, capitals, sentences, words = counted(parts)
    promotes = holding("read_more", begun)  # leads away from the article, or asks something of the reader
    return [
        np.array(ends, np.float32),
        np.array([_beginning(text[0]) for text in texts], np.float32),
        np.array(commas, np.float32),
        np.divide(digits, [len(part) for part in parts], dtype=np.float32),
        capitals / words,
        sentences,
        words,
        np.array(
            [place in promotes and len(text) < _LONG for place, text in enumerate(texts)],
            np.float32,
        ),
    ]


@lru_cache(maxsize=1_000)
def _beginning(first: str) -> int:
    if first.isalpha():
        return 5 if first.isupper() else 2 if first.islower() else 3
    return 1 if first.isdigit() else 4 if first in "\"“”„«'‘’「" else 0


def _compared(key: str, hints: Hints, copies: Counter[str]) -> tuple[float, ...]:
    """The block beside the title, the description and the body that the page's metadata state."""
    title, description, stated = hints.title, hints.description, hints.stated_body
    if not key:
        return 0, 0, 0, 0
    return (
        copies[key] - 1,
        2 if key == title else 1 if title and len(key) > 12 and (key in title or title in key) else 0,
        (2 if key[:80] == description[:80] else 1 if len(key) > 30 and key[:60] in description else 0)
        if description
        else 0,
        (2 if key[:60] in stated else 1) if stated else 0,
    )


def _shifted(column: Column, by: int) -> Column:
    """Each block's neighbour's value: of the next for 1, of the one before for -1; -1 where there is none."""
    moved = np.full(len(column), -1, np.float32)
    if by > 0:
        moved[:-by] = column[by:]
    else:
        moved[-by:] = column[:by]
    return moved


def _gaps(marked: NDArray[np.bool_]) -> tuple[Column, Column]:
    """For each block, how many blocks back and ahead the nearest marked one is."""
    places = np.arange(len(marked))
    before = np.maximum.accumulate(np.where(marked, places, -_FAR))
    after = np.minimum.accumulate(np.where(marked, places, len(marked) + _FAR)[::-1])[::-1]
    back = places - np.concatenate(([-_FAR], before[:-1]))
    ahead = np.concatenate((after[1:], [len(marked) + _FAR])) - places
    return np.minimum(back, _FAR).astype(np.float32), np.minimum(ahead, _FAR).astype(np.float32)


def _spread(column: Column, reach: int) -> Column:
    """The sum over each block and its neighbours, so many on either side."""
    total = np.concatenate(([0.0], np.cumsum(column)))
    places = np.arange(len(column))
    return (total[np.minimum(places + reach + 1, len(column))] - total[np.maximum(places - reach, 0)]).astype(
        np.float32
    )


def _mean_by(keys: Places, values: Column) -> Column:
    """For each block, the mean over the blocks that share its key."""
    mean: Column = (np.bincount(keys, values) / np.maximum(np.bincount(keys), 1))[keys].astype(np.float32)
    return mean


def _heading(tag: str) -> int:
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0


def _column(things: Sequence[Block | Box], name: str) -> NDArray[np.float32]:
    return np.array(list(map(attrgetter(name), things)), np.float32)


def describe(blocks: Sequence[Block], hints: Hints) -> Table:
    """The features of one page's blocks, in the order of ``COLUMNS``."""
    if not blocks:
        return np.zeros((len(COLUMNS), 0), np.float32)
    at = _standing(blocks)
    size, linked, strong, breaks = (_column(blocks, name) for name in ("size", "linked", "strong", "breaks"))
    tags = [block.tag for block in blocks]
    is_p, is_li, is_div = (np.array([tag == name for tag in tags], np.float32) for name in ("p", "li", "div"))
    heading = np.array([_heading(tag) for tag in tags], np.float32)
    texts = [block.text for block in blocks]
    begun = [text[:_BEGUN].lower() for text in texts]
    said = _said(texts, begun)
    keys = _NO_LETTERS_IN_LINE.sub("", "\n".join(begun)).split("\n")  # squeezed, all at once
    copies = Counter(keys)
    compared = np.array([_compared(key, hints, copies) for key in keys], np.float32).T
    share = linked / np.maximum(size, 1)
    plain = size - linked
    is_prose = (plain >= _PROSE) & (share < 0.5)
    prose = np.where(is_prose, plain, 0).astype(np.float32)
    columns = [
        size,
        linked,
        strong,
        breaks,
        is_p,
        heading,
        is_li,
        is_div,
        *said,
        *compared,
        share,
        strong / np.maximum(size, 1),
        *_in_elements(at, prose),
        *_on_page(blocks, compared[1], prose),
        *_beside(at, size, share, plain, is_p, heading, said[0]),
        *_gaps(is_prose),
        *_in_style(at, plain, share, prose),
    ]
    return np.concatenate((np.array(columns, np.float32), _bits(at)))


def _in_elements(at: _Standing, prose: Column) -> list[Column]:
    """The sizes of the elements a block stands in, and how near it is to the densest of all."""
    size, linked, blocks, direct, depth = (
        _column(at.boxes, name) for name in ("size", "linked", "blocks", "prose", "depth")
    )
    whole = max(float(prose.sum()), 1.0)
    ups, downs = _nearness(at.parents, at.best)
    columns = []
    held = np.stack((size / whole, linked / (size + linked + 1), blocks, direct / whole))
    for places in (at.own, at.holder, at.outer):
        columns += [*held[:, places]]
    article = np.array(_enclosing(at, "article"), np.intp)
    return [
        *columns,
        depth[at.own],
        depth[at.own] - depth[at.best],
        ups[at.own],
        downs[at.own],
        (article[at.own] >= 0).astype(np.float32),
        (article[at.own] == article[at.best]).astype(np.float32),
        np.full(len(prose), direct[at.best] / whole, np.float32),
    ]


def _enclosing(at: _Standing, tag: str) -> list[int]:
    """For each element, the nearest of a tag that it is or stands in; -1 for none."""
    found: list[int] = []
    for place, (box, parent) in enumerate(zip(at.boxes, at.parents.tolist(), strict=True)):
        found.append(place if box.tag == tag else found[parent] if place else -1)
    return found


def _on_page(blocks: Sequence[Block], titled: Column, prose: Column) -> list[Column]:
    """Where on the page: of all blocks, of all prose, after the headline."""
    count = len(blocks)
    places = np.arange(count, dtype=np.float32)
    headings = [b.order for b in blocks if b.tag == "h1" or b.box.inside & BIT["h1"]]
    printed = (
        [place for place in headings if titled[place]] or headings or np.flatnonzero(titled == 2).tolist()
    )
    first = printed[0] if printed else -1
    whole = max(float(prose.sum()), 1.0)
    done = np.cumsum(prose)
    return [
        places,
        places / count,
        np.clip(places - first, -_FAR, 2 * _FAR) if printed else np.full(count, -_FAR - 1, np.float32),
        (done - prose) / whole,
        (whole - done) / whole,
        np.full(count, whole, np.float32),
        np.full(count, count, np.float32),
    ]


def _beside(
    at: _Standing, size: Column, share: Column, plain: Column, is_p: Column, heading: Column, ending: Column
) -> list[Column]:
    """What the neighbours are like."""
    columns = []
    for by in (-1, 1, -2, 2, -3, 3):
        columns += [_shifted(size, by), _shifted(share, by)]
    holder = at.holder.astype(np.float32)
    style = at.style.astype(np.float32)
    for by in (-1, 1):
        columns += [
            (_shifted(holder, by) == holder).astype(np.float32),
            (_shifted(style, by) == style).astype(np.float32),
            _shifted(is_p, by),
            _shifted(heading, by),
            _shifted(ending, by),
        ]
    for reach in (3, 8):
        around = _spread(size, reach)
        columns += [_spread(plain, reach), (around - _spread(plain, reach)) / np.maximum(around, 1)]
    return columns


def _in_style(at: _Standing, plain: Column, share: Column, prose: Column) -> list[Column]:
    """What the blocks of the same tag and class are like, all over the page."""
    whole = max(float(prose.sum()), 1.0)
    return [
        np.bincount(at.style)[at.style].astype(np.float32),
        _mean_by(at.style, plain),
        _mean_by(at.style, share),
        (np.bincount(at.style, prose)[at.style] / whole).astype(np.float32),
    ]


def _bits(at: _Standing) -> NDArray[np.float32]:
    own = np.array([box.own for box in at.boxes], np.uint64)
    inside = np.array([box.inside for box in at.boxes], np.uint64)
    masks = np.stack((own[at.own], own[at.holder], inside[at.own], inside[at.own] & ~inside[at.best]))
    in_bytes = np.ascontiguousarray(masks.astype("<u8")[:, None, :]).view(np.uint8).reshape(len(masks), -1, 8)
    bits = np.unpackbits(in_bytes, axis=2, count=len(NAMES), bitorder="little")
    return bits.transpose(0, 2, 1).reshape(len(NAMES) * len(masks), -1).astype(np.float32)


_HELD = ("part", "links", "blocks", "prose")
_NEIGHBOURS = ("before", "after", "before2", "after2", "before3", "after3")
COLUMNS: tuple[str, ...] = (
    "size", "linked", "strong", "breaks", "is_p", "heading", "is_li", "is_div",
    "ending", "beginning", "commas", "digits", "capitals", "sentences", "words", "promotion",
    "copies", "is_title", "in_description", "stated",
    "link_share", "strong_share",
    *(f"{where}_{what}" for where in ("own", "holder", "outer") for what in _HELD),
    "depth", "depth_from_best", "up_from_best", "down_to", "in_article", "same_article", "best_prose",
    "place", "place_share", "from_headline", "prose_done", "prose_left", "page_prose", "page_blocks",
    *(f"{where}_{what}" for where in _NEIGHBOURS for what in ("size", "links")),
    *(f"{where}_{what}" for where in ("before", "after") for what in ("same_holder", "same_style", "is_p", "heading", "ending")),
    "plain_around3", "links_around3", "plain_around8", "links_around8",
    "prose_before", "prose_after",
    "style_count", "style_plain", "style_links", "style_prose",
    *(f"{group}:{name}" for group in ("own", "holder", "inside", "apart") for name in NAMES),
)  # fmt: skip
