"""Does every trend answer at the speed of thought, and how much faster than other engines?

    python bench/trends.py --articles 100000 --json trends.json
    python bench/trends.py --articles 1000000 --peers sqlite postgres

A warehouse is generated: outlets of different sizes, sources as unequally cited as in news, five attributions an
article, copies, figures, mentions, headlines; the rollups by the files under ``sql/rollups``. Then every file of
``sql/trends`` is asked over its own default period and, where its question is of a longer one, over a year.

The peers answer four questions of this kind, written for each in its own words and with the indexes that help it,
on the same rows in the same run: SQLite, PostgreSQL (found as ``postgres`` on the path or by --postgres), and numpy
over columns that are in memory. Times are medians of warm runs: by the clock, and of the processor.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import psutil

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.reader import answered
from pipeline.adapters.warehouse.schema import migrate

Figures = dict[str, float | int]

_FIRST = date(2014, 1, 1)
_DAYS = 1_000
LAST = _FIRST + timedelta(days=_DAYS - 1)
_OUTLETS, _SOURCES = 60, 3_000
_GIVEN = {"source_timeline": {"source": "source-1"}}  # what must be given
_LONGER = (
    "attention",
    "share_of_voice",
    "who_quotes_whom",
    "source_diversity",
    "bursts",
    "regime_shift",
    "cocitation",
)

# Everything hangs on hashes of the article's number, so any size gives the same articles for the same numbers.
_MADE = """
create temp macro dice(n, salt) as hash(n, salt) / 18446744073709551615.0;
insert into outlets by name
select 'outlet-' || n as outlet_id, 'Outlet ' || n as name, case when n % 10 = 0 then 'agency' else 'paper' end as kind,
    'C' || (n % 20) as country
from range({outlets}) t(n);
insert into sources by name
select 'source-' || n as source_id, 'Source ' || n as name,
    case when n % 10 = 0 then 'place' when n % 3 = 0 then 'institution' when n = 7 then 'agency' else 'person' end as kind,
    'C' || (n % 40) as country, case when n = 7 then ['Seven News'] else [] end as aliases
