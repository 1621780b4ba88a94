"""Which files does the Coverage page consist of? Named one by one: no path of a request ever reaches the disk."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

STATIC = Path(__file__).parent / "static"
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_MODULES = (
    "answer_plot.js",
    "api.js",
    "app.js",
    "article.js",
    "ask.js",
    "capture.js",
    "coverage.css",
    "examples.js",
    "filters.js",
    "format.js",
    "links.js",
    "outlet.js",
    "overview.js",
    "parts.js",
    "plots.js",
    "react.js",
    "reading.js",
    "search.js",
    "source.js",
    "spans.js",
    "statement.js",
    "story.js",
    "tables.js",
    "watches.js",
)
NAMES = (
    "coverage.js",
    *(f"coverage/{name}" for name in _MODULES),
    "coverage-light.svg",
    "coverage-dark.svg",
)
FILES = {name: (STATIC / name, _TYPES[Path(name).suffix]) for name in NAMES}


def static_router() -> APIRouter:
    """The page's own files, and the plotting library as its Python package ships it."""
    router = APIRouter()

    @router.get("/static/plotly.min.js")
    def plotly() -> FileResponse:
        file = Path(str(resources.files("plotly"))) / "package_data" / "plotly.min.js"
        return FileResponse(
            file, media_type="text/javascript", headers={**HEADERS, "Cache-Control": "private, max-age=86400"}
        )

    @router.get("/static/{name:path}")
    def static(name: str) -> FileResponse:
        if name not in FILES:
            raise HTTPException(404, "there is no such file")
        file, media_type = FILES[name]
        return FileResponse(file, media_type=media_type, headers=HEADERS)

    return router
