from __future__ import annotations

import itertools
import math
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.bursts import bursts, found_in

SCHEMA = pa.schema(
    {
        "source_key": pa.string(),
        "source": pa.string(),
        "numbers": pa.list_(pa.int64()),
        "articles": pa.list_(pa.int64()),
    }
)


def asked(
    relevant: list[int], documents: list[int], *, ratio: float = 2.0, cost: float = 1.0
) -> list[tuple[int, int]]:
    found = found_in(np.array([relevant], float), np.array(documents, float), ratio=ratio, cost=cost)
    return [(one.first, one.last) for one in found]


def table(relevant: dict[str, list[int]], documents: list[int]) -> pa.Table:
    first = (date(2016, 3, 1) - date(1970, 1, 1)).days
    days = [first + at for at in range(len(documents))]
    rows = (
        (None, None, days, documents),
        *((key, key.title(), days[::-1], counts[::-1]) for key, counts in relevant.items()),
    )
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)


def likeliest(relevant: list[int], documents: list[int], ratio: float, cost: float) -> float:
    """The least cost of all sequences of states, each tried, by the formulas of the paper."""
    days = len(documents)
    usual = sum(relevant) / sum(documents)
    shares = (usual, min(usual * ratio, 1 - 1e-9))

    def of_day(state: int, r: int, d: int) -> float:
        return -(
            math.log(math.comb(d, r))
            + (r * math.log(shares[state]) if r else 0)
            + ((d - r) * math.log(1 - shares[state]) if d > r else 0)
        )

    return min(
        sum(of_day(state, r, d) for state, r, d in zip(states, relevant, documents, strict=True))
        + sum(cost * math.log(days) for was, now in itertools.pairwise((0, *states)) if now > was)
        for states in itertools.product((0, 1), repeat=days)
    )


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8),
    st.sampled_from((1.5, 2.0, 3.0)),
    st.sampled_from((0.3, 1.0, 2.0)),
)
def test_no_sequence_of_states_is_likelier_than_the_one_found(
    days: list[tuple[int, int]], ratio: float, cost: float
) -> None:
    relevant, documents = [r for r, _ in days], [r + rest for r, rest in days]
    if not 0 < sum(relevant) < sum(documents):
        assert asked(relevant, documents, ratio=ratio, cost=cost) == []
        return
    usual = sum(relevant) / sum(documents)
    at_rest = likeliest(relevant, documents, 1.0, cost)
    if usual * ratio >= 1:
        return
    found = list(found_in(np.array([relevant], float), np.array(documents, float), ratio=ratio, cost=cost))
    gained = sum(one.weight for one in found) - len(found) * cost * math.log(len(days))
    assert at_rest - gained == pytest.approx(likeliest(relevant, documents, ratio, cost), abs=1e-6)
    assert all(one.weight > 0 for one in found)


@pytest.mark.parametrize(
    ("relevant", "documents", "spans"),
    [
        ([1, 1, 5, 6, 1, 1], [10] * 6, [(2, 3)]),
        ([3] * 6, [10] * 6, []),
        ([0] * 6, [10] * 6, []),
        ([5, 5, 5], [5, 5, 5], []),
        ([8, 1, 1, 1, 1, 8], [10] * 6, [(0, 0), (5, 5)]),
        ([1, 5, 0, 6, 1, 1, 1, 1], [10, 10, 0, 10, 10, 10, 10, 10], [(1, 3)]),  # a day without news ends none
        ([4], [10], []),
        ([], [], []),
        ([0, 0], [0, 0], []),
        ([12, 1, 1, 1], [10] * 4, [(0, 0)]),  # more than there are: all of them
    ],
)
def test_bursts_begin_and_end_where_they_should(
    relevant: list[int], documents: list[int], spans: list[tuple[int, int]]
) -> None:
    assert asked(relevant, documents) == spans


def test_a_dearer_rise_leaves_the_weaker_burst_out() -> None:
    assert asked([1, 1, 5, 6, 1, 1], [10] * 6, cost=3.0) == []


def test_all_sources_at_once_are_as_each_alone() -> None:
    random = np.random.default_rng(3)
    relevant, documents = random.integers(0, 6, (40, 30)), random.integers(6, 20, 30)
    together = [(one.row, one.first, one.last) for one in found_in(relevant, documents, ratio=2.0, cost=0.5)]
    alone = [
        (row, one.first, one.last)
        for row in range(40)
        for one in found_in(relevant[row : row + 1], documents, ratio=2.0, cost=0.5)
    ]
    assert together == alone
    assert together


def test_the_strongest_bursts_come_first() -> None:
    relevant = {"low": [1, 1, 6, 6, 1, 1], "high": [1, 1, 9, 9, 1, 1], "none": [3] * 6}
    answer = bursts(table(relevant, [10] * 6), ratio=2.0, cost=1.0, top=20)
    assert [row[0] for row in answer.rows] == ["High", "Low"]
    assert answer.rows[0][1:5] == (date(2016, 3, 3), date(2016, 3, 4), 2, 18)
    assert len(bursts(table(relevant, [10] * 6), ratio=2.0, cost=1.0, top=1).rows) == 1


def test_nothing_cited_is_no_burst() -> None:
    nothing = pa.Table.from_pylist([dict.fromkeys(SCHEMA.names)], SCHEMA)
    assert bursts(nothing, ratio=2.0, cost=1.0, top=20).rows == ()
    assert bursts(table({}, [3, 4]), ratio=2.0, cost=1.0, top=20).rows == ()
