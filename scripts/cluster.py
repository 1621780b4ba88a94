"""How does Wirewatch run on Celery, without Docker? `make cluster`: what docker-compose.yaml describes, on this machine.

PostgreSQL, Redis, an S3 server, and Airflow with CeleryExecutor and two workers; the warehouse is a lake with its
catalogue in PostgreSQL and its data in the bucket. All on 127.0.0.1 and on free ports; one Ctrl-C stops all of it.

    cluster.py                   start, say where it is, wait for Ctrl-C
    cluster.py --samples         … run the sample days, compare every row with `make run`'s, stop
    cluster.py --drill           … then a day of 50 made outlets, while a worker is killed with -9
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import airflow_home
import cluster_services
import cluster_work
import made_press
import up
from pipeline.interval import Interval

WORKERS = ("worker-1", "worker-2")
ALONE = ["--without-gossip", "--without-mingle"]  # workers need not know of each other
# In a drill, of a worker that was lost: how soon its tasks are missed, and those that were on their way to it sent
# again. A day's longer tasks may well wait longer than that at the broker: else it is as Airflow has it.
NOTICE = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "15",
}
# More tasks than the workers do at once wait at the broker, where a worker that is done finds its next one.
QUEUE = {"AIRFLOW__CORE__PARALLELISM": "32"}
FIRST, LAST = date(2016, 3, 21), date(2016, 4, 3)  # of the sample archive
EXPECTED_RED = "2016-03-25"  # one outlet's feed is broken then, on purpose
STOP_SECONDS = 20


class Cluster:
    """The components that run; a worker that dies is started again."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.services: list[up.Component] = []
        self.components: dict[str, up.Component] = {}
        self.commands: dict[str, tuple[list[str], dict[str, str]]] = {}
        self.restarted = 0

    def start(self, name: str, command: list[str], more: Mapping[str, str] | None = None) -> None:
        self.commands[name] = command, dict(more or {})
        self.components[name] = up.start(name, command, self.home / "logs", more)

    def look(self) -> None:
        """Start a dead worker again; RuntimeError where anything else is dead."""
        for name in WORKERS:
            if name in self.components and (code := self.components[name].process.poll()) is not None:
                up.say(f"  {name} ended with {code}: started again")
                self.start(name, *self.commands[name])
                self.restarted += 1
        up.let_go([*self.services, *self.components.values()])
        up.raise_for_dead([*self.services, *self.components.values()])

    def kill(self, name: str) -> int:
        """-9 to a worker and everything below it, as when its machine is lost; how many processes that were."""
        import psutil

        worker = psutil.Process(self.components[name].process.pid)
        lost = [worker, *worker.children(recursive=True)]
        for process in lost:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        return len(lost)

    def stop(self) -> None:
        """Airflow first, so that what it stands on has nobody connected when it is stopped."""
        for component in self.components.values():
            component.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for component in self.components.values():
            with suppress(subprocess.TimeoutExpired):
                component.process.wait(max(0.1, deadline - time.monotonic()))
        for component in self.services:
            # Of PostgreSQL the fast way down: SIGTERM would wait for whoever is connected.
            component.process.send_signal(signal.SIGINT if component.name == "postgres" else signal.SIGTERM)
        for component in self.services:
            with suppress(subprocess.TimeoutExpired):
                component.process.wait(STOP_SECONDS)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", action="store_true", help="run the sample days and compare them")
    parser.add_argument(
        "--drill", action="store_true", help="also run made outlets, and kill a worker meanwhile"
    )
    parser.add_argument("--start", type=date.fromisoformat, default=FIRST, metavar="DAY")
    parser.add_argument("--end", type=date.fromisoformat, default=LAST, metavar="DAY", help="done too")
    parser.add_argument("--outlets", type=int, default=50, help="made outlets of the drill")
    parser.add_argument("--articles", type=int, default=4, help="of each of them")
    parser.add_argument("--files", action="store_true", help="the warehouse in two files, as on one machine")
    parser.add_argument("--concurrency", type=int, default=2, help="tasks a worker does at once")
    parser.add_argument("--local", action="store_true", help="LocalExecutor, to compare with; no workers")
    asked = parser.parse_args(arguments)
    at_work = asked.samples or asked.drill
    given = {**airflow_home.read_dotenv(airflow_home.ROOT / ".env"), **os.environ}
    home = Path(given.get("AIRFLOW_HOME") or airflow_home.ROOT / ".airflow" / "cluster").resolve()
    try:
        port = int(given.get("PORT") or (up.free_port() if at_work else 8080))
    except ValueError:
        return up.say(f"PORT must be a number, not {given['PORT']!r}", up.WRONG_USE)
    if not up.is_free(port):
        return up.say(
            f"Port {port} is taken. Stop what uses it, or: PORT={up.free_port()} make cluster", up.WRONG_USE
        )
    cluster = Cluster(home, port)
    up.be_in_charge()
    try:
        environ = start(cluster, given, asked)
        if at_work:
            return work(cluster, environ, asked)
        while True:
            cluster.look()
            time.sleep(1)
    except cluster_services.MissingProgram as missing:
        return up.say(str(missing), up.WRONG_USE)
    except up.Stop:
        up.say("\nStopping …")
        return up.DONE
    except RuntimeError as error:
        return up.say(str(error), up.FAILED)
    finally:
        for number in up.SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        cluster.stop()
        up.end_all()


