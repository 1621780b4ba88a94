"""How likely is each block to be part of the article?

Two logistic models, one after the other: the first judges a block by itself and its neighbours, the
second by how the first judged it, its neighbours and the elements they share. Their weights are data,
``block_weights.json`` beside this file, made by ``scripts/train_block_weights.py``; what they were made
from and how well they do stands in ``block_weights.md``.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from operator import getitem
from typing import Any

from pipeline.extract.blocks import Block, Box
from pipeline.extract.features import RELATIONS, SIZES, Bits, Described, Row, relation
from pipeline.extract.surroundings import NAMES

_CHANCE = (0.03, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.97)
_BINS = len(_CHANCE) + 1
_GAP = (1, 2, 3, 5, 9, 17, 40)

SECOND_SIZES: tuple[tuple[str, int], ...] = (
    ("chance", _BINS), ("before", _BINS + 1), ("after", _BINS + 1), ("before2", _BINS + 1), ("after2", _BINS + 1),
    ("around", _BINS), ("holder", _BINS), ("like", _BINS), ("near_best", RELATIONS), ("same_best", 3),
    ("gap_before", 8), ("gap_after", 8), ("done", 8), ("to_come", 8), ("page_size", 7),
    ("chance_holder", _BINS * _BINS), ("chance_before", _BINS * (_BINS + 1)), ("chance_after", _BINS * (_BINS + 1)),
    ("chance_best", _BINS * RELATIONS), ("chance_size", _BINS * 9), ("chance_tag", _BINS * 21), ("holder_best", _BINS * RELATIONS),
    ("like_best", _BINS * RELATIONS), ("around_tag", _BINS * 21),
)  # fmt: skip
BIT_GROUPS = ("own", "holder", "inside", "apart")


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A weight for each bin of each feature and for each bit of each group."""

    bias: float
    features: tuple[tuple[float, ...], ...]
    bits: tuple[tuple[float, ...], ...]

    def score(self, rows: Sequence[Row], bits: Sequence[Bits]) -> list[float]:
        known: list[dict[int, float]] = [{} for _ in self.bits]
        scores = []
        for row, masks in zip(rows, bits, strict=True):
            total = self.bias + sum(map(getitem, self.features, row))
            for weights, mask, sums in zip(self.bits, masks, known, strict=True):
                value = sums.get(mask)
                if value is None:
                    value = sums[mask] = sum(w for bit, w in enumerate(weights) if mask >> bit & 1)
                total += value
            scores.append(total)
        return scores


def model(data: dict[str, Any], sizes: Sequence[tuple[str, int]]) -> Model:
    return Model(
        bias=data["bias"],
        features=tuple(tuple(data["features"][name]) for name, _ in sizes),
        bits=tuple(tuple(data["bits"][group].get(name, 0.0) for name in NAMES) for group in BIT_GROUPS),
    )


@cache
def _models() -> tuple[Model, Model]:
    data = json.loads(files("pipeline.extract").joinpath("block_weights.json").read_text(encoding="utf-8"))
    return model(data["first"], SIZES), model(data["second"], SECOND_SIZES)


def chance(score: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def chances(blocks: Sequence[Block], described: Described) -> list[float]:
    """The probability of each block."""
    first, second = _models()
    guesses = [chance(score) for score in first.score(described.rows, described.bits)]
    rows = second_rows(blocks, described, guesses)
    return [chance(score) for score in second.score(rows, described.bits)]


def _bin(value: float) -> int:
    return bisect_right(_CHANCE, value)


def _means(keys: Sequence[object], blocks: Sequence[Block], guesses: Sequence[float]) -> list[float]:
    """For each block, the mean guess of the blocks that share its key, the long ones weighing more."""
    weight: dict[object, float] = defaultdict(float)
    mass: dict[object, float] = defaultdict(float)
    for key, block, guess in zip(keys, blocks, guesses, strict=True):
        size = min(block.size, 400) + 20
        weight[key] += size
        mass[key] += size * guess
    return [mass[key] / weight[key] for key in keys]


def _likeliest(blocks: Sequence[Block], guesses: Sequence[float]) -> Box | None:
    """The element that holds most of the text judged to be article."""
    mass: dict[int, float] = defaultdict(float)
    boxes: dict[int, Box] = {}
    for block, guess in zip(blocks, guesses, strict=True):
        if guess < 0.4:
            continue
        box: Box | None = block.box.parent or block.box
        for level in range(3):
            if box is None:
                break
            mass[id(box)] += guess * block.size * (1.0, 0.9, 0.8)[level]
            boxes[id(box)] = box
            box = box.parent
    return boxes[max(mass, key=mass.__getitem__)] if mass else None


def _distances(guesses: Sequence[float]) -> tuple[list[int], list[int]]:
    def one_way(order: range) -> list[int]:
        found, since = [0] * len(guesses), 99
        for place in order:
            found[place] = bisect_right(_GAP, since)
            since = 0 if guesses[place] > 0.7 else since + 1
        return found

    return one_way(range(len(guesses))), one_way(range(len(guesses) - 1, -1, -1))


def second_rows(blocks: Sequence[Block], described: Described, guesses: Sequence[float]) -> list[Row]:
    """What the second model sees, from what the first one guessed."""
    best = _likeliest(blocks, guesses)
    holders = [id(block.box.parent or block.box) for block in blocks]
    holder_means = _means(holders, blocks, guesses)
    styles = [(block.box.own, block.tag, (block.box.parent or block.box).own) for block in blocks]
    like_means = _means(styles, blocks, guesses)
    gap_before, gap_after = _distances(guesses)
    masses = [guess * block.size for guess, block in zip(guesses, blocks, strict=True)]
    whole = sum(masses) or 1.0
    page_size = bisect_right((200, 600, 1500, 3000, 6000, 12000), whole)
    done = 0.0
    rows: list[Row] = []
    count = len(blocks)
    binned = [_bin(guess) for guess in guesses]
    for i, block in enumerate(blocks):
        own = binned[i]
        tag, size = described.rows[i][3], described.rows[i][0]
        window = guesses[max(0, i - 4) : i + 5]
        near = relation(block, best)
        holder, like, around = _bin(holder_means[i]), _bin(like_means[i]), _bin(sum(window) / len(window))
        before = binned[i - 1] + 1 if i else 0
        after = binned[i + 1] + 1 if i + 1 < count else 0
        done_bin = bisect_right((0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999), done / whole)
        done += masses[i]
        left_bin = bisect_right((0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999), 1 - done / whole)
        rows.append((
            own, before, after, binned[i - 2] + 1 if i > 1 else 0, binned[i + 2] + 1 if i + 2 < count else 0,
            around, holder, like, near, 0 if best is None else 1 + (described.best is best), gap_before[i], gap_after[i],
            done_bin, left_bin, page_size, own * _BINS + holder, own * (_BINS + 1) + before, own * (_BINS + 1) + after,
            own * RELATIONS + near, own * 9 + size, own * 21 + tag, holder * RELATIONS + near, like * RELATIONS + near,
            around * 21 + tag,
        ))  # fmt: skip
    return rows
