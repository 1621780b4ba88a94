"""What do loading, auditing, publishing and keeping a warehouse cost?

    python bench/warehouse.py --json warehouse.json
    python bench/warehouse.py --articles 10000000 --words 60
    python bench/warehouse.py --articles 0 --loaders 4 --rounds 10 --catalogue postgres

A warehouse of an invented press is generated (bench/press.py), five attributions an article; then a day comes on top,
through the same stage as every day's load: files of bodies of 300 words, five attributions an article, a signature. It is loaded
again, checked, published and compacted. Arrow is measured against executemany on the same rows, and loaders of a lake
run beside each other. Wall time is for an idle machine; processor time counts all threads.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import postgres
import pyarrow as pa
from press_day import batch, outlet

import press
from pipeline import dedup
from pipeline.adapters.batches import Batches
from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse, keeping
from pipeline.adapters.warehouse.lake import Lake, LakeAddress, lake_address
from pipeline.adapters.warehouse.loading import keep
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.adapters.warehouse.rows import rows_of
from pipeline.interval import DAY, Interval
from pipeline.stages.load import load

Figures = dict[str, float | int]

_COUNTS = """
select count(*), count(distinct article_id), (select count(distinct article_id) from attributions) from articles
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=1_000_000, help="that are there already; 0: loaders alone"
    )
    parser.add_argument("--words", type=int, default=300, help="of their bodies")
    parser.add_argument("--day", type=int, default=10_000, help="articles of the day that is loaded")
    parser.add_argument("--loaders", type=int, default=4, help="of a lake at once; 0: none")
    parser.add_argument("--rounds", type=int, default=1, help="of such loaders, each round with a new lake")
    parser.add_argument(
        "--catalogue",
        default="sqlite",
        choices=("sqlite", "postgres"),
        help="of the lake; PostgreSQL of its own",
    )
    parser.add_argument("--no-compact", action="store_true", help="leave out what takes longest")
    parser.add_argument("--folder", type=Path, help="kept, with what was loaded; a temporary one by default")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: Figures = {"articles": options.articles}
    with tempfile.TemporaryDirectory(dir=options.folder) as passing:
        if options.articles:
            measure(options.folder or Path(passing), options, figures)
        if options.loaders:
            side_by_side(Path(passing), options, figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measure(folder: Path, options: argparse.Namespace, figures: Figures) -> None:
    file = PlainFile(folder)
    warehouse = Warehouse(file, near=dedup)
    day = Interval.of_day(press.LAST + DAY)
    outlets = tuple(outlet(f"outlet-{at}") for at in range(10))
    with timed("generate", figures):
        press.fill(file, options.articles, words=options.words)
    with timed("make_batches", figures):
        processed = Batches(folder / "batches")
        for one in outlets:
            processed.write(batch(one.outlet_id, day, options.day // len(outlets)))
    with timed("daily_load", figures):
        counts = load(day, outlets, actors=(), batches=processed, warehouse=warehouse)
    note(figures, "articles_loaded", counts.articles)
    note(figures, "attributions_loaded", counts.attributions)
    before = keeping.hashes(file)
    with timed("same_load_again", figures):
        load(day, outlets, actors=(), batches=processed, warehouse=warehouse)
    after = keeping.hashes(file)
    note(figures, "tables_changed_by_it", sum(before[table] != rows for table, rows in after.items()))
    with timed("check", figures):
        findings = warehouse.check(day)
    note(figures, "findings_of_errors", sum(finding.severity == "error" for finding in findings))
    with timed("publish", figures):
        warehouse.publish()
    note(figures, "file_mb", round(file.published.stat().st_size / 1e6, 1))
    against_executemany(warehouse, figures)
    if not options.no_compact:
        with timed("compact", figures):
            keeping.compact(file)
        note(figures, "compacted_mb", round(file.build.stat().st_size / 1e6, 1))


def against_executemany(warehouse: Warehouse, figures: Figures, rows: int = 20_000) -> None:
    """The same articles by one Arrow stream and, a twentieth of them, by executemany; rows a second of CPU."""
    with warehouse.store.writing(threads=1) as con:
        table = con.execute(f"from articles limit {rows}").to_arrow_table()
        con.execute("create temp table target as from articles limit 0")
        started = time.process_time()
        keep(con, "staged_rows", table)
        con.execute("insert into target from staged_rows")
        arrow = rows / (time.process_time() - started)
        some = [list(row.values()) for row in pa.table(table).slice(0, rows // 20).to_pylist()]
        started = time.process_time()
        marks = ", ".join("?" * table.num_columns)
        con.execute("begin")
        con.executemany(f"insert into target values ({marks})", some)  # noqa: S608 - as many marks as columns
        con.execute("commit")
        each = len(some) / (time.process_time() - started)
    note(figures, "arrow_rows_per_cpu_second", round(arrow))
    note(figures, "executemany_rows_per_cpu_second", round(each))
    note(figures, "arrow_times_executemany", round(arrow / each, 1))


# ---- loaders beside each other -----------------------------------------------------------------------


def side_by_side(folder: Path, options: argparse.Namespace, figures: Figures) -> None:
    """Rounds of processes that make a lake and load its days at once, each those of its outlet; a reader asks meanwhile."""
    totals = Counter[str]()
    with timed(f"{options.rounds}_rounds_of_{options.loaders}_loaders", figures):
        for number in range(options.rounds):
            with catalogue_of(folder / f"lake-{number}", options.catalogue) as address:
                totals.update(one_round(folder / f"lake-{number}", address, options.loaders))
            print(f"after round {number + 1}: {dict(totals)}", file=sys.stderr, flush=True)
    for name, value in totals.items():
        note(figures, f"lake_{name}", value)


@contextmanager
def catalogue_of(folder: Path, kind: str) -> Iterator[str]:
    """The address of a catalogue that is not there yet; in PostgreSQL by a server of its own."""
    if kind == "sqlite":
        yield f"ducklake:sqlite:{folder}/catalogue.sqlite"
        return
    with postgres.serving(folder / "server") as server:
        yield f"ducklake:postgres:dbname=postgres user={postgres.USER} host={server.host}"


def one_round(folder: Path, address: str, loaders: int, days: int = 3, size: int = 40) -> dict[str, int]:
    start = multiprocessing.get_context("spawn")
    lake = lake_address(address, f"{folder}/data", {})
    store = Lake(lake)
    processes = [
        start.Process(target=load_days, args=(lake, f"outlet-{at}", days, size)) for at in range(loaders)
    ]
    torn = reads = 0
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        with store.writing(threads=1) as con:
            ((rows, distinct, cited),) = con.execute(_COUNTS).fetchall()
        reads += 1
        # A load is a day of an outlet, whole: its articles, each with attributions.
        torn += rows != distinct or rows % size != 0 or cited != rows
        time.sleep(0.1)
    for process in processes:
        process.join()
    warehouse = Warehouse(store, near=dedup)
    for number in range(days):
        warehouse.check(Interval.of_day(press.LAST + number * DAY))
    warehouse.publish()
    ((rows, distinct, _),) = Reader(folder, lake=store).query(_COUNTS).rows
    return {
        "loaders_failed": sum(process.exitcode != 0 for process in processes),
        "rows": rows,
        "rows_missing": loaders * days * size - rows,
        "rows_doubled": rows - distinct,
        "reads_meanwhile": reads,
        "reads_torn": torn,
    }


def load_days(lake: LakeAddress, outlet_id: str, days: int, size: int) -> None:
    warehouse = Warehouse(Lake(lake), near=dedup)
    for number in range(days):
        day = Interval.of_day(press.LAST + number * DAY)
        warehouse.load(day, [outlet(outlet_id)], (), [rows_of(batch(outlet_id, day, size))])


# ---- what is printed -----------------------------------------------------------------------------------


@contextmanager
def timed(name: str, figures: Figures) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    note(figures, f"{name}_cpu_seconds", round(time.process_time() - cpu, 2))
    note(figures, f"{name}_seconds", round(time.perf_counter() - wall, 2))


def note(figures: Figures, name: str, value: float) -> None:
    figures[name] = value
    print(f"{name:>36}  {value}", flush=True)


if __name__ == "__main__":
    main()
