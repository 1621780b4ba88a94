"""How many digits, capitals, sentences and words does each of many texts hold?

All texts are looked at at once: their characters are numbers in one array, and a table says of each number
what kind of character it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float32]

_LETTER, _DIGIT, _CAPITAL, _STOP, _CLOSING, _SPACE, _WIDE_STOP = (1 << bit for bit in range(7))
_KINDS = (
    (_LETTER, r"\w+"),
    (_DIGIT, r"\d+"),
    (_CAPITAL, "[A-ZÀ-ÖØ-ÞА-ЯЁ\u0386-\u03ab]+"),
    (_STOP, "[.!?…]"),
    (_CLOSING, "['\"”’»)]"),
    (_SPACE, " "),
    (_WIDE_STOP, "[。！？]"),
)
_LAST = 0xFFFF  # what lies beyond is taken for no letter


@cache
def _table() -> NDArray[np.uint8]:
    """The kinds of every character, as bits."""
    every = "".join(map(chr, range(_LAST)))
    table = np.zeros(_LAST + 1, np.uint8)
    for bit, pattern in _KINDS:
        for match in re.finditer(pattern, every):
            table[match.start() : match.end()] |= bit
    return table


def counted(texts: Sequence[str]) -> tuple[Counts, Counts, Counts, Counts]:
    """For each text: digits; capitals that begin a word; ends of sentences, "home. The", "。"; words."""
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(codes, _LAST)]
    before = np.concatenate((np.zeros(1, np.uint8), kinds[:-1]))
    stop, closing = kinds & _STOP != 0, kinds & _CLOSING != 0
    ended = stop
    for _ in range(2):  # quotes and brackets that close after the stop: `."`, `.")`
        ended = ended | (closing & _next(ended))
    starts = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])))[:-1]

    def per_text(marked: NDArray[np.bool_]) -> Counts:
        return np.add.reduceat(marked, starts, dtype=np.float32)

    spaces = kinds & _SPACE != 0
    return (
        per_text(kinds & _DIGIT != 0),
        per_text((kinds & _CAPITAL != 0) & (before & _LETTER == 0)),
        per_text((spaces & _next(ended)) | (kinds & _WIDE_STOP != 0)),
        per_text(spaces) + np.float32(1),
    )


def _next(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What follows each of the marked ones."""
    return np.concatenate((np.zeros(1, np.bool_), marked[:-1]))
