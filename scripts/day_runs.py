"""How do runs of a DAG get done without a scheduler? In this process, recorded in Airflow's database.

A scheduler with its executor costs half a second a task and twenty seconds to start, most of it spent
waiting. This is the loop of Airflow's own ``dag.test()`` with four differences: a run's data interval is
its day, a second go clears and repeats the same run, each task's log is where the UI looks for it, and
tasks that may run side by side do, in one worker process a core.
"""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.interval import Interval

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.sdk import DAG
    from airflow.serialization.definitions.dag import SerializedDAG
    from sqlalchemy.orm import Session

WORKERS = 4  # at most
SENTENCE = "Engineers said on Friday that the road to the old town would be open again within a week."
QUEUE_PAUSE_SECONDS = 0.2  # while a task waits for its retry
PARENT_PAUSE_SECONDS = 0.5  # between two looks whether the process that forked us is there


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One task instance, as a worker process is told of it."""

    instance: dict[str, Any]
    task_id: str
    log_file: Path


class TaskLog(io.RawIOBase):
    """A stream whose file changes with the task; what other threads say goes to the rest."""

    def __init__(self, rest: Path) -> None:
        rest.parent.mkdir(parents=True, exist_ok=True)
        self._rest: IO[bytes] = rest.open("ab", buffering=0)
        self._task: IO[bytes] | None = None
        self.claim()

    def claim(self) -> None:
        """This thread is the one that runs tasks."""
        self._thread = threading.get_ident()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        task = self._task if threading.get_ident() == self._thread else None
        return (task or self._rest).write(data)

    @contextmanager
    def to(self, file: Path) -> Iterator[None]:
        with file.open("ab", buffering=0) as self._task:
            try:
                yield
            finally:
                self._task = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunResult:
    """How a run ended: its state, and those of its tasks that are not green."""

    run_id: str
    interval: Interval
    state: str
    tasks: Counter[str]  # how many by state
    failed: tuple[str, ...]  # "outlet.collect (levant-monitor)"
    seconds: float


def run_id_of(interval: Interval) -> str:
    return f"samples__{interval.name}"


def scheduler_is_running() -> bool:
    """True while a scheduler beats on this database: two hands must not drive the same run."""
    from airflow.jobs.job import most_recent_job

    job = most_recent_job("SchedulerJob")
    return job is not None and job.is_alive()


def run_dag(dag_id: str, intervals: Iterable[Interval], logs: Path) -> Iterator[RunResult]:
    """Run the DAG for each interval in turn; a run made before is cleared and done again."""
    from airflow import settings
    from airflow.sdk.log import configure_logging
    from airflow.utils.session import create_session

    log = TaskLog(logs / "make-run.log")
    configure_logging(json_output=True, output=log, cache_logger_on_first_use=False)
    sys.excepthook = sys.__excepthook__  # a crash of ours is for the terminal, not for that log
    with create_session() as session:
        dag, scheduled = _parse(dag_id, session)
    _preload()
    settings.dispose_orm()  # the workers are forked, and a database connection must not be
    with _workers(dag, log) as workers:
        workers.submit(os.getpid).result()  # forks them all
        settings.configure_orm()  # type: ignore[no-untyped-call]  # Airflow gives it no types
        for interval in intervals:
            started = time.monotonic()
            with create_session() as session:
                run = _run_of(scheduled, interval, session)
                _drive(run, workers, logs, session)
                yield _result(run, interval, time.monotonic() - started, session)


def _preload() -> None:
    """Import what every task needs before the workers are forked, once for all of them."""
    import airflow.sdk.execution_time.task_runner  # noqa: F401 - to be there before the fork
    from airflow.api_fastapi.execution_api import app
    from airflow.sdk.execution_time.supervisor import in_process_api_server
    from fastapi import FastAPI

    import pipeline.stages.process  # noqa: F401 - the same
    from pipeline.extract.language import language_of
    from wirewatch_airflow.operators import pipeline_of_the_environment

    # Word lists and the model of languages: read once, shared by the workers.
    line = pipeline_of_the_environment()
    _ = line.catalog, line.lexicon, line.recipe, line.engine and line.engine(SENTENCE), language_of(SENTENCE)

    class NewestOnly(FastAPI):
        """Airflow's task API without its older versions: we are its one client and speak the newest."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**{key: value for key, value in given.items() if "version" not in key})

        generate_and_include_versioned_routers = FastAPI.include_router

    # Translating between a dozen versions costs five seconds at the start and a third of each request.
    app.CadwynWithOpenAPICustomization = NewestOnly  # type: ignore[assignment,misc]  # in its place
    # Built, but not started: its thread would not survive the fork.
    assert in_process_api_server().app is not None  # noqa: S101 - asking builds it
    gc.collect()
    gc.freeze()  # what the workers share, no collector need look at


# ---- The side that schedules ---------------------------------------------------------------------


