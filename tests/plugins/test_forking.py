"""What is imported before tasks are forked, and by whom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


# Of a process of Airflow's: whether it has what tasks use, and what DAGs use, and how many pages it has read.
KNOWN = """
import sys
sys.argv = ["airflow", *sys.argv[2:]]
sys.path.append({plugins!r})
import airflow_local_settings
language = sys.modules.get("pipeline.extract.language")
print(
    "pipeline.stages.process" in sys.modules,
    "wirewatch_airflow.operators" in sys.modules,
    language and language._identifier.cache_info().currsize,
)
"""


@pytest.mark.parametrize(
    ("command", "known"),
    [
        ("scheduler", "True True 1"),
        ("celery", "True True 1"),
        ("dag-processor", "False True None"),
        ("api-server", "False False None"),
        ("dags", "False False None"),
    ],
)
def test_whoever_forks_tasks_has_read_a_first_page_and_whoever_reads_dags_has_their_modules(
    command: str, known: str
) -> None:
    code = KNOWN.format(plugins=str(PLUGINS))
    told = subprocess.run(
        [sys.executable, "-c", code, "airflow", command, "worker"],
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    )
    assert told.stdout.strip() == known


def test_whoever_forks_tasks_knows_the_catalogue_and_a_wrong_file_in_it_stops_nobody(tmp_path: Path) -> None:
    outlets = tmp_path / "outlets"
    outlets.mkdir()
    right = 'id = "paper"\nname = "P"\nkind = "paper"\nhomepage = "https://p.example/"\nlanguage = "en"\n'
    code = f"""
import sys
sys.argv = ["airflow", "scheduler"]
sys.path.append({str(PLUGINS)!r})
import airflow_local_settings
from pathlib import Path
from pipeline.adapters import catalog
before = catalog.parse.cache_info().hits
try:
    catalog.load(Path({str(tmp_path)!r}))
except Exception as error:
    print(type(error).__name__)
else:
    print(catalog.parse.cache_info().hits - before)
"""
    told = {}
    for name, text in (("right", right), ("wrong", right.replace("https:", "gopher:"))):
        (outlets / "paper.toml").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "WIREWATCH_CATALOG": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=200,
        )
        told[name] = done.stdout.split()[-1]
    assert told == {"right": "1", "wrong": "CatalogError"}


def test_a_task_that_is_forked_from_such_a_process_reads_pages_and_loads_them(tmp_path: Path) -> None:
    """What a library starts on import, such as threads, must not be missed by the child."""
    code = f"""
import os, sys
sys.argv = ["airflow", "scheduler"]
sys.path.append({str(PLUGINS)!r})
import airflow_local_settings
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
from datetime import date
from pathlib import Path
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline
environ = {{"WIREWATCH_DATA": {str(tmp_path)!r}, "WIREWATCH_CATALOG": {str(PLUGINS.parent / "catalog")!r}}}
line, day = Pipeline(settings({{**environ, "WIREWATCH_OFFLINE": "1"}})), Interval.of_day(date(2016, 3, 27))
line.collect("meridian-wire", day)
line.process("meridian-wire", day)
print("articles", line.load(day, ["meridian-wire"]).articles)
sys.stdout.flush()
os._exit(0)
"""
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=500
    )
    assert int(told.stdout.split()[-1]) > 0
