"""How much of each page's article do we extract, how right is its metadata, and what does it cost?

    python bench/extraction.py --corpus DIR [--siblings] [--peers all] [--limit N] [--worst N] [--json FILE]

Scores the project and trafilatura (as it is, fast, and for precision) in the same run on the same pages; with
``--peers`` also newspaper4k, news-please, goose3, readability-lxml, resiliparse and fundus, each in an environment of its own that is
made once from ``bench/peers/NAME.txt`` in ``--environments``, outside this tree. The corpus has this format: a
``pages.jsonl`` with one page a line (``id``, ``source``, ``kind``, ``url``, ``outlet``, ``html``: a gzipped
file beside it, ``gold``: ``title``, ``authors``, ``published``, ``tags``, ``section``, ``language``, ``body`` as a
list of paragraphs, ``optional``: indices of ``body`` that count neither way). Only what the gold holds is
scored. Body: the mean over pages of the F1 of 4-word shingles, an empty answer scoring 0.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

# A word; each character of a script without spaces is one: "Palmyra", "2016", "巴".
_TOKEN = re.compile(
    "[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
SHINGLE = 4


@dataclass(frozen=True, kw_only=True)
class Page:
    page_id: str
    source: str
    kind: str
    url: str
    outlet: str
    html: bytes
    gold: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an extractor said of a page; ``article`` False: that it is none."""

    article: bool
    body: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


Extractor = Callable[[Page], Answer]


# ---- Metrics -------------------------------------------------------------------------------------


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).replace("\xad", "").lower())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words with how often each occurs; a shorter text is one run."""
    found = tokens(text)
    if len(found) <= SHINGLE:
        return Counter([tuple(found)] if found else [])
    return Counter(zip(*(found[place:] for place in range(SHINGLE)), strict=False))


def body_scores(body: str, gold: Sequence[str], optional: Iterable[int] = ()) -> tuple[float, float, float]:
    """Precision, recall and F1; what is optional is required of no one and held against no one."""
    left_out = set(optional)
    whole = shingles("\n".join(gold))
    required = shingles("\n".join(line for place, line in enumerate(gold) if place not in left_out))
    if not required:
        required = whole
    found = shingles(body) - (whole - required)
    if not found or not required:
        return 0.0, 0.0, 0.0
    shared = sum((found & required).values())
    precision, recall = shared / sum(found.values()), shared / sum(required.values())
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def same_title(answer: str | None, gold: str) -> bool:
    """Equal but for case, punctuation and spacing."""
    return answer is not None and tokens(answer) == tokens(gold)


def same_people(answer: Iterable[str], gold: Iterable[str]) -> bool:
    """The same set of names, but for case and punctuation."""
    return {tuple(tokens(name)) for name in answer} == {tuple(tokens(name)) for name in gold}


def set_f1(answer: Iterable[str], gold: Iterable[str]) -> float:
    said, right = {tuple(tokens(a)) for a in answer}, {tuple(tokens(g)) for g in gold}
    if not said or not right:
        return float(said == right)
    return 2 * len(said & right) / (len(said) + len(right))


def gold_instant(text: str) -> tuple[datetime, bool]:
    """The instant, and whether it has a time at all; what has no offset is read as UTC."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)), len(text) > 10


def same_day(answer: datetime | None, gold: str) -> bool:
    """The calendar day in the gold's own offset, or in UTC: a page without one leaves both open."""
    if answer is None:
        return False
    at, _ = gold_instant(gold)
    return (
        at.date() in (answer.astimezone(at.tzinfo).date(), answer.date())
        or answer.date() == at.astimezone(UTC).date()
    )


def same_minute(answer: datetime | None, gold: str) -> bool:
    at, _ = gold_instant(gold)
    return answer is not None and abs((answer - at).total_seconds()) < 60


def f1(right: int, said: int, wanted: int) -> float:
    return 2 * right / (said + wanted) if said + wanted else 0.0


# ---- Corpus and extractors -----------------------------------------------------------------------


def read_corpus(folder: Path, limit: int | None = None) -> Iterator[Page]:
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if limit is not None and place >= limit:
                return
            row = json.loads(line)
            yield Page(
                page_id=row["id"],
                source=row["source"],
                kind=row["kind"],
                url=row["url"],
                outlet=row["outlet"],
                html=gzip.decompress((folder / row["html"]).read_bytes()),
                gold=row["gold"],
            )


def wirewatch(page: Page, **options: Any) -> Answer:
    from pipeline.extract import extract
    from pipeline.records import Reject

    result = extract(page.html, page.url, **options)
    if isinstance(result, Reject):
        return Answer(article=False)
    return Answer(
        article=True,
        body=result.body,
        title=result.title,
        authors=result.authors,
        published_at=result.published_at,
        section=result.section,
        tags=result.tags,
        language=result.language,
    )