def start(cluster: Cluster, given: Mapping[str, str], asked: argparse.Namespace) -> dict[str, str]:
    """Everything, in the order in which each finds what it needs; the variables of all of it."""
    home = cluster.home
    up.say(f"Starting PostgreSQL, Redis and an S3 server in {airflow_home.shown(home)} …")
    services = cluster_services.start(home / "services", cluster.services.append)
    queue = {} if asked.local else QUEUE
    settings = up.settings_for({**queue, **given, "AIRFLOW_HOME": str(home)}, cluster.port)
    settings.update(services.environment())
    if asked.local:
        settings["AIRFLOW__CORE__EXECUTOR"] = "LocalExecutor"
    if asked.drill:
        settings.update(NOTICE)
    if asked.files:
        for name in cluster_services.OF_THE_LAKE:
            del settings[name]
    settings["AIRFLOW__CELERY__WORKER_CONCURRENCY"] = str(asked.concurrency)
    if "WIREWATCH_DATA" not in given:
        settings["WIREWATCH_DATA"] = str(home / "data")
    if asked.samples or asked.drill:
        shutil.rmtree(home / "data", ignore_errors=True)
        press = made_press.make(
            home / "press",
            outlets=asked.outlets if asked.drill else 0,
            articles=asked.articles,
            beside=airflow_home.ROOT / "catalog",
        )
        settings.update(
            {
                "WIREWATCH_DATA": str(home / "data"),
                "WIREWATCH_CATALOG": str(press.catalog),
                "WIREWATCH_REPLAY": f"{airflow_home.ROOT / 'samples' / 'archive'}{os.pathsep}{press.warcs}",
                "WIREWATCH_OFFLINE": "1",
                "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",  # all but the one that is asked for
            }
        )
    airflow_home.enter(settings)
    up.say("Preparing Airflow's database …")
    airflow_home.prepare(home, server=True)
    for name, command in up.COMPONENTS.items():
        cluster.start(name, command)
        if name == "api-server":
            wait_for_api(cluster)
    if not asked.local:
        for name in WORKERS:
            cluster.start(
                name, ["celery", "worker", *ALONE, "--celery-hostname", f"{name}@%h", *up.FILES_ONLY]
            )
    up.wait_until_ready(cluster.port, [*cluster.services, *cluster.components.values()])
    if not asked.local:
        wait_for_workers(cluster)
    up.announce(cluster.port, home)
    return settings


def wait_for_api(cluster: Cluster) -> None:
    deadline = time.monotonic() + up.READY_SECONDS
    while up.is_free(cluster.port):
        cluster.look()
        if time.monotonic() > deadline:
            raise RuntimeError(f"the API server does not answer: see {cluster.home / 'logs'}")
        time.sleep(0.5)


