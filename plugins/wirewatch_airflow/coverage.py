"""What does the Coverage page ask, and who may? Named trends of the published warehouse, for logged-in users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from airflow.api_fastapi.core_api.security import requires_access_asset
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse

from pipeline.errors import UsageError, WirewatchError
from wirewatch_airflow.operators import pipeline_of_the_environment
from wirewatch_airflow.static_files import HEADERS, static_router

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline

MOST_HITS = 100  # of one search
OWN_PARAMS = ("start", "end")  # every trend has them; the rest are the trend's own


def application(build: Callable[[], Pipeline] = pipeline_of_the_environment) -> FastAPI:
    """The endpoints; all of them need a login, and Airflow's documents of them are off."""
    app = FastAPI(title="Wirewatch", docs_url=None, redoc_url=None, openapi_url=None)
    reader = [Depends(requires_access_asset("GET"))]
    app.include_router(_router(build), dependencies=reader)
    app.include_router(static_router(), dependencies=reader)
    app.add_exception_handler(WirewatchError, _refusal)
    return app


def _router(build: Callable[[], Pipeline]) -> APIRouter:
    # Plain functions, not coroutines: FastAPI keeps them, and the store, off the server's event loop.
    router = APIRouter()

    @router.get("/api/trends")
    def trends() -> JSONResponse:
        """Which trends there are, and what they take."""
        return _json({"trends": [asdict(info) for info in build().reader.trends()]})

    @router.get("/api/trends/{name}")
    def trend(
        request: Request,
        name: str,
        start: Annotated[date | None, Query()] = None,
        end: Annotated[date | None, Query()] = None,
    ) -> JSONResponse:
        """The answer of one trend over the days from ``start`` to ``end``, both included."""
        pipeline = build()
        if name not in {info.name for info in pipeline.reader.trends()}:
            raise HTTPException(404, f"there is no trend {name!r}")
        params = {key: value for key, value in request.query_params.items() if key not in OWN_PARAMS}
        table = pipeline.trend(name, start=start, end=end, params=params)
        return _json({"columns": table.columns, "rows": table.rows})

    @router.get("/api/search")
    def search(
        words: str,
        start: Annotated[date | None, Query()] = None,
        end: Annotated[date | None, Query()] = None,
        outlet: Annotated[list[str] | None, Query()] = None,
        source: Annotated[list[str] | None, Query()] = None,
        language: Annotated[list[str] | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 10,
        newest: Annotated[bool, Query()] = False,
        by: Annotated[str | None, Query()] = None,
    ) -> JSONResponse:
        """The articles that words find, best first, and how many fit; with ``by``, only how many a day, outlet, …"""
        from pipeline.adapters.search import Question

        question = Question(
            words=words,
            start=start,
            end=end,
            outlets=tuple(outlet or ()),
            sources=tuple(source or ()),
            languages=tuple(language or ()),
            limit=limit,
            is_newest_first=newest,
        )
        if by is not None:
            table = build().search_counts(question, by)
            return _json({"columns": table.columns, "rows": table.rows})
        found = build().search(question)
        table = found.table()
        return _json({"columns": table.columns, "rows": table.rows, "count": found.count})

    return router


def _json(answer: Any) -> JSONResponse:
    from pipeline.adapters.tables import plain

    return JSONResponse(plain(answer), headers=HEADERS)


def _refusal(_request: Request, error: Exception) -> JSONResponse:
    """Our errors say what to do next: 400 where the call was wrong, 503 where the world is not ready."""
    return JSONResponse({"detail": str(error)}, 400 if isinstance(error, UsageError) else 503, HEADERS)
