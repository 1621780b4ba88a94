"""How does one start Airflow here, and stop all of it? `make up`: four processes, one Ctrl-C.

Reads ``.env``; ``PORT=9090 make up`` takes another port.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import Any

import airflow_home

# Logs are files of this machine: no need for the servers that would offer them to the whole network.
FILES_ONLY = ["--skip-serve-logs"]
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", *FILES_ONLY],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", *FILES_ONLY],
}
HOST = "127.0.0.1"
OWN_PORTS = range(20_000, 30_000)
READY_SECONDS = 180
GRACE_SECONDS = 15  # for a component to stop by itself
TAIL_LINES = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # of Linux' prctl

DONE, FAILED, WRONG_USE = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Component:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Stop(BaseException):
    """Somebody asked us to stop; like KeyboardInterrupt nothing that a library takes for an error of its own."""


def main() -> int:
    given = {**airflow_home.read_dotenv(airflow_home.ROOT / ".env"), **os.environ}
    try:
        port = int(given.get("PORT") or 8080)
    except ValueError:
        return say(f"PORT must be a number, not {given['PORT']!r}", WRONG_USE)
    if not is_free(port):
        return say(f"Port {port} is taken. Stop what uses it, or: PORT={free_port()} make up", WRONG_USE)
    settings = settings_for(given, port)
    airflow_home.enter(settings)
    home = Path(settings["AIRFLOW_HOME"])
    say(f"Preparing Airflow in {airflow_home.shown(home)} …")
    airflow_home.prepare(home)
    be_in_charge()
    components: list[Component] = []
    try:
        for name, command in COMPONENTS.items():
            components.append(start(name, command, home / "logs"))
        wait_until_ready(port, components)
        announce(port, home)
        while True:
            let_go(components)
            raise_for_dead(components)
            time.sleep(1)
    except Stop:
        say("\nStopping …")
        return DONE
    except RuntimeError as error:
        return say(str(error), FAILED)
    finally:
        end_all()


def be_in_charge() -> None:
    """From now on signals raise Stop, and every descendant is ours to stop."""
    for number in SIGNALS:
        signal.signal(number, stop_on)
    adopt_orphans()


def end_all() -> None:
    """Stop what was started. Another Ctrl-C changes nothing: this ends by itself."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    stop_all()
    say("Stopped.")


def settings_for(given: Mapping[str, str], port: int) -> dict[str, str]:
    """Airflow's settings for a server on that port of this machine alone."""
    settings = airflow_home.environment(given)
    settings.setdefault("WIREWATCH_SITE", f"http://{HOST}:{port}")
    settings.update(
        {
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        }
    )
    return settings


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """Ports that nobody has, from below those that systems give to whoever asks for any: they stay free for a while."""
    return list(islice(filter(is_free, SystemRandom().sample(OWN_PORTS, len(OWN_PORTS))), count))


def free_port() -> int:
    (port,) = free_ports(1)
    return port


def start(name: str, command: list[str], logs: Path, more: Mapping[str, str] | None = None) -> Component:
    """A component of Airflow. ``more``: variables of its own."""
    airflow = Path(sys.executable).with_name("airflow")
    return launch(name, [str(airflow), *command], logs, env={**os.environ, **(more or {})})


def launch(name: str, command: list[str], logs: Path, **options: Any) -> Component:
    """Any program, whose output goes to ``<name>.log``."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=airflow_home.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a terminal's Ctrl-C reaches us alone, and we stop them in order
            preexec_fn=die_with_parent,
            **options,
        )
    return Component(name=name, process=process, log=log)


def adopt_orphans() -> None:
    """On Linux, processes whose parent has gone become our children, so that none escapes ``stop_all``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def let_go(components: list[Component]) -> None:
    """What we have adopted and has ended would stay in the table of processes until we end. Components are not let go of."""
    ours = {component.process.pid for component in components}
    if sys.platform != "linux":
        return
    with suppress(ChildProcessError):  # there is no child at all
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in ours:
                return  # its end is for whoever asks the component
            os.waitpid(ended.si_pid, 0)


def die_with_parent() -> None:
    """Even if we are killed with -9, a component is told to stop (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def wait_until_ready(port: int, components: list[Component]) -> None:
    say("Starting; this takes about half a minute …")
    deadline = time.monotonic() + READY_SECONDS
    while not is_healthy(port):
        raise_for_dead(components)
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"Airflow is not healthy after {READY_SECONDS} s: see {components[0].log.parent}"
            )
        time.sleep(0.5)


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False
    return all(
        (health.get(part) or {}).get("status") == "healthy"
        for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")
    )


def raise_for_dead(components: list[Component]) -> None:
    for component in components:
        code = component.process.poll()
        if code is not None:
            tail = component.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            raise RuntimeError(
                "\n".join(tail) + f"\n{component.name} ended with {code}; above is the end of {component.log}"
            )


def announce(port: int, home: Path) -> None:
    say(f"\nAirflow is up:  http://{HOST}:{port}   (Coverage is in the navigation)")
    for user, password in airflow_home.passwords(home).items():
        say(f"  user {user:8} password {password}")
    say(f"Logs: {airflow_home.shown(home)}/logs.  Ctrl-C stops everything.")


def stop_on(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def stop_all() -> None:
    """Ask every descendant's session to end; what is left after the grace is killed."""
    import psutil

    deadline = time.monotonic() + GRACE_SECONDS
    asked: set[int] = set()
    ourselves = psutil.Process()
    while children := ourselves.children(recursive=True):
        late = time.monotonic() > deadline
        for child in children:
            # Leaders first: asked to stop, a component stops its own children in order.
            if late or (child.pid not in asked and child.ppid() == ourselves.pid):
                asked.add(child.pid)
                with suppress(psutil.NoSuchProcess):
                    child.kill() if late else child.terminate()
        psutil.wait_procs(children, timeout=0.3)


def say(text: str, code: int = DONE) -> int:
    print(text, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