def trafilatura(page: Page, **options: bool) -> Answer:
    from trafilatura import bare_extraction

    found = bare_extraction(page.html, url=page.url, include_comments=False, with_metadata=True, **options)
    if found is None:
        return Answer(article=False)
    said = found.as_dict()
    published_at = datetime.fromisoformat(said["date"]).replace(tzinfo=UTC) if said["date"] else None
    return Answer(
        article=bool(said["text"]),
        body=said["text"] or "",
        title=said["title"],
        authors=tuple(name.strip() for name in (said["author"] or "").split(";") if name.strip()),
        published_at=published_at,
        section=(said["categories"] or [None])[0],
        tags=tuple(said["tags"] or ()),
        language=said["language"],
    )


EXTRACTORS: dict[str, Extractor] = {
    "wirewatch": wirewatch,
    "trafilatura": trafilatura,
    "traf-fast": partial(trafilatura, fast=True),
    "traf-precis": partial(trafilatura, favor_precision=True),
}


KNOWN = "known"  # the project with other pages of the outlet at hand


def beside_others(pages: Iterable[Page], trees: Callable[[Page], Any] = lambda _: None) -> Extractor:
    """The project where the other pages of a page's outlet are known, as they are from an archive.

    ``trees``: those to judge a page's blocks by, where not the bundled ones.
    """
    from pipeline.extract.learning import reading_of
    from pipeline.extract.template import Reading, learnt

    by_outlet: dict[str, list[tuple[str, Reading]]] = defaultdict(list)
    for page in pages:
        if page.kind == "article":
            reading = reading_of(page.html, page.url, digest=page.page_id, trees=trees(page))
            by_outlet[page.outlet].append((page.url, reading))

    def read(page: Page) -> Answer:
        others = [reading for url, reading in by_outlet[page.outlet] if url != page.url]
        template = learnt(page.outlet, date.min, others) if others else None
        return wirewatch(page, template=template, trees=trees(page))

    return read


# ---- Peers in environments of their own ----------------------------------------------------------

_HERE = Path(__file__).resolve().parent
ENVIRONMENTS = Path(gettempdir()) / "wirewatch-peers"
PEERS = tuple(sorted(file.stem for file in (_HERE / "peers").glob("*.txt")))


