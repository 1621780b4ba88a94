"""The endpoints behind the Coverage page: who may ask, and what comes back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.tables import Table
from pipeline.errors import UsageError, WarehouseError


def headers(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role.lower(), role=role))
    return {"Authorization": f"Bearer {token}"}


def test_airflows_documents_of_our_endpoints_are_off(server: Any) -> None:
    for path in ("docs", "redoc", "openapi.json"):
        assert server.get(f"/wirewatch/{path}", headers=headers("ADMIN")).status_code == 404


def test_pages_may_run_scripts_of_this_server_alone(server: Any) -> None:
    page = server.get("/plugin/coverage")
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "script-src" not in policy, "scripts are as by default"
    assert "Content-Security-Policy" not in server.get("/api/v2/version").headers


def test_a_viewer_sees_the_page_and_what_it_loads(server: Any) -> None:
    from wirewatch_airflow.static_files import NAMES

    for name in (*NAMES, "plotly.min.js"):
        answer = server.get(f"/wirewatch/static/{name}", headers=headers("VIEWER"))
        assert answer.status_code == 200, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer.headers["Cache-Control"]


def test_the_ui_is_told_of_the_page(server: Any) -> None:
    plugins = server.get("/api/v2/plugins", headers=headers("ADMIN")).json()["plugins"]
    (ours,) = [plugin for plugin in plugins if plugin["name"] == "wirewatch"]
    assert [app["name"] for app in ours["react_apps"]] == ["Coverage"]
    assert server.get("/api/v2/plugins/importErrors", headers=headers("ADMIN")).json()["import_errors"] == []


@pytest.mark.parametrize(
    "name", ["..%2f..%2fpyproject.toml", "coverage.py", "%2e%2e/coverage.py", "coverage/../../coverage.py"]
)
def test_no_other_file_can_be_had(server: Any, name: str) -> None:
    assert server.get(f"/wirewatch/static/{name}", headers=headers("ADMIN")).status_code == 404


@pytest.fixture
def ask(airflow: Path, line: Any) -> Any:
    """The endpoints over a pipeline in memory, the login left out."""
    assert airflow.is_dir()
    from fastapi.testclient import TestClient

    from wirewatch_airflow.api import application
    from wirewatch_airflow.api.guards import READERS

    app = application(lambda: line)
    app.dependency_overrides[READERS[0].dependency] = lambda: None
    return TestClient(app).get


def test_a_trend_comes_back_as_columns_and_rows(ask: Any) -> None:
    answer = ask("/api/trends/collecting").json()
    assert answer["columns"][:2] == ["day", "found"]
    assert answer["rows"] == [["2016-03-27", 5, 2, 1, 1, 0, 3]]


def test_the_trends_are_listed_with_their_questions(ask: Any) -> None:
    (trend,) = ask("/api/trends").json()["trends"]
    assert (trend["name"], trend["question"]) == ("collecting", "What did each day find?")


def test_an_unknown_trend_is_not_found(ask: Any) -> None:
    assert ask("/api/trends/nosuch").status_code == 404


def test_a_call_that_is_wrong_is_told_why(ask: Any, line: Any) -> None:
    assert ask("/api/trends/collecting?start=yesterday").status_code == 400
    line.broken = UsageError("the last day (2016-03-01) lies before the first (2016-03-27)")
    answer = ask("/api/trends/collecting?start=2016-03-27&end=2016-03-01")
    assert (answer.status_code, answer.json()["detail"]) == (400, str(line.broken))


def test_before_the_first_publish_the_page_is_told_what_to_do(ask: Any, line: Any) -> None:
    line.broken = WarehouseError("nothing was published yet; run `wirewatch run`")
    answer = ask("/api/trends/collecting")
    assert (answer.status_code, answer.json()["detail"]) == (503, str(line.broken))


def test_a_wrong_parameter_is_the_callers_mistake(line: Any) -> None:
    from wirewatch_airflow.api.refusals import refusal

    answer = refusal(None, UsageError("there is no parameter x"))  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert line.published == 0


def test_a_search_passes_all_that_was_asked_and_gives_hits_with_their_number(ask: Any, line: Any) -> None:
    answer = ask(
        "/api/search?words=quay&start=2016-03-21&end=2016-03-27&outlet=kald-post&outlet=saltern&source=varn"
        "&language=en&limit=5&newest=true"
    ).json()
    assert (answer["count"], answer["columns"][0]) == (7, "day")
    (question,) = line.asked
    assert (question.words, question.start, question.end) == ("quay", date(2016, 3, 21), date(2016, 3, 27))
    assert (question.outlets, question.sources) == (("kald-post", "saltern"), ("varn",))
    assert (question.languages, question.limit, question.is_newest_first) == (("en",), 5, True)
    assert ask("/api/search/counts?words=quay&by=day").json()["rows"] == answer["rows"]


@pytest.mark.parametrize("wrong", ["", "?words=quay&limit=0", "?words=quay&limit=501", "?words=quay&start=x"])
def test_a_search_that_is_no_search_is_refused(ask: Any, wrong: str) -> None:
    assert ask(f"/api/search{wrong}").status_code == 400


def test_hostile_text_travels_as_data(ask: Any, line: Any) -> None:
    text = "<img src=x onerror=alert(1)></script>"
    line.answer = Table(columns=("source",), types=("VARCHAR",), rows=((text,), (float("nan"),)))
    answer = ask("/api/trends/collecting")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.text)["rows"] == [[text], [None]]
