"""From a text to the spans of its attributions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipeline.attribution.tagger.scores import Network, Reading
from pipeline.attribution.tagger.tagger import Spans, find_spans
from pipeline.attribution.tagger.windows import WINDOW, Window, frame_of

HOSTILE = {
    "nothing": "",
    "white space": " \n\t\n ",
    "only quotation marks": '“”"' * 3_000,
    "no spaces": "Oldanesaid" * 20_000,
    "unbalanced quotations": "“Oldane said “the harbour “opens. " * 300,
    "right to left": "قال أولدان إن الميناء مفتوح. " * 200,
    "emoji": "Oldane said 😀👩‍👩‍👧 harbour. " * 200,
    "control characters": "Oldane\x00 said\x00\x01 \ud800harbour. " * 200,
}


def spans_of(text: str, tokenizer: Tokenizer, network: Network) -> tuple[Spans, ...]:
    return find_spans(text, tokenizer, frame_of(tokenizer), network)


def test_source_cue_and_content_are_found_where_they_stand(tokenizer: Tokenizer, network: Network) -> None:
    text = "Oldane said harbour open"
    (found,) = spans_of(text, tokenizer, network)
    surfaces = [text[begin:end] for begin, end in (*found.source, *found.cue, *found.content)]
    assert surfaces == ["Oldane", "said", "harbour open"]
    assert 0.5 < found.confidence <= 1


def test_attributions_of_later_segments_have_offsets_of_the_whole_text(
    tokenizer: Tokenizer, network: Network
) -> None:
    text = "\n\n".join(["Oldane said harbour open."] * 800)
    found = spans_of(text, tokenizer, network)
    assert len(found) == 800
    assert {text[slice(*one.source[0])] for one in found} == {"Oldane"}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_yields_spans_within_it(kind: str, tokenizer: Tokenizer, network: Network) -> None:
    text = HOSTILE[kind]
    for one in spans_of(text, tokenizer, network):
        for begin, end in (*one.source, *one.cue, *one.content):
            assert 0 <= begin < end <= len(text)
            assert text[begin:end] == text[begin:end].strip()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["Oldane", "said", "harbour", "“", "”", ".", "\n\n", "\x00"]), max_size=80))
def test_a_character_has_at_most_one_role(tokenizer: Tokenizer, network: Network, words: list[str]) -> None:
    text = " ".join(words)
    taken: set[int] = set()
    for one in spans_of(text, tokenizer, network):
        for begin, end in (*one.source, *one.cue, *one.content):
            assert not taken & set(range(begin, end))
            taken.update(range(begin, end))


def test_work_grows_with_the_text_and_no_window_does(
    tokenizer: Tokenizer, network: Network, lines: Callable[[Callable[[], object]], int]
) -> None:
    pieces: list[int] = []

    def counting(window: Window) -> Reading:
        pieces.append(len(window.ids))
        return network(window)

    part = "Oldane said harbour open, x said open.\n\n"
    spans_of(part, tokenizer, counting)
    work: dict[int, tuple[int, int]] = {}
    for times in (200, 800):
        pieces.clear()
        ran = lines(lambda times=times: spans_of(times * part, tokenizer, counting))  # type: ignore[misc]
        assert max(pieces) <= WINDOW
        work[times] = ran, sum(pieces)
    assert work[800][0] < 4.4 * work[200][0]
    assert work[800][1] < 4.4 * work[200][1]


def test_the_same_text_gives_the_same_answer(tokenizer: Tokenizer, network: Network) -> None:
    text = "Oldane said harbour open. " * 50
    assert spans_of(text, tokenizer, network) == spans_of(text, tokenizer, network)
