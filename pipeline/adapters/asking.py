"""How is a statement asked of an engine, and what is said where it has no answer?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any

import duckdb

from pipeline.adapters.tables import Table
from pipeline.errors import QueryError, UsageError, WarehouseError, WirewatchError

# 'Referenced column "b" not found in FROM clause!'; not "LIMIT/OFFSET cannot be negative".
_LACKING = re.compile(
    r"not found|does not exist|does not have a column|No function matches|Could not find key"
)
_CHUNK = 1_000  # rows
_MOST_CHARACTERS = 64_000_000  # of the texts of an answer to anybody's question
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
    """At most so many rows, fewer where their texts are very long, and whether there were more; None: all."""
    description = result.description or []
    rows, more = (result.fetchall(), False) if max_rows is None else _first(result, max_rows)
    return Table(
        columns=_told_apart(str(column[0]) for column in description),
        types=tuple(str(column[1]) for column in description),
        rows=tuple(rows),
        truncated=more,
    )


def _first(result: duckdb.DuckDBPyConnection, max_rows: int) -> tuple[list[tuple[Any, ...]], bool]:
    rows: list[tuple[Any, ...]] = []
    size = 0
    while len(rows) <= max_rows and size < _MOST_CHARACTERS:
        chunk = result.fetchmany(min(_CHUNK, max_rows + 1 - len(rows)))
        if not chunk:
            return rows, False
        rows.extend(chunk)
        size += sum(len(value) for row in chunk for value in row if isinstance(value, str | bytes))
    return rows[:max_rows], True


def _told_apart(names: Iterable[str]) -> tuple[str, ...]:
    """Columns of one name are numbered, so that none hides another in a format that has names alone: "a", "a_1"."""
    found: dict[str, None] = {}
    for name in names:
        numbered = chain((name,), (f"{name}_{number}" for number in count(1)))
        found[next(one for one in numbered if one not in found)] = None
    return tuple(found)


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
