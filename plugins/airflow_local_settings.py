"""What do the processes that fork Airflow's tasks know already? What each task would make anew, once for all of them.

Airflow imports a module of this name in each of its processes, before anything else of ours. A scheduler with
LocalExecutor and a Celery worker fork a process for each task, a DAG processor one for each DAG file (on Linux): what
they have imported, and what they have made of the data that ships with the code, no fork need. The catalogue, its
word lists and what attributes are read by the task, since they change under a running Airflow.
"""

import importlib
import sys

_FORKING_TASKS = ("scheduler", "celery")  # commands of `airflow`
_READING_DAGS = ("dag-processor", *_FORKING_TASKS)
_USED_BY_DAGS = (
    "airflow.sdk.definitions.decorators",
    "wirewatch_airflow.defaults",
    "wirewatch_airflow.operators",
    "wirewatch_airflow.stages",
)
_USED_BY_TASKS = (
    "airflow.dag_processing.dagbag",  # half of Airflow's models, which each task's reading of its DAG file wants
    "airflow.sdk.execution_time.supervisor",
    "duckdb",
    "onnxruntime",
    "tokenizers",
    "pipeline.adapters.batches",
    "pipeline.adapters.catalog",
    "pipeline.adapters.guard",
    "pipeline.adapters.pacing",
    "pipeline.adapters.replay",
    "pipeline.adapters.robots",
    "pipeline.adapters.state",
    "pipeline.adapters.templates",
    "pipeline.adapters.warehouse",
    "pipeline.stages.collect",
    "pipeline.stages.process",
    "pipeline.wiring.collecting",
)
_PAGE = b"""<html><head><title>Bridge opens - The Paper</title></head><body><nav><a href="/">Home</a></nav><article>
<h1>Bridge opens</h1><p class="byline">By Ann Harrow</p><p>PORT ELLERY, March 27, 2016 (Meridian Wire) - The bridge was
opened on Sunday after two years of work. &ldquo;It will carry 900 cars an hour,&rdquo; said Ruth Okafor, the mayor of the
town, at noon.</p><p>The ferry line will go on until the end of the year, a spokesman for the port told reporters, and
nobody will lose work by it.</p><p>Read more: the ferry line.</p></article></body></html>"""


def _make_ready() -> None:
    """Read a first page: more than a second's work for whoever does it first."""
    from pipeline import attribution, bundled, dedup
    from pipeline.adapters import catalog
    from pipeline.adapters.warehouse.schema import arrow_schemas
    from pipeline.extract import extract
    from pipeline.records import Article
    from pipeline.stages.process import read_text

    bundled.fingerprint()
    arrow_schemas()
    catalog.load(bundled.path("catalog"))
    article = extract(_PAGE, "http://paper.example/bridge")
    if isinstance(article, Article):
        read_text(article, attribution.default_lexicon(), engine=None)
        dedup.signature(article.body)


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


_command = set(sys.argv[1:2])
if _command & set(_READING_DAGS):
    _import(_USED_BY_DAGS)
if _command & set(_FORKING_TASKS):
    _import(_USED_BY_TASKS)
    _make_ready()
