"""How is a statement asked of an engine, and what is said where it has no answer?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import duckdb

from pipeline.adapters.tables import Table
from pipeline.errors import QueryError, UsageError, WarehouseError, WirewatchError

# 'Referenced column "b" not found in FROM clause!'; not "LIMIT/OFFSET cannot be negative".
_LACKING = re.compile(
    r"not found|does not exist|does not have a column|No function matches|Could not find key"
)
_NEGATIVE_LIMIT = "LIMIT/OFFSET cannot be negative"
# "limit $top"; not "limit 20".
_LIMIT = re.compile(r"\b(?:limit|offset)\s+\$(?P<name>\w+)", re.IGNORECASE)


def asked(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> Table:
    """All rows of one of our own questions; a WirewatchError that says why there are none."""
    try:
        return fetched(con.execute(sql, dict(values)), None)
    except duckdb.Error as error:
        raise failed(error, sql) from error


def fetched(result: duckdb.DuckDBPyConnection, max_rows: int | None) -> Table:
    """At most so many rows, and whether there were more."""
    description = result.description or []
    rows = result.fetchall() if max_rows is None else result.fetchmany(max_rows + 1)
    return Table(
        columns=tuple(str(column[0]) for column in description),
        types=tuple(str(column[1]) for column in description),
        rows=tuple(rows[:max_rows]),
        truncated=max_rows is not None and len(rows) > max_rows,
    )


def failed(error: duckdb.Error, sql: str) -> WirewatchError:
    """Why one of our own questions has no answer: tables that a new version brings, or a value it cannot take."""
    said = reason(error)
    lacking = isinstance(error, duckdb.BinderException) and _LACKING.search(said)
    if lacking or isinstance(error, duckdb.CatalogException):
        return WarehouseError(
            f"what is published lacks what this question reads ({said.splitlines()[0]}): an older "
            "Wirewatch published it; `wirewatch publish` brings it up to date"
        )
    if _NEGATIVE_LIMIT in said:
        names = " or ".join(dict.fromkeys(match["name"] for match in _LIMIT.finditer(sql)))
        return UsageError(f"parameter {names}: a number of rows cannot be negative")
    return QueryError(said)


def reason(error: duckdb.Error) -> str:
    """The engine's message in one paragraph, without its kind: "Parser Error: …"."""
    return str(error).strip()
