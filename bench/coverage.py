"""How soon does each view of Coverage answer, and do its readers notice that a load is going on?

    python bench/coverage.py --articles 100000 --json coverage.json
    python bench/coverage.py --articles 1000000 --readers 20

A warehouse is generated (bench/coverage_press.py) and served by Airflow's own application with our plugin, in a
process of its own, over HTTP, with a token. Each view is then asked for its default fortnight, for 90 days and for a
year, plain and in one language. Times are medians of warm requests: at the client by the clock, and of the server's
processor. Then readers ask all views at once, while another process loads, checks and publishes days: every answer
that is not 200, or whose parts speak of different states, is counted. Search is measured by bench/search.py.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage_press
import psutil
import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "scripts"))
PERIODS = {"fortnight": 14, "90d": 90, "year": 365}
LOADED = 200  # articles of each day that is loaded meanwhile
TORN = "an answer whose parts speak of different states"

Figures = dict[str, float | int]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="warm requests of each view and period")
    parser.add_argument("--readers", type=int, default=20, help="that ask at once while days are loaded")
    parser.add_argument("--loads", type=int, default=3, help="days that are loaded meanwhile")
    parser.add_argument(
        "--warehouse", type=Path, help="a build that bench/press.py has made before; it is copied"
    )
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary one")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--load", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve is not None:
        serve(asked.folder, asked.serve)
        return
    if asked.load is not None:
        load(asked.folder, asked.load)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends with us
    with TemporaryDirectory(dir=asked.folder, prefix="bench-coverage-") as folder:
        figures = measured(Path(folder), asked)
    for name, value in figures.items():
        print(f"{name:44} {value:12.1f}" if isinstance(value, float) else f"{name:44} {value:12}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measured(folder: Path, asked: argparse.Namespace) -> Figures:
    warehouse = folder / "data" / "warehouse"
    warehouse.mkdir(parents=True)
    if asked.warehouse:
        shutil.copyfile(asked.warehouse, warehouse / "build.duckdb")
    coverage_press.write(warehouse, asked.articles)
    figures: Figures = {
        "articles": coverage_press.publish(warehouse),
        "file_mb": round((warehouse / "wirewatch.duckdb").stat().st_size / 1e6, 1),
    }
    with served(folder) as server:
        views = views_of(server)
        figures |= alone(server, views, asked.runs)
        figures |= together(server, folder, views, asked.readers, asked.loads)
    return figures


# ---- the server --------------------------------------------------------------------------------------


class Server:
    """Where it listens, as whom we ask, and what it costs."""

    def __init__(self, port: int, token: str, pid: int) -> None:
        self.url = f"http://127.0.0.1:{port}/wirewatch/api/"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._process = psutil.Process(pid)
        self._of_thread = threading.local()

    def get(self, path: str, **params: Any) -> requests.Response:
        """An answer over this thread's own connection."""
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
            self._of_thread.session.trust_env = False
        session: requests.Session = self._of_thread.session
        return session.get(self.url + path, params=params, headers=self._headers, timeout=120)

    def busy(self) -> float:
        """Seconds of the processor so far."""
        times = self._process.cpu_times()
        return times.user + times.system


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, __file__, "--folder", str(folder), "--serve", str(listening.fileno())],
            stdout=subprocess.PIPE,
            pass_fds=[listening.fileno()],
            text=True,
        )
        try:
            assert process.stdout is not None
            token = next((line[6:].strip() for line in process.stdout if line.startswith("token ")), None)
            if token is None:
                raise SystemExit("the server did not come up; its messages stand above")
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield Server(port, token, process.pid)
        finally:
            process.terminate()
            process.wait()


def serve(folder: Path, descriptor: int) -> None:
    """Airflow's application with the plugin, on a socket that listens already."""
    # This folder has an airflow.py of its own, which is not what the server shall import.
    sys.path.remove(str(Path(__file__).resolve().parent))
    import airflow_home

    given = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "WIREWATCH"))
    }
    airflow_home.enter(airflow_home.environment(given, home=folder / "airflow", data=folder / "data"))
    airflow_home.prepare(folder / "airflow")
    import uvicorn
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    app = create_app(apps="core")
    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="reader", role="VIEWER"))
    print(f"token {token}", flush=True)
    uvicorn.run(app, fd=descriptor, log_level="error", access_log=False)


# ---- one reader --------------------------------------------------------------------------------------


def views_of(server: Server) -> dict[str, str]:
    """A path of each view, with things that are there: the most cited source, the largest outlet, …"""
    source = server.get("sources", limit=1).json()["rows"][0][0]
    outlet = server.get("outlets").json()["rows"][0][0]
    article = server.get("articles", limit=1).json()["rows"][0][0]
    story = server.get("stories", limit=1).json()["rows"][0][0]
    capture = server.get(f"articles/{article}").json()["captures"][0]["capture_id"]
    return {
        "facets": "facets",
        "overview": "overview",
        "sources": "sources",
        "source": f"sources/{source}",
        "statements": f"sources/{source}/statements",
        "outlets": "outlets",
        "outlet": f"outlets/{outlet}",
        "rejects": f"outlets/{outlet}/rejects",
        "articles": "articles",
        "article": f"articles/{article}",
        "capture": f"captures/{capture}",
        "stories": "stories",
        "story": f"stories/{story}",
        "query": "query",
    }


