"""From scores of words to whole attributions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attribution.tagger.decode import (
    CONTENT,
    CUE,
    ROLES,
    SOURCE,
    TAGS,
    Found,
    Stretch,
    best_tags,
    decode,
    stretches,
)
from pipeline.attribution.tagger.pointers import APART, STEPS, Places, View, signed_step
from pipeline.attribution.tagger.scores import Scores, log_softmax

ROLE_OF = {"S": SOURCE, "Q": CUE, "C": CONTENT}
FAR = -12.0


def scores_of(letters: str, pointers: dict[tuple[int, int], int | None]) -> Scores:
    """One letter a word: S, Q or C begins a role, a small letter goes on with it, a dot is no role.

    ``pointers``: from a word and a role to the word it points at, or to nowhere.
    """
    count = len(letters)
    tags = np.zeros((count, TAGS), np.float32)
    for at, letter in enumerate(letters):
        role = ROLE_OF.get(letter.upper())
        tags[at, 0 if role is None else 2 * role + (1 if letter.isupper() else 2)] = 8
    asks = np.zeros((count, ROLES, count + 1), np.float32)
    answers = np.zeros((count + 1, ROLES, count + 1), np.float32)
    answers[np.arange(count + 1), :, np.arange(count + 1)] = 1
    for (word, role), target in pointers.items():
        asks[word, role, 0 if target is None else target + 1] = 10 * (count + 1) ** 0.5
    zeros = np.zeros((ROLES, 2 * APART + 1), np.float32)
    view = View(
        first=0,
        last=count,
        asks=asks,
        answers=answers,
        likely=np.zeros((count + 1, ROLES), np.float32),
        at=np.arange(count + 1),
        sentence=np.zeros(count + 1, np.int64),
        paragraph=np.zeros(count + 1, np.int64),
        places=Places(
            distance=np.zeros((ROLES, 2 * len(STEPS) + 1), np.float32), sentences=zeros, paragraphs=zeros
        ),
    )
    return Scores(tags=log_softmax(tags), views=(view,), seen_in=[0] * count)


def parts(found: Found) -> tuple[list[Stretch], list[Stretch], list[Stretch]]:
    return list(found.source), list(found.cue), list(found.content)


def test_source_cue_and_content_that_point_at_each_other_are_one_attribution() -> None:
    pointers = {
        (0, CUE): 1,
        (1, SOURCE): 0,
        (1, CONTENT): 2,
        (2, CUE): 1,
        (2, SOURCE): 0,
        (3, CUE): 1,
        (3, SOURCE): 0,
    }
    (found,) = decode(scores_of("SQCc", pointers))
    assert parts(found) == ([(0, 1)], [(1, 2)], [(2, 4)])
    assert found.confidence > 0.9


def test_a_scrap_of_content_that_points_at_no_cue_for_sure_is_left_out() -> None:
    pointers = {(0, CUE): 1, (1, SOURCE): 0, (1, CONTENT): 2, (2, CUE): 1, (2, SOURCE): 0}
    elsewhere = {(5, CUE): 6}  # which is no cue
    (found,) = decode(scores_of("SQC..C.", pointers | elsewhere))
    assert parts(found) == ([(0, 1)], [(1, 2)], [(2, 3)])


def test_a_content_that_surely_has_no_cue_stands_alone() -> None:
    (found,) = decode(scores_of("..C.", {(2, CUE): None, (2, SOURCE): None}))
    assert parts(found) == ([], [], [(2, 3)])


def test_a_quotation_broken_by_its_speaker_is_one_content_in_two_parts() -> None:
    pointers = {
        (0, CUE): 2,
        (1, CUE): 2,
        (2, SOURCE): 3,
        (3, CUE): 2,
        (4, CUE): 2,
        (0, SOURCE): 3,
        (1, SOURCE): 3,
        (4, SOURCE): 3,
    }
    (found,) = decode(scores_of("CcQSC", pointers))
    assert parts(found) == ([(3, 4)], [(2, 3)], [(0, 2), (4, 5)])


def test_pointers_outweigh_nearness() -> None:
    pointers: dict[tuple[int, int], int | None] = {
        (3, CUE): 1,
        (3, SOURCE): 0,
        (1, SOURCE): 0,
        (0, CUE): 1,
        (4, SOURCE): None,
    }
    (found,) = decode(scores_of("SQ.CQ", pointers))
    assert parts(found) == ([(0, 1)], [(1, 2)], [(3, 4)])


def test_a_source_the_article_leaves_out_is_not_invented() -> None:
    pointers: dict[tuple[int, int], int | None] = {(1, SOURCE): None, (2, SOURCE): None, (2, CUE): 1}
    (found,) = decode(scores_of("SQC", pointers))
    assert found.source == ()


def test_one_source_speaks_in_one_attribution() -> None:
    pointers = {
        (2, CUE): 1,
        (2, SOURCE): 0,
        (1, SOURCE): 0,
        (0, CUE): 1,
        (4, CUE): 3,
        (4, SOURCE): 0,
        (3, SOURCE): 0,
    }
    first, second = decode(scores_of("SQCQC", pointers))
    assert (first.source, second.source) == (((0, 1),), ())


def test_a_source_without_a_tag_is_taken_from_where_cue_and_content_point() -> None:
    pointers = {(1, SOURCE): 0, (2, SOURCE): 0, (2, CUE): 1}
    (found,) = decode(scores_of(".QC", pointers))
    assert found.source == ((0, 1),)


def test_a_cue_without_content_is_no_attribution() -> None:
    assert decode(scores_of("SQ..", {(0, CUE): 1, (1, SOURCE): 0})) == []


def test_a_text_without_roles_has_no_attributions() -> None:
    assert decode(scores_of("......", {})) == []


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-20, 0, width=32), min_size=TAGS, max_size=TAGS), min_size=1, max_size=40))
def test_no_role_goes_on_that_has_not_begun(rows: list[list[float]]) -> None:
    path = best_tags(np.asarray(rows, np.float32), 0.0)
    assert len(path) == len(rows)
    for before, tag in zip([0, *path], path, strict=False):
        if tag and tag % 2 == 0:
            assert before in (tag - 1, tag)


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-20, 0, width=32), min_size=TAGS, max_size=TAGS), min_size=1, max_size=3))
def test_the_path_is_the_best_of_all_paths(rows: list[list[float]]) -> None:
    def allowed(path: tuple[int, ...]) -> bool:
        return all(not (t and t % 2 == 0) or b in (t - 1, t) for b, t in zip((0, *path), path, strict=False))

    def total(path: tuple[int, ...] | list[int]) -> float:
        return sum(row[tag] for row, tag in zip(rows, path, strict=True))

    best = max(total(path) for path in product(range(TAGS), repeat=len(rows)) if allowed(path))
    assert total(best_tags(np.asarray(rows, np.float32), 0.0)) == pytest.approx(best, abs=1e-3)


def test_stretches_end_where_another_begins() -> None:
    assert stretches([1, 2, 1, 0, 3], SOURCE) == [(0, 2), (2, 3)]
    assert stretches([1, 2, 1, 0, 3], CUE) == [(4, 5)]


def test_distances_are_told_apart_near_and_alike_far() -> None:
    steps = signed_step(np.asarray([-900, -65, -2, -1, 0, 1, 2, 65, 900]))
    middle = len(STEPS)
    assert steps.tolist() == [
        0,
        0,
        middle - 2,
        middle - 1,
        middle,
        middle + 1,
        middle + 2,
        2 * middle,
        2 * middle,
    ]
