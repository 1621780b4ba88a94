"""How well and how fast are attributions read? Scores an engine on a labelled file.

    python bench/attribution.py --labelled dev.jsonl.gz [--engine rules] [--peers] [--json figures.json]

A labelled file has one JSON article a line: ``text``, ``date``, ``title``, and ``attributions`` with
``source``, ``cue``, ``content`` (lists of offset pairs), ``head`` and ``names``; ``named_sources`` and
``discard`` where known. Without one, only speed and memory are measured, on the bundled samples.
The measures are those of ``attribution_metrics.py``; intervals are of 95 %, bootstrapped over articles.
``--lengths`` also reads one text of each of these many words: a reader whose time is linear reads all at one speed.
``--peers`` also measures textacy's direct quotations and a baseline on spaCy's parse (en_core_web_sm) on the same
articles, in an environment of their own that is made once in ``--environments``, outside this tree.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attribution_metrics import CLASSES, METRICS, Count, Labelled, score
from extraction import ENVIRONMENTS, environment

from pipeline.attribution import read
from pipeline.records import Attribution
from pipeline.text import word_count

Engine = Callable[[str, str | None, datetime | None], Sequence[Attribution]]

_RESAMPLES = 400
_HERE = Path(__file__).resolve().parent
_PEERS = ("textacy", "spacy")
_SAMPLES = _HERE.parent / "samples" / "articles"


def model(text: str, title: str | None, published_at: datetime | None) -> Sequence[Attribution]:
    """The trained tagger, as the pipeline calls it."""
    return read(text, title=title, published_at=published_at, language="en").attributions


def rules(text: str, title: str | None, published_at: datetime | None) -> Sequence[Attribution]:
    """The engine without a model."""
    return read(text, title=title, published_at=published_at, language="en", engine=None).attributions


ENGINES: dict[str, Engine] = {"model": model, "rules": rules}


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one engine made of a set of articles."""

    counts: list[dict[str, Count]]  # by article
    words: int
    cpu_seconds: float
    peak_megabytes: float

    @property
    def words_per_second(self) -> float:
        return self.words / self.cpu_seconds if self.cpu_seconds else 0.0


def articles(path: Path) -> Iterator[dict[str, Any]]:
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    for line in text.decode("utf-8").strip().split("\n"):
        yield json.loads(line)


def samples() -> Iterator[dict[str, Any]]:
    """The bundled samples' prose, unlabelled: to measure speed where nothing else is at hand."""
    for path in sorted(_SAMPLES.glob("*/*.md")):
        yield {"text": path.read_text(encoding="utf-8").split("+++", 2)[-1]}


def run(engine: Engine, rows: Sequence[dict[str, Any]]) -> Run:
    engine("Warm up, she said.", None, None)
    counts: list[dict[str, Count]] = []
    seconds, words = 0.0, 0
    for row in rows:
        published_at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) if row.get("date") else None
        start = time.process_time()
        found = engine(row["text"], row.get("title"), published_at)
        seconds += time.process_time() - start
        words += word_count(row["text"])
        if "attributions" in row:
            counts.append(_score(row, found))
    return Run(counts=counts, words=words, cpu_seconds=seconds, peak_megabytes=peak_megabytes())


def run_peer(name: str, rows: Sequence[dict[str, Any]], environments: Path) -> Run:
    """The same of a peer, which names nobody."""
    python = environment(_HERE / "peers" / "attribution" / "textacy.txt", environments / "textacy")
    with TemporaryDirectory() as folder:
        texts, out = Path(folder) / "texts.jsonl", Path(folder) / "found.jsonl"
        texts.write_text("".join(json.dumps(row["text"]) + "\n" for row in rows), encoding="utf-8")
        subprocess.run(
            [python, "-I", _HERE / "peers" / "attribution" / "run.py", name, texts, out], check=True
        )
        said = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    counts = [
        _scored(row, [_labelled(one) for one in given["found"]])
        for row, given in zip(rows, said, strict=True)
        if "attributions" in row
    ]
    return Run(
        counts=counts,
        words=sum(word_count(row["text"]) for row in rows),
        cpu_seconds=sum(given["seconds"] for given in said),
        peak_megabytes=max(given["peak_mb"] for given in said),
    )


def _score(row: dict[str, Any], found: Sequence[Attribution]) -> dict[str, Count]:
    return _scored(
        row,
        [
            Labelled(source=a.source, cue=a.cue, content=a.content, names=(a.name,) if a.name else ())
            for a in found
            if a.inside is None
        ],
    )


