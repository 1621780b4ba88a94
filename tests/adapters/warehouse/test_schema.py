from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse.rows import PARTS
from pipeline.adapters.warehouse.schema import Migration, migrate, migrations
from pipeline.errors import WarehouseError

FIRST = Migration(number=1, name="0001_first", sql="create table first (a integer)")
SECOND = Migration(
    number=2, name="0002_second", sql="alter table first add column b varchar; create table c (d integer)"
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        yield opened


def test_files_are_applied_once_in_order(con: duckdb.DuckDBPyConnection) -> None:
    assert migrate(con, [FIRST]) == ("0001_first",)
    assert migrate(con, [FIRST, SECOND]) == ("0002_second",)
    assert migrate(con, [FIRST, SECOND]) == ()
    con.execute("insert into first values (1, 'kept')")


def test_an_upgrade_keeps_the_rows(con: duckdb.DuckDBPyConnection) -> None:
    migrate(con, [FIRST])
    con.execute("insert into first values (7)")
    migrate(con, [FIRST, SECOND])
    assert con.execute("from first").fetchall() == [(7, None)]


def test_a_newer_database_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    migrate(con, [FIRST, SECOND])
    with pytest.raises(WarehouseError, match=r"newer Wirewatch \(it has 0002_second\)"):
        migrate(con, [FIRST])


def test_a_file_changed_after_it_was_applied_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    migrate(con, [FIRST])
    with pytest.raises(WarehouseError, match=r"0001_first\.sql has changed"):
        migrate(con, [replace(FIRST, sql="create table first (a bigint)")])


def test_a_file_that_fails_leaves_nothing_of_itself(con: duckdb.DuckDBPyConnection) -> None:
    broken = replace(SECOND, sql="create table half (a integer); select no_such_column")
    with pytest.raises(WarehouseError, match="0002_second"):
        migrate(con, [FIRST, broken])
    assert [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()] == [
        "first",
        "schema_migrations",
    ]


def test_an_upgrade_makes_the_rows_that_loading_would_have_made(
    press: Any, warehouse: Warehouse, con: duckdb.DuckDBPyConnection
) -> None:
    """Of rollups and columns that came with later files, from the rows that there were before them."""
    number = next(one.number for one in migrations() if one.name.endswith("what_trends_read"))
    for interval, batches in press.fortnight(5).items():
        press.load(warehouse, interval, *batches)
    con.execute("set TimeZone = 'UTC'")
    migrate(con, migrations()[: number - 1])
    con.execute(f"attach '{press.file(warehouse).build}' as new (read_only)")
    for table in _tables(con):
        columns = ", ".join(f'"{name}"' for name in _columns(con, table))
        if table != "main.schema_migrations":
            con.execute(f"insert into {table} by name select {columns} from new.{table}")  # noqa: S608 - our tables
    migrate(con)
    for table in _tables(con):
        # What a page says of a figure's time, and what a load touched, no rows tell.
        told = [name for name in _columns(con, table) if not name.startswith("period")]
        columns = ", ".join(f'"{name}"' for name in told)
        ours, loaded = (f"select {columns} from {name}" for name in (table, f"new.{table}"))  # noqa: S608 - our tables
        if table not in ("main.schema_migrations", "main.unchecked"):
            assert (
                con.execute(f"({ours} except all {loaded}) union all ({loaded} except all {ours})").fetchall()
                == []
            )
    assert con.execute("select count(*) > 0 from daily_terms").fetchall() == [(True,)]
    assert con.execute("select distinct language from daily_sources order by all").fetchall() == [
        ("en",),
        ("fr",),
    ]


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        f"{schema}.{table}"
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    ]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in con.execute(f"describe {table}").fetchall()]


def test_the_numbers_of_the_shipped_files_have_no_holes() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))


@pytest.mark.parametrize("table", ["articles", *PARTS])
def test_the_shelf_has_the_columns_of_its_table(table: str, con: duckdb.DuckDBPyConnection) -> None:
    migrate(con)
    shown = con.execute(f"describe {table}").fetchall()
    held = con.execute(f"describe held.{table}").fetchall()
    names = [row[:2] for row in held if row[0] != "holding_capture_id"]
    assert names == [row[:2] for row in shown]


def test_no_table_has_what_a_lake_lacks(con: duckdb.DuckDBPyConnection) -> None:
    migrate(con)
    kinds = {kind for (kind,) in con.execute("select constraint_type from duckdb_constraints()").fetchall()}
    assert kinds <= {"NOT NULL"}
    assert con.execute("from duckdb_indexes()").fetchall() == []
    assert con.execute("from duckdb_sequences()").fetchall() == []
