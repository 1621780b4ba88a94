"""How is a text cut into the windows that the model reads, and what of each word goes in?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from pipeline.attribution.tagger.pointers import Integers
from pipeline.attribution.tagger.words import Words

WINDOW = 256  # pieces, with the two that frame them: as in training; longer ones cost more and tell no more
_OVERLAP = 48  # pieces that two neighbouring windows share
_LONGEST_WORD = 100  # characters; longer words are unknown to the vocabulary anyway

FEATURES = 5  # shape, quoted, start, sentence, paragraph


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """A text in pieces of words; ``first`` is the position of each word's first piece."""

    ids: Integers
    features: Integers  # one row of FEATURES a piece
    first: Integers


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What the model reads at once. Its words are those from ``first`` to before ``last``."""

    ids: Integers
    features: Integers
    first: int
    last: int
    at: Integers  # where the opening mark and each word's first piece stand


@dataclass(frozen=True, slots=True)
class Frame:
    """The marks of the vocabulary that open and close a window, and stand for the unknown."""

    opening: int
    closing: int
    unknown: int


def frame_of(tokenizer: Tokenizer) -> Frame:
    opening, closing, unknown = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]", "[UNK]"))
    if opening is None or closing is None or unknown is None:
        raise ValueError("the tokenizer has no [CLS], [SEP] or [UNK]")
    return Frame(opening, closing, unknown)


def cut_pieces(words: Words, tokenizer: Tokenizer, frame: Frame) -> Pieces:
    """A word without pieces, such as a NUL, counts as one unknown piece."""
    encoding = tokenizer.encode(
        [surface[: _LONGEST_WORD + 1] for surface in words.surfaces],
        is_pretokenized=True,
        add_special_tokens=False,
    )
    ids: list[int] = []
    owner: list[int] = []
    following = 0  # the first word without a piece so far
    for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is None:
            continue
        for missing in range(following, word):
            ids.append(frame.unknown)
            owner.append(missing)
        ids.append(piece)
        owner.append(word)
        following = word + 1
    for missing in range(following, len(words)):
        ids.append(frame.unknown)
        owner.append(missing)
    owners = np.asarray(owner, np.int64)
    seen = np.asarray([words.shape, words.quoted, words.start, words.sentence, words.paragraph], np.int64).T
    return Pieces(
        ids=np.asarray(ids, np.int64),
        features=seen.reshape(-1, FEATURES)[owners],
        first=np.searchsorted(owners, np.arange(len(words))),
    )


def window_starts(count: int, window: int = WINDOW, overlap: int = _OVERLAP) -> tuple[Integers, int]:
    """As few windows as cover ``count`` pieces, of one length, evenly spread: their starts, and the length."""
    room = window - 2
    windows = max(1, -(-(count - overlap) // (room - overlap)))
    length = -(-(count + (windows - 1) * overlap) // windows)
    return np.linspace(0, count - length, windows).round().astype(np.int64), length


def framed(pieces: Pieces, start: int, length: int, frame: Frame) -> Window:
    """The pieces from ``start`` on, between the opening and the closing mark."""
    inside = slice(start, start + length)
    ids = np.concatenate([[frame.opening], pieces.ids[inside], [frame.closing]])
    features = np.zeros((length + 2, FEATURES), np.int64)
    features[1:-1] = pieces.features[inside]
    features[0, 3:], features[-1, 3:] = features[1, 3:], features[-2, 3:]
    first, last = np.searchsorted(pieces.first, [start, start + length])
    at = np.concatenate([[0], pieces.first[first:last] - start + 1])
    return Window(ids=ids, features=features, first=int(first), last=int(last), at=at)
