from __future__ import annotations

import pytest

from pipeline.attribution.quotes import find_quotes


def _inner(text: str) -> list[str]:
    return [text[quote.inner_start : quote.inner_end] for quote in find_quotes(text)]


@pytest.mark.parametrize(
    "text",
    [
        'He said "we go" now',
        "He said “we go” now",
        'He said “we go" now',
        "He said „we go“ now".replace("“", "”"),
        "He said «we go» now",
        "He said ”we go” now",
        "He said ''we go'' now",
    ],
)
def test_marks_of_any_kind_hold_a_quotation(text: str) -> None:
    assert _inner(text) == ["we go"]


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    text = "“One long speech\n\nNot of it."
    (quote,) = find_quotes(text)
    assert text[quote.start : quote.end] == "“One long speech"
    assert not quote.closed


def test_marks_opened_again_in_the_next_paragraph_hold_two_quotations() -> None:
    assert _inner("“One.\n\n“Two.”") == ["One.", "Two."]


def test_single_marks_hold_a_quotation_that_ends_with_punctuation() -> None:
    assert _inner("‘We have a boat,’ she said.") == ["We have a boat,"]


@pytest.mark.parametrize("text", ["the ’90s and the drivers’ wages", "don't and won't", "6'2\" tall"])
def test_apostrophes_and_inches_hold_nothing(text: str) -> None:
    assert _inner(text) == []


def test_single_marks_inside_double_ones_are_part_of_the_quotation() -> None:
    assert _inner("“She said, ‘Go,’ and we went.”") == ["She said, ‘Go,’ and we went."]