def _parse(dag_id: str, session: Session) -> tuple[DAG, SerializedDAG]:
    """Read the DAG folder into Airflow's database, as the DAG processor does."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.serialization.serialized_objects import DagSerialization

    manager = DagBundlesManager()  # type: ignore[no-untyped-call]  # nor this
    manager.sync_bundles_to_db(session=session)
    session.commit()
    for bundle in manager.get_all_dag_bundles():
        bundle.initialize()
        bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
        if bag.import_errors:
            raise SystemExit("\n".join(f"{file}\n{error}" for file, error in bag.import_errors.items()))
        sync_bag_to_db(bag, bundle.name, bundle.version, session=session)
        session.commit()
        if dag := bag.dags.get(dag_id):
            scheduled = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
            scheduled.deadline = None  # a day done before somebody's eyes need not be told to be late
            return dag, scheduled
    raise SystemExit(f"no DAG {dag_id} in the DAG folder")


def _run_of(dag: SerializedDAG, interval: Interval, session: Session) -> DagRun:
    """The run of that interval, ready to go: a new one, or the one there is, cleared."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select

    run: DagRun | None = session.scalar(
        select(DagRun).where(DagRun.dag_id == dag.dag_id, DagRun.logical_date == interval.start)
    )
    if run is None:
        return dag.create_dagrun(
            run_id=run_id_of(interval),
            logical_date=interval.start,
            data_interval=(interval.start, interval.end),
            run_after=interval.end,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.CLI,
            state=DagRunState.RUNNING,
            start_date=datetime.now(UTC),
            session=session,
        )
    run.dag = dag
    dag.clear(run_id=run.run_id, run_on_latest_version=True, session=session)
    run.state = DagRunState.RUNNING
    run.start_date = datetime.now(UTC)
    session.commit()
    return run


def _drive(run: DagRun, workers: ProcessPoolExecutor, logs: Path, session: Session) -> None:
    """Hand out whatever can be done, wait for it, and again, until the run has ended."""
    from airflow.utils.state import TaskInstanceState

    while run.state == "running":
        session.expire_all()
        ready, _ = run.update_state(session=session)
        for instance in ready:
            instance.try_number += 1
            instance.state = TaskInstanceState.SCHEDULED
            instance.scheduled_dttm = datetime.now(UTC)
        session.flush()
        waiting = [ti for ti in run.get_task_instances(session=session) if ti.state == "scheduled"]
        for instance in waiting:
            instance.state = TaskInstanceState.QUEUED  # what a worker expects to find
            instance.queued_dttm = datetime.now(UTC)
        work = [_work(instance, logs) for instance in sorted(waiting, key=_place)]
        session.commit()
        if not work and run.state == "running":
            time.sleep(QUEUE_PAUSE_SECONDS)
        list(workers.map(_do, work))


def _place(instance: TaskInstance) -> tuple[str, int]:
    return instance.task_id, instance.map_index


def _work(instance: TaskInstance, logs: Path) -> Work:
    from airflow.utils.helpers import log_filename_template_renderer

    names = ("task_id", "dag_id", "run_id", "try_number", "map_index", "id", "dag_version_id")
    return Work(
        instance={name: getattr(instance, name) for name in names},
        task_id=instance.task_id,
        log_file=logs / log_filename_template_renderer()(ti=instance),
    )


def _result(run: DagRun, interval: Interval, seconds: float, session: Session) -> RunResult:
    session.expire_all()
    instances = run.get_task_instances(session=session)
    return RunResult(
        run_id=run.run_id,
        interval=interval,
        state=str(run.state),
        tasks=Counter(str(instance.state) for instance in instances),
        failed=tuple(
            instance.task_id + (f" ({instance.rendered_map_index})" if instance.map_index >= 0 else "")
            for instance in sorted(instances, key=_place)
            if str(instance.state) == "failed"  # what waited for it is no news
        ),
        seconds=seconds,
    )


# ---- The side that works -------------------------------------------------------------------------

_here: dict[str, Any] = {}  # in a worker process: its DAG, its log, its client


def _workers(dag: DAG, log: TaskLog) -> ProcessPoolExecutor:
    """A process a core, forked so that Airflow is imported once."""
    return ProcessPoolExecutor(
        max_workers=min(WORKERS, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("fork"),
        initializer=_start_worker,
        initargs=(dag, log),
    )


def end_with_parent() -> None:
    """Have this process end when the one that forked it does, however that came to its end."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only forked processes call this

    def watch() -> None:
        while os.getppid() == parent.pid:  # its sentinel would be held open by whoever else it forked
            time.sleep(PARENT_PAUSE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _start_worker(dag: DAG, log: TaskLog) -> None:
    from airflow import settings
    from airflow.sdk.execution_time.supervisor import InProcessTestSupervisor

    end_with_parent()
    settings.configure_orm()  # type: ignore[no-untyped-call]  # Airflow gives it no types
    log.claim()
    # One client for all tasks: making it reads the DAG from the database.
    client = InProcessTestSupervisor._api_client(dag)  # type: ignore[no-untyped-call]  # noqa: SLF001 - no public one
    _here.update(dag=dag, log=log, client=client)


def _do(work: Work) -> None:
    from airflow.sdk.api.datamodels._generated import TaskInstance
    from airflow.sdk.execution_time.supervisor import run_task_in_process

    work.log_file.parent.mkdir(parents=True, exist_ok=True)
    with _here["log"].to(work.log_file):
        run_task_in_process(
            ti=TaskInstance(**work.instance),
            task=_here["dag"].task_dict[work.task_id],
            client=_here["client"],
        )
