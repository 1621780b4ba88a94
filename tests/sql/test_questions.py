"""Every trend and check, on small tables whose answer was worked out by hand.

``tests/examples/sql/trends/<name>``: a CSV for each table it reads, ``params.csv`` and ``expected.csv``. A rollup
without a CSV is worked out from what there is, as loading does it.
``tests/examples/sql/watches/<name>``: likewise.
``tests/examples/sql/checks/<name>``: the same twice, in ``passes`` and ``fails``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.named_sql import NamedQuery
from pipeline.adapters.reader import answered
from pipeline.adapters.steps import STEPS
from pipeline.adapters.tables import plain
from pipeline.adapters.warehouse.loading import ROLLUPS as REFRESHED
from pipeline.adapters.warehouse.schema import migrate

EXAMPLES = Path(__file__).parent.parent / "examples" / "sql"
TRENDS = {query.name: query for query in named_sql.folder(bundled.path("sql/trends"))}
CHECKS = {query.name: query for query in named_sql.folder(bundled.path("sql/checks"))}
ROLLUPS = {query.name: query for query in named_sql.folder(bundled.path("sql/rollups"))}
WATCHES = {query.name: query for query in named_sql.folder(bundled.path("sql/watches"))}
REPORTS = {query.name: query for query in named_sql.folder(bundled.path("sql/report"))}
LAST = date(2016, 3, 28)

# "from articles" and "join outlets" read a table; "select x" does not.
READ = re.compile(r"\b(?:from|join)\s+([a-z_]+)")
# "counted as (" makes a step of the query; "count(*) as articles" does not.
STEP = re.compile(r"^([a-z_]+) as (?:materialized )?\(", re.MULTILINE)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        yield con


@pytest.fixture
def tables(engine: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    engine.execute("begin")
    yield engine
    engine.execute("rollback")


@pytest.mark.parametrize("name", TRENDS)
def test_a_trend_gives_the_answer_worked_out_by_hand(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    folder = EXAMPLES / "trends" / name
    assert folder.is_dir(), f"the trend {name} has no example; add {folder}"
    fill(tables, folder)
    values = TRENDS[name].bound(params(folder), last=LAST)
    assert answer(tables, TRENDS[name], values) == expected(folder)


@pytest.mark.parametrize("name", WATCHES)
def test_a_watch_sees_the_rows_worked_out_by_hand(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    folder = EXAMPLES / "watches" / name
    assert folder.is_dir(), f"the watch's query {name} has no example; add {folder}"
    fill(tables, folder)
    values = WATCHES[name].bound(params(folder), last=LAST)
    assert answer(tables, WATCHES[name], values) == expected(folder)


# What the rollups that tell languages apart count.
COUNTS = {
    "daily_outlets": ("articles", "words", "attributions", "wire_articles", "bylined_articles"),
    "daily_sources": ("articles", "attributions", "direct"),
}
OF_LANGUAGES = [
    (kind, query.name)
    for kind, queries in (("trends", TRENDS), ("watches", WATCHES), ("checks", CHECKS))
    for query in queries.values()
    if set(query.reads) & COUNTS.keys()
]


@pytest.mark.parametrize(("kind", "name"), OF_LANGUAGES)
def test_an_outlet_of_two_languages_is_one_outlet(
    kind: str, name: str, tables: duckdb.DuckDBPyConnection
) -> None:
    """Half of what each outlet published on a day is in another language: the answer stays."""
    query = {"trends": TRENDS, "watches": WATCHES, "checks": CHECKS}[kind][name]
    folder = EXAMPLES / kind / name / ("fails" if kind == "checks" else "")
    values = bounds(folder) if kind == "checks" else query.bound(params(folder), last=LAST)
    fill(tables, folder)
    some = "case when articles > 1 then {0} // 2 else 0 end"
    tell_apart(tables, {"en": f"{{0}} - {some}", "fr": some})
    assert answer(tables, query, values) == expected(folder)


@pytest.mark.parametrize(
    "name",
    [
        name
        for kind, name in OF_LANGUAGES
        if kind == "trends" and any(param.name == "language" for param in TRENDS[name].params)
    ],
)
def test_a_trend_in_one_language_reads_that_language_alone(
    name: str, tables: duckdb.DuckDBPyConnection
) -> None:
    """Three times as much of all that the example has, in another language, changes no answer."""
    folder = EXAMPLES / "trends" / name
    fill(tables, folder)
    tell_apart(tables, {"en": "{0}", "fr": "3 * {0}"})
    tables.execute("delete from daily_citations")
    tables.execute(f"insert into daily_citations by name {ROLLUPS['daily_citations'].sql}")
    values = TRENDS[name].bound({**params(folder), "language": "en"}, last=LAST)
    assert answer(tables, TRENDS[name], values) == expected(folder)


def tell_apart(con: duckdb.DuckDBPyConnection, counts: dict[str, str]) -> None:
    """Put a row a language in place of each row of a rollup, its counts made of the row's as given."""
    for table, columns in COUNTS.items():
        con.execute(f"create or replace temp table told as from {table}")
        con.execute(f"delete from {table}")  # noqa: S608 - our tables
        for language, count in counts.items():
            made = ", ".join(f"{count.format(column)} as {column}" for column in columns)
            con.execute(f"insert into {table} select * replace ('{language}' as language, {made}) from told")  # noqa: S608
    con.execute("drop table told")


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_gives_the_rows_worked_out_by_hand(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    folder = EXAMPLES / "report" / name
    assert folder.is_dir(), f"the report's query {name} has no example; add {folder}"
    fill(tables, folder)
    values = REPORTS[name].bound(params(folder), last=LAST)
    assert answer(tables, REPORTS[name], values) == expected(folder)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_lets_good_rows_pass(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    folder = EXAMPLES / "checks" / name / "passes"
    assert folder.is_dir(), f"the check {name} has no example that passes; add {folder}"
    assert any(folder.glob("*.csv"))
    fill(tables, folder)
    assert answer(tables, CHECKS[name], bounds(folder))[1:] == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_shows_the_bad_rows(name: str, tables: duckdb.DuckDBPyConnection) -> None:
    folder = EXAMPLES / "checks" / name / "fails"
    assert folder.is_dir(), f"the check {name} has no example that fails; add {folder}"
    fill(tables, folder)
    found = answer(tables, CHECKS[name], bounds(folder))
    assert len(found) > 1
    assert found == expected(folder)


@pytest.mark.parametrize(
    "query",
    [*TRENDS.values(), *CHECKS.values(), *WATCHES.values(), *REPORTS.values()],
    ids=lambda query: query.name,
)
def test_a_header_names_exactly_the_parameters_used(
    query: NamedQuery, engine: duckdb.DuckDBPyConnection
) -> None:
    (statement,) = engine.extract_statements(query.sql)
    assert set(query.step_params) & set(statement.named_parameters) == set()
    assert {param.name for param in query.params} == set(statement.named_parameters) | set(query.step_params)


@pytest.mark.parametrize(
    "query",
    [*TRENDS.values(), *CHECKS.values(), *WATCHES.values(), *REPORTS.values()],
    ids=lambda query: query.name,
)
def test_a_header_says_what_the_question_is(query: NamedQuery) -> None:
    assert query.question.endswith("?")
    assert query.grain.startswith(("a row ", "one row"))
    assert query.reads


@pytest.mark.parametrize("query", CHECKS.values(), ids=lambda query: query.name)
def test_a_check_has_a_severity(query: NamedQuery) -> None:
    assert query.severity in ("error", "warn")


@pytest.mark.parametrize(
    "query",
    [*TRENDS.values(), *CHECKS.values(), *ROLLUPS.values(), *WATCHES.values(), *REPORTS.values()],
    ids=lambda query: query.name,
)
def test_what_a_query_reads_is_what_its_header_lists(
    query: NamedQuery, engine: duckdb.DuckDBPyConnection
) -> None:
    known = {name for (name,) in engine.execute("select table_name from duckdb_tables()").fetchall()}
    made = set(STEP.findall(query.sql))
    read = {name for name in READ.findall(query.sql) if name in known and name not in made}
    assert read <= set(query.reads), "reads tables that its header does not list"
    assert {name for name in query.reads if name in known} == read, "lists tables that it does not read"


@pytest.mark.parametrize("query", TRENDS.values(), ids=lambda query: query.name)
def test_what_a_trend_goes_through_is_there(query: NamedQuery) -> None:
    assert not query.step or query.step in STEPS
    assert set(query.step_params) <= {param.name for param in query.params}


@pytest.mark.parametrize(
    "query", [*TRENDS.values(), *WATCHES.values(), *REPORTS.values()], ids=lambda query: query.name
)
def test_a_trend_orders_its_rows(query: NamedQuery) -> None:
    assert "\norder by " in query.sql


@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/*")), ids=lambda folder: folder.name)
def test_no_example_is_left_of_a_query_that_is_gone(folder: Path) -> None:
    assert (
        folder.name
        in {"trends": TRENDS, "checks": CHECKS, "watches": WATCHES, "report": REPORTS}[folder.parent.name]
    )


def fill(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    given = {file.stem for file in folder.glob("*.csv")} - {"params", "expected"}
    for table in sorted(given):
        con.execute(
            f"insert into {table} by name select * from read_csv(?, all_varchar = true, header = true)",  # noqa: S608
            [str(folder / f"{table}.csv")],
        )
    con.execute(
        "create or replace temp table touched_days as select day from articles union select day from daily_sources"
    )
    for table, (_, touched) in REFRESHED.items():
        if table not in given and touched == "touched_days":
            con.execute(f"insert into {table} by name {ROLLUPS[table].sql}")


def params(folder: Path) -> dict[str, str | None]:
    return {row["name"]: row["value"] for row in rows_of(folder / "params.csv")}


def bounds(folder: Path) -> dict[str, Any]:
    return {name: datetime.fromisoformat(f"{value}:00") for name, value in params(folder).items() if value}


def answer(con: duckdb.DuckDBPyConnection, query: NamedQuery, values: dict[str, Any]) -> list[list[str]]:
    table = answered(con, query, values)
    return [list(table.columns), *([cell(value) for value in row] for row in table.rows)]


def expected(folder: Path) -> list[list[str]]:
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def cell(value: Any) -> str:
    value = plain(value)
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
