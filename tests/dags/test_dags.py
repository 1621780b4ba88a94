"""The house rules for DAGs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))
EXPECTED = {
    *("collect_hourly", "ingest_daily", "trends", "reprocess"),
    *("import_warc", "maintenance", "onboard_outlet"),
    *("watches", "digests"),
}
WAITING_FOR_PEOPLE = {"onboard_outlet"}  # runs of theirs wait beside each other
# The only tasks that may write the warehouse's build or swap it in, by their stage.
WRITING = {"load", "check", "publish", "load_batches", "check_batches", "audit", "compact", "reindex"}


@pytest.fixture(scope="module")
def bag(airflow: Path) -> Any:
    assert (airflow / "airflow.db").exists()
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(ROOT / "dags"))


def test_every_file_imports_cleanly(bag: Any) -> None:
    assert bag.import_errors == {}


def test_the_dags_are_those_of_the_design(bag: Any) -> None:
    assert set(bag.dags) >= EXPECTED


def test_a_file_holds_one_dag_of_the_same_name(bag: Any) -> None:
    assert {Path(dag.fileloc).stem for dag in bag.dags.values()} == {file.stem for file in FILES}
    assert all(Path(dag.fileloc).stem == name for name, dag in bag.dags.items())


def test_every_dag_says_in_the_ui_what_it_is_for(bag: Any) -> None:
    for dag in bag.dags.values():
        assert dag.doc_md, dag.dag_id
        assert len(dag.doc_md.split()) > 25, dag.dag_id
        assert "wirewatch" in dag.tags, dag.dag_id
        assert dag.dagrun_timeout, dag.dag_id
        assert not dag.catchup, dag.dag_id
        assert (dag.max_active_runs == 1) != (dag.dag_id in WAITING_FOR_PEOPLE), dag.dag_id
        assert "From the command line" in dag.doc_md or dag.dag_id in ("collect_hourly", "trends"), dag.dag_id


def test_what_a_form_asks_for_is_named_and_checked(bag: Any) -> None:
    for dag in bag.dags.values():
        for name in dag.params:
            asked = dag.params.get_param(name)
            assert asked.schema.get("title"), f"{dag.dag_id}.{name}"
            assert asked.schema.get("type"), f"{dag.dag_id}.{name}"


def test_what_runs_by_the_clock_needs_no_answer(bag: Any) -> None:
    for dag in bag.dags.values():
        if dag.schedule is not None:
            dag.params.validate()


def test_the_assets_join_the_dags_to_one_graph(bag: Any) -> None:
    from wirewatch_airflow.defaults import ARCHIVE, TRENDS, WAREHOUSE

    makers = {
        asset.name: {dag.dag_id for dag in bag.dags.values() for task in dag.tasks if asset in task.outlets}
        for asset in (ARCHIVE, WAREHOUSE, TRENDS)
    }
    readers = {
        asset.name: {dag.dag_id for dag in bag.dags.values() for task in dag.tasks if asset in task.inlets}
        for asset in (ARCHIVE, WAREHOUSE)
    }
    assert makers == {
        ARCHIVE.name: {"collect_hourly", "ingest_daily", "import_warc", "onboard_outlet"},
        WAREHOUSE.name: {"ingest_daily", "import_warc", "onboard_outlet", "reprocess"},
        TRENDS.name: {"trends"},
    }
    assert readers[ARCHIVE.name] >= {"ingest_daily", "import_warc", "maintenance", "reprocess"}
    assert readers[WAREHOUSE.name] >= {"trends", "maintenance"}


def test_a_day_that_is_not_published_in_time_is_said_to_be_late(bag: Any) -> None:
    from wirewatch_airflow.defaults import LATE_AFTER

    (deadline,) = bag.dags["ingest_daily"].deadline
    assert deadline.interval == LATE_AFTER < bag.dags["ingest_daily"].dagrun_timeout
    module, _, name = deadline.callback.path.rpartition(".")
    assert callable(getattr(__import__(module, fromlist=[name]), name))


def test_every_task_has_an_owner_retries_by_error_class_and_a_time_limit(bag: Any) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            where = f"{dag.dag_id}.{task.task_id}"
            assert task.owner == "wirewatch", where
            assert task.retries >= 1, where
            assert task.has_retry_policy, where
            # Whoever waits for a person has a limit of its own for that.
            assert task.execution_timeout or task.response_timeout, where


def test_mapped_tasks_are_named_by_what_they_are_mapped_over(bag: Any) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            if task.is_mapped or task.get_closest_mapped_task_group():
                assert task.map_index_template, f"{dag.dag_id}.{task.task_id}"


def test_whatever_writes_the_warehouse_does_so_through_the_pool_of_one(bag: Any) -> None:
    from airflow.models.pool import Pool

    from wirewatch_airflow.defaults import WRITER_POOL

    pool = Pool.get_pool(WRITER_POOL)
    assert pool is not None
    assert pool.slots == 1
    pools: dict[bool, set[str]] = {True: set(), False: set()}
    for dag in bag.dags.values():
        for task in dag.tasks:
            given = task.partial_kwargs if task.is_mapped else vars(task)
            if stage := given.get("stage"):
                pools[stage.__name__ in WRITING].add(task.pool)
    assert pools[True] == {WRITER_POOL}
    assert WRITER_POOL not in pools[False]


def test_a_dag_survives_being_stored_and_read_by_the_scheduler(bag: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in bag.dags.values():
        stored = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        assert stored.task_ids == dag.task_ids
        assert stored.doc_md == dag.doc_md


def test_the_lost_outlet_of_a_day_keeps_the_run_from_being_green(bag: Any) -> None:
    leaves = [task.task_id for task in bag.dags["ingest_daily"].leaves]
    assert leaves == ["account_for_losses"]
    assert bag.dags["ingest_daily"].get_task("account_for_losses").trigger_rule == "all_done"
    assert bag.dags["ingest_daily"].get_task("load").trigger_rule == "all_done"


def test_an_outlet_that_is_begun_is_finished_before_another_is_begun(bag: Any) -> None:
    """So that pages are read while the hosts of other outlets are waited for."""
    from airflow.serialization.serialized_objects import DagSerialization

    dag = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(bag.dags["ingest_daily"]))
    collect, process = (dag.get_task(f"outlet.{name}") for name in ("collect", "process"))
    weight = {
        task.task_id: task.weight_rule.get_weight(SimpleNamespace(task=task)) for task in (collect, process)
    }
    assert weight["outlet.process"] > weight["outlet.collect"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_is_a_picture(file: Path) -> None:
    """Nothing but imports, one decorated function and its call: no branch, loop, file or clock."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = {type(node).__name__ for node in ast.walk(tree)}
    assert not kinds & {"If", "For", "While", "Try", "With", "ListComp", "DictComp", "Global"}, kinds
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [module for module in modules if module.startswith("pipeline")]
    assert [type(node).__name__ for node in tree.body[-2:]] == ["FunctionDef", "Expr"]


def test_reading_the_dags_does_not_load_the_store() -> None:
    """In a process of its own, after Airflow itself: what the DAG processor pays again and again."""
    code = (
        "import sys, airflow.sdk, airflow.models.dag\n"
        "from airflow.sdk import dag, task_group, Asset, Param, CronDataIntervalTimetable, ExceptionRetryPolicy\n"
        f"for name in {[str(file) for file in FILES]!r}:\n"
        "    exec(compile(open(name).read(), name, 'exec'), {'__name__': 'dag', '__doc__': 'x'})\n"
        "print('loaded', *{'duckdb', 'lxml', 'pipeline.wiring'} & set(sys.modules))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "plugins")},
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    ).stdout.splitlines()
    assert [line.strip() for line in told if line.startswith("loaded")] == ["loaded"]
