"""The warehouse's build side: load, check, publish. Where its tables are, a store says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

import duckdb
import pyarrow as pa

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.search import SearchIndex
from pipeline.adapters.warehouse.clustering import refresh_clusters
from pipeline.adapters.warehouse.loading import (
    OF_RUN,
    RUN_TABLES,
    refresh_rollups,
    replace_captures,
    replace_described,
    set_variables,
    stage,
)
from pipeline.adapters.warehouse.rows import (
    OLDEST,
    as_table,
    feed_rows,
    outlet_rows,
    row_schemas,
    source_rows,
)
from pipeline.adapters.warehouse.schema import arrow_schemas
from pipeline.adapters.warehouse.store import Store, retried
from pipeline.errors import WarehouseError
from pipeline.interval import Interval
from pipeline.protocols import BatchRows, Finding, LoadCounts, NearDuplicates
from pipeline.records import Actor, Outlet

# Rows in a load from which threads bring more than starting them costs.
_WORTH_THREADS = 50_000

_UNCHECKED = """
insert into unchecked
with noted as (select null::date as day union select day from touched_days)
select getvariable('chosen_start'), getvariable('chosen_end'), noted.day
from noted
where not exists (
    from unchecked
    where interval_start = getvariable('chosen_start') and interval_end = getvariable('chosen_end')
        and unchecked.day is not distinct from noted.day
)
order by noted.day
"""
_CHECKED = "delete from unchecked where interval_start >= $start and interval_end <= $end"

_OF_KEPT = "article_id in (select article_id from kept) and day in (select day from kept)"

# Everything that belongs to the runs loaded, by the variables that staging sets.
_COUNTS = f"""
with kept as (
    select article_id, day from articles where {OF_RUN.format("interval_start")}
)
select
    (select count(*) from kept),
    (select count(*) from attributions where {_OF_KEPT}),
    (select count(*) from mentions where {_OF_KEPT}),
    (select count(*) from figures where {_OF_KEPT}),
    (select count(*) from rejects where {OF_RUN.format("interval_start")}),
    (select count(*) from gaps where {OF_RUN.format("run_start")})
"""  # noqa: S608


class Warehouse:
    """Loads, audits and publishes what stands in a store."""

    def __init__(self, store: Store, *, near: NearDuplicates, search: SearchIndex | None = None) -> None:
        """``search``: the full-text index that is published along."""
        self.store = store
        self._near = near
        self._search = search

    def load(
        self,
        interval: Interval,
        outlets: Sequence[Outlet],
        actors: Sequence[Actor],
        batches: Iterable[BatchRows],
    ) -> LoadCounts:
        """Replace the interval's rows of these outlets, all in one transaction."""
        outlet_ids = [outlet.outlet_id for outlet in outlets]
        read = tuple(batches)
        _refuse_strangers(interval, outlet_ids, read)
        tables = {**_described(outlets, actors), **_together(read)}
        small = sum(table.num_rows for table in tables.values()) < _WORTH_THREADS
        with self.store.writing(threads=1 if small else None) as con:
            filled = stage(con, tables, interval, outlet_ids, self._near)
            try:
                return retried(lambda: self._loaded(con, filled), self.store.attempts)
            except duckdb.Error as error:
                raise WarehouseError(f"{interval.name} could not be loaded: {error}") from error

    def _loaded(self, con: duckdb.DuckDBPyConnection, filled: frozenset[str]) -> LoadCounts:
        with self.store.claimed(con):
            replace_described(con)
            replace_captures(con, filled)
            refresh_clusters(con, self._near)
            refresh_rollups(con)
            con.execute(_UNCHECKED)
            return _counts(con)

    def counts(self, interval: Interval, outlet_ids: Sequence[str]) -> LoadCounts:
        """What the build holds of these outlets' interval."""
        with self.store.writing(threads=1) as con:
            set_variables(con, interval, outlet_ids)
            return _counts(con)

    def check(self, interval: Interval) -> tuple[Finding, ...]:
        """What ``sql/checks`` finds wrong with the interval's rows, errors first; nothing: all is well.

        What passes may be published from now on.
        """
        with self.store.writing(threads=1) as con:
            found = retried(lambda: self._found(con, interval), self.store.attempts)
        return tuple(sorted(found, key=lambda finding: (finding.severity, finding.check)))

    def _found(self, con: duckdb.DuckDBPyConnection, interval: Interval) -> list[Finding]:
        """In one transaction: what another process loads meanwhile is not passed with what was looked at."""
        with self.store.claimed(con):
            findings = (
                _finding(con, query, interval) for query in named_sql.folder(bundled.path("sql/checks"))
            )
            found = [finding for finding in findings if finding.rows]
            if all(finding.severity != "error" for finding in found):
                con.execute(_CHECKED, {"start": interval.start, "end": interval.end})
        return found

    def audit(self) -> tuple[Finding, ...]:
        """What the checks find wrong in all that was ever loaded, month by month; errors only.

        A load's own check looks at the days it touched: this finds what else may have befallen the tables.
        """
        checks = [
            query for query in named_sql.folder(bundled.path("sql/checks")) if query.severity == "error"
        ]
        with self.store.writing() as con:
            findings = [_finding(con, query, month) for month in _months(con) for query in checks]
        return tuple(finding for finding in findings if finding.rows)

    def publish(self, *, reindex: bool = False) -> None:
        """Give the build to the readers, atomically; whoever reads the old one keeps it until done.

        Its search index lies ready before, under the name that the build gives: so a reader of either state
        finds the index that says the same. ``reindex``: write it anew.
        """
        with self.store.publishing() as con:
            generation = None if self._search is None else self._search.follow(con, anew=reindex)
        if self._search is not None and generation is not None:
            self._search.tidy(generation)


