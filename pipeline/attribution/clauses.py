"""Who says what in one sentence? Sources, cues and contents found from their order and punctuation.

The strongest sign is read first: a statement closed by a comma and "X said" takes all that stands
before it; then verbs from left to right take what follows them. A verb that stands in the content of
another is left for a later, inner reading.
"""

from __future__ import annotations

from pipeline.attribution.clause import (
    Clause,
    agrees,
    ends_with_colon,
    only_openers,
    quote_ends_at,
    statement,
)
from pipeline.attribution.closing import Closing, closes_over, closing, left_bound, resumed
from pipeline.attribution.draft import Draft
from pipeline.attribution.ending import end_of_content
from pipeline.attribution.following import COLON, OPEN, following
from pipeline.attribution.lexicon import Form, Lexicon, Word
from pipeline.attribution.phrases import Range, speaks, subject_after
from pipeline.attribution.subjects import subject_before
from pipeline.attribution.tokens import Tokens
from pipeline.attribution.verbs import VerbGroup, verb_groups

_ADV = int(Word.ADVERB)
_COORD = int(Word.COORDINATOR)
_PREP = int(Word.PREPOSITION)
_SUB = int(Word.SUBORDINATOR)
_TIME = int(Word.TIME)
_STOPS = frozenset(".!?…")
_AHEAD = 12  # verbs over which a closing ", X said" may reach back


def read_clause(tokens: Tokens, lexicon: Lexicon, lo: int, hi: int, base: int) -> list[Draft]:
    """The attributions of a range that is one sentence; contents of none reach out of it."""
    groups = verb_groups(tokens, lexicon, lo, hi, base)
    if not groups:
        return []
    while (
        hi > lo
        and not tokens.word[hi - 1]
        and tokens.low[hi - 1] in _STOPS
        and tokens.quote[hi - 1] in (-1, base)
    ):
        hi -= 1
    clause = Clause(tokens=tokens, lo=lo, hi=hi, base=base, free=lo)
    closings = {group.begin: found for group in groups if (found := closing(clause, group)) is not None}
    for index, group in enumerate(groups):
        if group.begin < clause.free:
            continue
        draft = _take(clause, groups, index, closings)
        if draft is not None:
            clause.drafts.append(draft)
    return clause.drafts


def _take(
    clause: Clause,
    groups: list[VerbGroup],
    index: int,
    closings: dict[int, Closing],
) -> Draft | None:
    """The attribution of this verb, or of a closing one ahead that takes this verb's words too."""
    for ahead in range(index, min(len(groups), index + _AHEAD)):
        found = closings.get(groups[ahead].begin)
        if found is None:
            continue
        if ahead > index and not closes_over(clause, groups[index], found.begin):
            continue
        draft = _closing_draft(clause, groups[ahead], found)
        if draft is not None:
            return draft
    group = groups[index]
    return None if group.according else _opening(clause, groups, index)


def _closing_draft(clause: Clause, group: VerbGroup, found: Closing) -> Draft | None:
    """The statement before "X said", with what goes on after it."""
    left = statement(clause, left_bound(clause, found.begin), found.begin)
    if left is None and (group.according or clause.tokens.low[found.begin] == "as"):
        right = statement(clause, found.end, clause.hi)
    else:
        direct = found.end == group.end and not quote_ends_at(clause, found.begin)
        right = resumed(clause, found.end, direct=direct)
    clause.free = right[1] if right is not None else found.end
    contents = [part for part in (left, right) if part is not None]
    if not contents and (group.according or not only_openers(clause, found.begin)):
        return None
    return Draft(
        source=found.source,
        cue=[(group.begin, group.end)],
        content=contents,
        strength=0.95 if contents else 0.6,
        verb=group.verb,
        open_to_left=left is None,
        open_to_right=ends_with_colon(clause, found.end),
    )


def _opening(clause: Clause, groups: list[VerbGroup], index: int) -> Draft | None:
    group = groups[index]
    source, shared = _source_of(clause, group)
    if source is None and not shared:
        return None
    found = following(clause, group, source)
    if found is None:
        return None
    start, strength = found
    if start in (COLON, OPEN):  # what is said stands in another sentence
        clause.free = group.end
        return Draft(
            source=source, cue=[(group.begin, group.end)], content=[], strength=0.6, verb=group.verb,
            shared=shared, open_to_right=True, open_to_left=start == OPEN,
        )  # fmt: skip
    end = end_of_content(clause, groups, index, start)
    content = statement(clause, start, end)
    if content is None:
        return None
    clause.free = content[1]
    return Draft(
        source=source, cue=[(group.begin, group.end)], content=[content], strength=strength,
        verb=group.verb, shared=shared,
    )  # fmt: skip


def _source_of(clause: Clause, group: VerbGroup) -> tuple[Range | None, bool]:
    """The subject, or that of the verb before where they are joined: "thanked … and reiterated"."""
    tokens = clause.tokens
    if group.passive:
        return None, False
    before = group.begin - 1
    joined = before >= clause.lo and tokens.low[before] in ("and", "but", "or", "then")
    if not group.finite:
        return _participle_source(clause, group)
    if joined:
        if clause.drafts:
            return clause.drafts[-1].source, True
        first = _first_subject(clause, before)
        return first, first is not None
    if clause.drafts and _follows_citing(clause, clause.drafts[-1], before):
        return clause.drafts[-1].source, False
    source = subject_before(tokens, group.begin, clause.free, clause.base)
    if source is None:
        return None, False
    if Form.BASE in group.cue.forms and not agrees(clause, group, source):
        return None, False
    return source, False


def _follows_citing(clause: Clause, draft: Draft, before: int) -> bool:
    """The verb behind an aside of its subject: "Reuters, citing the ministry, | said that …"."""
    tokens = clause.tokens
    cited = tokens.low[draft.verb] == "citing" and tokens.low[before] == ","
    return cited and bool(draft.content) and draft.content[-1][1] == before


def _participle_source(clause: Clause, group: VerbGroup) -> tuple[Range | None, bool]:
    """Of ", adding that": the source of the verb before, or the subject of the sentence."""
    tokens = clause.tokens
    before = group.begin - 1
    if before < clause.lo:
        return None, False
    edge = not tokens.word[before] or tokens.flags[before] & (_COORD | _TIME | _ADV)
    if not edge and not tokens.quote[before] >= 0:
        return None, False
    if clause.drafts:
        return clause.drafts[-1].source, True
    first = _first_subject(clause, before)
    return first, first is not None


def _first_subject(clause: Clause, before: int) -> Range | None:
    """The noun phrase that the sentence opens with, if it can speak."""
    tokens = clause.tokens
    position = clause.lo
    while position < before and (
        not tokens.word[position] or tokens.flags[position] & (_COORD | _ADV | _TIME)
    ):
        position += 1
    if position < before and tokens.flags[position] & (_PREP | _SUB):
        while position < before and tokens.low[position] != ",":
            position += 1
        position += 1
    if position >= before:
        return None
    phrase = subject_after(tokens, position, before, clause.base)
    return phrase if phrase is not None and speaks(tokens, phrase) else None
