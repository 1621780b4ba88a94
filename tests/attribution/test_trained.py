"""The model that ships: what it finds, and that no text can hurt it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attribution import attribute, trained
from pipeline.attribution.tagger import Spans

STORY = (
    "Mira Oldane, the harbour master, said on Friday that the northern pier would reopen in May. “We have waited "
    "two winters for this,” Oldane told reporters. According to the port authority, 40 ships have been turned "
    "away since January.\n\nThe pier was built in 1911 and lengthened twice."
)


def _words(text: str, one: Spans) -> tuple[str, str, str]:
    source, cue, content = (
        " … ".join(text[start:end] for start, end in role) for role in (one.source, one.cue, one.content)
    )
    return source, cue, content


def test_it_finds_who_said_what_by_which_words() -> None:
    found = [_words(STORY, one) for one in trained(STORY)]
    assert found == [
        (
            "Mira Oldane, the harbour master,",
            "said",
            "that the northern pier would reopen in May",
        ),
        ("Oldane", "told", "“We have waited two winters for this,”"),
        ("the port authority", "According to", "40 ships have been turned away since January"),
    ]


def test_it_is_the_engine_unless_another_is_named() -> None:
    by_default = attribute(STORY)
    assert by_default == attribute(STORY, engine=trained)
    assert [one.name for one in by_default][:2] == ["Mira Oldane", "Mira Oldane"]


_MARKS = st.sampled_from(
    ["“", "”", '"', "said", "Oldane", "\n\n", "\x00", "\u202e", "😀", "the", ",", ".", " ", ":"]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(_MARKS, st.text(max_size=8)), max_size=60).map(" ".join))
def test_every_span_slices_back(text: str) -> None:
    for one in trained(text):
        assert 0 <= one.confidence <= 1
        for start, end in (*one.source, *one.cue, *one.content):
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip()


@pytest.mark.parametrize(
    "text",
    ['"' * 20_000, "“" * 20_000, "x" * 50_000, "said " * 5_000, "\x00" * 5_000, "😀" * 5_000, "\n" * 50_000],
    ids=["marks", "opening", "no spaces", "cues", "NUL", "emoji", "lines"],
)
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    spans = [span for one in trained(text) for span in (*one.source, *one.cue, *one.content)]
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_another_process_finds_the_same() -> None:
    program = f"from pipeline.attribution import trained; print(trained({STORY!r}))"
    other = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == repr(trained(STORY))
