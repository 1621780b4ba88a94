"""Who says what in a whole text? Sentences read one by one, quotations joined to whoever speaks them.

A quotation that is a sentence of its own belongs to the "X said" beside it in its paragraph, or goes on
with what the paragraph before quoted. Statements inside statements are read later (``inner``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.attribution.clauses import read_clause
from pipeline.attribution.draft import Draft
from pipeline.attribution.inner import units
from pipeline.attribution.lexicon import Lexicon
from pipeline.attribution.phrases import Range
from pipeline.attribution.resolved import Rule
from pipeline.attribution.tokens import Tokens
from pipeline.attribution.transcript import turns

_OWN = frozenset({"i", "we", "you"})
_NEAR = 12  # words between a quotation and the verb after it
_SHORTEST_QUOTE = 5  # words of a quotation that stands alone and still is a statement


def read_speech(tokens: Tokens, lexicon: Lexicon) -> list[Draft]:
    """The attributions of a text that stand in no other."""
    drafts: list[Draft] = []
    previous: Draft | None = None
    paragraph_quotes = _quotes_by_paragraph(tokens)
    spoken = turns(tokens, lexicon)
    taken = _Covered([part for draft in spoken.values() for part in draft.content])
    for number, (lo, hi) in enumerate(tokens.paragraph_range):
        if number in spoken:
            previous = spoken[number]
            drafts.append(previous)
            continue
        if taken.holds(lo):
            continue
        found = _read_paragraph(tokens, lexicon, lo, hi)
        previous = _join_quotes(tokens, found, paragraph_quotes.get(number, ()), lo, previous)
        drafts.extend(found)
    return [draft for draft in drafts if draft.content and not _own_voice(tokens, draft)]


def _own_voice(tokens: Tokens, draft: Draft) -> bool:
    """The outlet itself speaks, as in "we recommend" outside any statement: it is no source."""
    if draft.source is None or draft.source[1] - draft.source[0] > 1:
        return False
    position = draft.source[0]
    return tokens.low[position] in _OWN and tokens.quote[position] < 0


def _quotes_by_paragraph(tokens: Tokens) -> dict[int, list[int]]:
    by_paragraph: dict[int, list[int]] = {}
    paragraph = 0
    for index, (first, _) in enumerate(tokens.quote_range):
        while paragraph < len(tokens.paragraph_range) and tokens.paragraph_range[paragraph][1] <= first:
            paragraph += 1
        by_paragraph.setdefault(paragraph, []).append(index)
    return by_paragraph


# ---- paragraphs ----------------------------------------------------------------------------------


def _read_paragraph(tokens: Tokens, lexicon: Lexicon, lo: int, hi: int) -> list[Draft]:
    drafts: list[Draft] = []
    for first, end in units(tokens, lo, hi, -1):
        drafts.extend(read_clause(tokens, lexicon, first, end, -1))
    return drafts


def _join_quotes(
    tokens: Tokens, drafts: list[Draft], quotes: Sequence[int], lo: int, previous: Draft | None
) -> Draft | None:
    """Give the paragraph's free quotations to their speakers; returns whoever may go on speaking."""
    covered = _Covered([part for draft in drafts for part in draft.content])
    verbs = [draft.verb for draft in drafts]
    for quote in quotes:
        first, end = tokens.quote_range[quote]
        if covered.holds(first) or not _stands_alone(tokens, first, end, lo):
            continue
        place = bisect_left(verbs, first)
        before = drafts[place - 1] if place else (previous if first == lo else None)
        after = drafts[place] if place < len(drafts) else None
        speaker = _speaker(tokens, before, after, first, end, went_on=before is previous)
        if speaker is not None:
            speaker.content.append((first, end))
    for draft in drafts:
        draft.content.sort()
    if drafts:
        return drafts[-1]
    # A paragraph in nobody's words ends the previous speaker's turn, one of quotation alone does not.
    return previous if quotes and tokens.quote_range[quotes[0]][0] == lo else None


class _Covered:
    """Whether a position lies in one of some ranges; asked in rising order."""

    def __init__(self, ranges: list[Range]) -> None:
        self.ranges = sorted(ranges)
        self.next = 0

    def holds(self, position: int) -> bool:
        while self.next < len(self.ranges) and self.ranges[self.next][1] <= position:
            self.next += 1
        return self.next < len(self.ranges) and self.ranges[self.next][0] <= position


def _stands_alone(tokens: Tokens, first: int, end: int, lo: int) -> bool:
    """A quotation that is a statement: it opens its sentence, or is long."""
    words = 0
    for position in range(first, end):
        words += tokens.word[position]
        if words >= _SHORTEST_QUOTE:
            break
    opens = first == lo or tokens.sentence[first] != tokens.sentence[first - 1]
    after_mark = first > lo and not tokens.word[first - 1]
    return (words >= _SHORTEST_QUOTE and (opens or after_mark)) or (opens and words > 1)


def _speaker(
    tokens: Tokens, before: Draft | None, after: Draft | None, first: int, end: int, *, went_on: bool
) -> Draft | None:
    """Who says a quotation: of the verbs before and after it. ``went_on``: the one before is a paragraph back."""
    waiting = after is not None and not after.content and after.open_to_left
    if waiting and after is not None and after.verb - end <= _NEAR:
        return after
    if before is not None and went_on:
        return before if before.open_to_right or _quoted(tokens, before) else None
    if before is not None and not before.content and (before.open_to_right or before.open_to_left):
        return before
    if before is not None and _quoted(tokens, before) and _adjacent(tokens, before, first):
        return before
    if waiting:
        return after
    return before if before is not None and _adjacent(tokens, before, first) else None


def _quoted(tokens: Tokens, draft: Draft) -> bool:
    """What it said last, or first, ends in quotation marks; a transcript's turn counts as quoted."""
    parts = (draft.content[0], draft.content[-1]) if draft.content else ()
    return draft.rule == Rule.TRANSCRIPT or any(
        tokens.quote[position] >= 0 for first, end in parts for position in (first, end - 1)
    )


def _adjacent(tokens: Tokens, draft: Draft, first: int) -> bool:
    """No whole sentence lies between a draft and a quotation."""
    edge = max(draft.verb, draft.content[-1][1] - 1) if draft.content else draft.verb
    return tokens.sentence[first] - tokens.sentence[edge] <= 1
