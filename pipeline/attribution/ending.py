"""Where does the content end that follows a verb? At the sentence's end, or where the next statement begins."""

from __future__ import annotations

from pipeline.attribution.clause import BARE, Clause, full_quote
from pipeline.attribution.lexicon import Form, Takes, Word
from pipeline.attribution.subjects import subject_before
from pipeline.attribution.verbs import VerbGroup

_PRON = int(Word.PRONOUN)
_SUB = int(Word.SUBORDINATOR)
_DASHES = frozenset("–—-")
_WHEN = frozenset({"when", "after", "because", "as", "since", "before", "if"})
_CONTRAST = frozenset({"but", "while", "although", "though", "whereas"})
_AHEAD = 40  # verbs looked at; in a longer sentence nothing can be told


def end_of_content(clause: Clause, groups: list[VerbGroup], index: int, start: int) -> int:
    """The sentence's end, or where another statement of the same or another source begins."""
    tokens = clause.tokens
    quote = tokens.quote[start]
    if clause.quoted(start) and full_quote(clause, quote):
        return min(tokens.quote_range[quote][1], clause.hi)
    group = groups[index]
    subordinate = tokens.low[start] == "that" or bool(group.takes & BARE)
    for later in groups[index + 1 : index + _AHEAD]:
        if later.begin - 1 <= start:
            continue
        cut = _cut(clause, group, later, start, subordinate=subordinate)
        if cut is not None:
            return cut
    return clause.hi


def _cut(clause: Clause, group: VerbGroup, later: VerbGroup, start: int, *, subordinate: bool) -> int | None:
    """Where a later verb's own statement begins; None if it belongs to the content."""
    tokens = clause.tokens
    before = later.begin - 1
    comma = not tokens.word[before] and tokens.low[before] == ","
    if not later.finite:
        return before if comma and later.takes & {Takes.SPEECH, Takes.STANCE, Takes.TELL} else None
    if tokens.low[before] in ("and", "but"):
        return before if _same_source_goes_on(clause, group, later, subordinate=subordinate) else None
    if later.according and comma:
        return before
    if comma and tokens.low[group.verb] == "citing" and later.takes & (BARE | {Takes.STANCE}):
        return before  # "Reuters, citing the ministry, said that …": the source's own verb
    return _at_own_subject(clause, later, start, subordinate=subordinate)


def _same_source_goes_on(clause: Clause, group: VerbGroup, later: VerbGroup, *, subordinate: bool) -> bool:
    """As in "thanked them and reiterated …"; in "said that he came and saw" the second verb is content."""
    if clause.tokens.low[later.begin - 1] == "but" and later.takes & {Takes.SPEECH, Takes.TELL, Takes.ASK}:
        return True
    if Form.PAST not in later.cue.forms or Form.PAST not in group.cue.forms:
        return False
    return not subordinate or later.cue.lemma in ("add", "say") or _says_that(clause, later)


def _at_own_subject(clause: Clause, later: VerbGroup, start: int, *, subordinate: bool) -> int | None:
    """The word or mark before a later verb's subject, where it parts two statements."""
    tokens = clause.tokens
    source = subject_before(tokens, later.begin, start, clause.base)
    if source is None or source[0] - 2 <= start:
        return None
    joiner = source[0] - 1
    word = tokens.low[joiner]
    bare = bool(later.takes & BARE)
    if not tokens.word[joiner]:
        parts = word in _DASHES or word == ";" or (word == "," and tokens.flags[clause.lo] & _SUB)
        outside = not clause.quoted(joiner)
        return joiner if bare and parts and outside else None
    another = word == "and" and tokens.low[joiner - 1] == "," and (tokens.flags[source[0]] & _PRON or bare)
    contrast = word in _CONTRAST and later.takes & (BARE | {Takes.STANCE, Takes.OPINION, Takes.INTENT})
    when = word in _WHEN and bare and not subordinate
    return joiner if another or contrast or when else None


def _says_that(clause: Clause, group: VerbGroup) -> bool:
    tokens = clause.tokens
    return group.end < clause.hi and (tokens.low[group.end] == "that" or clause.quoted(group.end))
