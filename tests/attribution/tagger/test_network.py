"""The shipped model through the runtime that it is used with."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from pipeline import bundled
from pipeline.attribution.tagger.network import open_network
from pipeline.attribution.tagger.windows import cut_pieces, frame_of, framed
from pipeline.attribution.tagger.words import read_words

TEXT = "The harbour will reopen in May, according to the port authority, which runs it."
TAGS = {  # of each word: none, then begin and inside of source, cue and content
    "according": (1.00, -3.90, -3.42, 5.72, -0.95, -2.76, 1.11),
    "which": (2.84, 0.03, 1.28, -3.58, -4.18, -0.99, 0.02),
}


@pytest.mark.parametrize("word", TAGS)
def test_its_scores_are_those_of_any_other_cpu(word: str) -> None:
    """Sums cut off at 16 bits, as onnxruntime's default is without VNNI, are off by 0.2 and more."""
    words = read_words(TEXT)
    tokenizer = Tokenizer.from_str(bundled.text("models/attribution/tokenizer.json"))
    frame = frame_of(tokenizer)
    pieces = cut_pieces(words, tokenizer, frame)
    network = open_network(str(bundled.path("models/attribution/attribution.int8.onnx")))
    reading = network(framed(pieces, 0, len(pieces.ids), frame))
    scores = reading.tags[1 + words.surfaces.index(word)]
    assert np.abs(scores - np.asarray(TAGS[word])).max() < 0.05