_WHOLE = ("facets", "article", "capture", "story", "query")  # they take no filters
_SQL = "select day, count(*) as articles from articles group by day order by day desc limit 30"


def params_of(view: str, days: int, language: str | None) -> dict[str, str]:
    if view == "query":
        return {"sql": _SQL}
    if view in _WHOLE:
        return {}
    last = coverage_press.LAST
    given = {"start": (last - timedelta(days=days - 1)).isoformat(), "end": last.isoformat()}
    return given if language is None else {**given, "language": language}


def alone(server: Server, views: dict[str, str], runs: int) -> Figures:
    figures: Figures = {}
    slowest: dict[str, float] = {}
    for period, days in PERIODS.items():
        for suffix, language in (("", None), ("_language", "en")):
            for view, path in views.items():
                if view in _WHOLE and (period != "fortnight" or language):
                    continue
                wall, busy = timed(server, path, params_of(view, days, language), runs)
                name = view if view in _WHOLE else f"{view}_{period}{suffix}"
                figures[f"{name}_ms"], figures[f"{name}_cpu_ms"] = wall, busy
                slowest[period + suffix] = max(slowest.get(period + suffix, 0.0), wall)
    return figures | {f"slowest_{period}_ms": wall for period, wall in slowest.items()}


def timed(server: Server, path: str, params: dict[str, str], runs: int) -> tuple[float, float]:
    """Milliseconds at the client, the median, and of the server's processor, the mean, after one that warms."""
    answer = server.get(path, **params)
    assert answer.status_code == 200, answer.text
    walls = []
    busy = server.busy()
    for _ in range(runs):
        started = time.perf_counter()
        server.get(path, **params)
        walls.append((time.perf_counter() - started) * 1000)
    return statistics.median(walls), (server.busy() - busy) * 1000 / runs


# ---- many readers, and loads meanwhile ---------------------------------------------------------------


def together(server: Server, folder: Path, views: dict[str, str], readers: int, loads: int) -> Figures:
    done = threading.Event()
    with ThreadPoolExecutor(readers) as pool:
        asking = [pool.submit(read, server, views, done, seed) for seed in range(readers)]
        command = [sys.executable, __file__, "--folder", str(folder), "--load", str(loads)]
        loader = subprocess.run(command, check=False, capture_output=True, text=True)
        done.set()
        answers = [one for task in asking for one in task.result()]
    if loader.returncode:
        raise SystemExit(f"the loads failed: {loader.stderr}")
    for fault, times in Counter(fault for fault, _ in answers if fault).items():
        print(f"{times} times: {fault}", file=sys.stderr)
    walls = sorted(wall for _, wall in answers)
    newest = server.get("facets").json()["end"]
    return {
        "readers": readers,
        "days_published_meanwhile": (date.fromisoformat(newest) - coverage_press.LAST).days,
        "requests": len(answers),
        "errors": sum(fault not in ("", TORN) for fault, _ in answers),
        "torn_answers": sum(fault == TORN for fault, _ in answers),
        "together_median_ms": statistics.median(walls),
        "together_p95_ms": walls[int(len(walls) * 0.95)],
    }


def read(server: Server, views: dict[str, str], done: threading.Event, seed: int) -> list[tuple[str, float]]:
    """Ask one view after another, in an order of one's own, until the loads are done: faults and times."""
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    found = []
    while not done.is_set():
        view, path = chance.choice(list(views.items()))
        started = time.perf_counter()
        # Without days: the newest fortnight, which moves with every publish.
        answer = server.get(path, **({"sql": _SQL} if view == "query" else {}))
        found.append((fault_of(view, answer), (time.perf_counter() - started) * 1000))
    return found


def fault_of(view: str, answer: requests.Response) -> str:
    """What was wrong with an answer, in words; empty where nothing was."""
    if answer.status_code != 200:
        return f"{view} answered {answer.status_code}: {answer.text[:200]}"
    if view != "overview":
        return ""
    overview = answer.json()
    counted = sum(row[1] for row in overview["attention"]["rows"])
    return "" if counted == overview["counts"]["articles"] else TORN


def load(folder: Path, loads: int) -> None:
    """Days on top of what is there, each loaded, checked and published as every day is."""
    from warehouse import batch, outlet

    from pipeline import dedup
    from pipeline.adapters.warehouse import Warehouse
    from pipeline.adapters.warehouse.plain_file import PlainFile
    from pipeline.interval import Interval

    actors = coverage_press.actors(folder / "data" / "warehouse")
    store = Warehouse(PlainFile(folder / "data" / "warehouse"), near=dedup)
    outlets = tuple(outlet(f"new-{at}") for at in range(4))
    for number in range(1, loads + 1):
        day = Interval.of_day(coverage_press.LAST + timedelta(days=number))
        batches = [batch(one.outlet_id, day, LOADED // len(outlets)) for one in outlets]
        store.load(day, outlets, actors, batches)
        store.check(day)
        store.publish()


if __name__ == "__main__":
    main()
