"""The same questions, to other engines: SQLite, PostgreSQL, and numpy over columns in memory.

SQLite and PostgreSQL get the articles and attributions, loaded their own fast way, with indexes that hold all that a
question needs of a row; and, to be asked once more as ``…_rolled``, the rollup of days that is our own engineering,
with such indexes too. Every answer must be the one that DuckDB gives.
"""

from __future__ import annotations

import math
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import postgres

# Milliseconds: by the clock, and of the processor.
Times = tuple[float, float]
Ask = Callable[[str], Times]
Asks = dict[str, Ask]  # by what is asked: the name of the engine, and whether it has the rollup

_QUESTIONS = {
    "share_year": (
        364,
        """
        select source_id, sum(attributions), count(distinct outlet_id) from {cited}
        where day between {start} and {end} and source_id is not null
        group by source_id order by 2 desc, 1 limit 20""",
    ),
    "weeks_year": (
        364,
        """
        with cited as (
            select day, source_id, sum(attributions) as n from {cited}
            where day between {start} and {end}
                and source_id in ('source-0', 'source-1', 'source-2', 'source-3', 'source-4')
            group by day, source_id)
        select day, source_id, n,
            avg(n) over (partition by source_id order by day rows between 6 preceding and current row)
        from cited order by 1, 2""",
    ),
    "reliance_year": (
        364,
        """
        select outlet_id, source_id, sum(attributions), sum(direct) from {cited}
        where day between {start} and {end} and source_id is not null
        group by outlet_id, source_id order by 3 desc, 1, 2 limit 30""",
    ),
    "diversity_year": (
        364,
        """
        with cited as (
            select outlet_id, source_id, sum(attributions) as n from {cited}
            where day between {start} and {end} and source_id is not null group by outlet_id, source_id)
        select outlet_id, count(*), sum(n), 1 - sum(n * 1.0 * n) / (sum(n) * 1.0 * sum(n)) from cited
        group by outlet_id order by 4 desc, 1""",
    ),
    "risers_month": (
        59,
        """
        select source_id, sum(case when day >= {middle} then attributions else 0 end) as now_cited,
            sum(case when day < {middle} then attributions else 0 end) as before_cited
        from {cited} where day between {start} and {end} and source_id is not null
        group by source_id having sum(attributions) >= 10 order by 2 desc, 3, 1 limit 20""",
    ),
    "pairs_quarter": (
        89,
        """
        with cited as (
            select distinct article_id, source_id from attributions
            where day between {start} and {end} and source_id is not null)
        select a.source_id, b.source_id, count(*) from cited a
        join cited b on b.article_id = a.article_id and b.source_id > a.source_id
        group by a.source_id, b.source_id having count(*) >= 3 order by 3 desc, 1, 2 limit 30""",
    ),
    "verbs_year": (
        364,
        """
        select outlet_id, cue, count(*) from attributions where day between {start} and {end} and cue is not null
        group by outlet_id, cue order by 3 desc, 1, 2 limit 30""",
    ),
    "kinds_fortnight": (
        13,
        """
        select outlet_id, kind, count(*), count(distinct article_id) from attributions
        where day between {start} and {end} group by outlet_id, kind order by 1, 2""",
    ),
    "timeline_quarter": (
        89,
        """
        select day, outlet_id, cue, kind, article_id from attributions
        where source_id = 'source-7' and day between {start} and {end}
        order by day desc, article_id, cue, kind limit 50""",
    ),
}
QUESTIONS = tuple(_QUESTIONS)
_TABLES = {
    "articles": "article_id, is_revision_of",
    "attributions": "day, article_id, outlet_id, source_id, cue, kind",
    "daily_sources": "day, outlet_id, source_id, attributions, direct",
}
_CREATED = """
create table articles (article_id bigint, is_revision_of bigint);
create table attributions (day {date}, article_id bigint, outlet_id text, source_id text, cue text, kind text);
create table daily_sources (day {date}, outlet_id text, source_id text, attributions integer, direct integer);
"""
# What daily_sources sums up, as the rows themselves say it: a corrected page counts once.
_STATED = """(
    select day, outlet_id, source_id, 1 as attributions, case when kind = 'direct' then 1 else 0 end as direct
    from attributions
    where article_id not in (select article_id from articles where is_revision_of is not null)
) stated"""
_INDEXES = """
create index revisions on articles (article_id) where is_revision_of is not null;
create index by_day on attributions (day, source_id, outlet_id, kind, article_id);
create index by_source on attributions (source_id, day, article_id, outlet_id, cue, kind);
create index by_article on attributions (day, article_id, source_id);
create index by_outlet on attributions (day, outlet_id, cue, kind, article_id);
create index rolled_by_day on daily_sources (day, source_id, outlet_id, attributions, direct);
create index rolled_by_source on daily_sources (source_id, day, outlet_id, attributions, direct);
"""


