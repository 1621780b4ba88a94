"""How good is a model on labelled articles? ``python models/attribution/evaluate.py WEIGHTS --data DIR``.

WEIGHTS is a checkpoint of the training (``.pt``) or an exported model (``.onnx``); both run through the
same windows and the same decoding as in use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from data import Row, load, split
from model import InUse, base_folder, fresh
from pipeline.attribution.tagger.decode import DEFAULT, Found, Settings, Stretch, decode
from pipeline.attribution.tagger.network import open_network, reading
from pipeline.attribution.tagger.scores import Network, Reading, Scores, score_words
from pipeline.attribution.tagger.windows import Window, frame_of
from pipeline.attribution.tagger.words import Words, read_words
from pipeline.text import Span

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
from attribution_metrics import Count, Labelled, score

MEASURES = ("cue", "content_exact", "content_iou50", "source_head", "attribution", "core")


def torch_network(weights: Mapping[str, Tensor]) -> Network:
    model = fresh()
    model.load_state_dict(weights)
    in_use = InUse(model).eval()

    def run(window: Window) -> Reading:
        given = (torch.from_numpy(part) for part in (window.ids[None], window.features[None], window.at))
        with torch.no_grad():
            outputs = in_use(*given)
        return reading(*(output.detach().numpy() for output in outputs))

    return run


def network(weights: Path) -> Network:
    if weights.suffix != ".pt":
        return open_network(str(weights))
    kept = torch.load(weights)
    return torch_network(kept.get("average", kept))


def scored(rows: Iterable[Row], run: Network) -> list[tuple[Row, Words, Scores]]:
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    frame = frame_of(tokenizer)
    out = []
    for row in rows:
        words = read_words(row["text"])
        out.append((row, words, score_words(words, tokenizer, frame, run)))
    return out


def measure(read: Sequence[tuple[Row, Words, Scores]], settings: Settings = DEFAULT) -> dict[str, Count]:
    totals = dict.fromkeys(MEASURES, Count())
    for row, words, scores in read:
        predicted = [_labelled(found, words) for found in decode(scores, settings)]
        counts = score(
            row["text"], [_gold(one) for one in row["attributions"]], predicted, discard=row["discard"]
        )
        totals = {name: totals[name] + counts[name] for name in MEASURES}
    return totals


def _labelled(found: Found, words: Words) -> Labelled:
    return Labelled(
        source=_spans(found.source, words), cue=_spans(found.cue, words), content=_spans(found.content, words)
    )


def _spans(parts: tuple[Stretch, ...], words: Words) -> tuple[Span, ...]:
    return tuple((words.spans[part.begin][0], words.spans[part.end - 1][1]) for part in parts)


def _gold(row: Row) -> Labelled:
    source, cue, content = (tuple((s, e) for s, e in row[name]) for name in ("source", "cue", "content"))
    head = tuple(row["head"]) if row["head"] else None
    return Labelled(source=source, cue=cue, content=content, head=head)


def table(counts: dict[str, Count]) -> str:
    return "  ".join(
        f"{name} {100 * count.precision:.1f}/{100 * count.recall:.1f}/{100 * count.f1:.1f}"
        for name, count in counts.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("held", "dev"), default="held")
    parser.add_argument("--held", type=float, default=0.06)
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows = load(given.data, "dev") if given.part == "dev" else split(load(given.data, "train"), given.held)[1]
    print(table(measure(scored(rows, network(given.weights)))))


if __name__ == "__main__":
    main()
