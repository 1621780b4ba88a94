"""Turns trained weights into the int8 ONNX file: ``python models/attribution/export.py WEIGHTS… --data DIR --out FILE``.

Of several weights of one training their mean is taken. Scores both the full and the small model on the last
articles by date, and refuses a file that loses more than a point of F1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor

from data import Row, load, split
from evaluate import measure, network, scored, table, torch_network
from graph import graph
from model import base_folder
from pipeline.attribution.tagger.windows import WINDOW, Window, cut_pieces, frame_of, framed
from pipeline.attribution.tagger.words import read_words
from quantise import quantised

_LOSS_ALLOWED = 0.01
_LAYERS = 6
_SAMPLES = 128  # windows that the rounding of weights is made good on


def mean(weights: Sequence[Path]) -> dict[str, Tensor]:
    """Weights as they are used: of a checkpoint its running average, of several the mean of all."""
    loaded = [torch.load(path) for path in weights]
    kept = [one.get("average", one) for one in loaded]
    return {name: torch.stack([one[name] for one in kept]).mean(dim=0) for name in kept[0]}


def samples(rows: Sequence[Row], count: int) -> Iterator[Window]:
    """Full windows, each of another article, the same ones every time."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    frame, length = frame_of(tokenizer), WINDOW - 2
    random = Random(5)
    cut = (cut_pieces(read_words(row["text"]), tokenizer, frame) for row in random.sample(rows, len(rows)))
    long = [pieces for pieces in cut if len(pieces.ids) >= length]
    for pieces in long[:count]:
        yield framed(pieces, random.randrange(len(pieces.ids) - length + 1), length, frame)


def export(weights: dict[str, Tensor], windows: Sequence[Window], target: Path) -> None:
    full = {name: weight.numpy() for name, weight in weights.items()}
    ids, features = (np.stack([getattr(window, part) for window in windows]) for part in ("ids", "features"))
    onnx.save(graph(full, quantised(full, ids, features, _LAYERS), _LAYERS), target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", type=float, default=0.06)
    given = parser.parse_args()
    torch.set_num_threads(1)
    taught, held = split(load(given.data, "train"), given.held)
    weights = mean(given.weights)
    export(weights, list(samples(taught, _SAMPLES)), given.out)
    before, after = (measure(scored(held, run)) for run in (torch_network(weights), network(given.out)))
    print("full ", table(before))
    print("small", table(after), f"{given.out.stat().st_size / 1e6:.1f} MB")
    lost = {name: before[name].f1 - after[name].f1 for name in before}
    if max(lost.values()) > _LOSS_ALLOWED:
        sys.exit(f"the small model loses too much: {lost}")


if __name__ == "__main__":
    main()
