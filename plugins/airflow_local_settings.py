"""What do the processes that fork Airflow's tasks know already? What each task would import, once for all of them.

Airflow imports a module of this name in each of its processes, before anything else of ours. A scheduler with
LocalExecutor and a Celery worker fork a process for each task (on Linux): what they have imported, no task need.
Only code is shared; catalogue, word lists and models are read by the task, since they change under a running Airflow.
"""

import importlib
import sys

_FORKING = ("scheduler", "celery")  # commands of `airflow`
_USED_BY_TASKS = (
    "duckdb",
    "onnxruntime",
    "tokenizers",
    "pipeline.adapters.catalog",
    "pipeline.adapters.guard",
    "pipeline.stages.collect",
    "pipeline.stages.process",
    "pipeline.wiring",
)

if set(_FORKING) & set(sys.argv[1:2]):
    for _name in _USED_BY_TASKS:
        importlib.import_module(_name)
