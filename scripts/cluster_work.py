"""What is a cluster asked to do, over its own HTTP API, and what came of it?"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import up

TIMEOUT_SECONDS = 3600
BUSY_SECONDS = 300  # of a server on a machine that has much else to do
ENDED = ("success", "failed")
# What only a lake has; and what is of one build alone.
NOT_COMPARED = {"main.owners", "main.publications", "main.schema_migrations", "main.search_state"}


@dataclass(frozen=True, kw_only=True)
class Api:
    """Airflow's HTTP API, logged in."""

    port: int
    token: str

    @classmethod
    def log_in(cls, port: int, user: str, password: str) -> Api:
        api = cls(port=port, token="")
        answer = api.ask("POST", "/auth/token", {"username": user, "password": password})
        return cls(port=port, token=answer["access_token"])

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return self._ask_once(method, path, body)
            except (TimeoutError, ConnectionError, urllib.error.URLError) as error:
                # Too busy to answer is not broken; what was changed by a call is not asked for twice.
                refused = isinstance(error, urllib.error.HTTPError)
                if refused or method != "GET" or time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def _ask_once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(
            f"http://{up.HOST}:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
            return json.load(answer)

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        run = self.ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def ended(self, dag_id: str, run_id: str) -> str | None:
        """The state in which a run has ended; None while it goes on.

        Only ended runs are asked for: to show one that goes on, Airflow reads all of its tasks, each time.
        """
        asked = urlencode({"run_id_prefix_pattern": run_id, "state": ENDED}, doseq=True)
        runs = self.ask("GET", f"/api/v2/dags/{dag_id}/dagRuns?{asked}")["dag_runs"]
        return next((str(run["state"]) for run in runs if run["dag_run_id"] == run_id), None)

    def tasks(self, dag_id: str, run_id: str) -> Counter[tuple[str, str]]:
        """How many task instances there are by task and state."""
        found: Counter[tuple[str, str]] = Counter()
        offset = 0
        while True:
            page = self.ask(
                "GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=100&offset={offset}"
            )
            found.update((one["task_id"], str(one["state"])) for one in page["task_instances"])
            offset += 100
            if offset >= page["total_entries"]:
                return found


def wait_for_dag(api: Api, dag_id: str) -> None:
    """Until the DAG has been read from its file."""
    deadline = time.monotonic() + up.READY_SECONDS
    while True:
        try:
            api.ask("GET", f"/api/v2/dags/{dag_id}")
        except urllib.error.HTTPError as error:
            if error.code != 404 or time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return


def run_day(
    api: Api, dag_id: str, day: str, *, meanwhile: Callable[[str], None] = lambda _run_id: None
) -> tuple[str, float, Counter[tuple[str, str]]]:
    """One day's run from its trigger to its end: state, seconds, and its tasks. ``meanwhile`` is called each second."""
    started = time.monotonic()
    run_id = api.trigger(dag_id, {"date": day})
    while (state := api.ended(dag_id, run_id)) is None:
        if time.monotonic() - started > TIMEOUT_SECONDS:
            raise RuntimeError(
                f"{dag_id} of {day} did not end within {TIMEOUT_SECONDS} s: see its tasks in the UI"
            )
        meanwhile(run_id)
        time.sleep(1)
    return state, time.monotonic() - started, api.tasks(dag_id, run_id)


def published_hashes(environ: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Rows of every published table, and a hash over them, of the store that these variables name."""
    import duckdb

    from pipeline.adapters.warehouse import keeping
    from pipeline.settings import settings
    from pipeline.wiring import Pipeline

    line = Pipeline(settings(environ))
    if line.lake is None:
        with duckdb.connect(str(line.reader.published), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            found = keeping.row_hashes(con)
    else:
        with line.lake.writing(threads=1) as con:
            found = keeping.row_hashes(con)
    return {table: held for table, held in found.items() if table not in NOT_COMPARED}


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Sequence[str]:
    """A sentence for each table whose rows are not the same."""
    return [
        f"{table}: {ours[table][0] if table in ours else 'no'} rows here, {theirs[table][0] if table in theirs else 'no'} there"
        for table in sorted({*ours, *theirs})
        if ours.get(table) != theirs.get(table)
    ]
