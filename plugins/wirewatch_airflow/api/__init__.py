"""What can be asked of Wirewatch over HTTP? Everything the Coverage page shows, for logged-in users of Airflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI

from wirewatch_airflow.api import (
    articles,
    asking,
    captures,
    dictionary,
    documents,
    facets,
    outlets,
    overview,
    searching,
    sources,
    stories,
    trends,
    watches,
)
from wirewatch_airflow.api.guards import READERS
from wirewatch_airflow.api.headers import SafeHeaders
from wirewatch_airflow.api.refusals import add_refusals
from wirewatch_airflow.operators import pipeline_of_the_environment
from wirewatch_airflow.static_files import static_router

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline

# A view's module brings its router; those whose paths act are guarded there once more, by guards.ACTORS.
VIEWS: tuple[APIRouter, ...] = (
    facets.router,
    overview.router,
    sources.router,
    outlets.router,
    articles.router,
    captures.router,
    stories.router,
    searching.router,
    trends.router,
    dictionary.router,
    asking.router,
    watches.router,
    documents.router,
)


def application(build: Callable[[], Pipeline] = pipeline_of_the_environment) -> FastAPI:
    """All endpoints, each behind Airflow's login; ``build`` makes the pipeline that answers, once a request."""
    app = FastAPI(
        title="Wirewatch",
        description="What is published in the warehouse of this Wirewatch, as JSON, CSV and Parquet.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.build = build
    for router in VIEWS:
        app.include_router(router, prefix="/api", dependencies=READERS)
    app.include_router(static_router(), dependencies=READERS, include_in_schema=False)
    app.add_middleware(SafeHeaders)
    add_refusals(app)
    return app
