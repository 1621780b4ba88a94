"""What do the pages of one outlet have in common, and what does that say of another page of it?

Lines that many pages share are no article's own: prompts, notes, boxes. Where the text of most pages stood in
elements of one style, the text of the next will too. Both are learnt without labels, from what the extractor
made of the pages one by one, so the same pages always teach the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from math import log
from statistics import median

import numpy as np

from pipeline.extract.blocks import Block
from pipeline.extract.features import Column, squeezed
from pipeline.records import Habit, Template

VERSION = "1"

# A line is shared if it stands on so many of the pages, and on two at least where there are more than a few.
_SHARE = 0.2
_FEW = 4
# Two pages with so much text in common tell one story, and teach what one of them does.
_SAME_STORY = 0.7
_LONG = 40  # characters from which a line is not alike by chance
# What is less likely is article by no knowledge. So many lines are kept, those of most pages first.
_LIKELY = 0.05
_MOST_LINES = 1_000
# How much the habits of a style count beside the page itself, in units of the logarithm of odds; and how much
# text it takes for a style to have any.
_WEIGHT = 0.25
_DOUBT = 200
_MOST = 1.0
# What speaks against a style counts half: of a style in which no text stood the next page may make its lists. Where
# it would take so much of a page's text away, the page is of another kind than those learnt from.
_AGAINST = 0.5
_OTHER_KIND = 0.3
_CLASS = re.compile(r' class="([^"]*)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the extractor made of one page."""

    digest: str
    blocks: Sequence[Block]
    chances: Sequence[float]  # of each block
    taken: frozenset[int]  # the places of the blocks that it took for article
    words: int = 0
    dated_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A template made ready for use."""

    lines: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)  # by style
    since: date | None = None  # the day that names the template


def learnt(outlet_id: str, since: date, readings: Sequence[Reading]) -> Template:
    """What these pages teach; of pages that tell one story, the first."""
    kept = _different(readings)
    pages_with: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for reading in kept:
        pages_with.update({mark(block.text) for block in reading.blocks})
    likely = {
        mark(block.text)
        for reading in kept
        for block, chance in zip(reading.blocks, reading.chances, strict=True)
        if chance > _LIKELY
    }
    least = _least(len(kept))
    lines = {line for line, count in pages_with.items() if count >= least and line in likely}
    for reading in kept:
        for block in reading.blocks:
            (taken if block.order in reading.taken else left)[style(block)] += block.size
    places = Counter(reading.dated_by for reading in kept if reading.dated_by)
    words = [reading.words for reading in kept if reading.words]
    return Template(
        outlet_id=outlet_id,
        since=since,
        version=VERSION,
        learnt_from=tuple(reading.digest for reading in readings),
        lines=tuple(sorted(sorted(lines), key=lambda line: -pages_with[line])[:_MOST_LINES]),
        habits=tuple(
            Habit(style=name, taken=taken[name], left=left[name])
            for name in sorted(taken.keys() | left.keys())
        ),
        median_words=int(median(words)) if words else 0,
        dated_by=min(places, key=lambda place: (-places[place], place)) if places else None,
    )


def _least(pages: int) -> float:
    return max(1 if pages <= _FEW else 2, _SHARE * pages)


def _different(readings: Iterable[Reading]) -> list[Reading]:
    """One reading for each story: a page that was captured twice, or changed a little, repeats itself."""
    kept: list[Reading] = []
    told: set[str] = set()
    for reading in readings:
        lines = {
            mark(block.text)
            for block in reading.blocks
            if block.order in reading.taken and block.size >= _LONG
        }
        if lines and len(lines & told) < _SAME_STORY * len(lines):
            kept.append(reading)
            told |= lines
    return kept


@lru_cache(maxsize=16)
def ready(template: Template | None) -> Known:
    """A template as ``judged`` takes it; one of another version teaches nothing."""
    if template is None or template.version != VERSION:
        return Known()
    return Known(
        lines=frozenset(template.lines),
        weights={habit.style: _weight(habit) for habit in template.habits},
        since=template.since,
    )


def _weight(habit: Habit) -> float:
    odds = _WEIGHT * log((habit.taken + _DOUBT) / (habit.left + _DOUBT))
    return max(-_MOST, min(_MOST, odds if odds > 0 else _AGAINST * odds))


def judged(known: Known, blocks: Sequence[Block], chances: Column) -> Column:
    """The chances of a page's blocks, in the light of what is known of its outlet."""
    if not known.weights and not known.lines:
        return chances
    better = np.array(chances, np.float32)
    likely = np.flatnonzero(better > _LIKELY).tolist()
    size = np.array([block.size for block in blocks], np.float32)
    shift = np.array([known.weights.get(style(blocks[place]), 0.0) for place in likely], np.float32)
    better[likely] = _shifted(better[likely], shift, size[likely])
    shared = [place for place in likely if mark(blocks[place].text) in known.lines]
    text = size * better
    if text[shared].sum() <= _SAME_STORY * text.sum():  # else they tell its own story: an earlier state of it
        better[shared] = 0
    return better


def _shifted(chances: Column, shift: Column, size: Column) -> Column:
    """Chances with their odds shifted; upwards only where the page is not of the kind that the shifts are of."""
    odds = chances * np.exp(shift)
    shifted: Column = odds / (odds + 1 - chances)
    text = size * chances
    lost = (size * np.maximum(chances - shifted, 0)).sum()
    if lost <= _OTHER_KIND * text.sum():
        return shifted
    return np.maximum(shifted, chances)


def known_share(known: Known, blocks: Sequence[Block]) -> float:
    """How much of a text stands in styles that the outlet's articles usually stand in; little where the layout is new."""
    whole = sum(block.size for block in blocks)
    usual = sum(block.size for block in blocks if known.weights.get(style(block), 0.0) > 0)
    return round(usual / whole, 3) if whole else 0.0


def mark(text: str) -> str:
    """A short name for a line: equal for the same letters and digits."""
    return blake2b(squeezed(text).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def style(block: Block) -> str:
    """The tag and classes of the element that a block stands in, and of the one around it."""
    box, around = block.box, block.box.parent
    return f"{box.tag}.{_classes(box.attributes)} {around.tag if around else ''}.{_classes(around.attributes) if around else ''}"


@lru_cache(maxsize=5_000)
def _classes(attributes: str) -> str:
    match = _CLASS.search(attributes)
    return ".".join(sorted(match[1].split())[:4]) if match else ""