def _scored(row: dict[str, Any], predicted: Sequence[Labelled]) -> dict[str, Count]:
    return score(
        row["text"],
        [_labelled(label) for label in row["attributions"]],
        predicted,
        named=[(name["name"], name.get("via") == "coref") for name in row.get("named_sources", ())],
        discard=[(start, end) for start, end in row.get("discard", ())],
    )


def _labelled(label: dict[str, Any]) -> Labelled:
    head = label.get("head")
    return Labelled(
        source=tuple((start, end) for start, end in label["source"]),
        cue=tuple((start, end) for start, end in label["cue"]),
        content=tuple((start, end) for start, end in label["content"]),
        head=(head[0], head[1]) if head else None,
        names=tuple(label.get("names") or ()),
    )


def total(counts: Sequence[dict[str, Count]], metric: str) -> Count:
    return sum((article[metric] for article in counts), Count())


def interval(counts: Sequence[dict[str, Count]], metric: str, resamples: int) -> tuple[float, float]:
    """The middle 95 % of F1 over resampled sets of articles; the seed is fixed."""
    chance = random.Random(20160327)  # noqa: S311 - statistics, no secret
    scores = sorted(total(chance.choices(counts, k=len(counts)), metric).f1 for _ in range(max(1, resamples)))
    return scores[int(0.025 * len(scores))], scores[min(len(scores) - 1, int(0.975 * len(scores)))]


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(name: str, result: Run, resamples: int) -> dict[str, float | str | int]:
    """Prints what came of a run, and returns its figures."""
    figures: dict[str, float | str | int] = {
        "engine": name,
        "articles": len(result.counts),
        "words": result.words,
        "words_per_cpu_second": round(result.words_per_second),
        "peak_megabytes": round(result.peak_megabytes, 1),
    }
    print(f"{name}: {result.words} words")
    if result.counts:
        print(f"{'metric':15} {'P':>6} {'R':>6} {'F1':>6}   95 % interval of F1")
    for metric in (*METRICS, *CLASSES) if result.counts else ():
        count = total(result.counts, metric)
        low, high = interval(result.counts, metric, resamples)
        print(
            f"{metric:15} {100 * count.precision:6.1f} {100 * count.recall:6.1f} {100 * count.f1:6.1f}"
            f"   {100 * low:.1f}-{100 * high:.1f}"
        )
        figures |= {
            f"{metric}_precision": round(count.precision, 4),
            f"{metric}_recall": round(count.recall, 4),
            f"{metric}_f1": round(count.f1, 4),
            f"{metric}_f1_low": round(low, 4),
            f"{metric}_f1_high": round(high, 4),
        }
    print(f"words per CPU second {result.words_per_second:,.0f} · peak memory {result.peak_megabytes:.0f} MB")
    return figures


def run_lengths(engine: Engine, rows: Sequence[dict[str, Any]], lengths: Sequence[int]) -> dict[str, int]:
    """Words a CPU second of single texts, made of the articles one behind the other, again and again."""
    figures: dict[str, int] = {}
    for length in lengths:
        parts: list[str] = []
        words = 0
        for row in cycle(rows):
            parts.append(row["text"])
            words += word_count(row["text"])
            if words >= length:
                break
        text = " ".join("\n\n".join(parts).split(" ")[:length])
        start = time.process_time()
        engine(text, None, None)
        seconds = time.process_time() - start
        speed = round(word_count(text) / seconds)
        print(
            f"a text of {word_count(text):,} words: {speed:,} words per CPU second, {peak_megabytes():.0f} MB"
        )
        figures[f"words_per_cpu_second_of_{length}"] = speed
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labelled", type=Path, help="a JSONL file, gzipped or not")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="model")
    parser.add_argument("--limit", type=int, help="only the first so many articles")
    parser.add_argument("--resamples", type=int, default=_RESAMPLES, help="for the intervals")
    parser.add_argument("--lengths", type=int, nargs="*", default=[], help="such as 1000 100000")
    parser.add_argument("--peers", action="store_true", help="textacy and spaCy as well")
    parser.add_argument(
        "--environments", type=Path, default=ENVIRONMENTS, help="where the peers' is made and kept"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    rows = list(articles(options.labelled) if options.labelled else samples())[: options.limit]
    ours = run(ENGINES[options.engine], rows)
    figures = told(options.engine, ours, options.resamples)
    figures |= run_lengths(ENGINES[options.engine], rows, options.lengths)
    for name in _PEERS if options.peers else ():
        print()
        theirs = run_peer(name, rows, options.environments)
        figures |= {f"{name}_{key}": value for key, value in told(name, theirs, options.resamples).items()}
        times = ours.words_per_second / theirs.words_per_second
        print(f"{options.engine} reads {times:.1f} times the words of {name} in a CPU second")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
