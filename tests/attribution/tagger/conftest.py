"""A small vocabulary, and a network of which every score can be read in its rules."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer

from pipeline.attribution.tagger.decode import CONTENT, CUE, ROLES, SOURCE, TAGS
from pipeline.attribution.tagger.pointers import APART, STEPS, Places
from pipeline.attribution.tagger.scores import Network, Reading
from pipeline.attribution.tagger.windows import Window

_WORDS = ["[UNK]", "[CLS]", "[SEP]", "said", "oldane", "harbour", "open", "##x", "x", ".", ","]


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    made = Tokenizer(WordPiece({word: at for at, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    made.normalizer = BertNormalizer(lowercase=True)
    return made


@pytest.fixture(scope="session")
def network() -> Network:
    """Oldane is a source, "said" a cue, the rest contents; everything points at what is near."""
    width = 4

    def read(window: Window) -> Reading:
        ids = window.ids[window.at]
        role = np.full(ids.shape, CONTENT)
        role[ids == _WORDS.index("oldane")] = SOURCE
        role[ids == _WORDS.index("said")] = CUE
        tags = np.zeros((*ids.shape, TAGS), np.float32)
        begins = np.ones(ids.shape, bool)
        begins[1:] = role[1:] != role[:-1]
        np.put_along_axis(tags, (2 * role + np.where(begins, 1, 2))[..., None], 9, axis=1)
        likely = np.full((*ids.shape, ROLES), -9, np.float32)
        np.put_along_axis(likely, role[..., None], 9, axis=1)
        likely[0] = -5
        steps = np.abs(np.arange(2 * len(STEPS) + 1) - len(STEPS))
        nearness = np.tile(-steps.astype(np.float32), (ROLES, 1))
        apart = np.zeros((ROLES, 2 * APART + 1), np.float32)
        nothing = np.zeros((*ids.shape, ROLES, width), np.float32)
        return Reading(
            tags=tags,
            asks=nothing,
            answers=nothing,
            likely=likely,
            places=Places(distance=nearness, sentences=apart, paragraphs=apart),
        )

    return read
