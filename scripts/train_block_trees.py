"""Make ``pipeline/extract/block_trees.json`` from a corpus of labelled pages; needs catboost.

    python scripts/train_block_trees.py --corpus DIR [--out FILE] [--folds 5]

A block is taken for article when most of its 4-word shingles stand in the gold body (a shorter one when
it is a line of it). Outlets, not pages, are held out when the script says how well it does; ``--folds 0``
leaves that out. The corpus is in the format that bench/extraction.py reads; no text of it enters the file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
from catboost import CatBoostClassifier

sys.path[:0] = [
    str(Path(__file__).resolve().parent.parent),
    str(Path(__file__).resolve().parent.parent / "bench"),
]

from extraction import Page, body_scores, read_corpus, shingles, tokens  # noqa: E402

from pipeline.extract import body, scoring  # noqa: E402
from pipeline.extract.blocks import Block  # noqa: E402
from pipeline.extract.features import COLUMNS  # noqa: E402
from pipeline.extract.page import read_page  # noqa: E402

SETTINGS = {
    "iterations": 250, "depth": 6, "learning_rate": 0.08, "l2_leaf_reg": 6, "border_count": 64, "rsm": 0.4,
    "bootstrap_type": "Bernoulli", "subsample": 0.7, "loss_function": "Logloss", "random_seed": 1, "thread_count": 2,
    "verbose": False, "allow_writing_files": False,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Example:
    page: Page
    blocks: list[Block]
    table: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


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
        if page.kind == "article" and page.gold.get("body"):
            found = body.candidates(read_page(page.html, page.url))
            labels, weights = label(found.blocks, page.gold["body"], page.gold.get("optional", ()))
            made.append(
                Example(page=page, blocks=found.blocks, table=found.table, labels=labels, weights=weights)
            )
    return made


def fit(parts: Sequence[Example]) -> dict[str, Any]:
    parts = [example for example in parts if example.labels.any()]  # else the text is not in the markup
    weights = np.concatenate([example.weights for example in parts])
    model = CatBoostClassifier(**SETTINGS)
    model.fit(
        np.concatenate([example.table.T for example in parts]),
        np.concatenate([example.labels for example in parts]),
        sample_weight=weights / weights.mean(),
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.json"
        model.save_model(str(file), format="json")
        return as_data(json.loads(file.read_text(encoding="utf-8")))


def as_data(written: dict[str, Any]) -> dict[str, Any]:
    """What catboost wrote, by the names of features and without what nobody reads."""
    (scale, (bias,)) = written["scale_and_bias"]
    trees = [
        {
            "asks": [
                [COLUMNS[ask["float_feature_index"]], round(ask["border"], 5)] for ask in tree["splits"]
            ],
            "leaves": [round(value * scale, 4) for value in tree["leaf_values"]],
        }
        for tree in written["oblivious_trees"]
    ]
    return {"bias": round(bias, 5), "trees": trees}


def mean_f1(known: Sequence[Example], answers: Sequence[np.ndarray], threshold: float) -> float:
    """As the extractor chooses, but without its fallbacks."""
    scores = []
    for example, answer in zip(known, answers, strict=True):
        chosen = body.chosen(example.blocks, answer.tolist(), threshold)
        gold = example.page.gold
        text = "\n".join(block.text for block in chosen)
        scores.append(body_scores(text, gold["body"], gold.get("optional", ()))[2])
    return float(np.mean(scores))


def held_out(known: Sequence[Example], folds: int) -> list[np.ndarray]:
    """Each page's chances by a forest that saw no page of its outlet."""
    fold = [crc32(example.page.outlet.encode()) % folds for example in known]
    answers: list[np.ndarray] = [np.zeros(0)] * len(known)
    for held in range(folds):
        trees = scoring.forest(fit([e for e, own in zip(known, fold, strict=True) if own != held]))
        for place, example in enumerate(known):
            if fold[place] == held:
                answers[place] = trees.chances(example.table)
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("pipeline/extract/block_trees.json"))
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    known = examples(options.corpus)
    data = fit(known)
    lines = [json.dumps(tree, separators=(",", ":")) for tree in data["trees"]]
    options.out.write_text(
        f'{{"bias":{data["bias"]},"trees":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8"
    )
    perfect = mean_f1(known, [example.labels for example in known], 0.5)
    print(f"perfect choice of blocks {perfect:.4f} on {len(known)} pages")
    if options.folds:
        answers = held_out(known, options.folds)
        for threshold in (0.3, 0.35, 0.4, 0.45, 0.5):
            print(
                f"outlets held out, threshold {threshold:.2f}: {mean_f1(known, answers, threshold):.4f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
