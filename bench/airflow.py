"""What does a day cost through Airflow? The same day by `wirewatch run`, by LocalExecutor, and by two Celery workers.

LocalExecutor twice: as `make up` has it, with Airflow's tables in a file, and on the PostgreSQL that Celery stands on.

Made outlets, whose pages the hours of the day have archived already, as they have when `ingest_daily` starts at
midnight. Each way starts from a copy of that archive, processes, loads, checks and publishes the day, and must end in
the same rows. Airflow is up before its time is taken: from the trigger to the end of the run.

    bench/airflow.py                                 100 outlets of 50 articles, all four ways
    bench/airflow.py --ways run local --articles 10  fewer of both

Beside the wall time stand the processor seconds of each way, and those of all else that the machine did meanwhile:
where these are more than a few, the wall times say little.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT / "scripts")  # in place of this folder, where this file would be taken for Airflow

import airflow_home  # noqa: E402 - it stands in scripts/
import cluster_work  # noqa: E402
import made_press  # noqa: E402
import up  # noqa: E402

WAYS = ("run", "local", "postgres", "celery")
WIREWATCH = str(Path(sys.executable).with_name("wirewatch"))
# As many tasks at once in all: LocalExecutor has eight processes here, and there are two workers.
SERVERS = {
    "local": ["scripts/up.py"],
    "postgres": ["scripts/cluster.py", "--files", "--local"],
    "celery": ["scripts/cluster.py", "--files", "--concurrency", "4"],
}
STOP_SECONDS = 90


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outlets", type=int, default=100)
    parser.add_argument("--articles", type=int, default=50, help="of each outlet")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--engine", choices=("rules", "model"), default="rules", help="what attributes")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        Path(folder).chmod(0o755)  # where we are root, PostgreSQL is another user
        figures = measured(Path(folder), asked)
    for name, value in figures.items():
        print(f"{name:>24}  {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")


def measured(folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    """The figures of the ways asked for; SystemExit where one did not end in the rows of the others."""
    press = made_press.make(folder, outlets=asked.outlets, articles=asked.articles)
    # Without byte code every process would compile Airflow anew.
    foreign = ("AIRFLOW", "WIREWATCH", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environ = {
        **kept,
        "WIREWATCH_CATALOG": str(press.catalog),
        "WIREWATCH_REPLAY": str(press.warcs),
        "WIREWATCH_OFFLINE": "1",
        "WIREWATCH_ATTRIBUTION": asked.engine,
    }
    day = press.day.isoformat()
    archived = folder / "archived"
    subprocess.run(
        [WIREWATCH, "collect", "--offline", "--date", day],
        env={**environ, "WIREWATCH_DATA": str(archived)}, cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    figures: dict[str, float] = {"outlets": asked.outlets, "articles": asked.outlets * asked.articles}
    rows = {}
    for way in asked.ways:
        data = folder / f"data-{way}"
        shutil.copytree(archived, data)
        own = {**environ, "WIREWATCH_DATA": str(data)}
        wall, cpu, all_cpu = by_command(own, day) if way == "run" else by_airflow(way, own, folder / way, day)
        figures[f"{way}_seconds"], figures[f"{way}_cpu_seconds"] = round(wall, 1), round(cpu, 1)
        figures[f"others_cpu_seconds_{way}"] = round(all_cpu - cpu, 1)
        print(f"{way}: {wall:.1f} s, {cpu:.1f} s of the processor", file=sys.stderr, flush=True)
        rows[way] = cluster_work.published_hashes(own)
    first = asked.ways[0]
    for way in asked.ways[1:]:
        if different := cluster_work.differences(rows[way], rows[first]):
            raise SystemExit(f"{way} and {first} differ:\n" + "\n".join(different))
        if first == "run":
            figures[f"{way}_ratio"] = round(figures[f"{way}_seconds"] / figures["run_seconds"], 2)
            figures[f"{way}_cpu_ratio"] = round(figures[f"{way}_cpu_seconds"] / figures["run_cpu_seconds"], 2)
    return figures


def by_command(environ: Mapping[str, str], day: str) -> tuple[float, float, float]:
    """Seconds by the clock, of the processor for this, and of the processor for everything."""
    before, all_before, started = cpu_of_children(), cpu_of_all(), time.monotonic()
    subprocess.run(
        [WIREWATCH, "run", "--offline", "--date", day], env=environ, cwd=ROOT, check=True, capture_output=True
    )
    return time.monotonic() - started, cpu_of_children() - before, cpu_of_all() - all_before


def by_airflow(way: str, environ: Mapping[str, str], home: Path, day: str) -> tuple[float, float, float]:
    """The same of a run that is triggered."""
    with server(way, environ, home) as (process, api):
        first_runs(api)
        before, all_before = cpu_of_components(process.pid), cpu_of_all()
        state, wall, tasks = cluster_work.run_day(api, "ingest_daily", day)
        after, all_cpu = cpu_of_components(process.pid), cpu_of_all() - all_before
        used = {name: after[name] - before.get(name, 0.0) for name in after}
        cpu = sum(used.values())
        told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(used.items()) if seconds > 0.5)
        print(f"{way}, seconds of the processor: {told}", file=sys.stderr, flush=True)
        if state != "success":
            wrong = {f"{task} {state}": n for (task, state), n in tasks.items() if state != "success"}
            raise SystemExit(f"{way}: the run ended as {state}: {wrong}")
    return wall, cpu, all_cpu


@contextmanager
def server(
    way: str, environ: Mapping[str, str], home: Path
) -> Iterator[tuple[subprocess.Popen[str], cluster_work.Api]]:
    """Airflow, up and healthy, with one DAG awake."""
    port = up.free_port()
    process = subprocess.Popen(
        [sys.executable, *SERVERS[way]],
        env={
            **environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "PORT": str(port),
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise SystemExit("".join(told))
        yield process, cluster_work.Api.log_in(port, "admin", airflow_home.passwords(home)["admin"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def first_runs(api: cluster_work.Api) -> None:
    """Wake the DAG, and let it have done what the clock has it do at once."""
    cluster_work.wait_for_dag(api, "ingest_daily")
    api.ask("PATCH", "/api/v2/dags/ingest_daily", {"is_paused": False})
    deadline = time.monotonic() + up.READY_SECONDS
    while time.monotonic() < deadline:
        runs = api.ask("GET", "/api/v2/dags/ingest_daily/dagRuns")["dag_runs"]
        if runs and all(run["state"] in cluster_work.ENDED for run in runs):
            return
        time.sleep(1)


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of_all() -> float:
    """Of the whole machine, since it was started."""
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "nice", 0.0))


def cpu_of_components(pid: int) -> dict[str, float]:
    """Processor seconds of a server and of each of its components, which on Linux is named as its log is."""
    server = psutil.Process(pid)
    found = {"server": sum(server.cpu_times()[:4])}
    for component in server.children():
        name = str(component.pid)
        with suppress(OSError):
            name = Path(f"/proc/{name}/fd/1").readlink().stem
        with suppress(psutil.NoSuchProcess):
            found[name] = cpu_of_tree(component)
    return found


def cpu_of_tree(root: psutil.Process) -> float:
    """Of a process, all below it, and all that has ended below it."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


if __name__ == "__main__":
    main()
