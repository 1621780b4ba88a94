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

    features: NDArray[np.intp]  # of each question, tree by tree, level by level
    thresholds: Table
    leaves: NDArray[np.float32]  # of all trees, one after the other
    starts: NDArray[np.intp]  # of each tree's leaves
    bias: float

    def chances(self, table: Table) -> Column:
        """The probability of every block of a table."""
        trees, width = len(self.starts), table.shape[1]
        levels = len(self.features) // trees
        answers = (table[self.features] > self.thresholds[:, None]).reshape(trees, levels, width)
        place = np.zeros((trees, width), np.intp) + self.starts[:, None]
        for level in range(levels):
            place += answers[:, level].astype(np.intp) << level
        score: Column = self.leaves[place].sum(0) + np.float32(self.bias)
        chance: Column = 1 / (1 + np.exp(-score))
        return chance


def forest(data: Mapping[str, Any], columns: Sequence[str] = COLUMNS) -> Forest:
    """A forest from its data: each tree's questions (feature, threshold) and the values of its leaves."""
    place = {name: number for number, name in enumerate(columns)}
    depth = max(len(tree["asks"]) for tree in data["trees"])
    features: list[int] = []
    thresholds: list[float] = []
    leaves = []
    for tree in data["trees"]:
        spare = depth - len(tree["asks"])  # questions that no block answers with yes
        features += [*(place[name] for name, _ in tree["asks"]), *([0] * spare)]
        thresholds += [*(threshold for _, threshold in tree["asks"]), *([float("inf")] * spare)]
        leaves.append([*tree["leaves"], *([0.0] * ((1 << depth) - len(tree["leaves"])))])
    return Forest(
        features=np.array(features, np.intp),
        thresholds=np.array(thresholds, np.float32),
        leaves=np.array(leaves, np.float32).ravel(),
        starts=np.arange(len(leaves), dtype=np.intp) << depth,
        bias=float(data["bias"]),
    )


@cache
def _forest() -> Forest:
    return forest(
        json.loads(files("pipeline.extract").joinpath("block_trees.json").read_text(encoding="utf-8"))
    )


def chances(table: Table) -> Column:
    """The probability of each block, from the table of its features."""
    return _forest().chances(table)
