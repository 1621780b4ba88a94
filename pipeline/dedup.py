"""Near-duplicates: which articles say the same in the same words, and which of them came first?

A signature is a MinHash of the text's shingles: the share of equal places in two signatures estimates
the share of shingles that their texts have in common. Bands are cuts of a signature that similar texts
have in common, so that candidates are found by equality. Figures behind the choices: docs/data.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from operator import eq
from struct import Struct

from rensa import RMinHash

from pipeline.records import Member, Placement

PLACES = 128
BANDS = 32  # of four places each: at a similarity of .5, 87 % of pairs share one; at .6, 99 %
SHINGLE = 4  # words
FEWEST_WORDS = 20  # a shorter text has too few shingles to tell copying from chance
LIKENESS = 0.4  # estimated similarity from which two texts are copies
WINDOW = timedelta(days=14)  # two articles further apart are never compared

_SEED = 2016
# "Russia’s" gives two words, "百万" one a character, since Chinese and Japanese set no spaces; not "—".
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")
_BANDS = Struct(f"<{BANDS}i")


def signature(text: str) -> bytes | None:
    """The MinHash of a text's four-word shingles, a byte a place; None where it is too short."""
    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST_WORDS:
        return None
    shingles = zip(*(words[at:] for at in range(SHINGLE)), strict=False)
    minhash = RMinHash(PLACES, _SEED)
    minhash.update(list(map(" ".join, shingles)))
    # The lowest byte of each place is enough: two that differ agree in it once in 256 times, which
    # ``similarity`` takes off, and a quarter of the bytes has to be kept.
    return bytes(place & 0xFF for place in minhash.digest())


def bands(signature: bytes) -> tuple[int, ...]:
    """32 numbers of 32 bits, of which similar texts share at least one.

    Each band is salted with its position, so equal numbers mean equal places.
    """
    cuts = _BANDS.unpack(signature)
    return tuple(_signed((cut ^ (0x9E3779B1 * (at + 1))) & 0xFFFFFFFF) for at, cut in enumerate(cuts))


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
    return [
        Placement(
            cluster_id=first.article_id,
            article_id=member.article_id,
            similarity=round(_likeness(first, member), 4),
            is_first=member is first,
            lag=member.at - first.at,
        )
        for member in group
    ]


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


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number
