"""Are copies found, are stories in other words left alone, and how fast are signatures made?

    python bench/duplicates.py --corpus FOLDER --json duplicates.json

FOLDER holds articles: lines of JSON (``*.jsonl``, ``*.jsonl.gz``) with a ``text``, ``body`` or ``gold.body``,
and files ``*.txt``. Pairs are made of them and labelled by the true share of four-word shingles in common,
worked out on sets of words, not by the code that is measured:

copies       light edits, truncation, a new lead, added boilerplate, and all of these together
other words  the article whose rare words are most alike, as two outlets write of one event; the same with
             one boilerplate under both, and with one quotation in both

Without a corpus, prose is generated. Recall is that of a shared band and of the verdict together.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from rensa import RMinHash

from pipeline import dedup
from pipeline.records import Member

_WORD = re.compile(r"[^\W_]+")
_AT = datetime(2016, 3, 27, tzinfo=UTC)
_BOILERPLATE = (
    "Reporting by our correspondents, writing and editing at the central desk. All times are local. "
    "This story was supplied by a partner agency and may have been shortened. Sign up for our morning "
    "letter, follow us on every network, and read our standards and corrections page to see how we work."
)
_RIVALS = ((32, 4), (42, 3), (32, 3), (25, 5))  # bands and places in each


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    kind: str
    one: str
    other: str
    similarity: float  # the true one


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, action="append", help="a folder of articles; may be repeated")
    parser.add_argument("--articles", type=int, default=1000, help="at most, for the pairs")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    random = Random(options.seed)  # noqa: S311
    texts = [text for folder in options.corpus or () for text in corpus(folder)] or generated(random)
    random.shuffle(texts)
    texts = texts[: options.articles]
    figures = {**quality(texts, random), **speed(texts)}
    for name, value in figures.items():
        print(f"{name:>36}  {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def quality(texts: list[str], random: Random) -> dict[str, float]:
    """Recall by true similarity and by kind of change, precision, and what other parameters would give."""
    copies = [pair for text in texts for pair in copied(text, texts, random)]
    strangers = list(others(texts))
    signatures = {
        text: dedup.signature(text) for pair in copies + strangers for text in (pair.one, pair.other)
    }
    alike = [pair for pair in copies if pair.similarity >= 0.5]
    own_words = [pair for pair in strangers if pair.similarity < 0.3]

    def found(pair: Pair, bands: int = dedup.BANDS, rows: int = dedup.ROWS) -> bool:
        one, other = signatures[pair.one], signatures[pair.other]
        if one is None or other is None:
            return False
        cuts = ((at * rows, (at + 1) * rows) for at in range(bands))
        return any(one[a:b] == other[a:b] for a, b in cuts) and dedup.are_copies(
            _member(1, one), _member(2, other)
        )

    right, wrong = sum(map(found, alike)), sum(map(found, own_words))
    figures: dict[str, float] = {
        "articles": len(texts),
        "pairs_of_copies": len(alike),
        "pairs_in_own_words": len(own_words),
        "recall": _share(right, len(alike)),
        # As if there were as many pairs of the one as of the other.
        "precision": _share(right / len(alike), right / len(alike) + wrong / max(1, len(own_words))),
        "own_words_taken_for_copies": wrong,
    }
    for low in (0.5, 0.6, 0.7, 0.8, 0.9):
        here = [
            pair for pair in alike if low <= pair.similarity < low + 0.1 or pair.similarity == low + 0.1 == 1
        ]
        figures[f"recall_from_{low}"] = _share(sum(map(found, here)), len(here))
    for kind in sorted({pair.kind for pair in alike}):
        here = [pair for pair in alike if pair.kind == kind]
        figures[f"recall_{kind}"] = _share(sum(map(found, here)), len(here))
    near = [pair for pair in alike if pair.similarity < 0.6]
    for bands, rows in _RIVALS:
        figures[f"recall_from_0.5_{bands}x{rows}"] = _share(
            sum(found(pair, bands, rows) for pair in near), len(near)
        )
    figures["candidates_an_article"] = round(_candidates(texts), 3)
    return figures


def copied(text: str, texts: list[str], random: Random) -> Iterator[Pair]:
    """Each kind of copy of a text, labelled."""
    other = random.choice(texts)
    changes: dict[str, Callable[[str], str]] = {
        "light_edits": lambda t: _edited(t, random.uniform(0.005, 0.09), random),
        "truncation": lambda t: " ".join(t.split(" ")[: int(len(t.split(" ")) * random.uniform(0.5, 0.97))]),
        "new_lead": lambda t: " ".join(
            [*other.split(" ")[: random.randint(20, 120)], *t.split(" ")[random.randint(10, 80) :]]
        ),
        "boilerplate": lambda t: f"{t}\n\n{' '.join(_BOILERPLATE.split()[: random.randint(15, 60)])}",
    }

    def all_of(t: str) -> str:
        for change in ("light_edits", "truncation", "boilerplate"):
            t = changes[change](t)
        return t

    for kind, change in {**changes, "all_together": all_of}.items():
        changed = change(text)
        if len(_WORD.findall(changed)) >= dedup.FEWEST_WORDS:
            yield Pair(kind=kind, one=text, other=changed, similarity=true_similarity(text, changed))


def others(texts: list[str]) -> Iterator[Pair]:
    """The pairs whose rare words are most alike, as they are, over one boilerplate, around one quotation."""
    counts = [Counter(word.lower() for word in _WORD.findall(text) if len(word) > 3) for text in texts]
    spread = Counter(word for count in counts for word in count)
    holding: dict[str, list[int]] = defaultdict(list)
    for at, count in enumerate(counts):
        for word in count:
            if 2 <= spread[word] <= len(texts) / 10:
                holding[word].append(at)
    for at, count in enumerate(counts):
        scores: Counter[int] = Counter()
        for word in count:
            for there in holding.get(word, ()):
                scores[there] += math.log(len(texts) / spread[word])  # type: ignore[assignment]  # counts of floats
        scores.pop(at, None)
        for there, _ in scores.most_common(2):
            one, other = texts[at], texts[there]
            quotation = " ".join(one.split(" ")[30:70])
            for kind, (first, second) in {
                "same_event": (one, other),
                "same_boilerplate": (f"{one}\n\n{_BOILERPLATE}", f"{other}\n\n{_BOILERPLATE}"),
                "same_quotation": (one, f"{other}\n\n{quotation}"),
            }.items():
                yield Pair(kind=kind, one=first, other=second, similarity=true_similarity(first, second))


def true_similarity(one: str, other: str) -> float:
    """The share of distinct four-word shingles in common."""
    left, right = _shingles(one), _shingles(other)
    return len(left & right) / max(1, len(left | right))


def speed(texts: list[str]) -> dict[str, float]:
    """Documents a second of processor time, against shingles joined as Python strings, in the same run."""
    rounds = max(1, 2000 // len(texts))

    def joined(text: str) -> None:
        words = _WORD.findall(text.casefold())
        minhash = RMinHash(dedup.PLACES, 1)
        minhash.update([" ".join(shingle) for shingle in zip(*(words[at:] for at in range(4)), strict=False)])
        minhash.digest()

    ours, strings = (_per_second(make, texts, rounds) for make in (dedup.signature, joined))
    return {
        "words_a_document": round(sum(len(_WORD.findall(text)) for text in texts) / len(texts)),
        "signatures_per_cpu_second": round(ours),
        "as_strings_per_cpu_second": round(strings),
        "times_faster_than_strings": round(ours / strings, 2),
    }


def corpus(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        if file.name.endswith((".jsonl", ".jsonl.gz")):
            opening = gzip.open if file.suffix == ".gz" else open
            with opening(file, "rt", encoding="utf-8") as lines:
                yield from filter(_is_long, (_text(json.loads(line)) for line in lines))
        elif file.suffix == ".txt":
            text = file.read_text(encoding="utf-8")
            if _is_long(text):
                yield text


def generated(random: Random, articles: int = 600) -> list[str]:
    """Prose of a vocabulary as uneven as a language's; every third article shares its rare words with the next."""
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    vocabulary = ["".join(random.choices(syllables, k=random.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    texts = []
    for at in range(articles):
        if at % 3 != 1:
            topic = random.choices(vocabulary[500:], k=40)
        words = random.choices(vocabulary, weights, k=random.randint(120, 900))
        words = [random.choice(topic) if random.random() < 0.12 else word for word in words]
        texts.append(" ".join(words))
    return texts


def _text(row: dict[str, Any]) -> str:
    body = row.get("text") or row.get("body") or (row.get("gold") or {}).get("body") or ""
    return body if isinstance(body, str) else "\n\n".join(body)


def _is_long(text: str) -> bool:
    return len(_WORD.findall(text)) >= 80


def _edited(text: str, rate: float, random: Random) -> str:
    words: list[str] = []
    for word in text.split(" "):
        if random.random() >= rate:
            words.append(word)
            continue
        words.extend({0: [], 1: [word, "reportedly"], 2: [word[::-1]]}[random.randrange(3)])
    return " ".join(words)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(zip(*(words[at:] for at in range(4)), strict=False))


def _candidates(texts: list[str]) -> float:
    """Pairs an article that share a band and are no copies: what blocking costs."""
    holding: dict[int, list[bytes]] = defaultdict(list)
    for signature in filter(None, map(dedup.signature, texts)):
        for band in dedup.bands(signature):
            holding[band].append(signature)
    pairs = {(one, other) for held in holding.values() for one in held for other in held if one < other}
    return sum(dedup.similarity(one, other) < dedup.LIKENESS for one, other in pairs) / len(texts)


def _per_second(make: Callable[[str], object], texts: list[str], rounds: int) -> float:
    best = math.inf
    for _ in range(rounds + 1):  # the first one makes the tables
        started = time.process_time()
        for text in texts:
            make(text)
        best = min(best, time.process_time() - started)
    return len(texts) / best


def _member(number: int, signature: bytes) -> Member:
    return Member(article_id=number, at=_AT, text_digest=str(number), signature=signature)


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 1.0


if __name__ == "__main__":
    main()
