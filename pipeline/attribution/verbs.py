"""Where are the reporting verbs, and how far does each verb group reach?"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.attribution.lexicon import Cue, Form, Lexicon, Takes, Word
from pipeline.attribution.tokens import Tokens

_AUX = int(Word.AUXILIARY)
_ADV = int(Word.ADVERB)
_DET = int(Word.DETERMINER)
_PASSIVE = int(Word.PASSIVE)
_LOOSE = int(Word.LOOSE)
_ACCORDING = Cue(
    lemma="according",
    forms=frozenset(),
    takes=frozenset({Takes.SPEECH}),
    particles=frozenset(),
    tails=(),
    nominal=False,
)
_BEFORE_NOUN = frozenset(
    {"of", "'s", "whose", "no", "any", "per", "by", "from", "with", "without", "for", "in", "on"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class VerbGroup:
    """A reporting verb with its auxiliaries before it and its particles after it."""

    begin: int
    verb: int
    end: int
    cue: Cue
    takes: frozenset[Takes]
    prepositional: bool  # "called for": the content is what follows
    passive: bool
    finite: bool  # has a subject of its own, unlike "adding"

    @property
    def according(self) -> bool:
        return self.cue is _ACCORDING


def verb_groups(tokens: Tokens, lexicon: Lexicon, lo: int, hi: int, base: int) -> list[VerbGroup]:
    """The verb groups of a range in order, none inside another quote."""
    groups: list[VerbGroup] = []
    low, cues, quote = tokens.low, lexicon.cues, tokens.quote
    position = lo
    while position < hi:
        word = low[position]
        if quote[position] not in (-1, base):
            position += 1
        elif word == "according" and position + 1 < hi and low[position + 1] == "to":
            groups.append(
                VerbGroup(
                    begin=position, verb=position, end=position + 2, cue=_ACCORDING, takes=_ACCORDING.takes,
                    prepositional=False, passive=False, finite=True,
                )
            )  # fmt: skip
            position += 2
        else:
            cue = cues.get(word)
            group = _group(tokens, cue, position, lo, hi) if cue is not None else None
            if group is not None:
                groups.append(group)
                position = group.end
            else:
                position += 1
    return groups


def _group(tokens: Tokens, cue: Cue, verb: int, lo: int, hi: int) -> VerbGroup | None:
    """The verb group of a cue's form, unless its neighbours show it to be a noun or a part of another verb."""
    flags = tokens.flags
    begin, auxiliary, passive = verb, False, False
    while begin > lo and flags[begin - 1] & (_AUX | _ADV) and not tokens.capital[begin - 1]:
        begin -= 1
        if flags[begin] & _AUX:
            auxiliary = True
            passive = passive or bool(flags[begin] & _PASSIVE and Form.PAST in cue.forms)
    if begin - 1 == lo and flags[lo] & _AUX:  # "Have they said": a capital opens the sentence
        begin, auxiliary = lo, True
    if _is_no_verb(tokens, cue, verb, begin, lo, hi, auxiliary=auxiliary):
        return None
    end, takes, prepositional = _tail(tokens, cue, verb, hi)
    if not takes and not prepositional:
        return None
    return VerbGroup(
        begin=begin,
        verb=verb,
        end=end,
        cue=cue,
        takes=takes,
        prepositional=prepositional,
        passive=passive,
        finite=Form.ING not in cue.forms or auxiliary,
    )


def _is_no_verb(
    tokens: Tokens, cue: Cue, verb: int, begin: int, lo: int, hi: int, *, auxiliary: bool
) -> bool:
    """A noun ("the claims", "of reports"), a name, an infinitive, or a participle ("added by …")."""
    if tokens.possessive[verb]:
        return True
    inside = verb > lo and tokens.word[verb - 1]
    if tokens.capital[verb] and inside and not _headline(tokens, cue, verb, hi):
        return True
    if begin == lo:
        return False
    before = tokens.low[begin - 1]
    if before == "to":
        return True
    if auxiliary:
        return False
    if Form.PAST in cue.forms and verb + 1 < hi and tokens.low[verb + 1] == "by":
        return True
    if before in _BEFORE_NOUN or (tokens.flags[begin - 1] & _DET and not tokens.flags[begin - 1] & _LOOSE):
        return True
    return cue.nominal and Form.BASE in cue.forms and not tokens.word[begin - 1]


def _headline(tokens: Tokens, cue: Cue, verb: int, hi: int) -> bool:
    """A capitalised verb in a headline: "Minister Says Talks Will Resume"."""
    return (
        Form.THIRD in cue.forms
        and bool(cue.takes & {Takes.SPEECH, Takes.TELL})
        and tokens.capital[verb - 1]
        and verb + 1 < hi
        and tokens.capital[verb + 1]
    )


def _tail(tokens: Tokens, cue: Cue, verb: int, hi: int) -> tuple[int, frozenset[Takes], bool]:
    low = tokens.low
    for tail in cue.tails:
        end = verb + 1 + len(tail)
        if end <= hi and tuple(low[verb + 1 : end]) == tail:
            kinds = (
                frozenset({Takes.SPEECH, Takes.QUOTING}) if tail[-1] != "on" else frozenset({Takes.QUOTING})
            )
            return end, kinds, False
    if cue.particles and verb + 1 < hi and low[verb + 1] in cue.particles:
        return verb + 2, cue.takes, True
    return verb + 1, cue.takes, False
