"""How does the index come to say what the tables say? Only what has changed is indexed again.

Days are compared by a hash over all that the index takes of them, and of days that differ their articles,
one by one. So an index that followed any number of loads holds what one written at once from the tables holds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from tantivy import Index, IndexWriter, Query

from pipeline import bundled
from pipeline.adapters.search.fields import Entry, day_number, document, instant, opened, schema
from pipeline.adapters.search.generations import days_of, drop_others, is_worn, making, named

log = logging.getLogger("wirewatch.search")

_TOGETHER = 20_000  # articles that are in memory at once
# Articles from which more threads, each with memory of its own, are worth it.
_MANY = 50_000
_MEMORY = 120_000_000  # bytes of a thread: the smallest segments that need no merging soon
_MOST_THREADS = 4

Marks = dict[int, int]  # by article_id


class SearchIndex:
    """The writing side: one process at a time, the one that publishes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def follow(self, con: duckdb.DuckDBPyConnection, *, anew: bool = False) -> str:
        """Make the state of the index that goes with these tables, and note its name in them.

        ``anew``: write it from nothing, whatever there is.
        """
        days = {
            day.isoformat(): held for day, held in con.execute(bundled.text("sql/search/days.sql")).fetchall()
        }
        name, noted = named(days), _noted(con)
        if anew or days_of(self.folder / name) != days or not (self.folder / name).is_dir():
            base = None if anew or noted is None else self.folder / noted
            if base is not None and (not days_of(base) or is_worn(base)):
                base = None
            with making(self.folder, days, base) as half:
                changed = _changed(days, {} if base is None else days_of(base))
                _write(con, opened(half), changed, is_new=base is None)
        if noted != name:
            con.execute("begin")
            con.execute("delete from search_state")
            con.execute("insert into search_state values (?)", [name])
            con.execute("commit")
        return name

    def tidy(self, current: str) -> None:
        """Remove what nobody reads any more, once the current state is published."""
        drop_others(self.folder, current)


def _noted(con: duckdb.DuckDBPyConnection) -> str | None:
    row = con.execute("select generation from search_state").fetchone()
    return None if row is None else row[0]


def _changed(now: Mapping[str, str], before: Mapping[str, str]) -> list[tuple[date, int]]:
    """The days that differ, in order, each with how many articles it holds."""
    differing = sorted(day for day in now.keys() | before.keys() if now.get(day) != before.get(day))
    return [(date.fromisoformat(day), int(now[day].split(":")[0]) if day in now else 0) for day in differing]


def _write(
    con: duckdb.DuckDBPyConnection, index: Index, days: Sequence[tuple[date, int]], *, is_new: bool
) -> None:
    total = sum(count for _, count in days)
    is_long = total >= _MANY
    threads = min(os.cpu_count() or 1, _MOST_THREADS) if is_long else 1
    writer = index.writer(_MEMORY * threads, threads)
    written = 0
    try:
        for part in _parts(days):
            _write_days(con, index, writer, [day for day, _ in part])
            written += sum(count for _, count in part)
            if is_new and is_long:
                log.info("search index: %s of %s articles written", f"{written:,}", f"{total:,}")
        writer.commit()
    finally:
        writer.wait_merging_threads()


def _parts(days: Sequence[tuple[date, int]]) -> Iterator[list[tuple[date, int]]]:
    part: list[tuple[date, int]] = []
    size = 0
    for day, count in days:
        if part and size + count > _TOGETHER:
            yield part
            part, size = [], 0
        part.append((day, count))
        size += count
    if part:
        yield part


def _write_days(con: duckdb.DuckDBPyConnection, index: Index, writer: IndexWriter, days: list[date]) -> None:
    wanted: Marks = dict(con.execute(bundled.text("sql/search/marks.sql"), {"days": days}).fetchall())
    held = _held(index, days)
    for article_id, mark in held.items():
        if wanted.get(article_id) != mark:
            writer.delete_documents_by_term("article_id", article_id)
    missing = {article_id: mark for article_id, mark in wanted.items() if held.get(article_id) != mark}
    for entry in _entries(con, days, missing):
        writer.add_document(document(entry))


def _held(index: Index, days: Sequence[date]) -> Marks:
    """The marks of what the index held of these days when it was opened."""
    searcher = index.searcher()
    held: Marks = {}
    if searcher.num_docs == 0:
        return held
    for day in days:
        of_day = Query.term_query(schema(), "day", day_number(day))
        found = searcher.search(of_day, limit=max(1, searcher.doc_freq("day", day_number(day))), count=False)
        addresses = [address for _, address in found.hits]
        ids = searcher.fast_field_values("article_id", addresses)
        marks = searcher.fast_field_values("mark", addresses)
        held.update((int(one or 0), int(mark or 0)) for one, mark in zip(ids, marks, strict=True))
    return held


def _entries(con: duckdb.DuckDBPyConnection, days: Sequence[date], missing: Marks) -> Iterator[Entry]:
    if not missing:
        return
    con.register(
        "wanted",
        pa.table(
            {
                "article_id": pa.array(missing.keys(), pa.int64()),
                "mark": pa.array(missing.values(), pa.uint64()),
            }
        ),
    )
    rows = con.execute(bundled.text("sql/search/documents.sql"), {"days": days})
    while some := rows.fetchmany(1_000):
        yield from map(_entry, some)
    con.unregister("wanted")


def _entry(row: tuple[Any, ...]) -> Entry:
    article_id, mark, page_id, outlet_id, language, seconds, url, title, body, ids, names = row
    return Entry(
        article_id=article_id,
        mark=mark,
        page_id=page_id,
        outlet_id=outlet_id or "",
        language=language,
        dated_at=instant(seconds),
        url=url or "",
        title=title or "",
        body=body or "",
        source_ids=tuple(ids or ()),
        source_names=tuple(names or ()),
    )
