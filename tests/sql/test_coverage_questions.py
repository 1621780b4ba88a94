"""The questions of the Coverage views: their headers are true; what they answer stands in tests/plugins/api."""

from __future__ import annotations

import re

import duckdb
import pytest

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.named_sql import NamedQuery
from pipeline.adapters.snapshot import add_macros
from pipeline.adapters.warehouse.schema import migrate

VIEWS = named_sql.folder(bundled.path("sql/coverage"))
MACROS = {macro.name: macro for macro in named_sql.folder(bundled.path("sql/coverage/macros"))}
# "from articles" and "join outlets" read a table, "from cited(" a macro's rows; "select x" reads nothing.
READ = re.compile(r"\b(?:from|join)\s+([a-z_]+)")


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    con.execute("set TimeZone = 'UTC'")
    migrate(con)
    add_macros(con)
    return con


def tables_of(query: NamedQuery, known: set[str]) -> set[str]:
    """Tables that a question reads, by itself and through macros."""
    code = "\n".join(line for line in query.sql.splitlines() if not line.lstrip().startswith("--"))
    made = set(re.findall(r"^([a-z_]+) as \(", code, re.MULTILINE))
    named = set(READ.findall(code)) - made
    through = [tables_of(MACROS[name], known) for name in named & set(MACROS) - {query.name}]
    return (named & known).union(*through)


@pytest.mark.parametrize("query", [*VIEWS, *MACROS.values()], ids=lambda query: query.name)
def test_a_header_says_what_the_question_is_and_what_it_reads(
    query: NamedQuery, engine: duckdb.DuckDBPyConnection
) -> None:
    assert query.question.endswith("?")
    assert query.grain.startswith(("a row ", "one row", "a value"))
    known = {name for (name,) in engine.execute("select table_name from duckdb_tables()").fetchall()}
    assert set(query.reads) == tables_of(query, known)


@pytest.mark.parametrize("query", VIEWS, ids=lambda query: query.name)
def test_a_header_names_exactly_the_parameters_used(
    query: NamedQuery, engine: duckdb.DuckDBPyConnection
) -> None:
    (statement,) = engine.extract_statements(query.sql)
    assert {param.name for param in query.params} == set(statement.named_parameters)


@pytest.mark.parametrize("query", VIEWS, ids=lambda query: query.name)
def test_rows_come_in_an_order_that_nothing_else_decides(query: NamedQuery) -> None:
    assert query.grain.startswith("one row") or "\norder by " in query.sql
