"""Make ``pipeline/extract/block_weights.json`` from a corpus of labelled pages.

    python scripts/train_block_weights.py --corpus DIR [--out FILE] [--folds 5]

A block is taken for article when most of its 4-word shingles stand in the gold body (a shorter one when
it is a line of it). Outlets, not pages, are held out when the script says how well it does. The corpus
is in the format that bench/extraction.py reads; no text of it enters the weights file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

sys.path[:0] = [
    str(Path(__file__).resolve().parent.parent),
    str(Path(__file__).resolve().parent.parent / "bench"),
]

from extraction import Page, body_scores, read_corpus, shingles, tokens  # noqa: E402 - found by the path above
from pipeline.extract.blocks import Block  # noqa: E402 - the same
from pipeline.extract.body import Candidates, candidates  # noqa: E402 - the same
from pipeline.extract.features import SIZES, Bits, Row  # noqa: E402 - the same
from pipeline.extract.page import read_page  # noqa: E402 - the same
from pipeline.extract.scoring import BIT_GROUPS, SECOND_SIZES, chance, model, second_rows  # noqa: E402 - the same
from pipeline.extract.surroundings import NAMES  # noqa: E402 - the same

ROUND = 4


@dataclass(frozen=True, kw_only=True)
class Example:
    page: Page
    found: Candidates
    labels: np.ndarray
    weights: np.ndarray

    @property
    def blocks(self) -> list[Block]:
        return self.found.blocks


def label(
    blocks: Sequence[Block], gold: Sequence[str], optional: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """1 for article, and how much the block counts: its share of the article, optional lines nothing."""
    known = set(shingles("\n".join(gold)))
    lines = {tuple(tokens(line)) for line in gold}
    spare = {tuple(tokens(gold[place])) for place in optional}
    spare_shingles = set(shingles("\n".join(gold[place] for place in optional))) if optional else set()
    total = sum(len(tokens(line)) for line in gold) or 1
    labels, weights = np.zeros(len(blocks)), np.zeros(len(blocks))
    for place, block in enumerate(blocks):
        words = tuple(tokens(block.text))
        runs = shingles(block.text)
        right = (
            words in lines if len(words) < 4 else sum(1 for run in runs if run in known) >= 0.6 * len(runs)
        )
        labels[place] = float(bool(words) and right)
        weights[place] = min(len(words), 150) / total + 0.0015
        if words in spare or (
            len(words) >= 4 and sum(1 for run in runs if run in spare_shingles) > 0.6 * len(runs)
        ):
            weights[place] = 0.0
    return labels, weights


def examples(corpus: Path) -> list[Example]:
    made = []
    for page in read_corpus(corpus):
        if page.kind != "article" or not page.gold.get("body"):
            continue
        found = candidates(read_page(page.html, page.url))
        labels, weights = label(found.blocks, page.gold["body"], page.gold.get("optional", ()))
        if labels.sum():  # else the text is not in the markup, and there is nothing to learn
            made.append(Example(page=page, found=found, labels=labels, weights=weights))
    return made


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Rows as places in one long list of weights; bits as a dense table after them."""

    places: np.ndarray
    bits: np.ndarray


def matrix(rows: Sequence[Row], bits: Sequence[Bits], sizes: Sequence[tuple[str, int]]) -> Matrix:
    starts = np.cumsum([0, *(size for _, size in sizes)])[:-1]
    masks = np.array(bits, dtype=np.uint64)
    table = (masks[:, :, None] >> np.arange(len(NAMES), dtype=np.uint64)) & np.uint64(1)
    return Matrix(places=np.array(rows) + starts, bits=table.reshape(len(rows), -1).astype(np.float32))


def fit(
    data: Matrix, labels: np.ndarray, weights: np.ndarray, width: int, decay: float, rounds: int
) -> np.ndarray:
    """Logistic regression by Adam on all the data at once; ``decay`` pulls weights to zero."""
    bit_count = data.bits.shape[1]
    beta = np.zeros(width + bit_count + 1, dtype=np.float64)
    first, second = np.zeros_like(beta), np.zeros_like(beta)
    weights = weights / weights.sum()
    flat = data.places.ravel()
    repeat = data.places.shape[1]
    for step in range(1, rounds + 1):
        score = beta[data.places].sum(1) + data.bits @ beta[width:-1].astype(np.float32) + beta[-1]
        error = weights * (1 / (1 + np.exp(-np.clip(score, -30, 30))) - labels)
        slope = np.concatenate(
            (
                np.bincount(flat, np.repeat(error, repeat), minlength=width),
                error.astype(np.float32) @ data.bits,
                [error.sum()],
            )
        )
        slope[:-1] += decay * beta[:-1]
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        rate = 0.08 * (1 - step / rounds) + 0.002
        beta -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
    return beta