def wait_for_workers(cluster: Cluster) -> None:
    """Until every worker has answered through the broker."""
    from airflow.providers.celery.executors.celery_executor import app

    deadline = time.monotonic() + up.READY_SECONDS
    while len(app.control.ping(timeout=2)) < len(WORKERS):
        cluster.look()
        if time.monotonic() > deadline:
            raise RuntimeError(f"the workers do not answer: see {cluster.home / 'logs'}")
    up.say(f"{len(WORKERS)} workers answer.")


def work(cluster: Cluster, environ: Mapping[str, str], asked: argparse.Namespace) -> int:
    """The sample days, the drill, and the comparison; done only if every row is the same."""
    api = cluster_work.Api.log_in(cluster.port, "admin", airflow_home.passwords(cluster.home)["admin"])
    cluster_work.wait_for_dag(api, "ingest_daily")
    api.ask("PATCH", "/api/v2/dags/ingest_daily", {"is_paused": False})
    good = True
    if asked.samples:
        for day in Interval.of_days(asked.start, asked.end).days():
            state, seconds, tasks = cluster_work.run_day(
                api, "ingest_daily", day.name, meanwhile=lambda _: cluster.look()
            )
            up.say(f"  {day.name}  {state:7}  {tasks.total():3} tasks  {seconds:5.1f} s")
            good = good and (state == "success" or day.name == EXPECTED_RED)
    if asked.drill:
        good = drill(cluster, api) and good
    up.say("The same without the cluster, by `make run` and `wirewatch run` …")
    reference = without_cluster(cluster.home / "reference", environ, asked)
    different = cluster_work.differences(
        cluster_work.published_hashes(environ), theirs := cluster_work.published_hashes(reference)
    )
    for sentence in different:
        up.say(f"  {sentence}")
    rows = sum(count for count, _ in theirs.values())
    up.say(
        f"{len(different)} of {len(theirs)} tables differ"
        if different
        else f"Equal: {rows} rows in {len(theirs)} tables"
    )
    return up.DONE if good and not different else up.FAILED


def drill(cluster: Cluster, api: cluster_work.Api) -> bool:
    """A day of made outlets, in whose midst a worker is lost; whether the day ended whole."""
    killed: list[str] = []

    def meanwhile(run_id: str) -> None:
        cluster.look()
        if not killed and api.tasks("ingest_daily", run_id)["outlet.process", "success"] >= 5:
            count = cluster.kill(WORKERS[0])
            killed.append(WORKERS[0])
            up.say(f"  killed {WORKERS[0]} with -9: {count} processes")

    day = made_press.DAY.isoformat()
    state, seconds, tasks = cluster_work.run_day(api, "ingest_daily", day, meanwhile=meanwhile)
    up.say(
        f"  {day}  {state:7}  {tasks.total():3} tasks  {seconds:5.1f} s, {cluster.restarted} worker started again"
    )
    return state == "success" and bool(killed)


def without_cluster(folder: Path, environ: Mapping[str, str], asked: argparse.Namespace) -> dict[str, str]:
    """The same days in files: the samples as `make run` does them, the made day by the command line."""
    shutil.rmtree(folder, ignore_errors=True)
    plain = {name: value for name, value in environ.items() if not name.startswith(("AIRFLOW", "AWS_", "PG"))}
    for name in ("WIREWATCH_WAREHOUSE", "WIREWATCH_WAREHOUSE_DATA"):
        plain.pop(name, None)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "WIREWATCH", "AWS_", "PG"))
    }
    reference = {
        **kept,
        **plain,
        "WIREWATCH_DATA": str(folder / "data"),
        "AIRFLOW_HOME": str(folder / "home"),
    }
    commands = []
    if asked.samples:
        commands.append(
            [sys.executable, "scripts/run.py", "--start", f"{asked.start}", "--end", f"{asked.end}"]
        )
    if asked.drill:
        wirewatch = str(Path(sys.executable).with_name("wirewatch"))
        commands.append([wirewatch, "run", "--offline", "--date", made_press.DAY.isoformat()])
    for command in commands:
        done = subprocess.run(
            command, cwd=airflow_home.ROOT, env=reference, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
    return reference


if __name__ == "__main__":
    sys.exit(main())
