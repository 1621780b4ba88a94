"""What do loading, auditing, publishing and keeping a warehouse cost, and does it outlive being killed?

    python bench/warehouse.py --articles 1000000 --day 10000 --kills 50 --json warehouse.json

A warehouse of so many articles is generated, five attributions each; then a day comes on top, through the same
call as every day's load: bodies of 300 words, five attributions an article, a signature. It is loaded again,
checked, published and compacted. Arrow is measured against executemany on the same rows, the lake against the
file on the named trends, and processes that load, check and publish are killed at random moments while readers
read. Wall time is for an idle machine; processor time counts all threads.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa

from pipeline import bundled, dedup
from pipeline.adapters import named_sql
from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse, keeping
from pipeline.adapters.warehouse.lake import Lake, lake_address
from pipeline.adapters.warehouse.loading import keep
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.identity import digest
from pipeline.interval import DAY, Interval
from pipeline.records import (
    Article,
    Attribution,
    AttributionKind,
    Batch,
    Capture,
    CaptureKind,
    Document,
    Manifest,
    Outlet,
    OutletKind,
    SourceKind,
)

_LAST = date(2016, 3, 31)  # of what is there already, over a hundred days
_EXISTING = """
insert into articles by name
select (hash(i) >> 1)::bigint as article_id, (hash(i, 1) >> 1)::bigint as page_id,
    (hash(i, 2) >> 1)::bigint as capture_id, 'outlet-' || i % 40 as outlet_id,
    'https://outlet.example/' || i as url, url as canonical_url, 'Report ' || i as title, 'en' as language,
    timestamptz '2016-03-31 23:00:00+00' - to_seconds((n - i) * 8640000 / n) as published_at,
    'meta' as published_from, published_at as collected_at, published_at as dated_at, published_at::date as day,
    repeat('The quay stays closed, the office said. ', 8) || i as body, 300 as word_count,
    'digest-' || i as text_digest, date_trunc('day', published_at) as interval_start,
    interval_start + interval 1 day as interval_end
from (select i, {n}::bigint as n from range({n}) r(i));
insert into captures by name select capture_id, outlet_id, 'page' as kind, url, 200 as status,
    collected_at as fetched_at, 'pages.warc.gz' as warc_file, interval_start, interval_end from articles;
