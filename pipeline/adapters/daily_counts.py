"""How many articles of each day cite each source? A trend's rows as a matrix, for what is done day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Counts = NDArray[np.float64]

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyCounts:
    keys: tuple[str, ...]
    sources: tuple[str, ...]  # their names, a row each
    days: tuple[date, ...]  # with news, a column each, in order
    articles: Counts  # of each day
    citing: Counts  # of these, that cite the source: never more than there are


def daily_counts(table: pa.Table) -> DailyCounts:
    """Of rows source_key, source, day numbers, articles; the first, without a source, holds the days' articles."""
    keys, sources = (tuple(table[name].to_pylist()[1:]) for name in ("source_key", "source"))
    of_day, of_source = (table.slice(0, 1), table.slice(1))
    numbers, articles = (_flat(of_day[name]) for name in ("numbers", "articles"))
    order = numbers.argsort()
    days, of_days = numbers[order], articles[order].astype(np.float64)
    rows = np.repeat(np.arange(len(keys)), pc.list_value_length(of_source["numbers"]).to_numpy())
    cited_numbers, counts = (_flat(of_source[name]) for name in ("numbers", "articles"))
    # Of a day without articles there is nothing to cite: a rollup would be wrong.
    known = np.isin(cited_numbers, days)
    places = rows[known] * len(days) + np.searchsorted(days, cited_numbers[known])
    citing = np.bincount(places, counts[known], len(keys) * len(days)).reshape(len(keys), len(days))
    return DailyCounts(
        keys=keys,
        sources=sources,
        days=tuple(date.fromordinal(_EPOCH + number) for number in days.tolist()),
        articles=of_days,
        citing=np.minimum(citing, of_days),
    )


def _flat(lists: pa.ChunkedArray) -> NDArray[np.int64]:
    """All numbers of all lists; a null is an empty list."""
    numbers: NDArray[np.int64] = pc.list_flatten(lists).to_numpy()
    return numbers
