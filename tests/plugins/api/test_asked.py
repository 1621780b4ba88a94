"""What a call may say: filters, pages and parameters are checked before anything is asked."""

from __future__ import annotations

from typing import Any

import pytest

FILTERED = [
    "overview",
    "sources",
    "sources/ilse-varn",
    "sources/ilse-varn/statements",
    "outlets",
    "outlets/kald-post",
    "outlets/kald-post/rejects",
    "articles",
    "stories",
]
PAGED = ["sources", "sources/ilse-varn/statements", "outlets/kald-post/rejects", "articles", "stories"]


def refused(press: Any, path: str, **params: Any) -> str:
    answer = press.response(path, **params)
    assert answer.status_code == 400, (path, params, answer.text)
    detail: str = answer.json()["detail"]
    return detail


@pytest.mark.parametrize("path", [*FILTERED, "facets", "dictionary", "trends", "search", "openapi.json"])
def test_a_misspelt_parameter_is_refused_rather_than_let_everything_through(press: Any, path: str) -> None:
    words = {"words": "quay"} if path == "search" else {}
    assert "there is no parameter outlets here; it takes " in refused(
        press, path, outlets="kald-post", **words
    )


@pytest.mark.parametrize("path", FILTERED)
def test_days_are_days_in_their_order(press: Any, path: str) -> None:
    assert refused(press, path, start="yesterday").startswith("start: ")
    assert refused(press, path, end="2016-13-01").startswith("end: ")
    assert "lies before the first" in refused(press, path, start="2016-03-24", end="2016-03-21")
    assert "ask for fewer" in refused(press, path, start="0001-01-01", end="9999-12-31")


@pytest.mark.parametrize("path", FILTERED)
@pytest.mark.parametrize("name", ["outlet", "language", "source"])
def test_filters_have_bounds(press: Any, path: str, name: str) -> None:
    assert refused(press, path, **{name: ""}).startswith(name)
    assert refused(press, path, **{name: "x" * 301}).startswith(name)
    assert "at most 100" in refused(press, path, **{name: ["x"] * 101})


@pytest.mark.parametrize("path", PAGED)
def test_pages_have_bounds(press: Any, path: str) -> None:
    for wrong in ({"limit": 0}, {"limit": 501}, {"limit": "many"}, {"offset": -1}, {"offset": 10**12}):
        assert refused(press, path, **wrong)
    assert refused(press, path, format="xlsx").startswith("format: ")
    assert refused(press, path, format="csv", limit=10_001)
    assert press.response(path, limit=500).status_code == 200
    assert press.response(path, format="csv", limit=10_000).status_code == 200


def test_a_day_at_the_end_of_the_calendar_is_no_error(press: Any) -> None:
    assert press.get("overview", start="9999-12-31")["counts"]["articles"] == 0
    assert press.get("overview", end="0001-01-01")["counts"]["articles"] == 0
    assert "ask for fewer" in refused(press, "overview", start="0001-01-01")


def test_before_the_first_publish_it_is_said_what_to_do(airflow: Any, tmp_path: Any) -> None:
    from fastapi.testclient import TestClient

    from pipeline.settings import settings
    from pipeline.wiring import Pipeline
    from wirewatch_airflow.api import application
    from wirewatch_airflow.api.guards import READERS, may_act

    assert airflow.is_dir()
    line = Pipeline(settings({"WIREWATCH_DATA": str(tmp_path)}))
    app = application(lambda: line)
    app.dependency_overrides |= {READERS[0].dependency: lambda: None, may_act: lambda: False}
    for path in ("facets", *FILTERED, "search?words=quay", "trends/attention", "query?sql=select+1"):
        answer = TestClient(app).get(f"/api/{path}")
        assert answer.status_code == 503, path
        assert "wirewatch run" in answer.json()["detail"], path
