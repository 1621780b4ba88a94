"""How fast is full-text search, and how fast does its index follow the tables?

    python bench/search.py --articles 100000 --json search.json
    python bench/search.py --articles 1000000 --folder made

Articles are generated: words of a vocabulary that are as frequent as in news (Zipf, with pairs that stand
together), in two languages, titles from their own bodies. Then: the index is written from nothing, a daily load
is followed, and searches of nine kinds are asked, each with words it was not asked with before but for the most
common ones, after as many others that are not counted. The peer in the same run is DuckDB's ``contains`` over the
same bodies. Seconds of the processor are those of all threads. A folder that is named is kept: there the next run,
with the figures of the first, only follows a load and searches.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.adapters.search import Question, SearchIndex, Searching
from pipeline.adapters.warehouse.schema import migrate
from pipeline.adapters.warehouse.store import transaction

_VOCABULARY = 200_000
_DAYS = 1_000
_FIRST = datetime(2014, 1, 1, tzinfo=UTC)
_TOGETHER = 5_000  # articles made at once
_SYLLABLES = ["ba", "be", "bi", "bo", "bu", "da", "de", "di", "do", "du", "fa", "fe", "ga", "go", "ka", "ke", "ki", "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe", "pi", "po", "ra", "re", "ri", "ro", "sa", "se", "si", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "vo"]  # fmt: skip


class Press:
    """Writes articles that have words, pairs of words and sources as frequent as news has them."""

    def __init__(self, words: int, seed: int = 7) -> None:
        self._random = np.random.default_rng(seed)
        self._length = words
        self.vocabulary = np.array([_spelt(number) for number in range(_VOCABULARY)], dtype=object)
        weights = 1 / np.arange(2, _VOCABULARY + 2) ** 1.05
        self._share = np.cumsum(weights / weights.sum())
        # After a third of all words the same word follows: so that there are phrases to look for.
        self.follows = self._random.permutation(_VOCABULARY)

    def words(self, count: int) -> np.ndarray:
        return np.minimum(np.searchsorted(self._share, self._random.random(count)), _VOCABULARY - 1)

    def articles(self, first: int, count: int, day: Callable[[np.ndarray], np.ndarray]) -> pa.Table:
        lengths = np.maximum(30, self._random.lognormal(np.log(self._length), 0.5, count).astype(int))
        drawn = self.words(int(lengths.sum()))
        stays = self._random.random(len(drawn) - 1) < 1 / 3
        drawn[1:][stays] = self.follows[drawn[:-1][stays]]
        ids = np.arange(first, first + count)
        bodies, titles, at = [], [], 0
        for length in lengths:
            spelt = self.vocabulary[drawn[at : at + length]]
            bodies.append(" ".join(spelt) + ".")
            titles.append(" ".join(spelt[:: max(1, length // 9)][:9]))
            at += length
        days = day(ids)
        return pa.table(
            {
                "article_id": ids,
                "page_id": ids,
                "outlet_id": pa.array([f"outlet-{number % 60}" for number in ids]),
                "language": pa.array(["fr" if number % 7 == 0 else "en" for number in ids]),
                "title": pa.array(titles),
                "body": pa.array(bodies),
                "url": pa.array([f"https://o{number % 60}.example/{number}" for number in ids]),
                "text_digest": pa.array([f"sha256:{number:064x}" for number in ids]),
                "dated_at": pa.array([_FIRST + timedelta(days=int(one), minutes=int(n) % 1440) for one, n in zip(days, ids, strict=True)]),
                "day": pa.array([(_FIRST + timedelta(days=int(one))).date() for one in days]),
            }
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=200, help="of a body, in the middle")
    parser.add_argument("--added", type=int, default=10_000, help="articles of the daily load")
    parser.add_argument("--searches", type=int, default=40, help="of each kind")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path, help="kept, and used again; a temporary one by default")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-search-") as passing:
        figures = measured(asked.folder or Path(passing), asked)
    for name, value in figures.items():
        print(f"{name:38} {value:12.3f}" if isinstance(value, float) else f"{name:38} {value:12}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measured(folder: Path, asked: argparse.Namespace) -> dict[str, float | int]:
    press = Press(asked.words)
    folder.mkdir(parents=True, exist_ok=True)
    built = folder / "built.json"
    with duckdb.connect(folder / "w.duckdb", config={"storage_compatibility_version": "latest"}) as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        _fill(con, press, asked.articles)
        index = SearchIndex(folder / "search")
        if not built.exists():
            built.write_text(json.dumps(_built(con, index, asked.articles)), encoding="utf-8")
        figures: dict[str, float | int] = json.loads(built.read_text(encoding="utf-8"))
        ((first, day),) = con.execute(
            "select max(article_id) + 1, max(day) - $first + 1 from articles", {"first": _FIRST.date()}
        ).fetchall()
        figures |= {"articles": first, "added": asked.added}
        # A day's articles, and of twenty one that is of long ago.
        _add(con, press.articles(first, asked.added, lambda ids: np.where(ids % 20 == 0, ids % _DAYS, day)))
        _cite(con, first)
        wall, busy = _timed(lambda: index.follow(con))
        figures |= {"update_seconds": wall, "update_cpu_seconds": busy}
        wall, busy = _timed(lambda: index.follow(con))
        figures |= {"update_of_nothing_seconds": wall}
        ((name,),) = con.execute("select generation from search_state").fetchall()
        index.tidy(name)
        figures |= _asked(Searching(index.folder, lambda: name), press, asked.searches)
        figures |= _peer(con, press)
    figures["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _fill(con: duckdb.DuckDBPyConnection, press: Press, articles: int) -> None:
    """So many articles of a thousand days; nothing where they are there."""
    ((held,),) = con.execute("select count(*) from articles").fetchall()
    if held >= articles:
        return
    with transaction(con):
        for first in range(0, articles, _TOGETHER):
            count = min(_TOGETHER, articles - first)
            _add(con, press.articles(first, count, lambda ids: ids * _DAYS // articles))
        _cite(con, 0)


def _built(con: duckdb.DuckDBPyConnection, index: SearchIndex, articles: int) -> dict[str, float | int]:
    wall, busy = _timed(lambda: index.follow(con, anew=True))
    return {
        "build_seconds": wall,
        "build_cpu_seconds": busy,
        "index_bytes_an_article": _size(index.folder) / articles,
    }


def _asked(searching: Searching, press: Press, count: int) -> dict[str, float | int]:
    for _, questions in _questions(press, count):  # of other words: the files come into memory
        for question in questions:
            searching.hits(question)
    every: list[tuple[float, float]] = []
    figures: dict[str, float | int] = {}
    for kind, questions in _questions(press, count):
        times = [
            _timed(lambda question=question: searching.hits(question))  # type: ignore[misc]  # its default
            for question in questions
        ]
        figures |= _quantiles(kind, times)
        every += times
    return figures | _quantiles("all", every)


def _quantiles(kind: str, times: list[tuple[float, float]]) -> dict[str, float | int]:
    """Of the clock, and of the processor, which does not count what other programs take."""
    wall, busy = (sorted(part * 1000 for part in parts) for parts in zip(*times, strict=True))
    last = min(len(wall) - 1, int(len(wall) * 0.95))
    return {
        f"{kind}_ms_median": statistics.median(wall),
        f"{kind}_ms_p95": wall[last],
        f"{kind}_cpu_ms_median": statistics.median(busy),
        f"{kind}_cpu_ms_p95": busy[last],
    }


def _questions(press: Press, count: int) -> Iterator[tuple[str, list[Question]]]:
    """Words as people choose them: not the most frequent hundred, seldom the rarest."""
    words = [press.vocabulary[number] for number in 100 + (press.words(20 * count) % 20_000)]
    common = [press.vocabulary[number] for number in range(5, 5 + count)]
    pairs = [
        f'"{press.vocabulary[number]} {press.vocabulary[press.follows[number]]}"'
        for number in 100 + (press.words(count) % 20_000)
    ]
    some = [iter(words[part * count :]) for part in range(20)]
    day = _FIRST.date()
    yield "word", [Question(words=next(some[0])) for _ in range(count)]
    yield "common_word", [Question(words=word) for word in common]
    yield "two_words", [Question(words=f"{next(some[1])} {next(some[2])}") for _ in range(count)]
    yield (
        "either",
        [Question(words=f"{next(some[3])} OR {next(some[4])} OR {next(some[5])}") for _ in range(count)],
    )
    yield "phrase", [Question(words=pair) for pair in pairs]
    yield "title", [Question(words=f"title:{next(some[6])}") for _ in range(count)]
    yield "newest", [Question(words=next(some[7]), is_newest_first=True) for _ in range(count)]
    yield (
        "month_of_outlet",
        [
            Question(
                words=next(some[8]),
                outlets=(f"outlet-{number % 60}",),
                start=day + timedelta(days=number * 20),
                end=day + timedelta(days=number * 20 + 30),
            )
            for number in range(count)
        ],
    )
    yield "source", [Question(words=next(some[9]), sources=(f"source-{number}",)) for number in range(count)]


def _peer(con: duckdb.DuckDBPyConnection, press: Press) -> dict[str, float | int]:
    word = str(press.vocabulary[900])
    wall, busy = _timed(
        lambda: con.execute(
            "select article_id from articles where contains(body, ?) order by dated_at desc limit 10", [word]
        ).fetchall()
    )
    return {"duckdb_contains_ms": wall * 1000, "duckdb_contains_cpu_ms": busy * 1000}


def _add(con: duckdb.DuckDBPyConnection, articles: pa.Table) -> None:
    con.register("made", articles)
    con.execute("insert into articles by name from made")
    con.unregister("made")


def _cite(con: duckdb.DuckDBPyConnection, first: int) -> None:
    """Two sources an article, the first ones cited most."""
    con.execute(
        """
        insert into attributions by name
        select article_id * 4 + n as attribution_id, article_id, day, 'source-' || s as source_id, 'Source Name' || s as source_name
        from (
            select article_id, day, n, floor(pow(hash(article_id, n) / 18446744073709551615.0, 3) * 3000)::bigint as s
            from articles, range(2) t(n)
            where article_id >= ?
        )
        """,
        [first],
    )


def _spelt(number: int) -> str:
    """A pronounceable word for each number, short ones first; no two are equal."""
    word = _SYLLABLES[number % len(_SYLLABLES)]
    while number := number // len(_SYLLABLES):
        word += _SYLLABLES[number % len(_SYLLABLES)]
    return word + "n"


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    started, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - started, time.process_time() - busy


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
