"""Near-duplicates: which articles say the same in the same words, and which of them came first?

A signature is a MinHash of the text's shingles: the share of equal places in two signatures estimates
the share of shingles that their texts have in common. Bands are cuts of a signature that similar texts
have in common, so that candidates are found by equality. Figures behind the choices:
docs/decisions/0020-signatures-by-array.md; ``bench/duplicates.py`` measures them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import eq
from typing import cast

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from pipeline.records import Member, Placement

PLACES = 128
ROWS = 3  # places a band
BANDS = 42  # at a similarity of .5, 99.6 % of pairs share one; at .1, 4 %
SHINGLE = 4  # words
FEWEST_WORDS = 20  # a shorter text has too few shingles to tell copying from chance
LIKENESS = 0.4  # estimated similarity from which two texts are copies
WINDOW = timedelta(days=14)  # two articles further apart are never compared

_SEED = 2016
_UNITS = 1 << 16
# Odd numbers without a pattern: one that spreads letters, one a place of a shingle, one that mixes.
_SPREAD = 0x9E3779B97F4A7C15
_WEIGHTS = (0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 1)
_MIXER = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)
# Kana and Han: Chinese and Japanese set no spaces. "Russia’s" is two words, "百万" is two, "—" is none.
_SPACELESS = ((0x3040, 0x30FF), (0x3400, 0x9FFF))

_Numbers = NDArray[np.uint64]


def signature(text: str) -> bytes | None:
    """The MinHash of a text's four-word shingles, a byte a place; None where it is too short."""
    shingles = _shingles(text)
    if shingles is None:
        return None
    digest = RMinHash.digest_matrix_from_flat_token_hashes(shingles, (0, len(shingles)), PLACES, _SEED)
    # The lowest byte of each place is enough: two that differ agree in it once in 256 times, which
    # ``similarity`` takes off, and a quarter of the bytes has to be kept.
    return bytes([place & 0xFF for place in digest.to_rows()[0]])


