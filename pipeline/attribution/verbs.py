"""Where are the reporting verbs, and how far does each verb group reach?"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.attribution.lexicon import Cue, Form, Lexicon, Takes, Word
from pipeline.attribution.tokens import Tokens

_AUX = int(Word.AUXILIARY)
_ADV = int(Word.ADVERB)
_PREP = int(Word.PREPOSITION)
_DET = int(Word.DETERMINER)
_PASSIVE = int(Word.PASSIVE)
_TIME = int(Word.TIME)
_ACCORDING = Cue(
    lemma="according", forms=frozenset(), takes=frozenset({Takes.SPEECH}), particles=frozenset(), tails=()
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
    flags, low = tokens.flags, tokens.low
    if tokens.possessive[verb] or (
        tokens.capital[verb] and verb > lo and tokens.word[verb - 1] and not _headline(tokens, cue, verb, hi)
    ):
        return None
    begin, auxiliary, passive = verb, False, False
    while begin > lo and flags[begin - 1] & (_AUX | _ADV) and not tokens.capital[begin - 1]:
        begin -= 1
        if flags[begin] & _AUX:
            auxiliary = True
            if flags[begin] & _PASSIVE and Form.PAST in cue.forms and not _perfect_after(low, begin):
                passive = True
    if begin > lo and flags[begin - 1] & _AUX and begin - 1 == lo:
        begin, auxiliary = lo, True
    # adverbs alone before a verb belong to it only where they touch it: "once again stressed"
    before = low[begin - 1] if begin > lo else ""
    if before == "to" or (before and before in _BEFORE_NOUN and not auxiliary):
        return None
    if (
        begin > lo
        and flags[begin - 1] & _DET
        and not auxiliary
        and before not in ("some", "many", "others", "both", "all", "most", "few", "several")
    ):
        return None
    if Form.PAST in cue.forms and not auxiliary and verb + 1 < hi and low[verb + 1] == "by":
        return None  # "measures added by the council"
    ing = Form.ING in cue.forms
    if (
        Form.BASE in cue.forms
        and not auxiliary
        and low[verb] in _NOUNS
        and begin > lo
        and not tokens.word[begin - 1]
    ):
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
        finite=not ing or auxiliary,
    )


def _headline(tokens: Tokens, cue: Cue, verb: int, hi: int) -> bool:
    """A capitalised verb in a headline: "Minister Says Talks Will Resume"."""
    return (
        Form.THIRD in cue.forms
        and bool(cue.takes & {Takes.SPEECH, Takes.TELL})
        and tokens.capital[verb - 1]
        and verb + 1 < hi
        and tokens.capital[verb + 1]
    )


# Base forms that are nouns more often than verbs where nothing stands before them.
_NOUNS = frozenset(
    {
        "report",
        "reports",
        "claim",
        "claims",
        "call",
        "plan",
        "plans",
        "vote",
        "question",
        "state",
        "states",
        "note",
        "notes",
        "post",
        "study",
        "figure",
        "figures",
        "hope",
        "hopes",
        "fear",
        "fears",
        "demand",
        "demands",
        "support",
        "attack",
        "back",
        "order",
        "estimate",
        "estimates",
        "value",
        "values",
        "find",
        "show",
        "shows",
        "comment",
        "comments",
        "tweet",
        "tweets",
        "promise",
        "pledge",
        "offer",
        "rule",
        "rules",
        "charge",
        "charges",
        "reason",
        "start",
        "close",
        "text",
        "message",
        "email",
    }
)


def _perfect_after(low: list[str], position: int) -> bool:
    """Of "has been saying": the participle after "been" decides, not "has"."""
    return low[position] == "been" and False


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
