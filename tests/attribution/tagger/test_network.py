"""The shipped model through the runtime that it is used with."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from pipeline import bundled
from pipeline.attribution.tagger.network import open_network
from pipeline.attribution.tagger.windows import Window, cut_pieces, frame_of, framed
from pipeline.attribution.tagger.words import Words, read_words

MODEL = str(bundled.path("models/attribution/attribution.int8.onnx"))
TEXT = "The harbour will reopen in May, according to the port authority, which runs it."
TAGS = {  # of each word: none, then begin and inside of source, cue and content
    "according": (1.01, -3.80, -3.36, 5.87, -0.89, -2.79, 0.95),
    "which": (2.75, -0.13, 1.54, -3.65, -4.16, -1.03, 0.02),
}


def _read(text: str) -> tuple[Words, Window]:
    words = read_words(text)
    tokenizer = Tokenizer.from_str(bundled.text("models/attribution/tokenizer.json"))
    frame = frame_of(tokenizer)
    pieces = cut_pieces(words, tokenizer, frame)
    return words, framed(pieces, 0, len(pieces.ids), frame)


@pytest.mark.parametrize("word", TAGS)
def test_its_scores_are_those_of_any_other_cpu(word: str) -> None:
    """Sums cut off at 16 bits, as on a CPU without VNNI where weights allow it, are off by 0.2 and more."""
    words, window = _read(TEXT)
    scores = open_network(MODEL)(window).tags[1 + words.surfaces.index(word)]
    assert np.abs(scores - np.asarray(TAGS[word])).max() < 0.05


def test_the_fast_path_cuts_off_no_sum() -> None:
    _, window = _read(
        f"{TEXT} “We are glad,” said Mira Oldane, the harbour master. It had been shut since 1911."
    )
    exact = onnxruntime.SessionOptions()
    exact.intra_op_num_threads = 1
    exact.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(MODEL, exact, disabled_optimizers=["SkipLayerNormFusion"])
    given = {"ids": window.ids[None], "features": window.features[None], "at": window.at}
    tags = session.run(["tags"], given)[0][0]
    assert np.abs(open_network(MODEL)(window).tags - tags).max() < 1e-4