def _shingles(text: str) -> _Numbers | None:
    """A number for every four words in a row, the same for the same words; None for too short a text.

    A word is a run of letters and digits, or one character of a script without spaces; its number is the
    sum of its letters, each times a power of its place. All of it is arithmetic on whole arrays, as
    words as Python objects took most of the time.
    """
    folded = _folding().take(np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2"))
    lettered = folded != 0
    begins = lettered.copy()
    np.greater(lettered[1:], lettered[:-1], out=begins[1:])
    if folded.size and folded.max() >= _SPACELESS[0][0]:
        for first, last in _SPACELESS:
            begins |= (folded >= first) & (folded <= last)
    starts = np.flatnonzero(begins)
    if len(starts) < FEWEST_WORDS:
        return None
    powers, inverses = _powers(1 << len(folded).bit_length())
    # What is no letter is 0, so that adding up to the next word's start adds up the word.
    words = np.add.reduceat(folded * powers[: len(folded)], starts) * inverses[starts]
    count = len(words) - SHINGLE + 1
    shingles = np.zeros(count, np.uint64)
    for at, weight in enumerate(_WEIGHTS):
        shingles += words[at : at + count] * np.uint64(weight)
    shingles ^= shingles >> _HALF
    shingles *= _MIXER
    shingles ^= shingles >> _HALF
    return shingles


@cache
def _folding() -> NDArray[np.uint16]:
    """Each unit of UTF-16 as its lower case; 0 for what stands between words, emoji among it."""
    table = np.zeros(_UNITS, np.uint16)
    for unit in range(_UNITS):
        letter = chr(unit)
        if letter.isalnum():
            lower = letter.casefold()
            table[unit] = ord(lower) if len(lower) == 1 else unit  # "ß" stays, "ss" would be two
    return table


@cache
def _powers(size: int) -> tuple[_Numbers, _Numbers]:
    """Powers of the spreading number, and what undoes them, modulo 2 to the 64th."""
    return _raised(_SPREAD, size), _raised(pow(_SPREAD, -1, 1 << 64), size)


def _raised(base: int, size: int) -> _Numbers:
    factors = np.full(size, base, np.uint64)
    factors[0] = 1
    return cast("_Numbers", np.multiply.accumulate(factors))


def bands(signature: bytes) -> tuple[int, ...]:
    """42 numbers of 32 bits, of which similar texts share at least one.

    Each holds its position beside its places, so equal numbers mean equal places.
    """
    return tuple(np.frombuffer(bands_of_all([signature]), np.int32).tolist())


def bands_of_all(signatures: Sequence[bytes]) -> bytes:
    """The bands of each signature, one after the other, in the machine's own 32 bits."""
    places = np.frombuffer(b"".join(signatures), np.uint8).reshape(-1, PLACES)[:, : BANDS * ROWS]
    one, two, three = np.moveaxis(places.reshape(-1, BANDS, ROWS).astype(np.int32), 2, 0)
    return (np.arange(BANDS, dtype=np.int32) << 24 | three << 16 | two << 8 | one).tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """The estimated share of shingles in common, 0..1."""
    agreeing: float = sum(map(eq, one, other)) / PLACES
    return max(0.0, (agreeing - 1 / 256) / (1 - 1 / 256))


def are_copies(one: Member, other: Member) -> bool:
    """True for two articles near in time with the same text, or mostly the same."""
    if abs(one.at - other.at) > WINDOW:
        return False
    return _likeness(one, other) >= LIKENESS


def clusters(members: Iterable[Member], candidates: Iterable[tuple[int, int]]) -> tuple[Placement, ...]:
    """The articles that have copies, each in its cluster, ordered by cluster and time.

    A cluster holds all that are joined by a chain of copies. It depends on nothing but the set of
    members, in whatever order they and the candidate pairs come, if every pair of copies among the
    members is a candidate. Candidates that are no copies, or no members, are ignored.
    """
    by_id = {member.article_id: member for member in members}
    leaders = {article_id: article_id for article_id in by_id}
    for one_id, other_id in candidates:
        one, other = by_id.get(one_id), by_id.get(other_id)
        if one is None or other is None:
            continue
        leader, follower = sorted((_leader(leaders, one_id), _leader(leaders, other_id)))
        if leader != follower and are_copies(one, other):
            leaders[follower] = leader
    groups: dict[int, list[Member]] = {}
    for article_id, member in by_id.items():
        groups.setdefault(_leader(leaders, article_id), []).append(member)
    placed = [_placed(sorted(group, key=_order)) for group in groups.values() if len(group) > 1]
    return tuple(placement for cluster in sorted(placed, key=_cluster_id) for placement in cluster)


def _placed(group: list[Member]) -> list[Placement]:
    first = group[0]
    first_seen = min(group, key=lambda member: (_seen_at(member), member.article_id))
    likenesses = [_likeness(first, member) for member in group]
    return [
        Placement(
            cluster_id=first.article_id,
            article_id=member.article_id,
            similarity=round(likeness, 4),
            is_first=member is first,
            lag=member.at - first.at,
            is_first_seen=member is first_seen,
            seen_lag=_seen_at(member) - _seen_at(first_seen),
            own_share=round(_own_share(member, first, likeness), 4),
        )
        for member, likeness in zip(group, likenesses, strict=True)
    ]


def _own_share(member: Member, first: Member, likeness: float) -> float:
    """The share of a member's shingles that are not the first's: 0 of a text that was cut, or is the first.

    Likeness is common / (one + other - common), which gives what is common from the texts' lengths.
    """
    own, other = (max(0, each.word_count - SHINGLE + 1) for each in (member, first))
    if likeness == 1 or not own:
        return 1 - likeness
    common = likeness / (1 + likeness) * (own + other)
    return min(1.0, max(0.0, 1 - common / own))


def _seen_at(member: Member) -> datetime:
    return member.seen_at or member.at


def _likeness(one: Member, other: Member) -> float:
    if one.text_digest == other.text_digest:
        return 1.0
    if one.signature is None or other.signature is None:
        return 0.0
    return similarity(one.signature, other.signature)


def _leader(leaders: dict[int, int], article_id: int) -> int:
    """The id that stands for an article's group; the way there is shortened for the next time."""
    while leaders[article_id] != article_id:
        leaders[article_id] = leaders[leaders[article_id]]
        article_id = leaders[article_id]
    return article_id


def _order(member: Member) -> tuple[object, ...]:
    return member.at, member.article_id


def _cluster_id(cluster: list[Placement]) -> int:
    return cluster[0].cluster_id
