"""Which warehouse do the readers of bench/coverage.py read? The invented press of the other benches, published."""

from __future__ import annotations

from pathlib import Path

import duckdb

import press
from pipeline.adapters.warehouse.plain_file import PlainFile, swap_in
from pipeline.records import Actor, ActorKind

LAST = press.LAST  # the newest day


def write(folder: Path, articles: int) -> None:
    """A build of so many articles in the folder, not yet published."""
    press.fill(PlainFile(folder), articles, is_signed=False)


def publish(folder: Path) -> int:
    """Give the build to the readers, without a search index and unaudited: its rows are made, not collected.

    How many articles it has.
    """
    store = PlainFile(folder)
    with store.writing() as con:  # which brings an older one along
        row = con.execute("select count(*) from articles").fetchone()
    swap_in(store.build, store.published)
    return int(row[0]) if row else 0


def actors(folder: Path) -> tuple[Actor, ...]:
    """The registry of the published warehouse: a day is loaded with all of it, or it would forget the rest."""
    with duckdb.connect(str(PlainFile(folder).published), read_only=True) as con:
        rows = con.execute("select source_id, name, kind, parent_id from sources").fetchall()
    return tuple(
        Actor(source_id=source_id, name=name, kind=ActorKind(kind), parent_id=parent_id)
        for source_id, name, kind, parent_id in rows
    )
