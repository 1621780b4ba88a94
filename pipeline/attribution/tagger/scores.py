"""What does the network say of each word of a text: which role it has, and where its partners are?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from pipeline.attribution.tagger.pointers import Floats, Integers, Places, View
from pipeline.attribution.tagger.windows import Frame, Pieces, batches, cut_pieces, framed, window_starts
from pipeline.attribution.tagger.words import Words

_BATCH = 1  # windows at once: more cost memory, save no time, and would share their int8 scale


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the network makes of some windows; all but ``places`` begin with (windows, pieces, …)."""

    tags: Floats  # logits
    asks: Floats  # (…, ROLES, width)
    answers: Floats
    likely: Floats  # (…, ROLES)
    places: Places


# Ids and features of windows, as ``windows.framed`` makes them.
Network = Callable[[Integers, Integers], Reading]


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
    for group in batches(starts, _BATCH):
        ids, features = framed(pieces, group, length, frame)
        reading = network(ids, features)
        for row, start in enumerate(group):
            mine = np.flatnonzero(seen_in == len(views))
            tags.append(log_softmax(reading.tags[row, pieces.first[mine] - start + 1]))
            views.append(_view(pieces, int(start), length, reading, row, features[row]))
    return Scores(tags=np.concatenate(tags), views=tuple(views), seen_in=seen_in.tolist())


def log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def _nearest_window(first: Integers, starts: Integers, length: int) -> Integers:
    """For each word the window whose middle is nearest to its first piece."""
    borders = (starts[:-1] + starts[1:] + length) / 2
    return np.searchsorted(borders, first, side="right")


def _view(pieces: Pieces, start: int, length: int, reading: Reading, row: int, features: Integers) -> View:
    first, last = np.searchsorted(pieces.first, [start, start + length])
    at = np.concatenate([np.zeros(1, np.int64), pieces.first[first:last] - start + 1])
    return View(
        first=int(first),
        last=int(last),
        asks=reading.asks[row, at[1:]],
        answers=reading.answers[row, at],
        likely=reading.likely[row, at],
        at=at,
        sentence=features[at, 3],
        paragraph=features[at, 4],
        places=reading.places,
    )
