"""Who may ask? Every route of the application, found by looking at it, against every role."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PREFIX = "/wirewatch"
# Parameters that stand in paths; what they name need not exist, for the login is asked first.
_PLACE = re.compile(r"\{\w+(?::path)?\}")
# Read by everybody who may read: the question is sent as a body because it can be long.
_ASKING = ("/api/query", "POST")


def headers(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role.lower(), role=role))
    return {"Authorization": f"Bearer {token}"}


def routes(server: Any) -> list[tuple[str, str, Any]]:
    """Path, method and route of everything that can be asked of our application."""
    ours = next(route.app for route in server.app.routes if getattr(route, "path", "") == PREFIX)
    return [
        (_PLACE.sub("1", route.path), method, route)
        for route in ours.routes
        for method in sorted(route.methods)
    ]


def test_the_application_has_routes_and_no_documents_of_its_own(server: Any) -> None:
    found = {path for path, _, _ in routes(server)}
    assert len(found) >= 20
    assert {"/api/overview", "/api/query", "/api/openapi.json", "/static/1"} <= found
    for path in ("docs", "redoc", "openapi.json"):
        assert server.get(f"{PREFIX}/{path}", headers=headers("ADMIN")).status_code == 404


def test_nobody_gets_in_without_a_login(server: Any) -> None:
    for path, method, _ in routes(server):
        answer = server.request(method, PREFIX + path)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_forged_token_is_refused(server: Any) -> None:
    for path, method, _ in routes(server):
        answer = server.request(method, PREFIX + path, headers={"Authorization": "Bearer x.y.z"})
        assert answer.status_code in (401, 403), (method, path)


def test_every_route_depends_on_a_reader_and_whatever_acts_on_an_actor(server: Any) -> None:
    from wirewatch_airflow.api.guards import ACTORS, READERS

    for path, method, route in routes(server):
        guards = {dependency.dependency for dependency in route.dependencies}
        assert READERS[0].dependency in guards, path
        if method not in ("GET", "HEAD") and (path, method) != _ASKING:
            assert ACTORS[0].dependency in guards, path


def test_a_viewer_may_read_and_may_not_act(server: Any) -> None:
    """Nothing is published here: what a reader is let through to says so, or that it does not know the name."""
    viewer = headers("VIEWER")
    for path, method, _ in routes(server):
        status = server.request(method, PREFIX + path, headers=viewer).status_code
        if method in ("GET", "HEAD") or (path, method) == _ASKING:
            assert status in (200, 400, 404, 503), (method, path, status)
        else:
            assert status == 403, (method, path, status)


@pytest.mark.parametrize(("role", "status"), [("VIEWER", 403), ("USER", 403), ("OP", 200), ("ADMIN", 200)])
def test_only_op_and_admin_pass_where_something_is_made_to_happen(
    airflow: Path, role: str, status: int
) -> None:
    assert airflow.is_dir()
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from wirewatch_airflow.api.guards import ACTORS

    app = FastAPI()

    @app.post("/act", dependencies=ACTORS)
    def act() -> None:
        """What op and admin may do."""

    assert TestClient(app).post("/act", headers=headers(role)).status_code == status
