"""When did a share change its level for good? The one day that makes the days most likely, over all sources at once.

A level of the share holds up to a day, another from it on (Hinkley and Hinkley 1970). Twice the log likelihood ratio
against one level throughout is divided by how much more than chance the days vary around their levels (McCullagh
and Nelder 1989, section 4.5): one story in many articles is no other level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.adapters.daily_counts import Counts, DailyCounts, daily_counts
from pipeline.adapters.tables import Table

Numbers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shift:
    key: str
    source: str
    since: date
    share_before: float
    share: float
    before: int  # articles that cite it
    after: int
    strength: float


def shifts(table: pa.Table, *, least_days: int, threshold: float, top: int) -> Table:
    """The sources whose share shifted most clearly, each with its day."""
    counts = daily_counts(table)
    enough = len(counts.days) >= 2 * max(1, least_days)
    rows = _shifts(counts, max(1, least_days), threshold) if enough else []
    kept = sorted(rows, key=lambda row: (-row.strength, row.key))
    return Table(
        columns=("source", "since", "share_before", "share", "articles_before", "articles", "strength"),
        types=("VARCHAR", "DATE", "DOUBLE", "DOUBLE", "BIGINT", "BIGINT", "DOUBLE"),
        rows=tuple(
            (row.source, row.since, row.share_before, row.share, row.before, row.after, row.strength)
            for row in kept[:top]
        ),
    )


def _shifts(counts: DailyCounts, least_days: int, threshold: float) -> list[_Shift]:
    first, last = least_days, len(counts.days) - least_days  # columns on which a new level may begin
    citing_until = counts.citing.astype(np.int64).cumsum(axis=1)
    articles_until = counts.articles.astype(np.int64).cumsum()
    citing, all_citing = citing_until[:, first - 1 : last], citing_until[:, -1:]
    articles, all_articles = articles_until[first - 1 : last], articles_until[-1]
    likelihood = _likelihoods(int(all_articles), asked=citing.size)
    ratio = 2 * (
        likelihood(citing, articles)
        + likelihood(all_citing - citing, all_articles - articles)
        - likelihood(all_citing, all_articles)
    )
    at = ratio.argmax(axis=1)  # of equals the earliest
    rows = np.arange(len(at))
    before = citing[rows, at]
    after = all_citing[:, 0] - before
    share_before, share = before / articles[at], after / (all_articles - articles[at])
    level = np.where(
        np.arange(len(counts.days)) < (first + at)[:, None], share_before[:, None], share[:, None]
    )
    strength = ratio[rows, at] / _dispersion(counts, level)
    return [
        _Shift(
            key=counts.keys[row],
            source=counts.sources[row],
            since=counts.days[first + at[row]],
            share_before=round(float(share_before[row]), 4),
            share=round(float(share[row]), 4),
            before=int(before[row]),
            after=int(after[row]),
            strength=round(float(strength[row]), 2),
        )
        for row in rows[strength >= threshold]
    ]


def _likelihoods(most: int, *, asked: int) -> Callable[[Numbers, Numbers], Counts]:
    """What gives the log likelihood of counts at their own share, of up to ``most`` articles; 0 ln 0 is 0.

    n ln n is looked up, as the same few numbers come again for every source and day, unless there are more
    articles than counts that are ``asked`` for.
    """

    table = _weighed(np.arange(most + 1, dtype=np.int64)) if most < asked else None

    def weighed(numbers: Numbers) -> Counts:
        return _weighed(numbers) if table is None else table[numbers]

    def likelihood(citing: Numbers, articles: Numbers) -> Counts:
        return weighed(citing) + weighed(articles - citing) - weighed(articles)

    return likelihood


def _weighed(numbers: Numbers) -> Counts:
    weighed: Counts = numbers.astype(np.float64) * np.log(np.maximum(numbers, 1))
    return weighed


def _dispersion(counts: DailyCounts, level: Counts) -> Counts:
    """How much more than chance the days vary around their level; 1 where they do not."""
    expected = counts.articles * level
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (counts.citing - expected) ** 2 / (expected * (1 - level))
    squares[~np.isfinite(squares)] = 0.0  # a level of none or all: every day is at it
    freedom = max(1, len(counts.days) - 2)
    dispersion: Counts = np.maximum(1.0, squares.sum(axis=1) / freedom)
    return dispersion
