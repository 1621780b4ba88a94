"""Which tables does a warehouse have? Numbered files, applied once each, in order.

A file under ``sql/schema`` never changes once it was released: its checksum is kept in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline import bundled
from pipeline.errors import WarehouseError


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


@cache
def migrations(folder: Path | None = None) -> tuple[Migration, ...]:
    """All migrations, in order; by default those that ship with the code."""
    files = sorted((folder or bundled.path("sql/schema")).glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple(
        Migration(number=int(file.stem[:4]), name=file.stem, sql=file.read_text(encoding="utf-8"))
        for file in files
    )


def migrate(
    con: duckdb.DuckDBPyConnection,
    wanted: Sequence[Migration] | None = None,
    *,
    dialect: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """Bring a database to the newest schema, and name what was applied.

    ``dialect`` makes of a file's SQL what this database takes. WarehouseError for a database that a newer version wrote, or whose applied files have changed since.
    """
    wanted = migrations() if wanted is None else wanted
    con.execute(
        "create table if not exists schema_migrations (number integer, name varchar, checksum varchar)"
    )
    applied = {
        number: (name, checksum)
        for number, name, checksum in con.execute(
            "select number, name, checksum from schema_migrations"
        ).fetchall()
    }
    known = {migration.number for migration in wanted}
    if newer := sorted(name for number, (name, _) in applied.items() if number not in known):
        raise WarehouseError(
            f"this warehouse was written by a newer Wirewatch (it has {', '.join(newer)}); "
            "upgrade, or keep using the version that wrote it"
        )
    return tuple(_apply(con, pending, dialect) for pending in _pending(wanted, applied))


@cache
def arrow_schemas() -> Mapping[tuple[str, str], pa.Schema]:
    """The columns of every table in Arrow's types, by schema and name, as today's migrations make them."""
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        names = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        return {
            (schema, table): con.execute(f"from {schema}.{table} limit 0").to_arrow_table().schema
            for schema, table in names
        }


def _pending(wanted: Sequence[Migration], applied: dict[int, tuple[str, str]]) -> Iterator[Migration]:
    for migration in wanted:
        if migration.number not in applied:
            yield migration
        elif applied[migration.number][1] != migration.checksum:
            raise WarehouseError(
                f"sql/schema/{migration.name}.sql has changed since it was applied to this warehouse; "
                "put it back and write the change as a new file"
            )


def _apply(con: duckdb.DuckDBPyConnection, migration: Migration, dialect: Callable[[str], str]) -> str:
    con.execute("begin")
    try:
        con.execute(dialect(migration.sql))
        con.execute(
            "insert into schema_migrations values (?, ?, ?)",
            [migration.number, migration.name, migration.checksum],
        )
        con.execute("commit")
    except duckdb.Error as error:
        con.execute("rollback")
        raise WarehouseError(f"sql/schema/{migration.name}.sql could not be applied: {error}") from error
    return migration.name
