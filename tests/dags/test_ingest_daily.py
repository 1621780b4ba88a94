"""The real DAG over two days of the samples, as `make run` runs it: recorded, readable, repeatable."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHOLE, LOST = "2016-03-24", "2016-03-25"  # one outlet's feed is broken on the second


@dataclass(frozen=True, kw_only=True)
class Made:
    home: Path
    data: Path
    told: str
    code: int

    def rows(self) -> dict[str, Any]:
        """Every published table, whole."""
        import duckdb

        with duckdb.connect(str(self.data / "warehouse" / "wirewatch.duckdb"), read_only=True) as con:
            tables = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
            return {name: sorted(map(repr, con.execute(f'from "{name}"').fetchall())) for name in tables}

    def ask(self, sql: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.home}/airflow.db?mode=ro", uri=True) as con:
            return con.execute(sql).fetchall()


def run(folder: Path) -> Made:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "WIREWATCH"))
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "run.py"), "--start", WHOLE, "--end", LOST],
        env={**kept, "AIRFLOW_HOME": str(folder / "home"), "WIREWATCH_DATA": str(folder / "data")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    return Made(
        home=folder / "home", data=folder / "data", told=done.stdout + done.stderr, code=done.returncode
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return run(tmp_path_factory.mktemp("run"))


def test_a_loss_that_the_warehouse_names_is_no_failure_of_the_run(made: Made) -> None:
    assert made.code == 0, made.told
    assert f"{LOST}  red" in made.told
    assert "Levant Monitor: feed_malformed" in made.told


def test_a_whole_day_is_green_and_a_day_with_a_loss_is_not(made: Made) -> None:
    found = made.ask("select run_id, state from dag_run where dag_id = 'ingest_daily' order by run_id")
    assert found == [(f"samples__{WHOLE}", "success"), (f"samples__{LOST}", "failed")]


def test_the_data_interval_of_a_run_is_its_day(made: Made) -> None:
    ((start, end),) = made.ask(
        f"select data_interval_start, data_interval_end from dag_run where run_id = 'samples__{WHOLE}'"  # noqa: S608
    )
    assert (start[:19], end[:19]) == ("2016-03-24 00:00:00", "2016-03-25 00:00:00")


def test_only_the_account_of_losses_is_red_and_mapped_tasks_carry_their_outlets_names(made: Made) -> None:
    states = Counter(
        made.ask(f"select task_id, state from task_instance where run_id = 'samples__{LOST}'")  # noqa: S608
    )
    assert {task for task, state in states if state != "success"} == {"account_for_losses"}
    assert states["outlet.collect", "success"] == states["outlet.process", "success"] == 9
    names = made.ask("select distinct rendered_map_index from task_instance where task_id = 'outlet.collect'")
    assert ("levant-monitor",) in names


def test_a_tasks_log_is_where_the_ui_looks_for_it_and_tells_its_story(made: Made) -> None:
    folder = made.home / "logs" / "dag_id=ingest_daily" / f"run_id=samples__{LOST}"
    (file,) = (folder / "task_id=account_for_losses").glob("attempt=*.log")
    events = [json.loads(line)["event"] for line in file.read_text().splitlines()]
    assert any("Levant Monitor" in event and "feed malformed" in event for event in events)
    for log in folder.rglob("*.log"):
        assert 2 <= len(log.read_text().splitlines()) <= 25, log


def test_a_tasks_links_lead_to_its_outlet_and_its_rejects_over_the_days_of_the_run(made: Made) -> None:
    """As the API server works them out, against the rows that the run has left."""
    code = (
        "import wirewatch_plugin\n"
        "from airflow.models.taskinstancekey import TaskInstanceKey as Key\n"
        "for link in wirewatch_plugin.WirewatchPlugin.operator_extra_links:\n"
        "    for task, index in (('outlet.process', 3), ('plan', -1)):\n"
        f"        key = Key('ingest_daily', task, 'samples__{LOST}', 1, index)\n"
        "        print('link', link.name, link.get_link(None, ti_key=key))\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "plugins"),
        "AIRFLOW_HOME": str(made.home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{made.home}/airflow.db",
        "AIRFLOW__API__BASE_URL": "https://monitor.example/airflow",
    }
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=500, check=True
    ).stdout.splitlines()
    view = f"/airflow/plugin/coverage?view=outlet&outlet=levant-monitor&start={LOST}&end={LOST}"
    assert [line for line in told if line.startswith("link")] == [
        f"link Outlet {view}",
        "link Outlet ",
        f"link Rejects {view}&section=rejects",
        "link Rejects ",
    ]


def test_publishing_tells_airflow_that_the_warehouse_changed(made: Made) -> None:
    ((count,),) = made.ask(
        "select count(*) from asset_event join asset on asset.id = asset_id where name = 'wirewatch_warehouse'"
    )
    assert count == 2


def test_the_same_runs_again_change_no_row_and_make_no_other_run(made: Made) -> None:
    before = made.rows()
    assert before["articles"]
    again = run(made.home.parent)
    assert again.code == 0, again.told
    assert again.rows() == before
    assert again.ask("select count(*) from dag_run where dag_id = 'ingest_daily'") == [(2,)]
