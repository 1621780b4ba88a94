"""What does the network say of each word of a text: which role it has, and where its partners are?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from pipeline.attribution.tagger.pointers import Floats, Integers, Places, View
from pipeline.attribution.tagger.windows import Frame, Window, cut_pieces, framed, window_starts
from pipeline.attribution.tagger.words import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the network makes of a window; all but ``places`` have a row for its opening mark and each word."""

    tags: Floats  # logits
    asks: Floats  # (1 + words, ROLES, width)
    answers: Floats
    likely: Floats  # (1 + words, ROLES)
    places: Places


# One window at a time: more at once cost memory, save no time, and would share their int8 scale.
Network = Callable[[Window], Reading]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    tags: Floats  # (words, TAGS), log probabilities
    views: tuple[View, ...]
    seen_in: list[int]  # the view each word lies most in the middle of

    def view(self, begin: int, end: int) -> View:
        return self.views[self.seen_in[(begin + end - 1) // 2]]


def score_words(words: Words, tokenizer: Tokenizer, frame: Frame, network: Network) -> Scores:
    pieces = cut_pieces(words, tokenizer, frame)
    starts, length = window_starts(len(pieces.ids))
    seen_in = _nearest_window(pieces.first, starts, length)
    tags: list[Floats] = []
    views: list[View] = []
    for number, start in enumerate(starts.tolist()):
        window = framed(pieces, start, length, frame)
        reading = network(window)
        mine = np.flatnonzero(seen_in == number)
        tags.append(log_softmax(reading.tags[1 + mine - window.first]))
        views.append(_view(window, reading))
    return Scores(tags=np.concatenate(tags), views=tuple(views), seen_in=seen_in.tolist())


def log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def _nearest_window(first: Integers, starts: Integers, length: int) -> Integers:
    """For each word the window whose middle is nearest to its first piece."""
    borders = (starts[:-1] + starts[1:] + length) / 2
    return np.searchsorted(borders, first, side="right")


def _view(window: Window, reading: Reading) -> View:
    return View(
        first=window.first,
        last=window.last,
        asks=reading.asks[1:],
        answers=reading.answers,
        likely=reading.likely,
        at=window.at,
        sentence=window.features[window.at, 3],
        paragraph=window.features[window.at, 4],
        places=reading.places,
    )
