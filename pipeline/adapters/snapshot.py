"""One published state, asked several questions: what do the files of ``sql/coverage`` answer?

All answers of one snapshot speak of the same tables, whatever is published meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.asking import asked
from pipeline.adapters.tables import Table
from pipeline.errors import WarehouseError

_FOLDER = "sql/coverage"
_NOBODY = date(1970, 1, 1)  # counts on no day: the questions have no defaults of days


class Snapshot:
    """Answers from one connection that reads one published state."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def ask(self, name: str, values: Mapping[str, Any]) -> Table:
        """The answer of a question; of the values it takes those that its header names."""
        query = _queries()[name]
        missing = [param.name for param in query.params if param.name not in values and param.default is None]
        if missing:
            raise WarehouseError(f"{_FOLDER}/{name}.sql: no value for {', '.join(missing)}")
        bound = {
            param.name: values[param.name] if param.name in values else param.value(None, last=_NOBODY)
            for param in query.params
        }
        return asked(self._con, query.sql, bound)

    def days(self) -> tuple[date, date] | None:
        """The first and the last day that hold articles; None where there is no article."""
        ((first, last),) = self.ask("facets_days", {}).rows
        return None if first is None else (first, last)


def add_macros(con: duckdb.DuckDBPyConnection) -> None:
    """What the questions have in common, as macros of the connection's engine."""
    for macro in named_sql.folder(bundled.path(f"{_FOLDER}/macros")):
        con.execute(macro.sql)


def names() -> Sequence[str]:
    """Which questions there are."""
    return tuple(_queries())


def _queries() -> Mapping[str, named_sql.NamedQuery]:
    return {query.name: query for query in named_sql.folder(bundled.path(_FOLDER))}
