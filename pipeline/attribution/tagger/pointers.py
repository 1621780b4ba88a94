"""Where are a word's partners? The answer of the network's pointers, computed only for words that have a role.

A pointer from one word to another is the product of what the first asks and the second answers, plus
how likely a target the second is, plus what their places in the text say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

STEPS = (0, 1, 2, 4, 8, 16, 32, 64)  # distances in pieces, told apart up to each of these
APART = 2  # sentences and paragraphs between; more are alike
_MOST_ROWS = 16  # words of one span that are asked
_FAR = STEPS[-1] + 1
_SIGNED_STEP = np.sign(np.arange(-_FAR, _FAR + 1)) * np.searchsorted(
    STEPS, np.abs(np.arange(-_FAR, _FAR + 1))
)
_SIGNED_STEP += len(STEPS)

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """What places say, one row a role: by signed step of distance, by sentences and paragraphs apart."""

    distance: Floats
    sentences: Floats
    paragraphs: Floats


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where one span points for a role: probabilities of "nowhere" and of the words of a window."""

    nowhere: float
    first: int  # word of the window
    words: Floats
    sums: list[float]  # of the words before each, so that a span's share is one subtraction

    def share(self, begin: int, end: int) -> float:
        """How much of it falls on the words of another span."""
        last = len(self.sums) - 1
        low, high = min(max(begin - self.first, 0), last), min(max(end - self.first, 0), last)
        return self.sums[high] - self.sums[low]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The words of one window. Answers have one entry more, before all: the answer "nowhere"."""

    first: int
    last: int  # exclusive
    asks: Floats  # (words, ROLES, width)
    answers: Floats  # (1 + words, ROLES, width)
    likely: Floats  # (1 + words, ROLES)
    at: Integers  # (1 + words): position in the window, sentence, paragraph
    sentence: Integers
    paragraph: Integers
    places: Places
    asked: dict[tuple[int, int, int], Pointed] = field(default_factory=dict)

    def pointed(self, role: int, begin: int, end: int) -> Pointed:
        """Where the words of a span point on average, asked once."""
        key = (role, begin, end)
        if key not in self.asked:
            mean = self._pointed(role, begin, end)
            sums = [0.0, *np.cumsum(mean[1:]).tolist()]
            self.asked[key] = Pointed(float(mean[0]), self.first, mean[1:], sums)
        return self.asked[key]

    def _pointed(self, role: int, begin: int, end: int) -> Floats:
        low, high = max(begin, self.first) - self.first, min(end, self.last) - self.first
        rows = np.arange(low, high, max(1, -(-(high - low) // _MOST_ROWS)))
        width = self.asks.shape[-1]
        logits = self.asks[rows, role] @ self.answers[:, role].T / np.float32(width**0.5)
        logits += self.likely[:, role]
        logits += self.places.distance[role].take(signed_step(self.at - self.at[1 + rows, None]))
        for table, number in (
            (self.places.sentences, self.sentence),
            (self.places.paragraphs, self.paragraph),
        ):
            logits += table[role].take(number - number[1 + rows, None] + APART, mode="clip")
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        mean: Floats = (logits / logits.sum(axis=1, keepdims=True)).sum(axis=0) / np.float32(len(rows))
        return mean


def signed_step(far: Integers) -> Integers:
    """Which stretch of distance, before or after: 0 to twice the number of stretches."""
    found: Integers = _SIGNED_STEP.take(far + _FAR, mode="clip")
    return found
