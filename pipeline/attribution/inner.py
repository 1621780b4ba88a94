"""Which statements stand inside statements? What one says in another's content, whoever found the outer one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.attribution.clauses import read_clause
from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Lexicon
from pipeline.attribution.phrases import Range
from pipeline.attribution.tokens import Tokens

_DEPTH = 2  # statements inside statements inside statements are read no further


def nested(tokens: Tokens, lexicon: Lexicon, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts and those inside their contents, each after the one that holds it; ``inside`` points there.

    Where drafts already stand inside others, those keep their place; contents without one are read.
    """
    ordered = sorted(drafts, key=lambda draft: draft.content[0])
    children: dict[int, list[Draft]] = {}
    tops: list[Draft] = []
    for draft, holder in zip(ordered, _holders(ordered), strict=True):
        (tops if holder is None else children.setdefault(id(holder), [])).append(draft)
    found: list[Draft] = []
    for draft in tops:
        _append(tokens, lexicon, found, draft, None, _DEPTH, children)
    return found


def _holders(drafts: Sequence[Draft]) -> Iterator[Draft | None]:
    """For each draft, in order of content, the one with the shortest part of content that holds all its words."""
    parts = sorted(
        ((part, draft) for draft in drafts for part in draft.content),
        key=lambda item: (item[0][0], -item[0][1]),
    )
    following, opened = 0, list[tuple[Range, Draft]]()
    edges = [_edges(draft) for draft in drafts]
    holders: dict[int, Draft] = {}
    for number in sorted(range(len(drafts)), key=lambda number: edges[number]):
        first, end = edges[number]
        while following < len(parts) and parts[following][0][0] <= first:
            opened.append(parts[following])
            following += 1
        opened = [item for item in opened if item[0][1] > first]
        around = [item for item in opened if item[0][1] >= end and item[1] is not drafts[number]]
        if around:
            holders[number] = min(around, key=lambda item: item[0][1] - item[0][0])[1]
    return (holders.get(number) for number in range(len(drafts)))


def _edges(draft: Draft) -> Range:
    """From the first to the last word of its cue and content."""
    parts = (*draft.cue, *draft.content)
    return min(first for first, _ in parts), max(end for _, end in parts)


def _append(
    tokens: Tokens,
    lexicon: Lexicon,
    found: list[Draft],
    draft: Draft,
    inside: int | None,
    depth: int,
    children: dict[int, list[Draft]],
) -> None:
    draft.inside = inside
    found.append(draft)
    if depth == 0:
        return
    own = len(found) - 1
    inner = children.get(id(draft))
    if inner is None and lexicon.foreign is None:  # these rules are English
        inner = [one for part in draft.content for one in _read_inner(tokens, lexicon, *part)]
    for one in inner or ():
        _append(tokens, lexicon, found, one, own, depth - 1, children)


def _read_inner(tokens: Tokens, lexicon: Lexicon, lo: int, hi: int) -> list[Draft]:
    quote = tokens.quote[lo]
    first, end, base = lo, hi, -1
    if quote >= 0 and tokens.quote_range[quote][1] >= hi:  # all of it in one quotation
        base = quote
        first += tokens.quote_range[quote][0] == lo
        end -= tokens.quotes[quote].closed and tokens.quote_range[quote][1] == hi
    elif tokens.low[lo] == "that":
        first = lo + 1
    drafts: list[Draft] = []
    for begin, stop in units(tokens, first, end, base):
        drafts.extend(d for d in read_clause(tokens, lexicon, begin, stop, base) if d.content)
    return drafts


def units(tokens: Tokens, lo: int, hi: int, base: int) -> list[Range]:
    """Sentences of a range; none ends inside a quotation (of those inside ``base``, none at all)."""
    found: list[Range] = []
    first = lo
    for position in range(lo + 1, hi):
        if tokens.sentence[position] == tokens.sentence[position - 1]:
            continue
        quote = tokens.quote[position]
        if quote not in (-1, base) and quote == tokens.quote[position - 1]:
            continue
        found.append((first, position))
        first = position
    if first < hi:
        found.append((first, hi))
    return found
