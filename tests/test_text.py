from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import (
    clean_body,
    clean_line,
    number_of,
    paragraphs,
    sentences,
    sentences_at,
    word_count,
    words,
)

_TEXTS = st.text(alphabet=st.sampled_from('aB .!?"”\n’\u2028\u00ad\0\u202e。é'), max_size=80)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Orre met Mr. Voss in Port Aldis.",
        "The U.S. Treasury waited until 9 p.m. on Friday.",
        "She moved from Tucson, Ariz. to Miami, Fla. in March.",
        "The court ruled in Orre v. Voss.",
        "J. K. Lund and Brig. Tell of the Univ. Press came.",
        '"Is it open?" he asked.',
    ],
)
def test_a_stop_after_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert _sentences(text) == [text]


def test_closing_marks_belong_to_the_sentence() -> None:
    assert _sentences("“It rained.” Then it snowed. (Hail fell.)") == [
        "“It rained.”",
        "Then it snowed.",
        "(Hail fell.)",
    ]


def test_no_sentence_crosses_a_paragraph() -> None:
    assert _sentences("One line\n\nanother") == ["One line", "another"]


@given(_TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_body(text)
    assert clean_body(once) == once


@given(_TEXTS)
def test_spans_are_in_order_trimmed_and_hold_all_words(text: str) -> None:
    for kind in (paragraphs, sentences, words):
        spans = list(kind(text))
        assert spans == sorted(spans)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
        assert all(text[start:end].strip() for start, end in spans)
    assert word_count(text) == len(list(words(text)))
    assert sum(word_count(text[start:end]) for start, end in paragraphs(text)) == word_count(text)


def test_a_joiner_stays_where_it_makes_another_letter_or_picture() -> None:
    assert clean_line("on Sun\u200dday") == "on Sunday"
    family, chillu = "\U0001f468\u200d\U0001f469", "\u0d28\u0d4d\u200d"
    assert clean_line(f"a {family} {chillu}") == f"a {family} {chillu}"


@given(_TEXTS, st.lists(st.integers(0, 80)))
def test_the_sentence_of_a_place_is_the_last_that_begins_there_or_before(
    text: str, places: list[int]
) -> None:
    spans = list(sentences(text)) or [(0, 0)]
    begun = [[span for span in spans if span[0] <= at] for at in places]
    assert list(sentences_at(text, places)) == [[*spans[:1], *before][-1] for before in begun]


def test_one_is_not_spoken_of_as_many() -> None:
    assert [number_of(count, "watch", "watches") for count in (0, 1, 2)] == [
        "0 watches",
        "1 watch",
        "2 watches",
    ]
