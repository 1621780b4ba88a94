"""Make ``pipeline/extract/block_trees.json`` from a corpus of labelled pages; needs catboost.

    python scripts/train_block_trees.py --corpus DIR [--out FILE] [--folds 5]

A block is taken for article when most of its 4-word shingles stand in the gold body (a shorter one when
it is a line of it). The script says how well the whole extractor does on pages whose outlets were held out of the
training, alone and with others of their outlet at hand, and with ``--out`` writes trees of all pages. The corpus is
in the format that bench/extraction.py reads; no text of it enters the file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
from catboost import CatBoostClassifier

sys.path[:0] = [
    str(Path(__file__).resolve().parent.parent),
    str(Path(__file__).resolve().parent.parent / "bench"),
]

from extraction import (  # noqa: E402
    Answer,
    Extractor,
    Page,
    beside_others,
    body_scores,
    read_corpus,
    shingles,
    tokens,
    wirewatch,
)

from pipeline.extract import body, scoring  # noqa: E402
from pipeline.extract.blocks import Block  # noqa: E402
from pipeline.extract.features import COLUMNS  # noqa: E402
from pipeline.extract.page import read_page  # noqa: E402

SETTINGS = {
    "iterations": 600, "depth": 6, "learning_rate": 0.04, "l2_leaf_reg": 6, "border_count": 64, "rsm": 0.4,
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


def fold_of(page: Page, folds: int) -> int:
    return crc32(page.outlet.encode()) % folds


def perfect(known: Sequence[Example]) -> float:
    """What the best choice of blocks would reach."""
    return mean(
        f1(example.page, "\n".join(block.text for block, is_article in zip(example.blocks, example.labels, strict=True) if is_article))
        for example in known
    )  # fmt: skip


def f1(page: Page, text: str) -> float:
    return body_scores(text, page.gold["body"], page.gold.get("optional", ()))[2]


def report(name: str, pages: Sequence[Page], read: Extractor) -> None:
    """How good the whole extractor is on pages whose outlets its trees have not seen."""
    if not pages:
        print(f"{name}: no such page")
        return
    scores: dict[str, list[float]] = {"all": []}
    for page in pages:
        score = f1(page, read(page).body)
        for source in ("all", page.source):
            scores.setdefault(source, []).append(score)
    above = mean(score > 0.95 for score in scores["all"])
    print(f"{name}: mean F1 {mean(scores['all']):.4f}, above 0.95 {above:.1%}, {len(pages)} pages;")
    print(
        "  " + ", ".join(f"{source} {mean(of):.4f} ({len(of)})" for source, of in sorted(scores.items())),
        flush=True,
    )


def report_held_out(known: Sequence[Example], folds: int) -> None:
    """Each page by trees that were made without any page of its outlet; so are the pages that teach its template."""
    forests = [
        scoring.forest(fit([example for example in known if fold_of(example.page, folds) != held]))
        for held in range(folds)
    ]

    def trees(page: Page) -> scoring.Forest:
        return forests[fold_of(page, folds)]

    def alone(page: Page) -> Answer:
        return wirewatch(page, trees=trees(page))

    pages = [example.page for example in known]
    addresses = {(page.outlet, page.url) for page in pages}
    counts = Counter(outlet for outlet, _ in addresses)
    beside = [page for page in pages if counts[page.outlet] > 1]
    report("outlets held out, a page alone", pages, alone)
    report("outlets held out, those whose outlet has others, alone", beside, alone)
    report("outlets held out, those with the others known", beside, beside_others(pages, trees))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument(
        "--out", type=Path, help="where to write trees of all pages; without it, figures alone"
    )
    parser.add_argument("--folds", type=int, default=5, help="0: no figures")
    options = parser.parse_args()
    known = examples(options.corpus)
    if options.out:
        data = fit(known)
        lines = [json.dumps(tree, separators=(",", ":")) for tree in data["trees"]]
        options.out.write_text(
            f'{{"bias":{data["bias"]},"trees":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8"
        )
    print(f"perfect choice of blocks: mean F1 {perfect(known):.4f}, {len(known)} pages")
    if options.folds:
        report_held_out(known, options.folds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
