"""The words of a text and what is seen on each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.attribution.tagger.words import (
    LONGEST_SEGMENT,
    Quoted,
    Shape,
    Start,
    read_words,
    segments,
    shape,
)

TEXTS = st.text(alphabet=st.sampled_from('abZ9 .,“”"‘’«»\n\x00\u202eй日😀'), max_size=300)


@given(TEXTS)
def test_every_word_slices_back_to_its_surface(text: str) -> None:
    words = read_words(text)
    assert [text[begin:end] for begin, end in words.spans] == words.surfaces
    assert all(one[1] <= other[0] for one, other in zip(words.spans, words.spans[1:], strict=False))


@given(TEXTS)
def test_every_visible_character_belongs_to_a_word(text: str) -> None:
    covered = {at for begin, end in read_words(text).spans for at in range(begin, end)}
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())


@given(TEXTS)
def test_what_is_seen_runs_parallel_to_the_words(text: str) -> None:
    words = read_words(text)
    lists = (words.surfaces, words.shape, words.quoted, words.start, words.sentence, words.paragraph)
    assert {len(each) for each in lists} == {len(words)}
    assert words.sentence == sorted(words.sentence)
    assert words.paragraph == sorted(words.paragraph)


@given(TEXTS, st.integers(min_value=1, max_value=40))
def test_segments_cover_the_text_in_order(text: str, longest: int) -> None:
    cut = list(segments(text, longest))
    assert "".join(text[begin:end] for begin, end in cut) == text
    assert all(0 < end - begin <= longest for begin, end in cut)


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraph = "The ferry left Port Aldis at noon. " * 20
    text = "\n\n".join([paragraph] * 40)
    inner = [end for _, end in segments(text)][:-1]
    assert inner
    assert all(text[end - 1] == "\n" for end in inner)


def test_one_word_longer_than_a_segment_is_still_read() -> None:
    text = "x" * (3 * LONGEST_SEGMENT + 7)
    assert [end - begin for begin, end in segments(text)] == [LONGEST_SEGMENT] * 3 + [7]


def test_possessives_names_and_numbers_are_one_word() -> None:
    assert read_words("Mira’s al-Assad 3.5 end.").surfaces == ["Mira’s", "al-Assad", "3.5", "end", "."]


def test_shapes_tell_capitals_from_acronyms_and_marks() -> None:
    assert [shape(word) for word in ("said", "Oldane", "NATO", "12", "3.5", ",")] == [
        Shape.LOWER,
        Shape.CAPITAL,
        Shape.UPPER,
        Shape.NUMBER,
        Shape.OTHER,
        Shape.MARK,
    ]


def test_words_between_quotation_marks_are_inside() -> None:
    words = read_words("He said “no boats” today")
    assert words.quoted == [
        Quoted.OUTSIDE,
        Quoted.OUTSIDE,
        Quoted.MARK,
        Quoted.INSIDE,
        Quoted.INSIDE,
        Quoted.MARK,
        Quoted.OUTSIDE,
    ]


def test_typewriter_marks_open_and_close_in_turn() -> None:
    assert read_words('"a" b "c"').quoted == [1, 2, 1, 0, 1, 2, 1]


def test_an_unclosed_quotation_ends_with_its_paragraph() -> None:
    words = read_words("“We go on.\n\nNobody answered.")
    assert words.quoted[words.surfaces.index("Nobody")] == Quoted.OUTSIDE


def test_an_apostrophe_closes_no_double_quotation() -> None:
    words = read_words("“the ministers’ plan” failed")
    assert words.quoted[words.surfaces.index("plan")] == Quoted.INSIDE


def test_sentences_and_paragraphs_have_starts() -> None:
    words = read_words("One came. Two left.\n\nThree stayed.")
    starts = {word: start for word, start in zip(words.surfaces, words.start, strict=True) if start}
    assert starts == {"One": Start.PARAGRAPH, "Two": Start.SENTENCE, "Three": Start.PARAGRAPH}
