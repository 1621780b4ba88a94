from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pipeline.adapters.warehouse.loading import PARTS
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
