"""Does a statement close with its source here? `"…," X said`, `…, said X on Sunday`, `…, according to X`."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.attribution.clause import (
    BARE,
    SPOKEN,
    Clause,
    after_marks,
    agrees,
    at_mark,
    edge_before,
    only_openers,
    quote_beside,
    quote_ends_at,
    quote_follows,
    quote_run_end,
    skip_setting,
    statement,
)
from pipeline.attribution.lexicon import Form, Takes, Word
from pipeline.attribution.phrases import Range, phrase_end, speaks, subject_after
from pipeline.attribution.subjects import subject_before
from pipeline.attribution.verbs import VerbGroup

_ADV = int(Word.ADVERB)
_AUX = int(Word.AUXILIARY)
_JOINER = int(Word.JOINER)
_PREP = int(Word.PREPOSITION)
_PRON = int(Word.PRONOUN)
_REL = int(Word.RELATIVE)
_SUB = int(Word.SUBORDINATOR)
_TIME = int(Word.TIME)
_ROLE = int(Word.ROLE)
_COMMAS = frozenset(",–—-")
_FAR = 400  # words of a bracket at the most
_NEAR = 40  # words within which a sign still tells


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """Of ", X said on Sunday": who, and where these words begin and end."""

    source: Range
    begin: int
    end: int


def closing(clause: Clause, group: VerbGroup) -> Closing | None:
    """(source, where the phrase begins, where it ends) of ", X said" or ", according to X"."""
    if group.according:
        source = _object_phrase(clause, group.end)
        return None if source is None else Closing(source=source, begin=group.begin, end=source[1])
    if group.passive or not group.takes & SPOKEN or not group.finite or group.prepositional:
        return None
    return _closing_inverted(clause, group) or _closing_plain(clause, group)


def _closing_plain(clause: Clause, group: VerbGroup) -> Closing | None:
    """As in "…, X said", also "…, as X said"."""
    tokens = clause.tokens
    source = subject_before(tokens, group.begin, clause.lo, clause.base)
    if source is None:
        return None
    begin = source[0]
    if begin > clause.lo and tokens.low[begin - 1] == "as":
        begin -= 1
    if not edge_before(clause, begin) and (begin == source[0] or begin > clause.lo):
        return None
    if Form.BASE in group.cue.forms and not agrees(clause, group, source):
        return None
    end = _rest_is_setting(clause, group)
    if end is None:
        return None
    medial = end == group.end and end < clause.hi and at_mark(clause, end)
    if not medial and _only_setting(clause, source[0], quoted=quote_follows(clause, end)):
        return None
    if (
        not group.takes & (BARE | {Takes.ASK})
        and not quote_beside(clause, source[0], end)
        and (Takes.OPINION not in group.takes)
    ):
        return None
    return Closing(source=source, begin=begin, end=end)


def _closing_inverted(clause: Clause, group: VerbGroup) -> Closing | None:
    """As in "…, said X of Y"."""
    tokens = clause.tokens
    if group.begin != group.verb or not edge_before(clause, group.begin):
        return None
    if not group.cue.forms & {Form.PAST, Form.THIRD}:
        return None
    source = subject_after(tokens, group.end, clause.hi, clause.base)
    if source is None or not (speaks(tokens, source) or group.cue.lemma == "say"):
        return None
    quoted = quote_ends_at(clause, group.begin)
    if group.cue.lemma != "say" and not quoted:
        return None
    end = skip_setting(clause, source[1])
    if not quoted and (not at_mark(clause, end) or _has_subject(clause, group)):
        return None
    if tokens.flags[source[0]] & _PRON and not at_mark(clause, source[1]):
        return None
    return Closing(source=source, begin=group.begin, end=end)


def _has_subject(clause: Clause, group: VerbGroup) -> bool:
    """The sentence opens with this verb's own subject: "Ilse Brandvik, a geologist, said …"."""
    source = subject_before(clause.tokens, group.begin, clause.lo, clause.base)
    return source is not None and (source[0] <= clause.free or only_openers(clause, source[0]))


