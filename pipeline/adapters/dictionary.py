"""What do the tables and their columns mean? As the comments of ``sql/schema`` say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import duckdb

from pipeline.adapters.warehouse.schema import migrate, migrations

# The comment above a table, and its name: "-- A fetched response.\ncreate table captures (".
_TABLE = re.compile(r"((?:^-- [^\n]*\n)+)^create table ([a-z_]+) \(\n(.*?)^\);", re.MULTILINE | re.DOTALL)
# "    url varchar,   -- as asked"; the comment may be missing.
_COLUMN = re.compile(r'^    "?([a-z_]+)"? [^-\n]*?(?:--\s*(.*))?$', re.MULTILINE)
# A column that a later file adds: "alter table feeds add column note varchar; -- why".
_ADDED = re.compile(r"^alter table ([a-z_]+) add column ([a-z_]+) [^;]*;\s*(?:--\s*(.*))?$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedColumn:
    name: str
    type: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DescribedTable:
    name: str
    description: str
    columns: tuple[DescribedColumn, ...]


@cache
def tables() -> tuple[DescribedTable, ...]:
    """Every table that has a comment, by name, with its columns in their order."""
    about, columns = _comments()
    with duckdb.connect(":memory:") as con:
        migrate(con)
        return tuple(
            DescribedTable(
                name=table,
                description=about[table],
                columns=tuple(
                    DescribedColumn(name=name, type=kind.lower(), description=columns.get((table, name), ""))
                    for name, kind, *_ in con.execute(f"describe {table}").fetchall()
                ),
            )
            for table in sorted(about)
        )


def _comments() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """What the schema's files say of tables, and of columns."""
    about: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for migration in migrations():
        for comment, table, body in _TABLE.findall(migration.sql):
            about[table] = " ".join(line.removeprefix("-- ") for line in comment.splitlines())
            columns.update({(table, name): words for name, words in _COLUMN.findall(body)})
        columns.update({(table, name): words for table, name, words in _ADDED.findall(migration.sql)})
    return about, columns
