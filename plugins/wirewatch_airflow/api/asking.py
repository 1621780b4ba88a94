"""Any question in SQL that only reads."""

from __future__ import annotations

import threading
import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pipeline.adapters.reader import AT_ONCE
from pipeline.adapters.tables import Table
from pipeline.errors import WarehouseBusyError
from pipeline.wiring import Pipeline
from wirewatch_airflow.api.answers import Format, as_object, table_answer
from wirewatch_airflow.api.asked import CHECKED, Line, Written

router = APIRouter(tags=["query"], dependencies=CHECKED)

_MOST_SECONDS = 20.0
_AT_ONCE = threading.BoundedSemaphore(AT_ONCE)  # questions
_PATIENCE_SECONDS = 10.0  # until one of them is answered
_MOST_ROWS = 10_000
_LONGEST = 20_000  # characters of a statement


class Asked(BaseModel):
    """One statement, and how many of its rows are wanted."""

    model_config = ConfigDict(extra="forbid")

    sql: str = Field(min_length=1, max_length=_LONGEST)
    limit: int = Field(default=1_000, ge=1, le=_MOST_ROWS)


@router.post("/query")
def query(line: Line, asked: Asked) -> Response:
    """The answer to one read-only statement; refused, with the reason, where it is more than that."""
    started = time.perf_counter()
    table = _answer(line, asked.sql, asked.limit)
    answer: dict[str, Any] = as_object(table)
    answer["types"] = list(table.types)
    answer["truncated"] = table.truncated
    answer["seconds"] = round(time.perf_counter() - started, 3)
    return JSONResponse(answer)


@router.get("/query")
def download(
    line: Line,
    sql: Annotated[str, Query(min_length=1, max_length=_LONGEST, description="One statement.")],
    output: Written = Format.JSON,
    limit: Annotated[int, Query(ge=1, le=_MOST_ROWS, description="At most so many rows.")] = _MOST_ROWS,
) -> Response:
    """The same, to be downloaded; the header ``Wirewatch-Truncated`` says whether there are more rows."""
    table = _answer(line, sql, limit)
    answer = table_answer(table, output, "query")
    answer.headers["Wirewatch-Truncated"] = str(table.truncated).lower()
    return answer


def _answer(line: Pipeline, sql: str, limit: int) -> Table:
    """Each question may take all cores: more than a few at once would starve the pages of everybody else."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise WarehouseBusyError("too many questions are being answered; ask again in a moment")
    try:
        return line.query(sql, max_rows=limit, max_seconds=_MOST_SECONDS)
    finally:
        _AT_ONCE.release()
