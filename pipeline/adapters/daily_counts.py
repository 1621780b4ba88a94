"""How many articles of each day cite each source? A trend's rows as a matrix, for what is done day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipeline.adapters.tables import Table

Counts = NDArray[np.float64]

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True, slots=True)
class DailyCounts:
    keys: tuple[str, ...]
    sources: tuple[str, ...]  # their names, a row each
    days: tuple[date, ...]  # with news, a column each, in order
    articles: Counts  # of each day
    citing: Counts  # of these, that cite the source: never more than there are


def daily_counts(table: Table) -> DailyCounts:
    """Of rows source_key, source, day numbers, articles; the first, without a source, holds the days' articles."""
    (_, _, numbers, articles), *cited = table.rows or ((None, None, None, None),)
    days = dict(sorted(zip(numbers or (), articles or (), strict=True)))
    column = {number: at for at, number in enumerate(days)}
    citing = np.zeros((len(cited), len(days)))
    for row, (_, _, own_days, counts) in enumerate(cited):
        # Of a day without articles there is nothing to cite: a rollup would be wrong.
        places = [column[number] for number in own_days if number in column]
        citing[row, places] = [
            count for number, count in zip(own_days, counts, strict=True) if number in column
        ]
    of_day = np.array(list(days.values()), dtype=np.float64)
    return DailyCounts(
        keys=tuple(row[0] for row in cited),
        sources=tuple(row[1] for row in cited),
        days=tuple(date.fromordinal(_EPOCH + number) for number in days),
        articles=of_day,
        citing=np.minimum(citing, of_day),
    )