def peer_answers(name: str, corpus: Path, environments: Path) -> Iterator[tuple[str, Answer, float, float]]:
    """For each page: its id, what the peer said of it, CPU seconds, and its peak memory so far in MB.

    A page that the peer says it does not know at all (fundus, of other publishers) is left out.
    """
    python = environment(_HERE / "peers" / f"{name}.txt", environments / name)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "answers.jsonl"
        peer = subprocess.run(
            [python, "-I", _HERE / "extraction_peers.py", name, corpus, out],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if peer.returncode:
            raise SystemExit(f"{name} ended with {peer.returncode}:\n{peer.stderr[-2_000:]}")
        for line in out.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            if not said.get("unknown"):
                yield said["id"], answer_of(said), said["seconds"], said["peak_mb"]


def answer_of(said: Mapping[str, Any]) -> Answer:
    """A peer's line of JSON as an answer; a time without an offset is read as UTC."""
    published = said.get("published")
    at = datetime.fromisoformat(published) if published else None
    return Answer(
        article=bool(said.get("body")),
        body=said.get("body") or "",
        title=said.get("title") or None,
        authors=tuple(said.get("authors") or ()),
        published_at=at.replace(tzinfo=UTC) if at and at.tzinfo is None else at,
        tags=tuple(said.get("tags") or ()),
        language=said.get("language") or None,
    )


def environment(requirements: Path, folder: Path) -> Path:
    """The Python of a peer's environment, made where it is missing or its requirements have changed."""
    wanted = requirements.read_text(encoding="utf-8")
    python, made_from = folder / "bin" / "python", folder / "made-from.txt"
    if not made_from.is_file() or made_from.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        made_from.write_text(wanted, encoding="utf-8")
    return python


# ---- Scores --------------------------------------------------------------------------------------


@dataclass
class Tally:
    """One extractor's scores on one source of the corpus, or on all of it."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    said_article: int = 0
    is_article: int = 0
    right_article: int = 0
    peak_mb: float = 0.0  # of the process, which several extractors may share

    def add(self, page: Page, answer: Answer, seconds: float, peak_mb: float) -> None:
        self.peak_mb = max(self.peak_mb, peak_mb)
        self.values["cpu_ms"].append(seconds * 1000)
        real = page.kind == "article"
        self.said_article += answer.article
        self.is_article += real
        self.right_article += answer.article and real
        if real:
            for name, value in scores(page, answer).items():
                self.values[name].append(value)

    def figures(self) -> dict[str, float]:
        means = {name: sum(values) / len(values) for name, values in self.values.items() if values}
        if self.values["body_f1"]:
            means["body_above_95"] = sum(v > 0.95 for v in self.values["body_f1"]) / len(
                self.values["body_f1"]
            )
        means["slowest_ms"] = max(self.values["cpu_ms"], default=0.0)
        means["peak_mb"] = self.peak_mb
        means["article_f1"] = f1(self.right_article, self.said_article, self.is_article)
        return means


def scores(page: Page, answer: Answer) -> dict[str, float]:
    """Every score that the page's gold allows."""
    gold, found = page.gold, {}
    if gold.get("body"):
        found["body_p"], found["body_r"], found["body_f1"] = body_scores(
            answer.body, gold["body"], gold.get("optional", ())
        )
    if gold.get("title"):
        found["title"] = float(same_title(answer.title, gold["title"]))
    if "authors" in gold:
        found["authors"] = float(same_people(answer.authors, gold["authors"]))
    if isinstance(gold.get("published"), str) and gold["published"]:
        found["day"] = float(same_day(answer.published_at, gold["published"]))
        if gold_instant(gold["published"])[1]:
            found["minute"] = float(same_minute(answer.published_at, gold["published"]))
    if gold.get("section"):
        found["section"] = float(same_title(answer.section, gold["section"]))
    if gold.get("tags"):
        found["tags_f1"] = set_f1(answer.tags, gold["tags"])
    if gold.get("language"):
        found["language"] = float((answer.language or "")[:2] == gold["language"][:2])
    return found


COLUMNS = (
    "body_f1", "body_p", "body_r", "body_above_95", "title", "authors", "day", "minute", "section", "tags_f1", "language",
    "article_f1", "cpu_ms", "slowest_ms", "peak_mb",
)  # fmt: skip


def table(tallies: dict[tuple[str, str], Tally]) -> str:
    lines = [f"{'extractor':12} {'source':12} {'pages':>5} " + " ".join(f"{name[:9]:>9}" for name in COLUMNS)]
    for (extractor, source), tally in tallies.items():
        figures = tally.figures()
        cells = (f"{figures[name]:9.3f}" if name in figures else f"{'-':>9}" for name in COLUMNS)
        lines.append(f"{extractor:12} {source:12} {len(tally.values['cpu_ms']):5} " + " ".join(cells))
    return "\n".join(lines)


def add_peer(
    tallies: dict[tuple[str, str], Tally],
    name: str,
    pages: Mapping[str, Page],
    answers: Iterable[tuple[str, Answer, float, float]],
) -> None:
    """Score a peer's answers on the pages of this run."""
    for page_id, answer, seconds, peak_mb in answers:
        if (page := pages.get(page_id)) is not None:
            for source in ("all", page.source):
                tallies[name, source].add(page, answer, seconds, peak_mb)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with pages.jsonl")
    parser.add_argument("--only", choices=EXTRACTORS, help="this extractor alone")
    parser.add_argument("--peers", nargs="*", default=[], choices=(*PEERS, "all"), help="these peers as well")
    parser.add_argument(
        "--environments",
        type=Path,
        default=ENVIRONMENTS,
        help="where the peers' environments are made and kept",
    )
    parser.add_argument(
        "--siblings",
        action="store_true",
        help=f"also {KNOWN}: the project where an outlet's other pages are known",
    )
    parser.add_argument("--source", help="only pages of this source")
    parser.add_argument("--limit", type=int, help="only the first pages")
    parser.add_argument("--worst", type=int, default=0, help="name the pages with the worst bodies")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args(arguments)
    extractors = {options.only: EXTRACTORS[options.only]} if options.only else dict(EXTRACTORS)
    if options.siblings:
        extractors[KNOWN] = beside_others(read_corpus(options.corpus, options.limit))
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    worst: list[tuple[float, str, str]] = []
    pages: dict[str, Page] = {}
    for name, extractor in extractors.items():  # one after the other, so that none pays for another's garbage
        extractor(_WARM_UP)  # imports, language models, caches of compiled patterns
        for page in read_corpus(options.corpus, options.limit):
            if options.source and page.source != options.source:
                continue
            pages[page.page_id] = replace(page, html=b"")
            start = time.process_time()
            answer = extractor(page)
            seconds = time.process_time() - start
            for source in ("all", page.source):
                tallies[name, source].add(page, answer, seconds, _peak_mb())
            if name == "wirewatch" and page.kind == "article" and page.gold.get("body"):
                worst.append((scores(page, answer)["body_f1"], page.page_id, page.url))
    for name in PEERS if "all" in options.peers else options.peers:
        add_peer(tallies, name, pages, peer_answers(name, options.corpus, options.environments))
    print(table(dict(sorted(tallies.items()))))
    for score, page_id, url in sorted(worst)[: options.worst]:
        print(f"{score:.3f} {page_id} {url}")
    if options.json:
        flat = {
            f"{name}.{source}.{key}": round(value, 5)
            for (name, source), tally in sorted(tallies.items())
            for key, value in tally.figures().items()
        }
        options.json.write_text(json.dumps(flat, indent=1) + "\n", encoding="utf-8")
    return 0


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_WARM_UP = Page(
    page_id="",
    source="",
    kind="",
    url="https://a.example/",
    outlet="",
    html=b"<html><head><title>Warm</title></head><body><article><h1>Warm</h1>"
    + b"<p>The ministry said on Monday that the road was open again, after two weeks.</p>" * 8
    + b"</article></body></html>",
    gold={},
)

if __name__ == "__main__":
    sys.exit(main())
