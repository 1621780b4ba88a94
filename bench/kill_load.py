"""Is anything lost, partial or doubled when what loads and publishes is killed, and what do readers see meanwhile?

    python bench/kill_load.py --kills 50 --json kill_load.json

A process loads three days of three outlets, one after the other, checks and publishes after each, and begins again. It
is killed with SIGKILL: the stage that is to be hit is drawn first, then the moment within it, so that short stages are
hit as often as long ones. The next process goes on from what is left. A reader asks without pause, and has one
connection open from the first publish to the end. In the end what stands in the build must be whole days, and one more load must come to the rows of a
warehouse that nobody disturbed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

import duckdb
from press_day import batch, outlet

from pipeline import dedup
from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse, keeping
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.adapters.warehouse.rows import rows_of
from pipeline.interval import DAY, Interval
from pipeline.records import Batch
from press import LAST

Figures = dict[str, float | int]
Days = list[tuple[Interval, list[Batch]]]

_OUTLETS = tuple(outlet(f"little-{at}") for at in range(3))
_PHASES = ("load", "check", "publish")
_PARTS = """
select strftime(articles.interval_start, '%Y-%m-%d') as day, count(distinct articles.article_id), count(*)
from articles
join attributions on attributions.article_id = articles.article_id
group by all
"""
# Children begin as copies of this process, which has everything imported and never opens DuckDB itself.
_FORK = multiprocessing.get_context("fork")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=8, help="of an outlet and day")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one by default")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="bench-kill-") as folder:
        figures = killed(Path(folder), asked.kills, asked.articles)
    for name, value in figures.items():
        print(f"{name:>32}  {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def killed(folder: Path, kills: int, articles: int) -> Figures:
    random = Random(7)  # noqa: S311 - moments, not secrets
    days = [
        (day, [batch(one.outlet_id, day, articles) for one in _OUTLETS])
        for day in (Interval.of_day(LAST + number * DAY) for number in range(3))
    ]
    victim = folder / "victim"
    whole, hashes, seconds = _in_a_child(undisturbed, folder / "undisturbed", days)
    stop, seen = _FORK.Event(), _FORK.Queue()
    reader = _FORK.Process(target=read, args=(victim, whole, stop, seen))
    reader.start()
    figures: Figures = {"kills": 0, **{f"kills_in_{phase}": 0 for phase in _PHASES}}
    for number in range(kills):
        wanted = _PHASES[number % len(_PHASES)]
        moment = random.uniform(0, seconds[wanted])
        hit = _killed_in(wanted, random.randrange(len(days)), moment, victim, days)
        figures["kills"] += 1
        figures[f"kills_in_{hit}"] += 1
    stop.set()
    figures |= seen.get()
    reader.join()
    left, after = _in_a_child(mended, victim, days)
    figures["days_in_the_build_not_whole"] = len(left.items() - whole.items())
    figures["tables_that_differ_in_the_end"] = sum(after[table] != rows for table, rows in hashes.items())
    return figures


def undisturbed(folder: Path, days: Days, answer: Queue[Any]) -> None:
    """What each day holds, the rows' hashes, and how long each stage took at most."""
    begun: list[tuple[str, float]] = []
    for _ in range(2):
        _load(folder, days, lambda phase: begun.append((phase, time.perf_counter())))
    seconds = dict.fromkeys(_PHASES, 0.0)
    for (phase, at), (_, ended) in pairwise(begun):
        seconds[phase] = max(seconds[phase], ended - at)
    with duckdb.connect(folder / "build.duckdb", read_only=True) as con:
        parts = _parts(con.execute(_PARTS).fetchall())
    answer.put((parts, keeping.hashes(PlainFile(folder)), seconds))


def load_forever(folder: Path, days: Days, telling: Connection) -> None:
    while True:
        _load(folder, days, telling.send)


def mended(folder: Path, days: Days, answer: Queue[Any]) -> None:
    """What the build holds after the last kill, and the rows' hashes after one more load."""
    with PlainFile(folder).writing() as con:
        left = _parts(con.execute(_PARTS).fetchall())
    _load(folder, days, lambda _: None)
    Warehouse(PlainFile(folder), near=dedup).publish()
    answer.put((left, keeping.hashes(PlainFile(folder))))


def read(folder: Path, whole: dict[str, tuple[int, int]], stop: Any, answer: Queue[Any]) -> None:
    """Ask all the time for what each day holds; by a connection of its own, and by one that stays open."""
    figures = {"reads": 0, "reads_of_half_a_day": 0, "reads_of_the_patient": 0, "changes_for_the_patient": 0}
    patient = first = None
    while not stop.is_set():
        if not (folder / "wirewatch.duckdb").is_file():
            time.sleep(0.02)
            continue
        if patient is None:
            patient = duckdb.connect(folder / "wirewatch.duckdb", read_only=True)
            first = patient.execute(_PARTS).fetchall()
        figures["reads"] += 1
        figures["reads_of_half_a_day"] += (
            not _parts(Reader(folder).query(_PARTS).rows).items() <= whole.items()
        )
        figures["reads_of_the_patient"] += 1
        figures["changes_for_the_patient"] += sorted(patient.execute(_PARTS).fetchall()) != sorted(
            first or []
        )
    answer.put(figures)


def _load(folder: Path, days: Days, tell: Callable[[str], None]) -> None:
    """Each day in its turn; ``tell`` is told which stage begins."""
    warehouse = Warehouse(PlainFile(folder), near=dedup)
    for interval, batches in days:
        rows = [rows_of(one) for one in batches]
        tell("load")
        warehouse.load(interval, _OUTLETS, (), rows)
        tell("check")
        # A killed one may have left any of them unchecked, and then nothing is published.
        for loaded, _ in days:
            warehouse.check(loaded)
        tell("publish")
        warehouse.publish()


def _killed_in(wanted: str, turn: int, moment: float, folder: Path, days: Days) -> str:
    """Kill a loader that long after the stage began for that many times more; the stage that it was in."""
    told, telling = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=load_forever, args=(folder, days, telling))
    child.start()
    telling.close()
    phase = ""
    while turn >= 0:
        phase = told.recv()  # EOFError: a loader failed by itself
        turn -= phase == wanted
    time.sleep(moment)
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    with suppress(EOFError):
        while True:
            phase = told.recv()
    return phase


def _in_a_child(work: Any, folder: Path, days: Days) -> Any:
    answer = _FORK.Queue()
    child = _FORK.Process(target=work, args=(folder, days, answer))
    child.start()
    told = answer.get()
    child.join()
    return told


def _parts(rows: Any) -> dict[str, tuple[int, int]]:
    return {day: (articles, attributions) for day, articles, attributions in rows}


if __name__ == "__main__":
    main()
