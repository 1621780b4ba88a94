"""When did a share change its level for good? The one day that makes the days most likely, over all sources at once.

A level of the share holds up to a day, another from it on (Hinkley and Hinkley 1970). Twice the log likelihood ratio
against one level throughout is divided by how much more than chance the days vary around their levels (McCullagh
and Nelder 1989, section 4.5): one story in many articles is no other level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from pipeline.adapters.daily_counts import Counts, DailyCounts, daily_counts
from pipeline.adapters.tables import Table


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
    rows = _shifts(counts, max(1, least_days)) if len(counts.days) >= 2 * max(1, least_days) else []
    kept = sorted(
        (row for row in rows if row.strength >= threshold), key=lambda row: (-row.strength, row.key)
    )
    return Table(
        columns=("source", "since", "share_before", "share", "articles_before", "articles", "strength"),
        types=("VARCHAR", "DATE", "DOUBLE", "DOUBLE", "BIGINT", "BIGINT", "DOUBLE"),
        rows=tuple(
            (row.source, row.since, row.share_before, row.share, row.before, row.after, row.strength)
            for row in kept[:top]
        ),
    )


def _shifts(counts: DailyCounts, least_days: int) -> list[_Shift]:
    first, last = least_days, len(counts.days) - least_days  # columns on which a new level may begin
    citing = counts.citing.cumsum(axis=1)[:, first - 1 : last]
    articles = counts.articles.cumsum()[first - 1 : last]
    all_citing, all_articles = counts.citing.sum(axis=1, keepdims=True), counts.articles.sum()
    ratio = 2 * (
        _likelihood(citing, articles)
        + _likelihood(all_citing - citing, all_articles - articles)
        - _likelihood(all_citing, all_articles)
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
        for row in rows
    ]


def _likelihood(citing: Counts, articles: Counts) -> Counts:
    """The log likelihood of the counts at their own share; 0 ln 0 is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = citing / articles
        told: Counts = np.where(citing > 0, citing * np.log(share), 0.0)
        silent: Counts = np.where(articles > citing, (articles - citing) * np.log(1 - share), 0.0)
    return told + silent


def _dispersion(counts: DailyCounts, level: Counts) -> Counts:
    """How much more than chance the days vary around their level; 1 where they do not."""
    expected = counts.articles * level
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (counts.citing - expected) ** 2 / (expected * (1 - level))
    squares[~np.isfinite(squares)] = 0.0  # a level of none or all: every day is at it
    freedom = max(1, len(counts.days) - 2)
    dispersion: Counts = np.maximum(1.0, squares.sum(axis=1) / freedom)
    return dispersion
