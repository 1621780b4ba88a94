"""Which statements may anybody ask? One, that only reads, and that reads nothing but the published tables.

The engine itself is locked: no files, no network, no settings. What an extension brings for the catalogue of a lake
does not keep to that lock, so each statement is also looked through for functions that reach beyond the tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from pipeline.adapters.asking import reason
from pipeline.errors import QueryError

_SELECTING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
# What stands before the statement that is explained: "explain analyze select", "explain (format json) from".
_EXPLAIN = re.compile(r"\s*explain\b(?:\s+analyze\b)?(?:\s*\([^()]*\))?", re.IGNORECASE)
# Functions of extensions that open a database of their own or change one, and the catalogue that a lake is kept in.
_FOREIGN = re.compile(r"(?:__ducklake|(?:sqlite|postgres|mysql|ducklake)_)", re.IGNORECASE)
# Functions that run a text as a statement, which nobody has looked through.
_RUNNING = frozenset(
    ["json_execute_serialized_sql", "pragma_json_execute_serialized_sql", "query", "query_table"]
)
# What tells where the server keeps its files; functions, and views of the same names.
_TELLING = frozenset(
    ["duckdb_databases", "duckdb_logs", "duckdb_secrets", "pragma_database_list", "which_secret"]
)
# Of a node of the engine's parse tree.
_FUNCTION = "function_name"
_NAMING = (_FUNCTION, "table_name", "schema_name", "catalog_name")


def permitted(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement of a text; QueryError says why it is refused."""
    statement = _only_statement(con, sql)
    for key, name in _called(con, statement.query):
        if name in _TELLING or _FOREIGN.match(name) or (key == _FUNCTION and name in _RUNNING):
            raise QueryError(f"{name} is refused: a question reads the tables, and nothing beside them")
    return statement


def _only_statement(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(reason(error)) from error
    if not statements:
        raise QueryError("there is no statement to run")
    if len(statements) == 2 and not any(statement.query for statement in statements):  # as a pivot is run
        raise QueryError("a pivot's columns must be named here: pivot … on language in ('en', 'fr') using …")
    if len(statements) > 1:
        raise QueryError(f"one statement is run, this is {len(statements)}")
    (statement,) = statements
    if statement.type not in _SELECTING:
        raise QueryError(f"only questions are answered: select, explain; not {statement.type.name.lower()}")
    if statement.named_parameters:
        raise QueryError("values for parameters cannot be given here: write them into the statement")
    return statement


def _called(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[str, str]]:
    """The functions and tables that a statement names, each with what it is, as the engine's own parser reads it."""
    asked = _EXPLAIN.sub("", sql, count=1)
    row = con.execute("select json_serialize_sql(?)", [asked]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree["error"]:
        raise QueryError("this cannot be looked through before it is run: ask it as a plain select")
    yield from _names(tree)


def _names(node: Any) -> Iterator[tuple[str, str]]:
    left = [node]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield from ((key, str(node[key]).lower()) for key in _NAMING if node.get(key))
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)
