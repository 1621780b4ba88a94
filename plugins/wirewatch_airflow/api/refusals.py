"""How is a call refused? Always with one sentence under ``detail``: what is wrong, and what to do."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from pipeline.errors import QueryError, UsageError, WirewatchError

_WRONG_CALLS = (UsageError, QueryError)


def add_refusals(app: FastAPI) -> None:
    app.add_exception_handler(WirewatchError, refusal)
    app.add_exception_handler(RequestValidationError, invalid)


def refusal(_request: Request, error: Exception) -> JSONResponse:
    """Our own errors: 400 where the call was wrong, 503 where the world is not ready."""
    return JSONResponse({"detail": str(error)}, 400 if isinstance(error, _WRONG_CALLS) else 503)


def invalid(_request: Request, error: Exception) -> JSONResponse:
    """A value that cannot be what its parameter takes."""
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    return JSONResponse({"detail": "; ".join(map(_sentence, problems)) or "the call cannot be read"}, 400)


def _sentence(problem: dict[str, object]) -> str:
    place = problem.get("loc")
    where = ".".join(str(part) for part in place[1:]) if isinstance(place, tuple) else ""
    return f"{where or 'the body'}: {problem.get('msg')}"