from range({sources}) t(n);
insert into articles by name
select n as article_id, n as page_id, 'outlet-' || floor(pow(dice(n, 1), 2) * {outlets})::int as outlet_id,
    case when dice(n, 2) < 0.15 then 'fr' else 'en' end as language,
    list_aggregate(list_transform(range(8), lambda w: 'w' || floor(pow(dice(n, 100 + w), 4) * 20000)::int), 'string_agg', ' ') as title,
    timestamptz '{first} 00:00:00+00' + to_days((n * {days} // {articles})::int) + to_minutes((hash(n) % 1440)::int) as dated_at,
    date '{first}' + (n * {days} // {articles})::int as day,
    (300 + hash(n) % 400)::int as word_count,
    case when dice(n, 3) < 0.1 then 'Seven News' end as wire_credit,
    case when dice(n, 4) < 0.6 then 'By Somebody' end as byline,
    case when dice(n, 5) < 0.97 then dated_at end as published_at,
    case when dice(n, 6) < 0.02 and n > 0 then n - 1 end as is_revision_of,
    date_trunc('day', dated_at) as interval_start, interval_start + interval 1 day as interval_end,
    'sha256:' || n as text_digest
from range({articles}) t(n)
order by dated_at;
insert into attributions by name
select article_id * 8 + k as attribution_id, article_id, outlet_id, day, k as ordinal,
    case when dice(article_id, 20 + k) < 0.6 then 'source-' || s end as source_id,
    case when dice(article_id, 20 + k) < 0.8 then 'Source ' || s end as source_name,
    case when dice(article_id, 20 + k) < 0.8 then 'named' when dice(article_id, 20 + k) < 0.9 then 'anonymous' else 'unresolved' end as source_kind,
    ['said', 'told', 'claimed', 'admitted', 'added', 'denied'][1 + (hash(article_id, k) % 6)::int] as cue,
    case when dice(article_id, 40 + k) < 0.3 then 'direct' else 'indirect' end as kind,
    'what was said about it, number ' || article_id as content
from (
    select article_id, outlet_id, day, dated_at, k, floor(pow(dice(article_id, 60 + k), 3) * {sources})::int as s
    from articles, range(5) t(k)
)
order by day, article_id;
insert into mentions by name
select article_id, 'source-' || (floor(pow(dice(article_id, 80 + k), 3) * {sources} / 10)::int * 10) as source_id,
    source_id as name, case when k < 5 then 'place' when k < 8 then 'person' else 'organisation' end as kind, k * 30 as start, k * 30 + 9 as "end"
from articles, range(10) t(k);
insert into figures by name
select attributions.article_id, attribution_id, (hash(attribution_id) % 90)::double as value,
    ['people', 'fighters', 'houses', 'ships'][1 + (attribution_id % 4)::int] as counted
from attributions where ordinal = 0 and hash(attribution_id, 9) % 3 = 0;
insert into clusters by name
select article_id - article_id % 6 as cluster_id, article_id, outlet_id, day,
    case when article_id % 6 = 0 then 1.0 else 0.5 + dice(article_id, 90) / 2 end as similarity,
    article_id % 6 = 0 as is_first, (article_id % 6) * 2400 as lag
from articles where article_id % 6 < 3 and dice(article_id - article_id % 6, 91) < 0.2;
insert into gaps by name
select 'outlet-' || (n % {outlets}) as outlet_id, timestamptz '{first} 00:00:00+00' + to_days((n % {days})::int) as interval_start,
    interval_start + interval 1 day as interval_end, 'unreachable' as reason, 'https://x.example/' || n as key,
    interval_start as run_start, interval_end as run_end
from range({days} * 5) t(n);
insert into rejects by name
select 'process' as stage, 'https://x.example/' || n as key, 'outlet-' || (n % {outlets}) as outlet_id,
    ['video', 'too_short', 'unchanged'][1 + (n % 3)::int] as reason,
    timestamptz '{first} 00:00:00+00' + to_days((n * {days} // ({articles} // 5))::int) as interval_start
from range({articles} // 5) t(n);
insert into outlet_health by name
select outlet_id, day, count(*) as found, count(*) as new, count(*) as articles, 1 as rejected, 0 as missing_date,
    median(word_count) as median_words, 0 as gaps, 'ok' as verdict
from articles group by outlet_id, day;
insert into runs by name
select day::timestamptz as interval_start, day::timestamptz + interval 1 day as interval_end, count(*) as found, count(*) as new,
    count(*) as articles, 7 as rejects, 3 as unchanged, 1 as gaps, count(*) * 5 as attributions
from articles group by day;
create temp table touched_days as select distinct day from articles;
"""  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="warm ones of each question")
    parser.add_argument("--peers", nargs="*", default=["sqlite", "postgres", "numpy"])
    parser.add_argument("--postgres", type=Path, default=Path(shutil.which("postgres") or "postgres"))
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary one")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with TemporaryDirectory(dir=asked.folder, prefix="bench-trends-") as folder:
        figures = measured(Path(folder), asked)
    for name, value in figures.items():
        print(f"{name:44} {value:12.2f}" if isinstance(value, float) else f"{name:44} {value:12}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measured(folder: Path, asked: argparse.Namespace) -> Figures:
    figures: Figures = {"articles": asked.articles}
    file = folder / "w.duckdb"
    with duckdb.connect(file, config={"storage_compatibility_version": "latest"}) as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        generate(con, asked.articles)
        con.execute("checkpoint")
    with duckdb.connect(file, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        figures |= _trends(con, asked.runs)
        peers = {"sqlite": _sqlite, "postgres": _postgres, "numpy": _numpy}
        times = {"duckdb": _asked_duckdb(con, asked.runs)}
        for peer in asked.peers:
            with peers[peer](con, folder, asked) as ask:
                if ask is not None:
                    times[peer] = {name: ask(name) for name in QUESTIONS}
        for peer, by_question in times.items():
            for name, (wall, busy) in by_question.items():
                figures[f"{name}_{peer}_ms"] = wall
                figures[f"{name}_{peer}_cpu_ms"] = busy
        for peer in times.keys() - {"duckdb"}:
            ratios = [times[peer][name][1] / times["duckdb"][name][1] for name in QUESTIONS]
            figures[f"{peer}_over_duckdb_cpu_median"] = statistics.median(ratios)
            walls = [times[peer][name][0] / times["duckdb"][name][0] for name in QUESTIONS]
            figures[f"{peer}_over_duckdb_median"] = statistics.median(walls)
    return figures


def generate(con: duckdb.DuckDBPyConnection, articles: int) -> None:
    """A thousand days of news, and the rollups of them by the files that loading uses."""
    con.execute(_MADE.format(articles=articles, days=_DAYS, first=_FIRST, outlets=_OUTLETS, sources=_SOURCES))
    for rollup in ("daily_outlets", "daily_sources"):
        con.execute(f"insert into {rollup} by name {bundled.text(f'sql/rollups/{rollup}.sql')}")


# ---- the trends --------------------------------------------------------------------------------------


def _trends(con: duckdb.DuckDBPyConnection, runs: int) -> Figures:
    figures: Figures = {}
    shorter: list[float] = []
    for query in named_sql.folder(bundled.path("sql/trends")):
        for period, start in (("", None), ("_year", LAST - timedelta(days=364))):
            if period and query.name not in _LONGER:
                continue
            given: dict[str, str | None] = dict(_GIVEN.get(query.name, {}))
            if start:
                given["start"] = start.isoformat()
            values = query.bound(given, last=LAST)
            wall, busy = timed(lambda query=query, values=values: answered(con, query, values).rows, runs)  # type: ignore[misc]
            figures[f"{query.name}{period}_ms"], figures[f"{query.name}{period}_cpu_ms"] = wall, busy
            if not period:
                shorter.append(wall)
    return figures | {"trends_slowest_ms": max(shorter), "trends_median_ms": statistics.median(shorter)}


def timed(act: Callable[[], object], runs: int) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor, the medians after one run that warms."""
    act()
    walls, busies = [], []
    for _ in range(runs):
        started, busy = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - started) * 1000)
        busies.append((time.process_time() - busy) * 1000)
    return statistics.median(walls), statistics.median(busies)


# ---- the same questions to others --------------------------------------------------------------------

_SHARE = """
select source_id, sum(attributions), count(distinct outlet_id) from daily_sources
where day between {start} and {end} and source_id is not null group by source_id order by 2 desc, 1 limit 20"""
_WEEKS = """
with cited as (select day, source_id, sum(attributions) as n from daily_sources
    where day between {start} and {end} and source_id in ('source-0', 'source-1', 'source-2', 'source-3', 'source-4') group by day, source_id)
select day, source_id, n, avg(n) over (partition by source_id order by day rows between 6 preceding and current row) from cited order by 1, 2"""
_PAIRS = """
with cited as (select distinct article_id, source_id from attributions where day between {start} and {end} and source_id is not null)
select a.source_id, b.source_id, count(*) from cited a join cited b on b.article_id = a.article_id and b.source_id > a.source_id
group by a.source_id, b.source_id having count(*) >= 3 order by 3 desc, 1, 2 limit 30"""
_VERBS = """
select outlet_id, cue, count(*) from attributions where day between {start} and {end} and cue is not null
group by outlet_id, cue order by 3 desc, 1, 2 limit 30"""
QUESTIONS = {"peer_share_year": _SHARE, "peer_weeks_year": _WEEKS, "peer_pairs_90d": _PAIRS, "peer_verbs_year": _VERBS}  # fmt: skip

Ask = Callable[[str], tuple[float, float]]


def _sql_of(name: str, quote: str = "date '{}'") -> str:
    start = LAST - timedelta(days=89 if name.endswith("90d") else 364)
    return QUESTIONS[name].format(start=quote.format(start), end=quote.format(LAST))


def _asked_duckdb(con: duckdb.DuckDBPyConnection, runs: int) -> dict[str, tuple[float, float]]:
    return {
        name: timed(lambda name=name: con.execute(_sql_of(name)).fetchall(), runs)  # type: ignore[misc]
        for name in QUESTIONS
    }


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, list[Any]]]:
    """The two tables that the questions are about, in parts."""
    for table, columns in (
        ("daily_sources", "day::varchar, outlet_id, source_id, attributions"),
        ("attributions", "day::varchar, article_id, outlet_id, source_id, cue"),
    ):
        result = con.cursor().execute(f"select {columns} from {table}")  # noqa: S608
        while rows := result.fetchmany(100_000):
            yield table, columns.replace("::varchar", ""), rows


@contextmanager
def _sqlite(con: duckdb.DuckDBPyConnection, folder: Path, asked: argparse.Namespace) -> Iterator[Ask | None]:
    with sqlite3.connect(folder / "peer.sqlite") as peer:
        peer.executescript(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000; pragma mmap_size = 8000000000;"
            "create table daily_sources (day text, outlet_id text, source_id text, attributions integer);"
            "create table attributions (day text, article_id integer, outlet_id text, source_id text, cue text);"
        )
        for table, columns, rows in _rows(con):
            marks = ", ".join("?" * len(columns.split(", ")))
            peer.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608
        peer.executescript(
            "create index a on daily_sources (day, source_id, outlet_id, attributions);"
            "create index b on daily_sources (source_id, day, outlet_id, attributions);"
            "create index c on attributions (day, article_id, source_id);"
            "create index d on attributions (day, outlet_id, cue); analyze;"
        )
        yield lambda name: timed(lambda: peer.execute(_sql_of(name, "'{}'")).fetchall(), asked.runs)
    peer.close()


@contextmanager
def _postgres(
    con: duckdb.DuckDBPyConnection, folder: Path, asked: argparse.Namespace
) -> Iterator[Ask | None]:
    """A server of its own on a socket in the folder; nothing where there is no such program."""
    programs = asked.postgres.resolve().parent
    if not (programs / "initdb").exists():
        print("postgres: no server programs here, left out")
        yield None
        return
    # The server refuses to run as root.
    user = {"user": "nobody"} if os.getuid() == 0 else {}
    data = folder / "pg"
    data.mkdir()
    if user:
        folder.chmod(0o755)
        shutil.chown(data, "nobody")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **user, "cwd": data}
    subprocess.run([programs / "initdb", "-D", data / "d", "-U", "bench", "--no-sync"], check=True, **quiet)
    settings = ["shared_buffers=2GB", "work_mem=256MB", "fsync=off", "max_parallel_workers_per_gather=2",
                "listen_addresses=", f"unix_socket_directories={data}"]  # fmt: skip
    options = [part for setting in settings for part in ("-c", setting)]
    server = subprocess.Popen([programs / "postgres", "-D", data / "d", *options], **quiet)
    try:
        peer = _connected(data)
        with peer.cursor() as cursor:
            cursor.execute(
                "create table daily_sources (day date, outlet_id text, source_id text, attributions integer);"
                "create table attributions (day date, article_id bigint, outlet_id text, source_id text, cue text);"
            )
            _copy(con, cursor)
            cursor.execute(
                "create index on daily_sources (day, source_id) include (outlet_id, attributions);"
                "create index on daily_sources (source_id, day) include (outlet_id, attributions);"
                "create index on attributions (day, article_id) include (source_id);"
                "create index on attributions (day, outlet_id, cue);"
            )
            cursor.execute("vacuum analyze")

            def ask(name: str) -> tuple[float, float]:
                def answer() -> list[Any]:
                    cursor.execute(_sql_of(name))
                    return cursor.fetchall()

                before = _busy(server.pid)
                wall, _ = timed(answer, asked.runs)
                return wall, (_busy(server.pid) - before) * 1000 / (asked.runs + 1)

            yield ask
        peer.close()
    finally:
        server.send_signal(signal.SIGINT)  # the fast way down: SIGTERM would wait for who is connected
        server.wait()


def _connected(data: Path) -> Any:
    import psycopg2

    for _ in range(200):
        try:
            peer = psycopg2.connect(host=str(data), user="bench", dbname="postgres")
        except psycopg2.OperationalError:
            time.sleep(0.1)
            continue
        peer.autocommit = True
        return peer
    raise SystemExit("the PostgreSQL server did not come up")


def _copy(con: duckdb.DuckDBPyConnection, cursor: Any) -> None:
    import io

    for table, _, rows in _rows(con):
        lines = io.StringIO(
            "".join("\t".join(r"\N" if value is None else str(value) for value in row) + "\n" for row in rows)
        )
        cursor.copy_expert(f"copy {table} from stdin", lines)


def _busy(pid: int) -> float:
    """Seconds of the processor of a server and of all that it started, gone or not."""
    total = 0.0
    process = psutil.Process(pid)
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def _numpy(con: duckdb.DuckDBPyConnection, _: Path, asked: argparse.Namespace) -> Iterator[Ask | None]:
    """Columns in memory, texts as numbers already: what a program written for the one question could do."""
    columns = {
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
    start = np.datetime64(LAST - timedelta(days=364))

    def share() -> Any:
        table = columns["daily_sources"]
        kept = table["day"] >= start
        return np.bincount(table["source_id"][kept], weights=table["attributions"][kept]).argsort()[:-21:-1]

    def verbs() -> Any:
        table = columns["attributions"]
        kept = table["day"] >= start
        return np.bincount(table["outlet_id"][kept] * 100 + table["cue"][kept]).argsort()[:-31:-1]

    answers = {"peer_share_year": share, "peer_verbs_year": verbs}

    def ask(name: str) -> tuple[float, float]:
        return timed(answers[name], asked.runs) if name in answers else (math.nan, math.nan)

    yield ask


if __name__ == "__main__":
    main()