def as_data(beta: np.ndarray, sizes: Sequence[tuple[str, int]]) -> dict[str, Any]:
    numbers = [round(float(value), ROUND) for value in beta]
    features, at = {}, 0
    for name, size in sizes:
        features[name] = numbers[at : at + size]
        at += size
    bits = {}
    for group in BIT_GROUPS:
        bits[group] = {
            name: value for name, value in zip(NAMES, numbers[at : at + len(NAMES)], strict=True) if value
        }
        at += len(NAMES)
    return {"bias": numbers[-1], "features": features, "bits": bits}


def train(
    parts: Sequence[Example],
    rows: Sequence[Sequence[Row]],
    sizes: Sequence[tuple[str, int]],
    decay: float,
    rounds: int,
) -> dict[str, Any]:
    data = matrix(
        [row for page in rows for row in page], [b for e in parts for b in e.found.described.bits], sizes
    )
    labels = np.concatenate([example.labels for example in parts])
    weights = np.concatenate([example.weights for example in parts])
    return as_data(fit(data, labels, weights, sum(size for _, size in sizes), decay, rounds), sizes)


def guess(
    example: Example, rows: Sequence[Row], data: dict[str, Any], sizes: Sequence[tuple[str, int]]
) -> list[float]:
    return [chance(score) for score in model(data, sizes).score(rows, example.found.described.bits)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("pipeline/extract/block_weights.json"))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--decay", type=float, default=2e-3)
    parser.add_argument("--rounds", type=int, default=120)
    options = parser.parse_args()
    known = examples(options.corpus)
    fold = [crc32(example.page.outlet.encode()) % options.folds for example in known]
    described = [example.found.described.rows for example in known]
    guesses: list[list[float]] = [[] for _ in known]
    for held in range(options.folds):
        inside = [i for i in range(len(known)) if fold[i] != held]
        first = train(
            [known[i] for i in inside], [described[i] for i in inside], SIZES, options.decay, options.rounds
        )
        for i in range(len(known)):
            if fold[i] == held:
                guesses[i] = guess(known[i], described[i], first, SIZES)
    rows = [second_rows(e.blocks, e.found.described, g) for e, g in zip(known, guesses, strict=True)]
    finals: list[list[float]] = [[] for _ in known]
    for held in range(options.folds):
        inside = [i for i in range(len(known)) if fold[i] != held]
        second = train(
            [known[i] for i in inside], [rows[i] for i in inside], SECOND_SIZES, options.decay, options.rounds
        )
        for i in range(len(known)):
            if fold[i] == held:
                finals[i] = guess(known[i], rows[i], second, SECOND_SIZES)
    for name, answers in (("first", guesses), ("second", finals)):
        for threshold in (0.25, 0.3, 0.35, 0.4, 0.5):
            print(f"{name} {threshold:.2f} {mean_f1(known, answers, threshold):.4f}")
    print(
        f"perfect choice of blocks {mean_f1(known, [list(e.labels) for e in known], 0.5):.4f} on {len(known)} pages"
    )
    data = {
        "first": train(known, described, SIZES, options.decay, options.rounds),
        "second": train(known, rows, SECOND_SIZES, options.decay, options.rounds),
    }
    options.out.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


def mean_f1(known: Sequence[Example], answers: Sequence[Sequence[float]], threshold: float) -> float:
    scores = []
    for example, answer in zip(known, answers, strict=True):
        body = "\n".join(b.text for b, p in zip(example.blocks, answer, strict=True) if p > threshold)
        scores.append(body_scores(body, example.page.gold["body"], example.page.gold.get("optional", ()))[2])
    return float(np.mean(scores))


if __name__ == "__main__":
    sys.exit(main())
