"""The metric itself, on cases made by hand."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "bench_extraction", Path(__file__).parents[2] / "bench" / "extraction.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bench = load()


def test_the_same_text_scores_one_however_it_is_spaced_and_cased() -> None:
    assert bench.body_scores("A road to the\n\nold city", ["a ROAD, to the old city."]) == (1, 1, 1)


def test_half_of_the_text_has_full_precision_and_part_of_the_recall() -> None:
    precision, recall, f1 = bench.body_scores(
        "one two three four five", ["one two three four five six seven"]
    )
    assert (precision, recall) == (1, 0.5)
    assert f1 == pytest.approx(2 / 3)


def test_an_empty_answer_scores_nothing() -> None:
    assert bench.body_scores("", ["one two three four five"]) == (0, 0, 0)


def test_what_is_optional_counts_neither_way() -> None:
    gold = ["a standfirst that nobody has to take", "one two three four five six"]
    assert bench.body_scores(gold[1], gold, [0])[2] == 1
    assert bench.body_scores("\n".join(gold), gold, [0])[2] > 0.99


def test_repeating_a_text_costs_precision() -> None:
    precision, recall, _ = bench.body_scores("a b c d a b c d", ["a b c d"])
    assert precision < 0.5
    assert recall == 1


def test_scripts_without_spaces_are_counted_by_character() -> None:
    assert len(bench.tokens("道路开放了")) == 5


def test_names_are_a_set_and_titles_need_only_the_same_words() -> None:
    assert bench.same_people(["Bo Ek", "Ann Lee"], ["ann lee", "Bo Ek"])
    assert not bench.same_people(["Bo Ek"], ["Bo Ek", "Ann Lee"])
    assert bench.same_title("Road – reopens!", "road reopens")
    assert not bench.same_title(None, "road")


def test_a_day_holds_in_the_golds_own_zone_and_a_minute_is_an_instant() -> None:
    at = datetime(2016, 3, 26, 23, 30, tzinfo=UTC)
    assert bench.same_day(at, "2016-03-27T01:30:00+02:00")
    assert bench.same_minute(at, "2016-03-27T01:30:20+02:00")
    assert not bench.same_minute(at, "2016-03-27T01:30:00+03:00")
    assert not bench.same_day(None, "2016-03-27")