def sql(name: str, last: date, quote: str = "date '{}'", *, is_rolled: bool = True) -> str:
    """A question about the time up to a day, as an engine writes its days; of the rollup, or of the rows."""
    days, text = _QUESTIONS[name]
    start, middle = (last - timedelta(days=back) for back in (days, days // 2))
    cited = "daily_sources" if is_rolled else _STATED
    return text.format(
        start=quote.format(start), middle=quote.format(middle), end=quote.format(last), cited=cited
    )


# Of a machine with memory enough for all of it. Compiling statements costs more than these take.
_SETTINGS = (
    "shared_buffers=3GB",
    "work_mem=256MB",
    "effective_cache_size=6GB",
    "random_page_cost=1.1",
    "max_parallel_workers_per_gather=2",
    "jit=off",
    "fsync=off",
)


def timed(act: Callable[[], object], runs: int, busy: Callable[[], float] = time.process_time) -> Times:
    """The medians of runs after one that warms."""
    act()
    walls, busies = [], []
    for _ in range(runs):
        started, worked = time.perf_counter(), busy()
        act()
        walls.append((time.perf_counter() - started) * 1000)
        busies.append((busy() - worked) * 1000)
    return statistics.median(walls), statistics.median(busies)


@contextmanager
def sqlite(con: duckdb.DuckDBPyConnection, folder: Path, last: date, runs: int) -> Iterator[Asks]:
    peer = sqlite3.connect(folder / "peer.sqlite")
    peer.executescript(
        "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000;"
        "pragma mmap_size = 8000000000; pragma temp_store = memory;" + _CREATED.format(date="text")
    )
    with peer:  # one transaction
        for table, columns in _TABLES.items():
            marks = ", ".join("?" * len(columns.split(", ")))
            names = ", ".join(f"{name}::varchar" if name == "day" else name for name in columns.split(", "))
            rows = con.cursor().execute(f"select {names} from {table}")  # noqa: S608
            while part := rows.fetchmany(100_000):
                peer.executemany(f"insert into {table} values ({marks})", part)  # noqa: S608
    peer.executescript(f"{_INDEXES} analyze;")

    def answer(name: str, is_rolled: bool) -> list[Any]:
        return peer.execute(sql(name, last, "'{}'", is_rolled=is_rolled)).fetchall()

    try:
        yield _asks("sqlite", con, last, runs, answer)
    finally:
        peer.close()


@contextmanager
def postgresql(con: duckdb.DuckDBPyConnection, folder: Path, last: date, runs: int) -> Iterator[Asks]:
    """A server of its own; nothing where there is no such program."""
    if postgres.programs() is None:
        print("postgres: no server programs here, left out")
        yield {}
        return
    with postgres.serving(folder / "pg", _SETTINGS) as server:
        peer = postgres.connected(server.host)
        with peer.cursor() as cursor:
            cursor.execute(_CREATED.format(date="date"))
            for table, columns in _TABLES.items():
                file = folder / f"{table}.csv"
                con.execute(f"copy (select {columns} from {table}) to '{file}' (header false)")  # noqa: S608
                with file.open() as lines:
                    cursor.copy_expert(f"copy {table} from stdin (format csv)", lines)
                file.unlink()
            cursor.execute(_INDEXES)
            cursor.execute("vacuum analyze")

            def answer(name: str, is_rolled: bool) -> list[Any]:
                cursor.execute(sql(name, last, is_rolled=is_rolled))
                rows: list[Any] = cursor.fetchall()
                return rows

            yield _asks("postgres", con, last, runs, answer, server.busy_seconds)
        peer.close()


def _asks(
    peer: str,
    con: duckdb.DuckDBPyConnection,
    last: date,
    runs: int,
    answer: Callable[[str, bool], list[Any]],
    busy: Callable[[], float] = time.process_time,
) -> Asks:
    """A peer asked over the rows, and over the rollup; SystemExit where it does not answer as DuckDB does."""

    def ask(name: str, is_rolled: bool) -> Times:
        ours = con.execute(sql(name, last)).fetchall()
        if _plain(answer(name, is_rolled)) != _plain(ours):
            raise SystemExit(f"{peer} answers {name} otherwise than DuckDB")
        return timed(lambda: answer(name, is_rolled), runs, busy)

    return {peer: lambda name: ask(name, False), f"{peer}_rolled": lambda name: ask(name, True)}


def _plain(rows: list[Any]) -> list[tuple[float | str, ...]]:
    """Rows that compare as equal, in whatever types an engine gives its numbers and days."""
    return [
        tuple(
            round(float(value), 6) if isinstance(value, int | float | Decimal) else str(value)
            for value in row
        )
        for row in rows
    ]


@cache
def _numbered(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Columns of the tables as arrays, texts as numbers."""
    return {
        table: {
            name: values
            if values.dtype.kind in "iM"
            else np.unique(values.astype(str), return_inverse=True)[1]
            for name, values in con.execute(f"select {names} from {table}").fetchnumpy().items()  # noqa: S608
        }
        for table, names in (
            ("daily_sources", "day, coalesce(source_id, '') as source_id, outlet_id, attributions"),
            ("attributions", "day, coalesce(cue, '') as cue, outlet_id"),
        )
    }


@contextmanager
def numpy(con: duckdb.DuckDBPyConnection, folder: Path, last: date, runs: int) -> Iterator[Asks]:  # noqa: ARG001 - all peers are called alike
    """Columns in memory, texts as numbers already: what a program written for the one question could do."""
    columns = _numbered(con)
    start = np.datetime64(last - timedelta(days=364))

    def share() -> Any:
        table = columns["daily_sources"]
        kept = table["day"] >= start
        return np.bincount(table["source_id"][kept], weights=table["attributions"][kept]).argsort()[:-21:-1]

    def reliance() -> Any:
        table = columns["daily_sources"]
        kept = table["day"] >= start
        pair = table["outlet_id"][kept] * (table["source_id"].max() + 1) + table["source_id"][kept]
        return np.bincount(pair, weights=table["attributions"][kept]).argsort()[:-31:-1]

    def verbs() -> Any:
        table = columns["attributions"]
        kept = table["day"] >= start
        return np.bincount(table["outlet_id"][kept] * 100 + table["cue"][kept]).argsort()[:-31:-1]

    answers = {"share_year": share, "reliance_year": reliance, "verbs_year": verbs}
    yield {"numpy": lambda name: timed(answers[name], runs) if name in answers else (math.nan, math.nan)}


_GROUPED = {
    "share_year": "select source_id, sum(attributions) from daily_sources where day >= $day group by all order by 2 desc limit 20",
    "reliance_year": "select outlet_id, source_id, sum(attributions) from daily_sources where day >= $day group by all order by 3 desc limit 30",
    "verbs_year": "select outlet_id, cue, count(*) from attributions where day >= $day group by all order by 3 desc limit 30",
}


@contextmanager
def numbers(con: duckdb.DuckDBPyConnection, folder: Path, last: date, runs: int) -> Iterator[Asks]:  # noqa: ARG001 - all peers are called alike
    """DuckDB over the very columns that numpy has: the same sums, without texts to compare."""
    with duckdb.connect() as peer:
        for table, columns in _numbered(con).items():
            peer.register("made", columns)
            peer.execute(f"create table {table} as from made")
            peer.unregister("made")
        day = last - timedelta(days=364)
        yield {
            "numbers": lambda name: (
                timed(lambda: peer.execute(_GROUPED[name], {"day": day}).fetchall(), runs)
                if name in _GROUPED
                else (math.nan, math.nan)
            )
        }


PEERS = {"sqlite": sqlite, "postgres": postgresql, "numpy": numpy, "numbers": numbers}
