"""Looking for phrases in many lines at once finds what looking in each finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.words import found, holding

LINES = st.lists(
    st.lists(
        st.sampled_from(["read", "more", "also", "bread", ":", " ", "follow us", "newsletter", "фото:", "続きを読む", "é"])
    ).map("".join),
    max_size=6,
)  # fmt: skip


def test_a_phrase_counts_on_whole_words_within_one_line() -> None:
    assert holding("read_more", ["read more about it", "bread moreover", "they read", "more of it"]) == {0}


def test_a_phrase_of_a_script_without_spaces_counts_anywhere() -> None:
    assert holding("read_more", ["市長は続きを読む", "市長は橋を開いた"]) == {0}


@given(LINES)
def test_every_line_is_found_that_is_found_alone(lines: list[str]) -> None:
    assert holding("read_more", lines) == {
        place for place, line in enumerate(lines) if found("read_more", line) is not None
    }