def _described(outlets: Sequence[Outlet], actors: Sequence[Actor]) -> dict[str, pa.Table]:
    rows = {"outlets": outlet_rows(outlets), "feeds": feed_rows(outlets), "sources": source_rows(actors)}
    return {name: as_table(of_table, arrow_schemas()["main", name]) for name, of_table in rows.items()}


def _together(batches: Sequence[BatchRows]) -> dict[str, pa.Table]:
    return {
        name: pa.concat_tables([schema.empty_table(), *(batch.tables[name] for batch in batches)])
        for name, schema in row_schemas().items()
    }


def _refuse_strangers(interval: Interval, outlet_ids: Sequence[str], batches: Sequence[BatchRows]) -> None:
    """Rows outside of what a load replaces would be doubled when it is repeated, and so would those of two batches."""
    for outlet_id, count in Counter(batch.outlet_id for batch in batches).items():
        if outlet_id not in outlet_ids:
            raise WarehouseError(f"a batch of {outlet_id} does not belong to the outlets to load")
        if count > 1:
            raise WarehouseError(f"{outlet_id} has {count} batches: an outlet's interval is one batch")
    for batch in batches:
        for run in _runs(batch):
            if not interval.covers(run):
                raise WarehouseError(
                    f"{batch.outlet_id}: the run {run.name} does not start in {interval.name}, which is loaded"
                )


def _runs(batch: BatchRows) -> set[Interval]:
    """The collecting runs that a batch has rows of."""
    found: set[Interval] = set()
    for name, start in {**RUN_TABLES, "articles": "interval_start"}.items():
        bounds = batch.tables[name].select([start, start.replace("start", "end")])
        found.update(
            Interval(*(at.astimezone(UTC) for at in run.values()))
            for run in bounds.group_by(bounds.column_names).aggregate([]).to_pylist()
        )
    return found


def _counts(con: duckdb.DuckDBPyConnection) -> LoadCounts:
    row = con.execute(_COUNTS).fetchone() or (0,) * 6
    articles, attributions, mentions, figures, rejects, gaps = row
    return LoadCounts(
        articles=articles,
        attributions=attributions,
        mentions=mentions,
        figures=figures,
        rejects=rejects,
        gaps=gaps,
    )


def _months(con: duckdb.DuckDBPyConnection) -> list[Interval]:
    """The months from the first run to the last; the first of them since there are pages, for what lost its run."""
    row = con.execute("select min(interval_start)::date, max(interval_start)::date from runs").fetchone()
    if row is None or row[0] is None:
        return []
    first, last = row
    starts = [
        datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1)
    ]
    months = [Interval(start, end) for start, end in pairwise(starts)]
    return [Interval(OLDEST, months[0].end), *months[1:]]


def _finding(con: duckdb.DuckDBPyConnection, query: named_sql.NamedQuery, interval: Interval) -> Finding:
    bounds = {"start": interval.start, "end": interval.end}
    try:
        result = con.execute(query.sql, {param.name: bounds[param.name] for param in query.params})
        columns = tuple(column[0] for column in result.description or ())
        rows = tuple(result.fetchall())
    except duckdb.Error as error:
        raise WarehouseError(f"check {query.name} failed: {error}") from error
    return Finding(check=query.name, severity=query.severity, columns=columns, rows=rows)
