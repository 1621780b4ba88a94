"""Where does the content start that follows a verb? "said that …", "told Y …", "vowed to …", `said: "…"`."""

from __future__ import annotations

from pipeline.attribution.clause import (
    ADDRESSED,
    BARE,
    SPOKEN,
    Clause,
    full_quote,
    opens_figure,
    skip_addressee,
    skip_setting,
)
from pipeline.attribution.lexicon import Takes, Word
from pipeline.attribution.phrases import Range, speaks
from pipeline.attribution.verbs import VerbGroup

_ADV = int(Word.ADVERB)
_AUX = int(Word.AUXILIARY)
_COORD = int(Word.COORDINATOR)
_DET = int(Word.DETERMINER)
_JOINER = int(Word.JOINER)
_PREP = int(Word.PREPOSITION)
_PRON = int(Word.PRONOUN)
_QUESTION = int(Word.QUESTION)
_SETTING = int(Word.SETTING)
_SUB = int(Word.SUBORDINATOR)
_TIME = int(Word.TIME)

COLON, OPEN = -1, -2


def following(clause: Clause, group: VerbGroup, source: Range | None) -> tuple[int, float] | None:
    """Where the content after a verb starts, and how sure that is.

    The place is ``OPEN`` where the words end with the verb, ``COLON`` where they end with "X said:".
    """
    tokens, end = clause.tokens, group.end
    if end >= clause.hi:
        return (OPEN, 0.6) if source is not None and group.takes & SPOKEN else None
    if tokens.flags[end] & _AUX and tokens.quote[end] < 0:
        return None
    quoted = _quoted_after(clause, group)
    if quoted is not None:
        return quoted
    able = source is None or speaks(tokens, source)
    if group.prepositional:
        return (end, 0.7) if able else None
    return _spoken_after(clause, group) or (_held_after(clause, group) if able else None)


def _spoken_after(clause: Clause, group: VerbGroup) -> tuple[int, float] | None:
    """What was said or asked: "that …", "whether …", or a bare clause."""
    takes = group.takes
    if takes & {Takes.SPEECH, Takes.OPINION, Takes.TELL}:
        that = _that_after(clause, group)
        if that is not None:
            return that, 0.9 if takes & BARE else 0.7
    if Takes.ASK in takes:
        asked = _question_after(clause, group)
        if asked is not None:
            return asked, 0.85
    if Takes.INTENT in takes and clause.tokens.low[group.end] == "to":
        return None
    if takes & {Takes.SPEECH, Takes.OPINION} or group.cue.lemma == "tell":
        bare = _bare_after(clause, group)
        if bare is not None:
            return bare, 0.85 if group.cue.lemma in ("say", "tell") else 0.65
    return None


def _held_after(clause: Clause, group: VerbGroup) -> tuple[int, float] | None:
    """What was meant to be done ("to …"), or was taken a stance on."""
    if Takes.INTENT in group.takes and clause.tokens.low[group.end] == "to":
        return group.end, 0.65
    if Takes.STANCE in group.takes and _object_after(clause, group):
        return group.end, 0.6
    return None


def _quoted_after(clause: Clause, group: VerbGroup) -> tuple[int, float] | None:
    """`said "…"`, `said: "…"`, `said on Sunday, "…"`; also "said:" with plain words after it."""
    tokens = clause.tokens
    if not group.takes & (SPOKEN | {Takes.STANCE}):
        return None
    position = group.end
    limit = min(clause.hi, position + 24)
    while position < limit:
        quote = tokens.quote[position]
        if quote not in (-1, clause.base):
            if tokens.quotes[quote].start == tokens.start[position] and _speaks_up(clause, group, position):
                return position, 0.9
            return None
        if not tokens.word[position]:
            mark = tokens.low[position]
            if mark == ":":
                if position + 1 >= clause.hi:
                    return COLON, 0.6
                if tokens.start[position + 1] == tokens.end[position]:
                    return None  # "at 9:42"

                return (position + 1, 0.8) if group.takes & SPOKEN else None
            if mark not in ",":
                return None
        elif tokens.low[position] == "that":
            return None
        position += 1
    return None


def _speaks_up(clause: Clause, group: VerbGroup, position: int) -> bool:
    """Whether the quotation that starts here is the content, not a word inside a clause."""
    tokens = clause.tokens
    before = position - 1
    if before == group.end - 1:
        return True
    if not tokens.word[before]:
        return tokens.low[before] in ",:"
    if not group.takes & BARE:
        return False
    skipped = skip_setting(clause, group.end, addressee=bool(group.takes & {Takes.TELL, Takes.ASK}))
    return skipped == position and full_quote(clause, tokens.quote[position])


