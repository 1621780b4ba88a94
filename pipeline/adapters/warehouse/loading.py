"""How does an interval's set of batches replace its rows, so that nothing depends on the order of loading?

What stands in the tables is a function of the set of captures loaded, never of their order. A capture
repeats another if an earlier one shows the same bytes, or the same text under the same canonical URL.
Of repeats, the rows are kept on the shelf ``held``, in case the earlier capture goes; readers see them as
rejects with the reason ``unchanged``. Everything derived is worked out again for what was touched only.
"""

# ruff: noqa: S608 - what is put into statements are the tables' names below; values are bound
from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from pipeline import bundled
from pipeline.adapters.warehouse.rows import PARTS
from pipeline.interval import Interval
from pipeline.protocols import NearDuplicates

# Tables that hang on an article and carry the article's day: by it a statement finds their rows without reading all years.
DATED = frozenset(PARTS) - {"authors"}
# Tables whose rows belong to a collecting run: the column that says when the run starts.
RUN_TABLES = {
    "captures": "interval_start",
    "readings": "interval_start",
    "rejects": "interval_start",
    "gaps": "run_start",
}
# Rollups, those that are made of others after them: the columns that say what a row is about, and the temporary
# table of what was touched.
ROLLUPS = {
    "daily_outlets": ("day", "touched_days"),
    "daily_sources": ("day", "touched_days"),
    "daily_citations": ("day", "touched_days"),
    "daily_voices": ("day", "touched_days"),
    "daily_terms": ("day", "touched_days"),
    "outlet_health": ("outlet_id, day", "touched_health"),
    "runs": ("interval_start, interval_end", "touched_runs"),
}

# What a load is about, by the variables that `set_variables` sets.
OF_OUTLETS = "list_contains(getvariable('chosen_outlets'), outlet_id)"
OF_RUN = f"{OF_OUTLETS} and {{0}} >= getvariable('chosen_start') and {{0}} < getvariable('chosen_end')"

# What deciding on a repeat, and telling of it, needs to know of a capture.
_SIGHTED = "article_id, capture_id, page_id, outlet_id, url, text_digest, day, collected_at, interval_start, interval_end"


def stage(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, pa.Table],
    interval: Interval,
    outlet_ids: Sequence[str],
    near: NearDuplicates,
) -> frozenset[str]:
    """Keep the rows as ``staged_<table>``; which tables have any."""
    set_variables(con, interval, outlet_ids)
    for name, table in {**tables, "bands": _bands(tables["signatures"], near)}.items():
        keep(con, f"staged_{name}", table)
    filled = frozenset(name for name, table in tables.items() if table.num_rows)
    return filled | {"bands"} if "signatures" in filled else filled


def _bands(signed: pa.Table, near: NearDuplicates) -> pa.Table:
    """The bands of all signatures. By whole arrays: of a day's articles they are most of the rows."""
    numbers = np.frombuffer(near.bands_of_all(signed["signature"].to_pylist()), np.int32)
    count = len(numbers) // max(1, signed.num_rows)
    repeated = np.repeat(np.arange(signed.num_rows), count)
    return signed.drop_columns("signature").take(repeated).append_column("band", pa.array(numbers))


def set_variables(con: duckdb.DuckDBPyConnection, interval: Interval, outlet_ids: Sequence[str]) -> None:
    """Say which outlets and runs the statements are about."""
    for name, kind, value in (
        ("chosen_outlets", "varchar[]", list(outlet_ids)),  # an empty list does not say of what it is
        ("chosen_start", "timestamptz", interval.start),
        ("chosen_end", "timestamptz", interval.end),
    ):
        # Bound once: DuckDB looks for pandas, in vain, with every value that Python gives it.
        con.execute(f"set variable {name} = cast($value as {kind})", {"value": value})