insert into attributions by name
select (hash(article_id, k) >> 1)::bigint as attribution_id, article_id, outlet_id, day, k as ordinal,
    'source-' || ((hash(article_id, k) % 1000) * (hash(k, article_id) % 1000) // 5000)::varchar as source_id,
    'named' as source_kind, 'said' as cue, 'it stays closed' as content, 'indirect' as kind, 0.9 as confidence
from articles, range(1, 6) r(k);
insert into signatures select article_id, unhex(repeat(md5(url), 8)) as signature from articles;
insert into bands select article_id, day, ((k << 24) | (hash(article_id, k) & 16777215))::integer
from articles, range({bands}) r(k);
create or replace temp table touched_days as select distinct day from articles;
create or replace temp table touched_health as select distinct outlet_id, day from articles;
create or replace temp table touched_runs as select distinct interval_start, interval_end from articles;
"""
_WORDS = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("l", "n", "rt", "s", "m")]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000, help="that are there already")
    parser.add_argument("--day", type=int, default=10_000, help="articles of the day that is loaded")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--lake", action="store_true", help="also the trends on a lake of the same rows")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one by default")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--load-forever", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load_forever:
        load_forever(options.load_forever)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options.articles, options.day, figures, lake=options.lake)
        figures.update(killed(Path(folder), options.kills))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def measure(folder: Path, existing: int, size: int, figures: dict[str, float], *, lake: bool) -> None:
    warehouse = Warehouse(PlainFile(folder), near=dedup)
    day = Interval.of_day(_LAST + DAY)
    outlets = tuple(outlet(f"outlet-{at}") for at in range(10))
    with timed("generate", figures):
        generate(warehouse, existing)
    with timed("make_batches", figures):
        batches = [batch(one.outlet_id, day, size // len(outlets)) for one in outlets]
    with timed("daily_load", figures):
        counts = warehouse.load(day, outlets, (), batches)
    note(figures, "articles_loaded", counts.articles)
    note(figures, "attributions_loaded", counts.attributions)
    before = keeping.hashes(warehouse.store)
    with timed("same_load_again", figures):
        warehouse.load(day, outlets, (), batches)
    note(
        figures,
        "tables_changed_by_it",
        sum(before[t] != h for t, h in keeping.hashes(warehouse.store).items()),
    )
    with timed("check", figures):
        findings = warehouse.check(day)
    note(figures, "findings_of_errors", sum(finding.severity == "error" for finding in findings))
    with timed("publish", figures):
        warehouse.publish()
    note(figures, "file_mb", round((folder / "wirewatch.duckdb").stat().st_size / 1e6, 1))
    against_executemany(warehouse, figures)
    with timed("compact", figures):
        keeping.compact(PlainFile(folder))
    if lake:
        on_a_lake(folder, figures)


def generate(warehouse: Warehouse, existing: int) -> None:
    with warehouse.store.writing() as con:
        con.execute(_EXISTING.format(n=existing, bands=dedup.BANDS))
        for table in ("daily_outlets", "daily_sources", "outlet_health", "runs"):
            con.execute(f"insert into {table} by name {bundled.text(f'sql/rollups/{table}.sql')}")


def against_executemany(warehouse: Warehouse, figures: dict[str, float], rows: int = 20_000) -> None:
    """The same articles by one Arrow stream and, a twentieth of them, by executemany; rows a second of CPU."""
    with warehouse.store.writing() as con:
        table = con.execute(f"from articles limit {rows}").to_arrow_table()
        con.execute("create temp table target as from articles limit 0")
        started = time.process_time()
        keep(con, "staged_rows", table)
        con.execute("insert into target from staged_rows")
        arrow = rows / (time.process_time() - started)
        some = [list(row.values()) for row in pa.table(table).slice(0, rows // 20).to_pylist()]
        started = time.process_time()
        marks = ", ".join("?" * table.num_columns)
        con.executemany(f"insert into target values ({marks})", some)  # noqa: S608
        each = len(some) / (time.process_time() - started)
    note(figures, "arrow_rows_per_cpu_second", round(arrow))
    note(figures, "executemany_rows_per_cpu_second", round(each))
    note(figures, "arrow_times_executemany", round(arrow / each, 1))


def on_a_lake(folder: Path, figures: dict[str, float]) -> None:
    """Every named trend on the file and on a lake with the same rows, both opened anew: processor time."""
    lake = Lake(lake_address(f"ducklake:sqlite:{folder}/catalogue.sqlite", f"{folder}/lake", {}))
    with timed("move_to_lake", figures):
        keeping.move_to(lake, PlainFile(folder))
    with lake.publishing():
        pass
    cost = {}
    for name, reader in (("file", Reader(folder)), ("lake", Reader(folder, lake=lake))):
        started = time.process_time()
        for query in named_sql.folder(bundled.path("sql/trends")):
            needed = {param.name: "source-1" for param in query.params if param.default is None}
            reader.trend(
                query.name, {key: value for key, value in needed.items() if key not in ("start", "end")}
            )
        cost[name] = time.process_time() - started
    note(figures, "lake_cpu_times_file_on_trends", round(cost["lake"] / cost["file"], 2))


def killed(folder: Path, kills: int) -> dict[str, float]:
    """Kill loaders at random moments; readers must see whole days, and a last load must mend everything."""
    random = Random(7)  # noqa: S311
    undisturbed = Warehouse(PlainFile(folder / "undisturbed"), near=dedup)
    victim = folder / "killed"
    for interval, batches in little_days():
        undisturbed.load(interval, _LITTLE, (), batches)
        undisturbed.check(interval)
    undisturbed.publish()
    per_day = "select day, count(*) from articles group by day"
    whole = dict(Reader(folder / "undisturbed").query(per_day).rows)
    torn = reads = 0
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, __file__, "--load-forever", str(victim)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        until = time.monotonic() + random.uniform(0.0, 3.0)
        while time.monotonic() < until:
            if (victim / "wirewatch.duckdb").is_file():
                reads += 1
                torn += not dict(Reader(victim).query(per_day).rows).items() <= whole.items()
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    survivor = Warehouse(PlainFile(victim), near=dedup)
    for interval, batches in little_days():
        survivor.load(interval, _LITTLE, (), batches)
        survivor.check(interval)
    different = keeping.hashes(survivor.store) != keeping.hashes(undisturbed.store)
    figures: dict[str, float] = {}
    note(figures, "kills", kills)
    note(figures, "reads_meanwhile", reads)
    note(figures, "reads_of_half_a_day", torn)
    note(figures, "rows_differ_after_kills", int(different))
    return figures


def load_forever(folder: Path) -> None:
    warehouse = Warehouse(PlainFile(folder), near=dedup)
    days = list(little_days())
    sys.stdout.write("started\n")
    sys.stdout.flush()
    while True:
        for interval, batches in days:
            warehouse.load(interval, _LITTLE, (), batches)
            warehouse.check(interval)
            warehouse.publish()


def little_days() -> Iterator[tuple[Interval, list[Batch]]]:
    for number in range(3):
        interval = Interval.of_day(_LAST + number * DAY)
        yield interval, [batch(one.outlet_id, interval, 8) for one in _LITTLE]


def batch(outlet_id: str, interval: Interval, size: int) -> Batch:
    """A day of an outlet: stories of its own, and every twentieth one that another outlet has too."""
    documents = tuple(document(outlet_id, interval, number) for number in range(size))
    manifest = Manifest(
        outlet_id=outlet_id, interval=interval, captures=tuple(one.capture for one in documents)
    )
    return Batch(outlet_id=outlet_id, interval=interval, manifests=(manifest,), documents=documents)


def document(outlet_id: str, interval: Interval, number: int) -> Document:
    url = f"https://{outlet_id}.example/{interval.name}/{number}"
    shared = number % 20 == 0
    random = Random(f"{interval.name}-{number}" if shared else url)  # noqa: S311
    lines = [f"The {' '.join(random.choices(_WORDS, k=9))}, the office said." for _ in range(25)]
    body = "\n\n".join(" ".join(lines[at : at + 5]) for at in range(0, 25, 5))
    at = interval.start + timedelta(seconds=number % 86_400)
    capture = Capture(
        outlet_id=outlet_id,
        kind=CaptureKind.PAGE,
        url=url,
        final_url=url,
        status=200,
        fetched_at=at,
        digest=digest(url.encode()),
        warc_file=f"{outlet_id}/{interval.name}.warc.gz",
        warc_offset=number,
    )
    article = Article(
        url=url,
        canonical_url=url,
        title=f"Report {number} of {outlet_id}",
        body=body,
        language="en",
        outlet_id=outlet_id,
        published_at=at,
        published_from="meta",
    )
    return Document(
        capture=capture,
        interval=interval,
        result=article,
        attributions=tuple(said(body, line) for line in lines[:5]),
        signature=dedup.signature(body),
    )


def said(body: str, line: str) -> Attribution:
    start = body.index(line)
    comma = start + line.index(",")
    return Attribution(
        source=((comma + 2, comma + 12),),
        cue=((comma + 13, comma + 17),),
        content=((start, comma),),
        kind=AttributionKind.INDIRECT,
        source_kind=SourceKind.ROLE,
        name=None,
        source_id=None,
        parent_source_id=None,
        via=None,
        rule="role",
        inside=None,
        confidence=0.9,
    )


def outlet(outlet_id: str) -> Outlet:
    return Outlet(
        outlet_id=outlet_id,
        name=outlet_id,
        kind=OutletKind.PAPER,
        homepage=f"https://{outlet_id}.example/",
        language="en",
        country=None,
        feeds=(),
    )


_LITTLE = tuple(outlet(f"little-{at}") for at in range(3))


@contextmanager
def timed(name: str, figures: dict[str, float]) -> Iterator[None]:
    wall, cpu = datetime.now(UTC), time.process_time()
    yield
    note(figures, f"{name}_cpu_seconds", round(time.process_time() - cpu, 2))
    note(figures, f"{name}_seconds", round((datetime.now(UTC) - wall).total_seconds(), 2))


def note(figures: dict[str, float], name: str, value: float) -> None:
    figures[name] = value
    print(f"{name:>36}  {value}", flush=True)


if __name__ == "__main__":
    main()
