"""How likely is each block to be part of the article?

A forest of small decision trees judges each block by what it says, its neighbours and its surroundings. The
trees are data, ``block_trees.json`` beside this file, made by ``scripts/train_block_trees.py``; what they were
made from and how well they do stands in ``block_trees.md``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.features import COLUMNS, Column, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Forest:
    """Trees that ask one question on a whole level: each answer is a bit, the bits are the leaf's place."""

    features: NDArray[np.intp]  # of each question; trees share questions
    thresholds: Table
    asks: NDArray[np.intp]  # by level and tree: which question
    leaves: NDArray[np.float32]  # of all trees, one after the other
    starts: NDArray[np.int32]  # of each tree's leaves
    bias: float

    def chances(self, table: Table) -> Column:
        """The probability of every block of a table."""
        answers = (table[self.features] > self.thresholds[:, None]).view(np.uint8)
        place = answers.take(self.asks[-1], axis=0)
        for asked in self.asks[-2::-1]:  # the first level's answer is the lowest bit
            place += place
            place |= answers.take(asked, axis=0)
        score: Column = self.leaves.take(place + self.starts[:, None]).sum(0) + np.float32(self.bias)
        chance: Column = 1 / (1 + np.exp(-score))
        return chance


def forest(data: Mapping[str, Any], columns: Sequence[str] = COLUMNS) -> Forest:
    """A forest from its data: each tree's questions (feature, threshold) and the values of its leaves."""
    place = {name: number for number, name in enumerate(columns)}
    depth = max(len(tree["asks"]) for tree in data["trees"])
    questions: dict[tuple[int, float], int] = {}
    asks, leaves = [], []
    for tree in data["trees"]:
        stated = [(place[name], threshold) for name, threshold in tree["asks"]]
        stated += [(0, float("inf"))] * (depth - len(stated))  # which no block answers with yes
        asks.append([questions.setdefault(question, len(questions)) for question in stated])
        leaves.append([*tree["leaves"], *([0.0] * ((1 << depth) - len(tree["leaves"])))])
    return Forest(
        features=np.array([feature for feature, _ in questions], np.intp),
        thresholds=np.array([threshold for _, threshold in questions], np.float32),
        asks=np.array(asks, np.intp).T.copy(),
        leaves=np.array(leaves, np.float32).ravel(),
        starts=np.arange(len(leaves), dtype=np.int32) << depth,
        bias=float(data["bias"]),
    )


@cache
def _forest() -> Forest:
    return forest(
        json.loads(files("pipeline.extract").joinpath("block_trees.json").read_text(encoding="utf-8"))
    )


def chances(table: Table, trees: Forest | None = None) -> Column:
    """The probability of each block, from the table of its features; by other trees where some are given."""
    return (trees or _forest()).chances(table)
