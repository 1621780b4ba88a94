"""How is a warehouse kept for years: backed up, restored, compacted, compared, moved to a lake?"""

# ruff: noqa: S608 - what is put into statements are tables' names and our own files; values are bound
from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.adapters.warehouse.lake import Lake
from pipeline.adapters.warehouse.plain_file import PlainFile, swap_in
from pipeline.adapters.warehouse.schema import migrate
from pipeline.adapters.warehouse.store import Store, transaction
from pipeline.errors import UsageError, WarehouseError

Hashes = dict[str, tuple[int, str]]  # by table: rows, and a hash over them in any order

# What the tables' rows are sorted by when a month is closed: a source's whole history lies together in each
# month, and a month's rows of all sources stand together.
_SOURCE_ORDER = """
date_trunc('month', day), case when day < (select date_trunc('month', max(day)) from old.{0}) then source_id end, day
"""
_ORDERS = {
    "articles": "dated_at, article_id",
    "attributions": _SOURCE_ORDER.format("attributions") + ", article_id, ordinal",
    "daily_sources": _SOURCE_ORDER.format("daily_sources") + ", outlet_id, language, source_name, voice",
    "daily_citations": _SOURCE_ORDER.format("daily_citations") + ", source_name, voice",
    "daily_outlets": "day, outlet_id, language",
    "daily_terms": "day, term, outlet_id, language",
    "daily_voices": "day, outlet_id, source_id",
    "captures": "fetched_at, capture_id",
    "clusters": "day, article_id",
    "figures": 'day, article_id, start, "end"',
    "mentions": 'day, article_id, start, "end"',
    "bands": "day, article_id",
}


def backup(file: PlainFile, target: Path) -> None:
    """Copy what is published; loads and publishes may go on, since a published file never changes."""
    if not file.published.is_file():
        raise WarehouseError(f"{file.published} does not exist: nothing was published yet")
    if target.exists() and not _is_warehouse(target):
        raise UsageError(
            f"{target} is there already and is no warehouse of Wirewatch: name another file, or remove that one"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    swap_in(file.published, target)
    verify(target)


def restore(file: PlainFile, source: Path) -> None:
    """Make a backup the build, once it was found whole; publishing it brings it to today's schema."""
    verify(source)
    with file.writing(threads=1):  # nobody loads meanwhile
        swap_in(source, file.build)


def _is_warehouse(file: Path) -> bool:
    try:
        with duckdb.connect(file, read_only=True) as con:
            return "main.schema_migrations" in _tables(con)
    except duckdb.Error:
        return False


def verify(source: Path) -> None:
    """WarehouseError where a file is no warehouse, damaged, or of a newer version: every row is read."""
    if not source.is_file():
        raise UsageError(f"{source} is no file")
    try:
        with duckdb.connect(source, read_only=True) as con:
            tables = _tables(con)
            if "main.schema_migrations" not in tables:
                raise WarehouseError(f"{source} is no warehouse of Wirewatch")
            row_hashes(con)
    except duckdb.Error as error:
        raise WarehouseError(f"{source} cannot be read as a whole: {error}") from error


def take_over(file: PlainFile, rebuilt: PlainFile, *, drop_missing: bool = False) -> tuple[str, ...]:
    """Put another build in place of this one, whose tables that differed are named.

    WarehouseError where the other lacks captures that this one has, unless ``drop_missing``. Which search index
    goes with it, the next publish says.
    """
    now = hashes(rebuilt)
    with file.writing() as con:  # nobody loads meanwhile
        if not drop_missing:
            _refuse_missing(con, rebuilt)
        before = row_hashes(con)
        swap_in(rebuilt.build, file.build)
    return tuple(
        table for table, rows in now.items() if before.get(table) != rows and table != "main.search_state"
    )


def _refuse_missing(con: duckdb.DuckDBPyConnection, rebuilt: PlainFile) -> None:
    con.execute(f"attach '{_quoted(rebuilt.build)}' as rebuilt (read_only)")
    missing = con.execute(
        "select outlet_id, interval_start::date::varchar, count(*) from captures "
        "anti join rebuilt.captures using (capture_id) group by all order by all"
    ).fetchall()
    con.execute("detach rebuilt")
    if missing:
        named = "; ".join(f"{outlet_id} {day}: {count}" for outlet_id, day, count in missing[:5])
        more = f"; and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise WarehouseError(
            f"the archive lacks captures that the warehouse has rows of ({named}{more}): nothing was replaced. "
            "Put the archive's files back; or give these rows up with --drop-missing"
        )


def compact(file: PlainFile) -> None:
    """Write the build anew, closed months by month, source and day, and without what was deleted."""
    half = file.build.with_name("build.compact.duckdb")
    half.unlink(missing_ok=True)
    with file.writing() as con:
        before = row_hashes(con)
        con.execute("checkpoint")
        name = con.execute("select current_database()").fetchall()[0][0]
        con.execute(f"attach '{_quoted(half)}' as fresh (storage_version 'latest', block_size 65536)")
        con.execute("use fresh")
        migrate(con)
        con.execute("delete from schema_migrations")
        with transaction(con):
            for table in before:
                order = _ORDERS.get(table.removeprefix("main."))  # the shelf's tables keep theirs
                sorting = f"order by {order.replace('old.', f'{name}.')}" if order else ""
                con.execute(f"insert into fresh.{table} by name from {name}.{table} {sorting}")
        if row_hashes(con) != before:
            raise WarehouseError("compacting changed rows: the build is left as it was")
        con.execute(f"use {name}")
        con.execute("detach fresh")
        swap_in(half, file.build)
    half.unlink(missing_ok=True)


def move_to(lake: Lake, file: PlainFile) -> Hashes:
    """Copy the build into an empty lake, in one transaction; its rows, which are the file's."""
    if not file.build.is_file():
        raise WarehouseError(f"{file.build} does not exist: there is nothing to move")
    with file.writing(threads=1) as con:  # today's schema, and the log in the file
        expected = row_hashes(con)
        con.execute("checkpoint")
    refuse_filled(lake)
    with lake.writing() as con:
        con.execute(f"attach '{_quoted(file.build)}' as old (read_only)")
        with lake.claimed(con):
            for table in expected:
                if table != "main.schema_migrations":
                    con.execute(f"insert into wirewatch.{table} by name from old.{table}")
        con.execute("detach old")
        moved = row_hashes(con)
    if any(moved.get(table) != rows for table, rows in expected.items()):
        raise WarehouseError("the lake's rows differ from the file's; the file is as it was")
    return expected


def refuse_filled(lake: Lake) -> None:
    """UsageError for a lake that holds rows."""
    with lake.writing(threads=1) as con:
        if con.execute("from captures limit 1").fetchone():
            raise UsageError(f"{lake.address.catalogue} holds rows already: name an empty lake")


def hashes(store: Store) -> Hashes:
    """The hashes of a build's tables."""
    with store.writing() as con:
        return row_hashes(con)


def row_hashes(con: duckdb.DuckDBPyConnection) -> Hashes:
    """Rows of every table, and a hash over them: equal where no row differs, whatever their order."""
    found: Hashes = {}
    for table in _tables(con):
        ((count, total),) = con.execute(f"select count(*), sum(hash(t)) from {table} t").fetchall()
        found[table] = (count, str(total))
    return found


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = current_database() and not internal order by all"
    ).fetchall()
    return [name for (name,) in rows]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
