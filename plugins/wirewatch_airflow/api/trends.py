"""The named questions under ``sql/trends``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from wirewatch_airflow.api.answers import table_answer
from wirewatch_airflow.api.asked import Line, Written, only_known

router = APIRouter(tags=["trends"])

OWN_PARAMS = ("start", "end", "format")  # every trend has them; the rest are the trend's own


@router.get("/trends", dependencies=[Depends(only_known)])
def trends(line: Line) -> dict[str, Any]:
    """Which trends there are, and what they take."""
    return {"trends": [asdict(info) for info in line.reader.trends()]}


@router.get("/trends/{name}")
def trend(
    request: Request,
    line: Line,
    name: str,
    output: Written,
    start: Annotated[date | None, Query(description="The first day, in UTC.")] = None,
    end: Annotated[date | None, Query(description="The last day, included.")] = None,
) -> Response:
    """The answer of one trend; beside start, end and format it takes the parameters that the list gives it."""
    if name not in {info.name for info in line.reader.trends()}:
        raise HTTPException(404, f"there is no trend {name}; `trends` lists them")
    params = {key: value for key, value in request.query_params.items() if key not in OWN_PARAMS}
    return table_answer(line.trend(name, start=start, end=end, params=params), output, name)
