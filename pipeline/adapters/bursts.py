"""When does a share stay far above its usual for a while? Kleinberg's automaton of two states.

J. Kleinberg, Bursty and hierarchical structure in streams (2003), section 4: of each day's documents some are
relevant. At rest they are so with the share of the whole period, in a burst with a multiple of it. The most
likely sequence of states is found by dynamic programming, every rise costing something; all sources at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.adapters.daily_counts import Counts, daily_counts
from pipeline.adapters.tables import Table

_CERTAIN = 1 - 1e-9  # no day is so bursty that a document that is not relevant were impossible


@dataclass(frozen=True, kw_only=True, slots=True)
class Burst:
    row: int  # of the counts
    first: int  # day's column
    last: int  # the last one in the burst
    weight: float


def bursts(table: pa.Table, *, ratio: float, cost: float, top: int) -> Table:
    """The strongest bursts of daily counts."""
    counts = daily_counts(table)
    found = sorted(
        found_in(counts.citing, counts.articles, ratio=ratio, cost=cost),
        key=lambda one: (-round(one.weight, 9), one.first, counts.keys[one.row]),
    )
    usual = counts.citing.sum(axis=1) / max(1.0, counts.articles.sum())
    return Table(
        columns=("source", "first_day", "last_day", "days", "articles", "expected", "weight"),
        types=("VARCHAR", "DATE", "DATE", "BIGINT", "BIGINT", "DOUBLE", "DOUBLE"),
        rows=tuple(
            (
                counts.sources[one.row],
                counts.days[one.first],
                counts.days[one.last],
                (counts.days[one.last] - counts.days[one.first]).days + 1,
                int(counts.citing[one.row, one.first : one.last + 1].sum()),
                round(float(usual[one.row] * counts.articles[one.first : one.last + 1].sum()), 2),
                round(one.weight, 2),
            )
            for one in found[:top]
        ),
    )


def found_in(relevant: Counts, documents: Counts, *, ratio: float, cost: float) -> Iterator[Burst]:
    """The bursts of each row of relevant documents among a day's documents."""
    if documents.sum() == 0:
        return
    relevant = np.minimum(relevant, documents)
    usual = relevant.sum(axis=1, keepdims=True) / documents.sum()
    gain = _gain(relevant, documents, usual, np.minimum(usual * ratio, _CERTAIN))
    states = _likeliest(gain, cost * np.log(len(documents)) if len(documents) > 1 else 0.0)
    edges = np.diff(np.pad(states, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    begins, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    for (row, first), (_, end) in zip(begins.tolist(), ends.tolist(), strict=True):
        yield Burst(row=row, first=first, last=end - 1, weight=float(gain[row, first:end].sum()))


def _gain(relevant: Counts, documents: Counts, usual: Counts, bursty: Counts) -> Counts:
    """How much likelier, as ln, each day is in a burst than at rest; binomial coefficients cancel."""
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(relevant > 0, relevant * np.log(bursty / usual), 0.0)
        less = np.where(
            documents > relevant, (documents - relevant) * np.log((1 - bursty) / (1 - usual)), 0.0
        )
    gain: Counts = np.where(bursty > usual, more + less, 0.0)
    return gain


def _likeliest(gain: Counts, rise: float) -> NDArray[np.bool_]:
    """Of all sequences of states the one with the greatest gain, each rise into a burst taking something off.

    Of equally likely ones that with less time in bursts.
    """
    sources, days = gain.shape
    resting, bursting = np.zeros(sources), np.full(sources, -rise)
    was_bursting_at_rest = np.zeros((sources, days), dtype=bool)  # on the day before, if at rest on this one
    was_bursting_in_burst = np.zeros((sources, days), dtype=bool)
    for day in range(days):
        if day:
            was_bursting_at_rest[:, day] = bursting > resting
            was_bursting_in_burst[:, day] = bursting >= resting - rise
            resting, bursting = np.maximum(resting, bursting), np.maximum(bursting, resting - rise)
        bursting = bursting + gain[:, day]
    states = np.zeros((sources, days), dtype=bool)
    state = bursting > resting
    for day in reversed(range(days)):
        states[:, day] = state
        state = np.where(state, was_bursting_in_burst[:, day], was_bursting_at_rest[:, day])
    return states
