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


def test_a_peers_line_becomes_an_answer() -> None:
    said = {
        "id": "a",
        "body": "Text",
        "title": "",
        "authors": ["Ann Lee"],
        "published": "2016-03-27T12:30:00",
    }
    answer = bench.answer_of(said)
    assert (answer.article, answer.body, answer.title, answer.authors) == (True, "Text", None, ("Ann Lee",))
    assert answer.published_at == datetime(2016, 3, 27, 12, 30, tzinfo=UTC)


def test_a_page_that_broke_a_peer_is_no_article_to_it() -> None:
    assert bench.answer_of({"id": "a", "failed": "ValueError()"}) == bench.Answer(article=False)


def test_every_peer_has_pinned_requirements_and_a_reader() -> None:
    runner = (Path(__file__).parents[2] / "bench" / "extraction_peers.py").read_text(encoding="utf-8")
    for name in bench.PEERS:
        assert f'"{name}":' in runner
        pins = (Path(__file__).parents[2] / "bench" / "peers" / f"{name}.txt").read_text(encoding="utf-8")
        assert all("==" in line for line in pins.splitlines())


def test_a_tally_keeps_the_largest_memory_and_the_slowest_page() -> None:
    page = bench.Page(
        page_id="a", source="s", kind="article", url="", outlet="", html=b"", gold={"body": ["a b c d"]}
    )
    tally = bench.Tally()
    tally.add(page, bench.Answer(article=True, body="a b c d"), 0.5, 80.0)
    tally.add(page, bench.Answer(article=False), 0.1, 70.0)
    figures = tally.figures()
    assert (figures["slowest_ms"], figures["peak_mb"], figures["body_f1"]) == (500.0, 80.0, 0.5)
