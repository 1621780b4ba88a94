"""What do the processes that fork Airflow's tasks know already? What each task would make anew, once for all of them.

Airflow imports a module of this name in each of its processes, before anything else of ours. A scheduler with
LocalExecutor and a Celery worker fork a process for each task, a DAG processor one for each DAG file (on Linux): what
they have imported, and what they have made of data, no fork need. The catalogue and its word lists are read again by each task, since they
change under a running Airflow; files that still say the same are known.
"""

import gc
import importlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_FORKING_TASKS = ("scheduler", "celery")  # commands of `airflow`
_READING_DAGS = ("dag-processor", *_FORKING_TASKS)
_USED_BY_DAGS = (
    "airflow.sdk.definitions.decorators",
    "wirewatch_airflow.defaults",
    "wirewatch_airflow.operators",
    "wirewatch_airflow.stages",
)
_USED_BY_TASKS = (
    "airflow.dag_processing.bundles.local",
    "airflow.dag_processing.dagbag",  # half of Airflow's models, which each task's reading of its DAG file wants
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.sdk.execution_time.timeout",
    "duckdb",
    "onnxruntime",
    "setproctitle",
    "tokenizers",
    "pipeline.adapters.batches",
    "pipeline.adapters.catalog",
    "pipeline.adapters.guard",
    "pipeline.adapters.pacing",
    "pipeline.adapters.replay",
    "pipeline.adapters.robots",
    "pipeline.adapters.state",
    "pipeline.adapters.templates",
    "pipeline.adapters.warc",
    "pipeline.adapters.warehouse",
    "pipeline.stages.collect",
    "pipeline.stages.import_warc",
    "pipeline.stages.process",
    "pipeline.wiring.collecting",
)
_PAGE = b"""<html><head><title>Bridge opens - The Paper</title></head><body><nav><a href="/">Home</a></nav><article>
<h1>Bridge opens</h1><p class="byline">By Ann Harrow</p><p>PORT ELLERY, March 27, 2016 (Meridian Wire) - The bridge was
opened on Sunday after two years of work. &ldquo;It will carry 900 cars an hour,&rdquo; said Ruth Okafor, the mayor of the
town, at noon.</p><p>The ferry line will go on until the end of the year, a spokesman for the port told reporters, and
nobody will lose work by it.</p><p>Read more: the ferry line.</p></article></body></html>"""


def _make_ready() -> None:
    """Do once what whoever does it first needs seconds for, from reading a page to making a DAG."""
    from pipeline.errors import WirewatchError

    _read_a_page()
    with suppress(WirewatchError):  # a wrong file in the catalogue is told by the tasks that meet it
        _read_the_catalogue()
    _make_a_dag()
    # What stands will stand: where all of it is looked through again and again, no page of memory stays shared.
    gc.collect()
    gc.freeze()


def _read_a_page() -> None:
    from datetime import date

    from pipeline import attribution, bundled, dedup
    from pipeline.adapters import catalog
    from pipeline.adapters.batches import Batches
    from pipeline.adapters.warehouse.schema import arrow_schemas
    from pipeline.extract import extract
    from pipeline.interval import Interval
    from pipeline.records import Article, Batch
    from pipeline.stages.process import read_text

    bundled.fingerprint()
    arrow_schemas()
    catalog.load(bundled.path("catalog"))
    article = extract(_PAGE, "http://paper.example/bridge")
    if isinstance(article, Article):
        read_text(article, attribution.default_lexicon(), engine=None)
        dedup.signature(article.body)
    with tempfile.TemporaryDirectory() as folder:
        day, batches = Interval.of_day(date(2016, 3, 27)), Batches(Path(folder))
        batches.write(Batch(outlet_id="paper", interval=day, manifests=(), documents=()))
        batches.read("paper", day)


def _read_the_catalogue() -> None:
    from pipeline.settings import settings
    from pipeline.wiring import Pipeline

    pipeline = Pipeline(settings(os.environ))
    _ = pipeline.catalog, pipeline.lexicon


def _make_a_dag() -> None:
    """With a form and a template, as a task makes its own when it reads its file."""
    from airflow.sdk import DAG, Param
    from airflow.sdk.listener import get_listener_manager

    dag = DAG("first", schedule=None, params={"date": Param(None, type=["null", "string"], format="date")})
    dag.params.validate()
    dag.get_template_env().from_string("{{ dag.dag_id }}").render(dag=dag)
    get_listener_manager()


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


_command = set(sys.argv[1:2])
if _command & set(_READING_DAGS):
    _import(_USED_BY_DAGS)
if _command & set(_FORKING_TASKS):
    _import(_USED_BY_TASKS)
    _make_ready()
