"""What do the endpoints take and give? The OpenAPI document, for logged-in users."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from wirewatch_airflow.api.asked import CHECKED

router = APIRouter(include_in_schema=False, dependencies=CHECKED)


@router.get("/openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    """The document, its paths relative to where this plugin is mounted."""
    document: dict[str, Any] = request.app.openapi()
    return {**document, "servers": [{"url": request.scope.get("root_path", "") or "/"}]}
