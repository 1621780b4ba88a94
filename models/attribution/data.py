"""What is the model taught? Labelled articles as pieces of words with a tag and three pointers each."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.attribution.tagger.decode import ROLES
from pipeline.attribution.tagger.windows import WINDOW, Frame, cut_pieces, frame_of
from pipeline.attribution.tagger.words import Words, read_words

Row = dict[str, Any]
IGNORED = -100
_ROLE_NAMES = ("source", "cue", "content")
_NOWHERE = -1  # the role is left out of this attribution
_UNASKED = -2  # no word of an attribution, or its own role


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One labelled article. Tags and pointers stand at first pieces; pointers are positions of pieces."""

    ids: NDArray[np.int64]
    features: NDArray[np.int64]
    tags: NDArray[np.int64]
    pointers: NDArray[np.int64]  # ROLES rows


def load(folder: Path, part: str) -> list[Row]:
    with gzip.open(folder / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split(rows: Sequence[Row], held: float) -> tuple[list[Row], list[Row]]:
    """All but the last articles by date, and those last ones, to tune on."""
    by_date = sorted(rows, key=lambda row: (row["date"], row["id"]))
    cut = len(by_date) - round(held * len(by_date))
    return by_date[:cut], by_date[cut:]


def straight(text: str) -> str:
    """The same text with typewriter quotation marks, character for character."""
    return text.translate({ord(mark): '"' for mark in "“”„«»"})


def curly(text: str) -> str:
    """The same text with opening and closing quotation marks, character for character."""
    marks, opened = list(text), False
    for at, mark in enumerate(text):
        if mark == "\n":
            opened = False
        elif mark == '"':
            marks[at] = "”" if opened else "“"
            opened = not opened
    return "".join(marks)


def lessons(rows: Sequence[Row], tokenizer: Tokenizer, *, with_variants: bool) -> Iterator[list[Lesson]]:
    """For each article, its lesson and its variants: other quotation marks, other annotators' labels."""
    frame = frame_of(tokenizer)
    for row in rows:
        versions = [row["attributions"], *(row["alt"].values() if with_variants else ())]
        texts = {row["text"]: None}
        if with_variants:
            texts |= {straight(row["text"]): None, curly(row["text"]): None}
        yield [
            lesson(text, version, row["discard"], tokenizer, frame) for version in versions for text in texts
        ]


def lesson(
    text: str,
    attributions: Sequence[Row],
    discard: Sequence[Sequence[int]],
    tokenizer: Tokenizer,
    frame: Frame,
) -> Lesson:
    words = read_words(text)
    pieces = cut_pieces(words, tokenizer, frame)
    tag, pointer = _labels(words, attributions)
    for begin, end in discard:
        for word in _covered(words, begin, end):
            tag[word] = IGNORED
            pointer[:, word] = _UNASKED
    tags = np.full(len(pieces.ids), IGNORED)
    tags[pieces.first] = tag
    pointers = np.full((ROLES, len(pieces.ids)), _UNASKED)
    at_first = pointer.copy()
    at_first[pointer >= 0] = pieces.first[pointer[pointer >= 0]]
    pointers[:, pieces.first] = at_first
    return Lesson(ids=pieces.ids, features=pieces.features, tags=tags, pointers=pointers)


def _labels(words: Words, attributions: Sequence[Row]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tag = np.zeros(len(words), np.int64)
    pointer = np.full((ROLES, len(words)), _UNASKED)
    for attribution in attributions:
        runs = [
            [run for begin, end in attribution[name] if (run := _covered(words, begin, end))]
            for name in _ROLE_NAMES
        ]
        heads = [parts[0][0] if parts else _NOWHERE for parts in runs]
        for role, parts in enumerate(runs):
            for run in parts:
                tag[run.start : run.stop] = 2 * role + 2
                tag[run.start] = 2 * role + 1
                for target in range(ROLES):
                    if target != role:
                        pointer[target, run.start : run.stop] = heads[target]
    return tag, pointer


def _covered(words: Words, begin: int, end: int) -> range:
    return range(
        bisect_right(words.spans, begin, key=lambda span: span[1]),
        bisect_left(words.spans, end, key=lambda span: span[0]),
    )


# ---- batches -------------------------------------------------------------------------------------


Cut = tuple[Lesson, int, int]


@dataclass(frozen=True, kw_only=True)
class Batch:
    ids: Tensor
    features: Tensor
    mask: Tensor
    tags: Tensor
    pointers: Tensor  # (batch, ROLES, length)


def epoch(
    taught: Sequence[Sequence[Lesson]], frame: Frame, mask_id: int, random: Random, size: int, hidden: float
) -> Iterator[Batch]:
    """Every article once, in one of its variants, cut at a random phase; windows of like length together."""
    cuts = [cut for variants in taught for cut in _cuts(_chosen(variants, random), random)]
    random.shuffle(cuts)
    grouped: list[list[Cut]] = []
    for begin in range(0, len(cuts), 24 * size):
        chunk = sorted(cuts[begin : begin + 24 * size], key=lambda cut: cut[2] - cut[1])
        grouped.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
    random.shuffle(grouped)
    for group in grouped:
        yield _batch(group, frame, mask_id, random, hidden)


def _chosen(variants: Sequence[Lesson], random: Random) -> Lesson:
    """Mostly the article as it is."""
    return variants[0] if random.random() < 0.6 else random.choice(variants)


def _cuts(lesson: Lesson, random: Random) -> Iterator[Cut]:
    room, count = WINDOW - 2, len(lesson.ids)
    begin = 0
    end = random.randrange(room // 4, room) if count > room else room
    while begin < count:
        if min(end, count) - begin > 8:
            yield lesson, begin, min(end, count)
        begin, end = end, end + room


def _batch(cuts: Sequence[Cut], frame: Frame, mask_id: int, random: Random, hidden: float) -> Batch:
    length = max(end - begin for _, begin, end in cuts) + 2
    ids = torch.zeros(len(cuts), length, dtype=torch.long)
    features = torch.zeros(len(cuts), length, 5, dtype=torch.long)
    mask = torch.zeros(len(cuts), length, dtype=torch.long)
    tags = torch.full((len(cuts), length), IGNORED)
    pointers = torch.full((len(cuts), ROLES, length), IGNORED)
    for row, (taught, begin, end) in enumerate(cuts):
        stop = end - begin + 1
        inside = torch.from_numpy(taught.ids[begin:end].copy())
        for at in range(len(inside)):
            if random.random() < hidden:
                inside[at] = mask_id
        ids[row, 0], ids[row, stop] = frame.opening, frame.closing
        ids[row, 1:stop] = inside
        features[row, 1:stop] = torch.from_numpy(taught.features[begin:end])
        features[row, 0, 3:], features[row, stop, 3:] = features[row, 1, 3:], features[row, stop - 1, 3:]
        mask[row, : stop + 1] = 1
        tags[row, 1:stop] = torch.from_numpy(taught.tags[begin:end])
        at_piece = torch.from_numpy(taught.pointers[:, begin:end])
        shifted = at_piece - begin + 1
        shifted[(at_piece < begin) | (at_piece >= end)] = IGNORED
        shifted[at_piece == _NOWHERE] = 0
        pointers[row, :, 1:stop] = shifted
    return Batch(ids=ids, features=features, mask=mask, tags=tags, pointers=pointers)
