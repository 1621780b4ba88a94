"""What an outlet's Airflow connection gives along to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import UsageError
from wirewatch_airflow.access import access_variables
from wirewatch_airflow.operators import StageOperator
from wirewatch_airflow.stages import collect

EXTRA = {
    "headers": {"X-Api-Key": "k1"},
    "cookies": {"session": "s1"},
    "proxy": "http://u:p@proxy.example:3128",
}


def test_a_connection_becomes_the_outlets_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = {"conn_type": "http", "login": "ann", "password": "pw", "extra": EXTRA}
    monkeypatch.setenv("AIRFLOW_CONN_WIREWATCH_HALDEN_COURIER", json.dumps(connection))
    variables = access_variables("halden-courier")
    assert json.loads(variables["WIREWATCH_OUTLET_HALDEN_COURIER_HEADERS"]) == {
        "X-Api-Key": "k1",
        "Authorization": "Basic YW5uOnB3",
    }
    assert json.loads(variables["WIREWATCH_OUTLET_HALDEN_COURIER_COOKIES"]) == {"session": "s1"}
    assert variables["WIREWATCH_OUTLET_HALDEN_COURIER_PROXY"] == EXTRA["proxy"]


def test_an_outlet_without_a_connection_gives_nothing_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WIREWATCH_EMPTY", json.dumps({"conn_type": "http"}))
    assert access_variables("empty") == {}
    assert access_variables("halden-courier") == {}


def test_collecting_an_outlet_uses_its_connection_and_other_stages_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WIREWATCH_DATA", str(tmp_path))
    extra = {"proxy": "no-address-s3cret"}  # told before anything is asked of the network
    monkeypatch.setenv(
        "AIRFLOW_CONN_WIREWATCH_ANVIL_DISPATCH", json.dumps({"conn_type": "http", "extra": extra})
    )
    context: Any = {
        "params": {"date": f"{datetime.now(UTC):%Y-%m-%d}"},
        "dag_run": SimpleNamespace(run_type="manual"),
    }
    arguments = {"outlet_id": "anvil-dispatch"}
    other = StageOperator(
        task_id="other",
        stage=lambda line, _run, outlet_id: (line.settings.access, outlet_id),
        arguments=arguments,
    )
    assert other.execute(context) == ((), "anvil-dispatch")
    with pytest.raises(UsageError, match="WIREWATCH_OUTLET_ANVIL_DISPATCH_PROXY") as caught:
        StageOperator(task_id="collect", stage=collect, arguments=arguments).execute(context)
    assert "s3cret" not in str(caught.value)
