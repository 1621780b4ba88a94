"""The measures themselves, on cases made by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load() -> ModuleType:
    path = Path(__file__).parents[2] / "bench" / "attribution_metrics.py"
    spec = importlib.util.spec_from_file_location("attribution_metrics", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


metrics = _load()
_TEXT = "The old minister said that the bridge was shut. Ada Voss hopes for rain."


def _span(words: str) -> tuple[int, int]:
    start = _TEXT.index(words)
    return start, start + len(words)


def _label(source: str, cue: str, content: str, **more: object) -> object:
    return metrics.Labelled(
        source=(_span(source),) if source else (), cue=(_span(cue),), content=(_span(content),), **more
    )


_SAID = _label("The old minister", "said", "that the bridge was shut", head=_span("minister"))
_HOPES = _label("Ada Voss", "hopes for", "rain", head=_span("Voss"), names=("Ada Voss",))


def _f1(name: str, gold: list[object], predicted: list[object], **more: object) -> float:
    return float(metrics.score(_TEXT, gold, predicted, **more)[name].f1)


@pytest.mark.parametrize(
    "name",
    [
        "cue",
        "source_head",
        "content_exact",
        "content_iou50",
        "content_token",
        "attribution",
        "core",
        "resolved",
    ],
)
def test_a_perfect_reading_scores_one(name: str) -> None:
    assert _f1(name, [_SAID, _HOPES], [_SAID, _HOPES]) == 1


@pytest.mark.parametrize(
    "name", ["cue", "source_head", "content_iou50", "content_token", "attribution", "core"]
)
def test_an_empty_reading_scores_nothing(name: str) -> None:
    assert _f1(name, [_SAID], []) == 0


def test_a_source_must_cover_the_head_and_lie_half_in_the_gold() -> None:
    assert _f1("source_head", [_SAID], [_label("minister", "said", "bridge")]) == 1
    assert _f1("source_head", [_SAID], [_label("The old", "said", "bridge")]) == 0
    assert _f1("source_head", [_SAID], [_label("minister said that the bridge", "said", "bridge")]) == 0


def test_half_of_a_content_is_enough_and_less_is_not() -> None:
    half = _label("minister", "said", "the bridge was shut")
    little = _label("minister", "said", "was shut")
    assert _f1("content_iou50", [_SAID], [half]) == 1
    assert _f1("content_exact", [_SAID], [half]) == 0
    assert _f1("content_iou50", [_SAID], [little]) == 0


def test_punctuation_does_not_count() -> None:
    dotted = _label("minister", "said", "that the bridge was shut.")
    assert _f1("content_exact", [_SAID], [dotted]) == 1


def test_where_no_source_is_wanted_none_may_be_given() -> None:
    bare = _label("", "said", "that the bridge was shut")
    assert _f1("attribution", [bare], [bare]) == 1
    assert _f1("attribution", [bare], [_SAID]) == 0


def test_core_leaves_attitudes_out() -> None:
    counts = metrics.score(_TEXT, [_SAID, _HOPES], [_SAID, _HOPES])["core"]
    assert (counts.right, counts.predicted, counts.wanted) == (1, 1, 1)


def test_matching_is_one_to_one() -> None:
    counts = metrics.score(_TEXT, [_SAID], [_SAID, _SAID])["content_iou50"]
    assert (counts.right, counts.predicted, counts.wanted) == (1, 2, 1)


def test_what_lies_in_discarded_text_is_not_counted() -> None:
    counts = metrics.score(_TEXT, [_SAID], [_SAID, _HOPES], discard=[_span("Ada Voss hopes for rain.")])
    assert counts["content_iou50"].predicted == 1


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Mr. Voss", "Ada Voss", True),
        ("Ada Voss", "Ada Voss", True),
        ("WHO", "World Health Organization", True),
        ("UNDP", "World Health Organization", False),
        ("Ada Voss", "Bea Voss", False),
        ("Ada", "Ada Voss", False),
        ("", "Ada Voss", False),
    ],
)
def test_names_agree_by_their_tail_or_as_an_acronym(one: str, other: str, agree: bool) -> None:
    assert metrics.names_agree(one, other) is agree
    assert metrics.names_agree(other, one) is agree


def test_a_name_known_only_through_coreference_is_no_loss() -> None:
    counts = metrics.score(_TEXT, [_HOPES], [_HOPES], named=[("Ada Voss", False), ("Bea Lund", True)])[
        "named_set"
    ]
    assert (counts.right, counts.predicted, counts.wanted) == (1, 1, 1)


def test_attributions_are_counted_by_class_and_a_pair_has_its_labels() -> None:
    wanted = _label("", "hopes for", "rain")
    counts = metrics.score(_TEXT, [_SAID, wanted], [_SAID, _HOPES])
    assert counts["worded"] == metrics.Count(1, 1, 1)
    assert counts["sourceless"] == metrics.Count(0, 1, 1)  # found with a source that the label leaves out
    assert counts["unquoted"] == metrics.Count(1, 2, 2)
    assert counts["quoted"] == metrics.Count(0, 0, 0)
