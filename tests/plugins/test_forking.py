"""What is imported before tasks are forked, and by whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


@pytest.mark.parametrize(
    ("command", "loaded"), [("scheduler", True), ("celery", True), ("api-server", False), ("dags", False)]
)
def test_only_processes_that_fork_tasks_import_what_tasks_use(command: str, loaded: bool) -> None:
    code = (
        f"import sys; sys.argv = ['airflow', {command!r}, 'worker']; sys.path.append({str(PLUGINS)!r})\n"
        "import airflow_local_settings\n"
        "print('pipeline.stages.process' in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == str(loaded)
