"""What a cluster needs, and what is made for it; `scripts/cluster.py --drill` starts one for real."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

import airflow_home
import cluster_services
import cluster_work
import made_press
import up
from pipeline.interval import Interval
from pipeline.records import Article
from pipeline.settings import settings
from pipeline.wiring import Pipeline

SERVICES = cluster_services.Services(
    postgres_port=1,
    redis_port=2,
    s3_port=3,
    passwords={"postgres": "pg-word", "redis": "re-word", "s3": "s3-word"},
)


def _programs() -> bool:
    try:
        return all(cluster_services.program(name) for name in cluster_services.INSTALL)
    except cluster_services.MissingProgram:
        return False


def test_a_program_that_is_missing_is_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        cluster_services.MissingProgram, match=r"no redis-server.*\n.*apt-get install redis-server"
    ):
        cluster_services.program("redis-server")


def test_a_run_is_over_when_it_is_among_the_ended_ones() -> None:
    """As Airflow answers: by the beginning of the name, and only in the states asked for."""
    runs = {"manual__1+00:00": "running", "manual__2+00:00": "success", "manual__2+00:00_b": "failed"}

    class Answering(cluster_work.Api):
        def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002 - as it is called
            asked = parse_qs(urlsplit(path).query)
            (begin,), states = asked["run_id_prefix_pattern"], asked["state"]
            found = [one for one in runs.items() if one[0].startswith(begin) and one[1] in states]
            return {"dag_runs": [{"dag_run_id": name, "state": state} for name, state in reversed(found)]}

    api = Answering(port=1, token="")
    told = [api.ended("ingest_daily", f"manual__{number}+00:00") for number in (1, 2, 3)]
    assert told == [None, "success", None]


def test_a_program_is_called_by_the_name_it_is_found_under(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Redis' server and its checker are one program, which does what it is called."""
    real = tmp_path / "redis-check-rdb"
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    (tmp_path / "redis-server").symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cluster_services.program("redis-server").name == "redis-server"


def test_the_lakes_address_holds_no_password_since_messages_show_it() -> None:
    environment = SERVICES.environment()
    assert "word" not in environment["WIREWATCH_WAREHOUSE"].replace("wirewatch", "")
    assert environment["PGPASSWORD"] == "pg-word"
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def test_made_outlets_are_the_same_each_time_and_read_like_news(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        press = made_press.make(tmp_path / folder, outlets=2, articles=3)
        assert press.outlet_ids == ("made-000", "made-001")
    one, two = (sorted((tmp_path / folder / "catalog").rglob("*.toml")) for folder in ("one", "two"))
    assert [file.read_text() for file in one] == [file.read_text() for file in two]
    environ = {
        "WIREWATCH_DATA": str(tmp_path / "data"),
        "WIREWATCH_CATALOG": str(press.catalog),
        "WIREWATCH_REPLAY": str(press.warcs),
        "WIREWATCH_ATTRIBUTION": "rules",
        "WIREWATCH_OFFLINE": "1",
    }
    line = Pipeline(settings(environ))
    day = Interval.of_day(made_press.DAY)
    assert line.watched(day) == press.outlet_ids
    assert line.watched(Interval.of_day(date(2016, 4, 3))) == ()
    manifest = line.collect("made-001", day)
    assert (manifest.found_count, manifest.gaps) == (3, ())
    documents = line.process("made-001", day).documents
    assert all(isinstance(document.result, Article) for document in documents)
    assert sum(len(document.attributions) for document in documents) > 10


@pytest.mark.skipif(not _programs(), reason="no PostgreSQL or Redis server on this machine")
def test_interrupted_it_stops_what_it_has_started_and_ends_well() -> None:
    with tempfile.TemporaryDirectory(prefix="wirewatch-cluster-") as folder:
        Path(folder).chmod(0o755)  # where we are root, PostgreSQL is another user
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        process = subprocess.Popen(
            [sys.executable, "scripts/cluster.py"],
            env={**kept, "AIRFLOW_HOME": folder, "PORT": str(up.free_port())},
            cwd=airflow_home.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        told: list[str] = []
        started: list[psutil.Process] = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                told.append(line)
                if "Preparing Airflow's database" in line:
                    started = psutil.Process(process.pid).children(recursive=True)
                    process.send_signal(signal.SIGINT)
            assert process.wait(timeout=200) == up.DONE, told
        finally:
            if process.poll() is None:
                for left in (*psutil.Process(process.pid).children(recursive=True), process):
                    with suppress(psutil.NoSuchProcess):
                        left.kill()
        assert told[-1] == "Stopped.\n"
        assert len(started) >= len(cluster_services.SECRETS)
        assert [child for child in started if child.is_running()] == []


def test_tables_that_differ_are_named_with_their_rows() -> None:
    same, more = {"main.articles": (2, "7")}, {"main.articles": (3, "9"), "main.gaps": (0, "0")}
    assert cluster_work.differences(same, same) == []
    assert cluster_work.differences(same, more) == [
        "main.articles: 2 rows here, 3 there",
        "main.gaps: no rows here, 0 there",
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_passwords_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "services.json"
    words = airflow_home.made_up(file, cluster_services.SECRETS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(words.values())) == len(words)
