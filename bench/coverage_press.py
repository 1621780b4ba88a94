"""Which warehouse do the readers of bench/coverage.py read? The invented press of the other benches, published."""

from __future__ import annotations

from pathlib import Path

import press
from pipeline.adapters.warehouse.plain_file import PlainFile, swap_in

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
