"""The warehouse's build side: load, check, publish. One writer; readers have a file of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.search import SearchIndex
from pipeline.adapters.warehouse.clustering import refresh_clusters
from pipeline.adapters.warehouse.connection import transaction, writing
from pipeline.adapters.warehouse.loading import (
    refresh_rollups,
    replace_captures,
    replace_described,
    stage,
)
from pipeline.adapters.warehouse.publishing import publish_file
from pipeline.adapters.warehouse.rows import batch_rows, feed_rows, outlet_rows, source_rows
from pipeline.errors import WarehouseBusyError, WarehouseError
from pipeline.interval import Interval
from pipeline.protocols import Finding, LoadCounts, NearDuplicates
from pipeline.records import Actor, Batch, Outlet

BUILD = "build.duckdb"
PUBLISHED = "wirewatch.duckdb"

# Rows in a load from which threads bring more than starting them costs.
_WORTH_THREADS = 50_000

_COUNTS = """
with kept as (
    select article_id from articles
    where outlet_id in (select unnest($outlets)) and interval_start >= $start and interval_start < $end
)
select
    (select count(*) from kept),
    (select count(*) from attributions where article_id in (select article_id from kept)),
    (select count(*) from mentions where article_id in (select article_id from kept)),
    (select count(*) from figures where article_id in (select article_id from kept)),
    (
        select count(*) from rejects
        where outlet_id in (select unnest($outlets)) and interval_start >= $start and interval_start < $end
    ),
    (
        select count(*) from gaps
        where outlet_id in (select unnest($outlets)) and run_start >= $start and run_start < $end
    )
"""


class Warehouse:
    """A folder with the build file, which one process writes, and the published file."""

    def __init__(self, directory: Path, *, near: NearDuplicates, search: SearchIndex | None = None) -> None:
        """``search``: the full-text index that is published along."""
        self.build = directory / BUILD
        self.published = directory / PUBLISHED
        self._near = near
        self._search = search

    def load(
        self,
        interval: Interval,
        outlets: Sequence[Outlet],
        actors: Sequence[Actor],
        batches: Iterable[Batch],
    ) -> LoadCounts:
        """Replace the interval's rows of these outlets, all in one transaction."""
        outlet_ids = [outlet.outlet_id for outlet in outlets]
        read = tuple(batches)
        _refuse_strangers(interval, outlet_ids, read)
        rows = {
            "outlets": outlet_rows(outlets),
            "feeds": feed_rows(outlets),
            "sources": source_rows(actors),
            **batch_rows(read, self._near.bands),
        }
        small = sum(len(table_rows) for table_rows in rows.values()) < _WORTH_THREADS
        with writing(self.build, threads=1 if small else None) as con:
            stage(con, rows)
            try:
                with transaction(con):
                    replace_described(con, outlet_ids)
                    replace_captures(con, interval, outlet_ids)
                    refresh_clusters(con, self._near)
                    refresh_rollups(con)
            except duckdb.TransactionException as error:
                raise WarehouseBusyError(f"{self.build}: another load was faster; try again") from error
            except duckdb.Error as error:
                raise WarehouseError(f"{interval.name} could not be loaded: {error}") from error
            return _counts(con, interval, outlet_ids)

    def counts(self, interval: Interval, outlet_ids: Sequence[str]) -> LoadCounts:
        """What the build holds of these outlets' interval."""
        with writing(self.build, threads=1) as con:
            return _counts(con, interval, outlet_ids)

    def check(self, interval: Interval) -> tuple[Finding, ...]:
        """What ``sql/checks`` finds wrong with the interval's rows, errors first; nothing: all is well."""
        with writing(self.build) as con:
            findings = [
                _finding(con, query, interval) for query in named_sql.folder(bundled.path("sql/checks"))
            ]
        found = [finding for finding in findings if finding.rows]
        return tuple(sorted(found, key=lambda finding: (finding.severity, finding.check)))

    def publish(self, *, reindex: bool = False) -> None:
        """Give the build to the readers, atomically; whoever reads the old one keeps it until done.

        Its search index lies ready before, under the name that the build gives: so a reader of either file
        finds the index that says the same. ``reindex``: write it anew.
        """
        if not self.build.is_file():
            raise WarehouseError(f"{self.build} does not exist: load something first")
        with writing(self.build, threads=1) as con:
            generation = None if self._search is None else self._search.follow(con, anew=reindex)
            con.execute("checkpoint")
            # The open connection keeps other processes from writing while the file is copied.
            publish_file(self.build, self.published)
            if self._search is not None and generation is not None:
                self._search.tidy(generation)


def _refuse_strangers(interval: Interval, outlet_ids: Sequence[str], batches: Sequence[Batch]) -> None:
    """Rows outside of what a load replaces would be doubled when it is repeated."""
    for batch in batches:
        if batch.outlet_id not in outlet_ids:
            raise WarehouseError(f"a batch of {batch.outlet_id} does not belong to the outlets to load")
        inner = [manifest.interval for manifest in batch.manifests]
        inner += [document.interval for document in batch.documents]
        for part in inner:
            if not interval.covers(part):
                raise WarehouseError(
                    f"{batch.outlet_id}: the run {part.name} does not start in {interval.name}, which is loaded"
                )


def _counts(con: duckdb.DuckDBPyConnection, interval: Interval, outlet_ids: Sequence[str]) -> LoadCounts:
    chosen = {"outlets": list(outlet_ids), "start": interval.start, "end": interval.end}
    row = con.execute(_COUNTS, chosen).fetchone() or (0,) * 6
    articles, attributions, mentions, figures, rejects, gaps = row
    return LoadCounts(
        articles=articles,
        attributions=attributions,
        mentions=mentions,
        figures=figures,
        rejects=rejects,
        gaps=gaps,
    )


def _finding(con: duckdb.DuckDBPyConnection, query: named_sql.NamedQuery, interval: Interval) -> Finding:
    bounds = {"start": interval.start, "end": interval.end}
    try:
        result = con.execute(query.sql, {param.name: bounds[param.name] for param in query.params})
        columns = tuple(column[0] for column in result.description or ())
        rows = tuple(result.fetchall())
    except duckdb.Error as error:
        raise WarehouseError(f"check {query.name} failed: {error}") from error
    return Finding(check=query.name, severity=query.severity, columns=columns, rows=rows)
