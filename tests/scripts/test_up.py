"""Starting Airflow, and stopping every process that was started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import up

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "WIREWATCH"))
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "up.py")],
        env={
            **kept,
            "AIRFLOW_HOME": str(folder / "home"),
            "WIREWATCH_DATA": str(folder / "data"),
            "WIREWATCH_OFFLINE": "1",
            "PORT": str(port),
        },
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_it_serves_says_how_to_log_in_and_leaves_no_process_behind(tmp_path: Path) -> None:
    port = up.free_port()
    process = start(tmp_path, port)
    told = ""
    try:
        assert process.stdout is not None
        while "Ctrl-C stops everything" not in told:
            line = process.stdout.readline()
            assert line, f"it ended:\n{told}"
            told += line
        started = psutil.Process(process.pid).children(recursive=True)
        assert len(started) >= len(up.COMPONENTS)
        passwords = json.loads(
            (tmp_path / "home" / "simple_auth_manager_passwords.json.generated").read_text()
        )
        assert f"http://127.0.0.1:{port}" in told
        assert all(user in told and password in told for user, password in passwords.items())
        body = json.dumps({"username": "admin", "password": passwords["admin"]}).encode()
        login = urllib.request.Request(
            f"http://127.0.0.1:{port}/auth/token", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(login, timeout=200) as answer:
            assert json.load(answer)["access_token"]
        listening = set[str]()
        for child in [psutil.Process(process.pid), *started]:
            with suppress(psutil.NoSuchProcess):  # some have done their work by now
                connections = child.net_connections(kind="tcp")
                listening |= {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=200) == 0
        assert [child for child in started if child.is_running()] == []
        assert up.is_free(port)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=200)


def test_a_port_is_looked_for_where_the_system_gives_none_away() -> None:
    ports = up.free_ports(3)
    assert len(set(ports)) == 3
    assert set(ports) <= set(up.OWN_PORTS)


def test_a_port_that_is_taken_is_named_with_another_to_take(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((up.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        process = start(tmp_path, port)
        told, _ = process.communicate(timeout=200)
    assert process.returncode == up.WRONG_USE
    assert f"Port {port} is taken" in told
    assert "make up" in told


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has orphans adopted by others than init")
def test_what_was_adopted_is_let_go_of_once_it_has_ended_and_a_component_is_not() -> None:
    """In a process of its own, which adopts."""
    code = (
        "import subprocess, sys, time, types\n"
        f"sys.path.insert(0, {str(ROOT / 'scripts')!r})\n"
        "import psutil, up\n"
        "up.adopt_orphans()\n"
        "def ended():\n"
        "    while [one.status() for one in psutil.Process().children()] != ['zombie']: time.sleep(0.01)\n"
        "subprocess.run([sys.executable, '-c', 'import os; os.fork()'])\n"
        "ended()\n"
        "up.let_go([])\n"
        "print(psutil.Process().children())\n"
        "component = subprocess.Popen([sys.executable, '-c', 'raise SystemExit(3)'])\n"
        "ended()\n"
        "up.let_go([types.SimpleNamespace(process=component)])\n"
        "print(component.wait())\n"
        "up.let_go([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=200, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n3\n", "")


def test_even_a_descendant_that_left_its_session_and_ignores_us_is_stopped(tmp_path: Path) -> None:
    """In a process of its own, since stopping is for all descendants."""
    code = (
        "import sys, subprocess, time\n"
        f"sys.path.insert(0, {str(ROOT / 'scripts')!r})\n"
        "import up\n"
        "up.GRACE_SECONDS = 1\n"
        "up.adopt_orphans()\n"
        "stubborn = 'import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.setsid(); "
        'open("pid", "w").write(str(os.getpid())); time.sleep(600)\'\n'
        "parent = f'import subprocess, sys, os; subprocess.Popen([sys.executable, \"-c\", {stubborn!r}])'\n"
        "subprocess.run([sys.executable, '-c', parent])\n"
        "import pathlib\n"
        "while not (pathlib.Path('pid').exists() and pathlib.Path('pid').read_text()): time.sleep(0.05)\n"
        "up.stop_all()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=200)
    deadline = time.monotonic() + 200
    pid = int((tmp_path / "pid").read_text())
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)
