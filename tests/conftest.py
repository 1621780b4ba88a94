"""An Airflow home of the test session's own, set before anything imports Airflow."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes on a busy machine decides nothing; and every run has the same examples, so that what fails
# fails for whoever changed it.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

# Who is started in the background of a script is deaf to Ctrl-C, and so would be all that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "scripts"))
# The hostile web is a package, shared by its tests, the transport's, and the script that prints its table.
sys.path.append(str(ROOT / "tests" / "hostile"))

import airflow_home  # noqa: E402 - it stands in scripts/

_HOME = Path(tempfile.mkdtemp(prefix="wirewatch-tests-"))
# Without byte code every process of Airflow's would compile it anew, which takes longer than all that it then does.
_FOREIGN = ("AIRFLOW", "WIREWATCH", "PYTHONDONTWRITEBYTECODE")
_OURS = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
sys.dont_write_bytecode = False
# On a busy machine the half minute of the default is short for the first DAG.
_OURS["AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT"] = "500"
for _name in set(os.environ) - set(_OURS):
    del os.environ[_name]
airflow_home.enter(airflow_home.environment(_OURS, home=_HOME / "airflow", data=_HOME / "data"))


# Each file runs on one core, and all wait for whoever begins a long one last: these first, the longest before others.
LONG = (
    "browser/test_coverage_page.py",
    "dags/test_ingest_daily.py",
    "test_readme.py",
    "adapters/warehouse/test_lake.py",
    "cli/test_commands.py",
    "adapters/warehouse/test_loading.py",
    "plugins/test_forking.py",
    "scripts/test_up.py",
    "dags/test_watches.py",
    "test_line.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {ROOT / "tests" / name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path, len(LONG)))


@pytest.fixture(scope="session")
def airflow() -> Path:
    """A migrated Airflow home with our pools; its folder goes when the session ends."""
    airflow_home.prepare(_HOME / "airflow")
    return _HOME / "airflow"


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
