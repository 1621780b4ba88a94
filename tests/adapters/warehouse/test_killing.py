"""A load is killed at random moments; nothing is lost, nothing is half there, readers notice nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse

KILLS = 5

# Loads and publishes the invented press over and over, saying when it starts. All days are checked before a publish:
# a kill may have left any of them loaded and not checked, and then nothing may be published.
LOADER = """
import importlib.util, sys
from pathlib import Path
from pipeline import dedup
from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse.plain_file import PlainFile
spec = importlib.util.spec_from_file_location("invented_press", sys.argv[1])
press = importlib.util.module_from_spec(spec)
sys.modules["invented_press"] = press
spec.loader.exec_module(press)
warehouse = Warehouse(PlainFile(Path(sys.argv[2])), near=dedup)
days = press.fortnight(3)
print("started", flush=True)
while True:
    for day, batches in days.items():
        press.Press.load(warehouse, day, *batches)
    for day in days:
        warehouse.check(day)
    warehouse.publish()
"""


def test_after_any_number_of_kills_a_rerun_gives_the_undisturbed_rows(
    press: Any, warehouse: Warehouse, new_warehouse: Callable[[str], Warehouse]
) -> None:
    days = press.fortnight(3)
    undisturbed = new_warehouse("undisturbed")
    for day, batches in days.items():
        press.load(undisturbed, day, *batches)
    whole_days = _articles_by_day(press.file(undisturbed).build)

    first = next(iter(days))
    press.load(warehouse, first, *days[first])
    press.publish(warehouse)
    reader = Reader(press.file(warehouse).published.parent)
    randomness = Random(7)  # noqa: S311
    with duckdb.connect(press.file(warehouse).published, read_only=True) as patient:
        seen_first = patient.execute("select count(*) from articles").fetchall()
        for _ in range(KILLS):
            _load_and_kill(press.file(warehouse).published.parent, after=randomness.uniform(0.02, 1.0))
            published = dict(reader.query("select interval_start, count(*) from articles group by all").rows)
            assert published.items() <= whole_days.items(), "readers see a part of a day"
        assert patient.execute("select count(*) from articles").fetchall() == seen_first

    for day, batches in days.items():
        press.load(warehouse, day, *batches)
    assert press.hashes(warehouse) == press.hashes(undisturbed)
    press.publish(warehouse)
    assert not list(press.file(warehouse).published.parent.glob("*.half"))


def _load_and_kill(directory: Path, *, after: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(Path(__file__).with_name("conftest.py")), str(directory)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(after)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _articles_by_day(build: Path) -> dict[Any, int]:
    with duckdb.connect(build, read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        return dict(con.execute("select interval_start, count(*) from articles group by all").fetchall())
