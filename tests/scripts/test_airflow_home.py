"""Settings, secrets and passwords of this checkout's Airflow."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import airflow_home


def test_what_the_caller_has_set_wins(tmp_path: Path) -> None:
    made = airflow_home.environment({"AIRFLOW__CORE__PARALLELISM": "3"}, home=tmp_path)
    assert made["AIRFLOW__CORE__PARALLELISM"] == "3"
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"


def test_the_home_is_absolute_wherever_it_was_named_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = airflow_home.environment({"AIRFLOW_HOME": "here"})
    assert made["AIRFLOW_HOME"] == str(tmp_path / "here")
    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{tmp_path}/here/airflow.db"


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first = airflow_home.made_up(tmp_path / "secrets.json", {"a": 32, "b": 32})
    assert airflow_home.made_up(tmp_path / "secrets.json", {"a": 32, "b": 32}) == first
    assert first["a"] != first["b"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_dotenv_file_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a remark\n\nPORT=9090\nexport A='b c'\nEMPTY=\nURL=https://x.example/?a=b\n"
    )
    assert airflow_home.read_dotenv(tmp_path / ".env") == {
        "PORT": "9090",
        "A": "b c",
        "EMPTY": "",
        "URL": "https://x.example/?a=b",
    }


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\nnonsense\n")
    with pytest.raises(SystemExit, match=r"\.env:2: expected NAME=value"):
        airflow_home.read_dotenv(tmp_path / ".env")


def test_no_dotenv_file_is_no_setting(tmp_path: Path) -> None:
    assert airflow_home.read_dotenv(tmp_path / ".env") == {}


def test_the_example_of_settings_can_be_read() -> None:
    assert "WIREWATCH_CONTACT" in airflow_home.read_dotenv(airflow_home.ROOT / ".env.example")


def test_nothing_is_sent_anywhere_unless_it_is_asked_for() -> None:
    assert airflow_home.monitoring({}) == {}


def test_one_setting_switches_lineage_on_to_an_address_or_a_file(tmp_path: Path) -> None:
    to_server = airflow_home.monitoring({"WIREWATCH_LINEAGE": "http://marquez:5000"})
    assert json.loads(to_server["AIRFLOW__OPENLINEAGE__TRANSPORT"]) == {
        "type": "http",
        "url": "http://marquez:5000",
    }
    to_file = airflow_home.monitoring({"WIREWATCH_LINEAGE": str(tmp_path / "events.jsonl")})
    assert json.loads(to_file["AIRFLOW__OPENLINEAGE__TRANSPORT"])["log_file_path"] == str(
        tmp_path / "events.jsonl"
    )


def test_one_setting_sends_airflows_metrics_to_an_otlp_receiver(tmp_path: Path) -> None:
    """A receiver of our own; what is sent is one metric of Airflow's, through Airflow's own exporter."""
    received: list[tuple[str, bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code = (
        "from airflow.sdk._shared.observability.metrics import stats\n"
        "from airflow.sdk.observability.metrics import stats_utils\n"
        "stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)\n"
        "stats.incr('ti.start', tags={'dag_id': 'ingest_daily', 'task_id': 'load'})\n"
    )
    given = {**os.environ, "WIREWATCH_OTLP": f"http://127.0.0.1:{server.server_port}"}
    settings = airflow_home.environment(given, home=tmp_path)
    try:
        subprocess.run(
            [sys.executable, "-c", code], env=settings, check=True, capture_output=True, timeout=500
        )
    finally:
        server.shutdown()
    assert {path for path, _ in received} == {"/v1/metrics"}
    assert any(b"airflow.ti.start" in body and b"ingest_daily" in body for _, body in received)