def keep(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """An Arrow table as a temporary one. By its stream: for a table itself DuckDB imports half of pyarrow."""
    con.register("stream", table.__arrow_c_stream__())
    con.execute(f"create or replace temp table {name} as from stream")
    con.unregister("stream")


def replace_described(con: duckdb.DuckDBPyConnection) -> None:
    """The outlets loaded, their feeds and the whole registry as the catalogue describes them now."""
    for table, ours in (("outlets", OF_OUTLETS), ("feeds", OF_OUTLETS), ("sources", "true")):
        # Mostly nothing has changed since yesterday, and what is not written need not be stored anew.
        held, staged = (
            con.execute(f"select count(*), sum(hash(r)) from {rows} r").fetchone()
            for rows in (f"(from {table} where {ours})", f"staged_{table}")
        )
        if held != staged:
            con.execute(f"delete from {table} where {ours}")
            con.execute(f"insert into {table} by name from staged_{table} order by all")


def replace_captures(con: duckdb.DuckDBPyConnection, filled: frozenset[str]) -> None:
    """Take the interval's rows out, and put the staged ones in, each on the shelf where it belongs.

    ``filled``: the tables that have staged rows.
    """
    _take_out(con)
    for table in RUN_TABLES.keys() & filled:
        con.execute(f"insert into {table} by name from staged_{table}")
    _sort_out_repeats(con)
    shelves = set(con.execute("select distinct shelf, is_repeat from sightings").fetchall())
    if ("shown", True) in shelves:
        _move(con, to_shelf=True)
    if ("held", False) in shelves:
        _move(con, to_shelf=False)
    for target, is_repeat in (("", False), ("held.", True)):
        if ("staged", is_repeat) in shelves:
            _put_in(con, target, filled, is_repeat=is_repeat)
    _tell_repeats(con)
    _link_revisions(con)
    _note_touched(con)


def refresh_rollups(con: duckdb.DuckDBPyConnection) -> None:
    """Work the rollups out again for the days, outlets and runs that were touched."""
    for table, (columns, touched) in ROLLUPS.items():
        con.execute(f"delete from {table} where ({columns}) in (select ({columns}) from {touched})")
        con.execute(f"insert into {table} by name {bundled.text(f'sql/rollups/{table}.sql')}")


def _take_out(con: duckdb.DuckDBPyConnection) -> None:
    where = OF_RUN.format("interval_start")
    con.execute(
        f"""
        create or replace temp table leaving as
        select article_id, capture_id, page_id, day, true as shown from articles where {where}
        union all
        select article_id, capture_id, page_id, day, false from held.articles where {where}
        """
    )
    if con.execute("from leaving limit 1").fetchone():
        for part in PARTS:
            con.execute(
                f"delete from {part} where article_id in (select article_id from leaving where shown)"
                + (" and day in (select day from leaving where shown)" if part in DATED else "")
            )
            con.execute(
                f"delete from held.{part} where holding_capture_id in "
                "(select capture_id from leaving where not shown)"
            )
        con.execute(f"delete from articles where {where}")
        con.execute(f"delete from held.articles where {where}")
    for table, column in RUN_TABLES.items():
        con.execute(f"delete from {table} where {OF_RUN.format(column)}")


def _sort_out_repeats(con: duckdb.DuckDBPyConnection) -> None:
    """Decide for every capture of a touched page whether it shows an article or repeats one."""
    # Ids first, of all; what else there is to know only of those that can meet, by the days they are of.
    con.execute(
        """
        create or replace temp table meeting as
        with ids as (
            select 'shown' as shelf, article_id, page_id, day from articles
            union all
            select 'held' as shelf, article_id, page_id, day from held.articles
            union all
            select 'staged' as shelf, article_id, page_id, day from staged_articles
        ),
        changed as (
            select page_id, article_id from leaving union select page_id, article_id from staged_articles
        ),
        touched as (
            select page_id, article_id from ids
            where page_id in (select page_id from changed) or article_id in (select article_id from changed)
        )
        -- The same bytes may have been read under another canonical URL, by another extractor.
        select shelf, article_id, day from ids
        where page_id in (select page_id from touched) or article_id in (select article_id from touched)
        """
    )
    con.execute(
        f"""
        create or replace temp table sightings as
        with related as (
            select 'shown' as shelf, {_SIGHTED} from articles
            where article_id in (select article_id from meeting where shelf = 'shown')
                and day in (select day from meeting where shelf = 'shown')
            union all
            select 'held' as shelf, {_SIGHTED} from held.articles
            where article_id in (select article_id from meeting where shelf = 'held')
            union all
            select 'staged' as shelf, {_SIGHTED} from staged_articles
        ),
        judged as (
            select
                *,
                row_number() over same_bytes > 1 or row_number() over same_text > 1 as is_repeat,
                least(min(collected_at) over same_bytes, min(collected_at) over same_text) as first_at
            from related
            window
                same_bytes as (partition by article_id order by collected_at, capture_id),
                same_text as (partition by page_id, text_digest order by collected_at, capture_id)
        ),
        changed as (
            select page_id, article_id from leaving union select page_id, article_id from staged_articles
        )
        select shelf, is_repeat, first_at, {_SIGHTED}
        from judged
        where page_id in (select page_id from changed) or article_id in (select article_id from changed)
        """
    )


def _move(con: duckdb.DuckDBPyConnection, *, to_shelf: bool) -> None:
    """Take articles off the tables that an earlier capture now shows, or put them back."""
    moving = f"select capture_id from sightings where shelf = '{'shown' if to_shelf else 'held'}' and is_repeat = {to_shelf}"
    source, target = ("", "held.") if to_shelf else ("held.", "")
    for part in PARTS:
        if to_shelf:
            con.execute(
                f"insert into held.{part} by name select a.capture_id as holding_capture_id, p.* "
                f"from {part} p join articles a using (article_id) where a.capture_id in ({moving})"
            )
            con.execute(
                f"delete from {part} where article_id in "
                f"(select article_id from articles where capture_id in ({moving}))"
            )
        else:
            con.execute(
                f"insert into {part} by name select * exclude (holding_capture_id) from held.{part} "
                f"where holding_capture_id in ({moving})"
            )
            con.execute(f"delete from held.{part} where holding_capture_id in ({moving})")
    con.execute(
        f"insert into {target}articles by name select * replace (null as is_revision_of) "
        f"from {source}articles where capture_id in ({moving})"
    )
    con.execute(f"delete from {source}articles where capture_id in ({moving})")


def _put_in(con: duckdb.DuckDBPyConnection, target: str, filled: frozenset[str], *, is_repeat: bool) -> None:
    wanted = f"select capture_id from sightings where shelf = 'staged' and is_repeat = {is_repeat}"
    con.execute(
        f"insert into {target}articles by name from staged_articles where capture_id in ({wanted}) "
        "order by dated_at, article_id"
    )
    for part in (part for part in PARTS if part in filled):
        columns = "*" if target else "* exclude (holding_capture_id)"
        con.execute(
            f"insert into {target}{part} by name select {columns} from staged_{part} "
            f"where holding_capture_id in ({wanted})"
        )


def _tell_repeats(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        delete from rejects
        where stage = 'load' and reason = 'unchanged' and capture_id in (select capture_id from sightings)
        """
    )
    con.execute(
        """
        insert into rejects by name
        select 'load' as stage, url as key, outlet_id, 'unchanged' as reason,
            'the same text was captured at ' || strftime(first_at, '%Y-%m-%d %H:%M:%S') as detail,
            collected_at as "at", capture_id, interval_start, interval_end
        from sightings
        where is_repeat
        """
    )


def _link_revisions(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        create or replace temp table relinked as
        select article_id, day, previous_id
        from (
            select article_id, day, is_revision_of,
                lag(article_id) over (partition by page_id order by collected_at, article_id) as previous_id
            from articles
            where page_id in (select page_id from sightings union select page_id from leaving)
        )
        where previous_id is distinct from is_revision_of
        """
    )
    con.execute(
        """
        update articles set is_revision_of = relinked.previous_id
        from relinked where articles.article_id = relinked.article_id
        """
    )


def _note_touched(con: duckdb.DuckDBPyConnection) -> None:
    """What the rollups have to be worked out again for."""
    con.execute(
        """
        create or replace temp table touched_days as
        select day from leaving union select day from sightings union select day from relinked
        """
    )
    con.execute(
        """
        create or replace temp table touched_health as
        select outlet_id, cast(interval_start as date) as day from sightings
        union
        select outlet_id, cast(day as date)
        from unnest(getvariable('chosen_outlets')) as o(outlet_id),
            range(getvariable('chosen_start'), getvariable('chosen_end'), interval 1 day) as d(day)
        """
    )
    runs = " union ".join(
        f"select {column}, {column.replace('start', 'end')} from {table} "
        f"where {column} >= getvariable('chosen_start') and {column} < getvariable('chosen_end')"
        for table, column in {**RUN_TABLES, "runs": "interval_start"}.items()
    )
    con.execute(
        f"create or replace temp table touched_runs as select interval_start, interval_end from sightings union {runs}"
    )
