"""How does a table leave as JSON, CSV or Parquet?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from fastapi.responses import JSONResponse, Response

from pipeline.adapters.tables import Table, as_csv, as_parquet, plain
from pipeline.errors import UsageError

_EXACT = 2**53  # the first whole number that JavaScript does not tell from its neighbour


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def table_answer(table: Table, output: Format, name: str) -> Response:
    """The table; as CSV or Parquet, a file of that name."""
    if output is Format.CSV:
        return _file(as_csv(table).encode(), "text/csv; charset=utf-8", f"{name}.csv")
    if output is Format.PARQUET:
        return _file(as_parquet(table), "application/vnd.apache.parquet", f"{name}.parquet")
    return JSONResponse(as_object(table))


def page_answer(table: Table, output: Format, name: str, *, limit: int, offset: int) -> Response:
    """A page of a long table, whose question gave the number of all rows as its first column."""
    count, rows = counted(table)
    if output is not Format.JSON:
        return table_answer(rows, output, name)
    return JSONResponse({**as_object(rows), "count": count, "limit": limit, "offset": offset})


def view_answer(
    facts: Mapping[str, Any], tables: Mapping[str, Table], output: Format, only: str | None
) -> Response:
    """A view of several tables; or ``only`` one of them, which alone can be CSV or Parquet."""
    if only is not None:
        if only not in tables:
            raise UsageError(f"there is no table {only} here; there are: {', '.join(tables)}")
        return table_answer(tables[only], output, only)
    if output is not Format.JSON:
        raise UsageError(f"as {output} goes one table: name it by table=, one of {', '.join(tables)}")
    return JSONResponse({**plain(dict(facts)), **{name: as_object(table) for name, table in tables.items()}})


def counted(table: Table) -> tuple[int, Table]:
    """The number of all rows, and the page without it; a page past the end is one row of nulls."""
    rows = tuple(row[1:] for row in table.rows if any(value is not None for value in row[1:]))
    return int(table.rows[0][0]), Table(columns=table.columns[1:], types=table.types[1:], rows=rows)


def as_object(table: Table) -> dict[str, Any]:
    """Columns and rows, as JSON has them."""
    return {"columns": list(table.columns), "rows": _rows(table)}


def as_records(table: Table) -> list[dict[str, Any]]:
    """An object a row."""
    return [dict(zip(table.columns, row, strict=True)) for row in _rows(table)]


def as_record(table: Table) -> dict[str, Any] | None:
    """The only row as an object; None where there is none."""
    return next(iter(as_records(table)), None)


def _rows(table: Table) -> list[list[Any]]:
    """Plain values; ids, and columns with numbers that JavaScript would round, as texts."""
    texts = [_is_text(table, at) for at in range(len(table.columns))]
    return [
        [_digits(value) if as_text else plain(value) for value, as_text in zip(row, texts, strict=True)]
        for row in table.rows
    ]


def _is_text(table: Table, at: int) -> bool:
    if table.columns[at].endswith("_id") and table.types[at] == "BIGINT":
        return True
    return "INT" in table.types[at] and any(_is_large(row[at]) for row in table.rows)


def _is_large(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_is_large, value))
    if isinstance(value, dict):
        return any(map(_is_large, value.values()))
    return isinstance(value, int) and abs(value) >= _EXACT


def _digits(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_digits(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _digits(item) for name, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else plain(value)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