def _that_after(clause: Clause, group: VerbGroup) -> int | None:
    """The "that" that opens the content, past an addressee, a time or a setting."""
    tokens = clause.tokens
    position = group.end
    limit = min(clause.hi, position + 14)
    while position < limit:
        if clause.quoted(position):
            return None
        if tokens.low[position] == "that" and (
            position == group.end or not _relative(clause, position, group)
        ):
            return position
        if not tokens.word[position]:
            if tokens.low[position] != ",":
                return None
        elif tokens.flags[position] & _AUX or (
            position == group.end
            and not group.takes & {Takes.TELL, Takes.ASK}
            and not tokens.flags[position] & (_PREP | _TIME | _ADV)
        ):
            return None
        position += 1
    return None


def _relative(clause: Clause, position: int, group: VerbGroup) -> bool:
    """A "that" of a relative clause or a pointing one: "of the plan that failed"."""
    before = position - 1
    tokens = clause.tokens
    if (
        not tokens.word[before]
        or tokens.flags[before] & (_TIME | _SETTING | _ADV)
        or tokens.low[before] in ADDRESSED
    ):
        return False
    return not group.takes & {Takes.TELL, Takes.ASK} and not tokens.capital[before]


def _question_after(clause: Clause, group: VerbGroup) -> int | None:
    tokens = clause.tokens
    position = skip_addressee(clause, group.end)
    while position < clause.hi and tokens.flags[position] & _TIME and not tokens.flags[position] & _DET:
        position += 1
    if position < clause.hi and (tokens.flags[position] & _QUESTION or tokens.low[position] == "about"):
        return position
    if (
        position < clause.hi
        and tokens.low[position] == "to"
        and position > group.end
        and not tokens.flags[group.end] & _ADV
    ):
        return group.end
    return None


def _bare_after(clause: Clause, group: VerbGroup) -> int | None:
    """A clause or object right after the verb, or after a time or a setting."""
    tokens = clause.tokens
    position = group.end
    if Takes.TELL in group.takes and group.cue.lemma == "tell":
        position = skip_addressee(clause, position)
        if position >= clause.hi:
            return None
    while position < clause.hi and tokens.flags[position] & _TIME and not tokens.flags[position] & _DET:
        position += 1
    figure = position < clause.hi and opens_figure(clause, position)
    if position < clause.hi and tokens.flags[position] & _PREP and not figure:
        position = _past_setting(clause, position)
    if position >= clause.hi - 1 or not tokens.word[position]:
        return None if position >= clause.hi - 1 or not clause.quoted(position) else position
    flag = tokens.flags[position]
    if figure:
        return position
    if flag & (_COORD | _JOINER) or (flag & _PREP and position == group.end and not flag & _DET):
        return None
    if flag & _SUB and not flag & (_DET | _QUESTION) and tokens.low[position] != "that":
        return None
    if group.takes & {Takes.SPEECH, Takes.TELL} or _has_verb(clause, position):
        if group.takes.isdisjoint(BARE) and flag & _QUESTION:
            return None
        return position
    return None


def _past_setting(clause: Clause, position: int) -> int:
    """Past "in a statement", "on Sunday", when a clause follows; else where it was."""
    tokens = clause.tokens
    end = position + 1
    while end < min(clause.hi, position + 8) and tokens.word[end]:
        if tokens.flags[end] & (_SETTING | _TIME) and not tokens.flags[end] & _DET:
            end += 1
            while end < clause.hi and tokens.flags[end] & _TIME and not tokens.flags[end] & _DET:
                end += 1
            if end < clause.hi and (tokens.flags[end] & (_DET | _PRON) or tokens.capital[end]):
                return end
            return clause.hi
        end += 1
    return clause.hi


def _has_verb(clause: Clause, position: int) -> bool:
    """A clause seems to follow: an auxiliary or a verb form within reach, before the next comma."""
    tokens = clause.tokens
    for place in range(position + 1, min(clause.hi, position + 12)):
        if tokens.flags[place] & _AUX:
            return True
        if tokens.low[place].endswith("ed") and place > position + 1:
            return True
        if not tokens.word[place]:
            return False
    return False


def _object_after(clause: Clause, group: VerbGroup) -> bool:
    tokens = clause.tokens
    position = group.end
    if position >= clause.hi:
        return False
    if clause.quoted(position):
        return True
    flag = tokens.flags[position]
    if not tokens.word[position] or (flag & (_COORD | _SUB | _AUX) and not flag & _DET):
        return False
    return not flag & (_PREP | _TIME) or bool(flag & _DET)
