"""Doing recorded runs of a DAG in this process and a few workers of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
sys.path[:0] = sys.argv[1:]
import day_runs

context = multiprocessing.get_context("fork")
with ProcessPoolExecutor(2, mp_context=context, initializer=day_runs.end_with_parent) as workers:
    print(*{future.result() for future in [workers.submit(os.getpid) for _ in range(2)]}, flush=True)
    workers.submit(time.sleep, 600).result()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_forked_them(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(ROOT / "scripts"), str(ROOT)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        workers = psutil.Process(parent.pid).children(recursive=True)
        assert len(workers) == 2
        parent.send_signal(number)
    _, alive = psutil.wait_procs(workers, timeout=120)
    assert alive == []
