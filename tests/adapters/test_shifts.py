from __future__ import annotations

import math
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from pipeline.adapters.shifts import shifts

SCHEMA = pa.schema(
    {
        "source_key": pa.string(),
        "source": pa.string(),
        "numbers": pa.list_(pa.int64()),
        "articles": pa.list_(pa.int64()),
    }
)
FIRST = (date(2016, 3, 1) - date(1970, 1, 1)).days


def table(citing: dict[str, list[int]], articles: list[int]) -> pa.Table:
    days = [FIRST + at for at in range(len(articles))]
    rows = (
        (None, None, days, articles),
        *((key, key.title(), days, counts) for key, counts in citing.items()),
    )
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)


def strengths(citing: list[int], articles: list[int], least_days: int) -> dict[int, float]:
    """By the day on which the new level begins, each tried with the definitions alone."""

    def likelihood(some: list[int], of: list[int], share: float) -> float:
        return sum(
            (math.log(share) * one if one else 0) + (math.log(1 - share) * (n - one) if n > one else 0)
            for one, n in zip(some, of, strict=True)
        )

    found = {}
    for at in range(least_days, len(citing) - least_days + 1):
        parts = ((citing[:at], articles[:at]), (citing[at:], articles[at:]))
        two = sum(likelihood(some, of, sum(some) / sum(of)) for some, of in parts)
        found[at] = 2 * (two - likelihood(citing, articles, sum(citing) / sum(articles)))
    return found


def test_the_day_is_the_likeliest_of_all_that_are_tried() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        articles = random.integers(20, 40, 14).tolist()
        at = int(random.integers(3, 11))
        citing = [int(random.binomial(n, 0.1 if day < at else 0.6)) for day, n in enumerate(articles)]
        (row,) = shifts(table({"a": citing}, articles), least_days=3, threshold=0, top=5).rows
        tried = strengths(citing, articles, 3)
        assert (row[1] - date(2016, 3, 1)).days == max(tried, key=lambda day: tried[day])
        assert row[6] <= max(tried.values()) + 0.01


def test_one_level_is_no_shift_more_often_than_said() -> None:
    random = np.random.default_rng(9)
    articles = [50] * 90
    citing = {f"s{number:04}": random.binomial(50, 0.05, 90).tolist() for number in range(1_000)}
    found = shifts(table(citing, articles), least_days=5, threshold=12, top=1_000).rows
    assert len(found) <= 20  # of a thousand: one in fifty


def test_busy_bundles_are_judged_by_how_much_the_days_vary() -> None:
    articles = [100] * 20
    steady = [5] * 10 + [20] * 10
    bundled = [0, 10] * 5 + [0, 40] * 5
    found = {
        row[0]: row[6]
        for row in shifts(
            table({"bundled": bundled, "steady": steady}, articles), least_days=5, threshold=0, top=9
        ).rows
    }
    assert found["Steady"] > 40
    assert found["Bundled"] < 12


@pytest.mark.parametrize("articles", [[], [5], [5] * 9])
def test_too_few_days_say_nothing(articles: list[int]) -> None:
    assert shifts(table({"a": [1] * len(articles)}, articles), least_days=5, threshold=0, top=5).rows == ()


def test_a_source_in_every_article_is_at_one_level() -> None:
    assert shifts(table({"a": [5] * 12}, [5] * 12), least_days=3, threshold=1, top=5).rows == ()
