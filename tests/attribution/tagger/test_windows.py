"""How texts become windows of pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from pipeline.attribution.tagger.windows import WINDOW, cut_pieces, frame_of, framed, window_starts
from pipeline.attribution.tagger.words import read_words


@given(st.integers(min_value=1, max_value=20_000))
def test_windows_cover_every_piece_and_fit_the_model(count: int) -> None:
    starts, length = window_starts(count)
    assert length <= WINDOW - 2
    assert starts[0] == 0
    assert starts[-1] + length == count
    assert all(np.diff(starts) <= length)


@given(st.integers(min_value=300, max_value=20_000))
def test_neighbouring_windows_share_pieces_but_few(count: int) -> None:
    starts, length = window_starts(count)
    shared = length - np.diff(starts)
    assert shared.min() >= 40
    assert len(starts) * length < 1.35 * count + WINDOW


def test_a_word_without_pieces_counts_as_one_unknown(tokenizer: Tokenizer) -> None:
    frame = frame_of(tokenizer)
    words = read_words("said \x00 said")
    pieces = cut_pieces(words, tokenizer, frame)
    assert list(pieces.ids[pieces.first]) == [
        tokenizer.token_to_id("said"),
        frame.unknown,
        tokenizer.token_to_id("said"),
    ]


def test_a_word_of_a_million_letters_is_few_pieces(tokenizer: Tokenizer) -> None:
    pieces = cut_pieces(read_words("x" * 1_000_000), tokenizer, frame_of(tokenizer))
    assert len(pieces.ids) < 200


def test_pieces_carry_what_is_seen_on_their_word(tokenizer: Tokenizer) -> None:
    words = read_words("Said Said")
    pieces = cut_pieces(words, tokenizer, frame_of(tokenizer))
    assert pieces.features[pieces.first, 0].tolist() == words.shape


def test_windows_stand_between_their_marks(tokenizer: Tokenizer) -> None:
    frame = frame_of(tokenizer)
    pieces = cut_pieces(read_words("said he said"), tokenizer, frame)
    window = framed(pieces, 0, len(pieces.ids), frame)
    assert (window.ids[0], window.ids[-1]) == (frame.opening, frame.closing)
    assert window.features.shape == (*window.ids.shape, 5)


def test_a_window_knows_where_its_words_stand(tokenizer: Tokenizer) -> None:
    frame = frame_of(tokenizer)
    pieces = cut_pieces(read_words("said xx said , said"), tokenizer, frame)
    window = framed(pieces, 1, 4, frame)  # in two pieces: xx
    assert (window.first, window.last) == (1, 4)
    assert window.ids[window.at].tolist() == [
        frame.opening,
        *(tokenizer.token_to_id(piece) for piece in ("x", "said", ",")),
    ]


def test_a_vocabulary_without_framing_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="CLS"):
        frame_of(Tokenizer(WordLevel({"a": 0}, unk_token="a")))