def _only_setting(clause: Clause, begin: int, *, quoted: bool) -> bool:
    """What stands on the left is "After the meeting," or "At a rally in Ohio,", no statement."""
    tokens = clause.tokens
    first = clause.free
    while first < begin and not tokens.word[first]:
        first += 1
    if first >= begin or quote_ends_at(clause, begin) or clause.quoted(first):
        return False
    if not tokens.flags[first] & (_PREP | _SUB | _ADV | _TIME):
        return False
    return quoted or (begin - first <= 9 and not any(f & _AUX for f in tokens.flags[first:begin]))


def _rest_is_setting(clause: Clause, group: VerbGroup) -> int | None:
    """Where "X said on Sunday" ends, if nothing but where and when and to whom follows the verb."""
    end = skip_setting(clause, group.end, addressee=bool(group.takes & {Takes.TELL, Takes.ASK}))
    tokens = clause.tokens
    if end >= clause.hi:
        return end
    if clause.quoted(end):
        return end if not tokens.word[end - 1] or end == group.end else None
    if not tokens.word[end]:
        return end if tokens.low[end] in ",.;–—-?!" else None
    if tokens.flags[end] & (_REL | _JOINER) and tokens.low[end] not in ("that", "as", "because"):
        return end
    return None


def left_bound(clause: Clause, begin: int) -> int:
    """A statement in brackets with its source begins at the bracket."""
    tokens = clause.tokens
    for position in range(begin - 1, max(clause.free, begin - _FAR) - 1, -1):
        if tokens.word[position] or clause.quoted(position):
            continue
        mark = tokens.low[position]
        if mark in "([":
            return position + 1
        if mark in ")]":
            break
    return clause.free


def resumed(clause: Clause, end: int, *, direct: bool) -> Range | None:
    """The statement that goes on after its source: "A, X said, B" and `"A," X said, "B"`.

    ``direct``: a comma stands right after the verb, and no quotation before the source.
    """
    tokens = clause.tokens
    position = after_marks(clause, end)
    if position >= clause.hi:
        return None
    if clause.quoted(position):
        return statement(clause, position, quote_run_end(clause, position))
    if _after_quote(clause, end) or tokens.low[end] not in _COMMAS or clause.hi - position < 3:
        return None
    flag, word = tokens.flags[position], tokens.low[position]
    joined = word in ("and", "but") and _own_clause(clause, position + 1)
    aside = flag & _REL or word.endswith("ing") or _opens_aside(clause, position)
    if not joined and (aside or (not direct and flag & (_JOINER | _PREP | _SUB))):
        return None
    return statement(clause, position, clause.hi)


def _after_quote(clause: Clause, end: int) -> bool:
    """The words that name the source follow a quotation."""
    floor = max(clause.lo, end - _NEAR)
    return any(clause.quoted(position) for position in range(floor, min(end, clause.hi)))


def _own_clause(clause: Clause, position: int) -> bool:
    """A clause with a subject of its own, which nobody else says."""
    tokens = clause.tokens
    phrase = subject_after(tokens, position, clause.hi, clause.base)
    return phrase is not None and phrase[1] < clause.hi and bool(tokens.flags[phrase[1]] & _AUX)


def _opens_aside(clause: Clause, position: int) -> bool:
    """An apposition to the source rather than the rest of the statement: ", a professor at Y"."""
    tokens = clause.tokens
    return any(tokens.flags[p] & _ROLE for p in range(position, min(clause.hi, position + 7))) and not any(
        tokens.flags[p] & _AUX for p in range(position, min(clause.hi, position + _NEAR))
    )


def _object_phrase(clause: Clause, first: int) -> Range | None:
    return subject_after(clause.tokens, first, clause.hi, clause.base) or _any_phrase(clause, first)


def _any_phrase(clause: Clause, first: int) -> Range | None:
    if first >= clause.hi or not clause.tokens.word[first] or clause.quoted(first):
        return None
    return first, phrase_end(clause.tokens, first, clause.hi, clause.base)


def closes_over(clause: Clause, group: VerbGroup, begin: int) -> bool:
    """A closing ", X said" reaches back over an earlier verb, but not over its "but" or semicolon."""
    tokens = clause.tokens
    if begin - group.end > _FAR:
        return False
    for position in range(group.end, begin - 1):
        if not tokens.word[position] and not clause.quoted(position):
            mark, after = tokens.low[position], tokens.low[position + 1]
            if mark == ";" or (mark == "," and after in ("but", "while", "although")):
                return False
    return True
