"""The DAGs `watches` and `digests`, run by Airflow over a published day: who is told, and how often."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline

ROOT = Path(__file__).resolve().parents[2]
DAY = "2016-03-27"
WATCH = """
id = "peskov"
title = "The Kremlin speaks"
kind = "sources"
threshold = "first_mention"
over = 0
sources = ["dmitry-peskov"]
deliver = ["hook"]
"""
RUN = """
import sys
from datetime import UTC, datetime
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
for name in sys.argv[2:]:
    run = bag.dags[name].test(logical_date=datetime(2016, 3, 28, 6, tzinfo=UTC))
    print("ended", name, run.state)
"""


@pytest.fixture(scope="module")
def hook() -> Iterator[tuple[int, list[Any]]]:
    taken: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def environ(
    airflow: Path, tmp_path_factory: pytest.TempPathFactory, hook: tuple[int, list[Any]]
) -> dict[str, str]:
    """Of an Airflow whose one watch and one digest tell a webhook, and of a day that is published."""
    folder = tmp_path_factory.mktemp("watched")
    catalog = folder / "catalog"
    for kind in ("watches", "digests"):
        (catalog / kind).mkdir(parents=True)
    (catalog / "outlets").symlink_to(ROOT / "catalog" / "outlets")
    (catalog / "watches" / "peskov.toml").write_text(WATCH, encoding="utf-8")
    (catalog / "digests" / "day.toml").write_text(
        'id = "day"\ntitle = "The day"\nevery = "day"\ndeliver = ["hook"]\n', encoding="utf-8"
    )
    ours = {
        "WIREWATCH_DATA": str(folder / "data"),
        "WIREWATCH_CATALOG": str(catalog),
        "WIREWATCH_ATTRIBUTION": "rules",
    }
    line, day = Pipeline(settings(ours)), Interval.of_day(date.fromisoformat(DAY))
    line.collect("meridian-wire", day)
    line.process("meridian-wire", day)
    line.load(day, ["meridian-wire"])
    line.check(day)
    line.publish()
    port, _ = hook
    connection = {"conn_type": "http", "schema": "http", "host": "127.0.0.1", "port": port}
    return {
        **os.environ,
        **ours,
        "AIRFLOW_HOME": str(airflow),
        "PYTHONPATH": str(ROOT / "plugins"),
        "AIRFLOW_CONN_WIREWATCH_CHANNEL_HOOK": json.dumps(connection),
    }


def ended(environ: dict[str, str], *dags: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(ROOT / "dags"), *dags],
        env=environ,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("ended ")]
    assert len(found) == len(dags), done.stdout[-3000:] + done.stderr[-3000:]
    return found


def test_a_finding_and_a_digest_are_told_once_however_often_the_dags_run(
    environ: dict[str, str], hook: tuple[int, list[Any]]
) -> None:
    _, taken = hook
    runs = ("watches", "digests", "watches")
    assert ended(environ, *runs) == [f"ended {name} success" for name in runs]
    assert [one["kind"] for one in taken] == ["alerts", "digest"]
    (alert,) = taken[0]["alerts"]
    assert alert["subject"] == "dmitry-peskov"
    assert alert["day"] == DAY
    assert (taken[1]["start"], taken[1]["end"]) == (DAY, DAY)
    assert taken[1]["alert_ids"] == [alert["alert_id"]]
