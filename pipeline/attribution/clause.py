"""One sentence while it is read: its bounds, what is taken already, and what stands at its edges."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Form, Takes, Word
from pipeline.attribution.phrases import Range, phrase_end, plural
from pipeline.attribution.tokens import Tokens
from pipeline.attribution.verbs import VerbGroup

_ADV = int(Word.ADVERB)
_AUX = int(Word.AUXILIARY)
_COORD = int(Word.COORDINATOR)
_DET = int(Word.DETERMINER)
_PREP = int(Word.PREPOSITION)
_PRON = int(Word.PRONOUN)
_QUESTION = int(Word.QUESTION)
_REL = int(Word.RELATIVE)
_SUB = int(Word.SUBORDINATOR)
_TIME = int(Word.TIME)
SPOKEN = frozenset({Takes.SPEECH, Takes.TELL, Takes.ASK, Takes.QUOTING, Takes.OPINION})
_NEARLY = frozenset({"about", "around", "over", "under", "between"})
ADDRESSED = frozenset(
    {"him", "her", "them", "me", "us", "you", "it", "reporters", "journalists", "lawmakers"}
)
BARE = frozenset({Takes.SPEECH, Takes.TELL})


@dataclass(slots=True, kw_only=True)
class Clause:
    """A sentence's tokens from ``lo`` to ``hi``; ``base``: the quote it is read inside of, or -1."""

    tokens: Tokens
    lo: int
    hi: int
    base: int
    free: int  # everything before it is taken
    drafts: list[Draft] = field(default_factory=list)

    def quoted(self, position: int) -> bool:
        """The token stands in a quotation that is not the one we read in."""
        return self.tokens.quote[position] not in (-1, self.base)


def statement(clause: Clause, first: int, end: int) -> Range | None:
    """The range without the marks and joining words at its edges; None if no word is left."""
    tokens = clause.tokens
    while first < end and not tokens.word[first] and not clause.quoted(first):
        first += 1
    while end > first and not tokens.word[end - 1] and not clause.quoted(end - 1):
        end -= 1
    while end > first and tokens.flags[end - 1] & _COORD and not clause.quoted(end - 1):
        end -= 1
    if not any(tokens.word[p] for p in range(first, min(end, first + 6))):
        return None
    return first, end


def edge_before(clause: Clause, position: int) -> bool:
    """A comma, a dash or a quotation's end stands before, with a statement on its left."""
    tokens = clause.tokens
    if position <= clause.lo:
        return False
    before = position - 1
    if tokens.flags[before] & _COORD and before > clause.lo:
        before -= 1
    if clause.quoted(before):
        return True
    return not tokens.word[before] and tokens.low[before] in ",–—-?!…”\"’'"


def at_mark(clause: Clause, position: int) -> bool:
    """The sentence, or a part of it, ends here."""
    tokens = clause.tokens
    return position >= clause.hi or not tokens.word[position] or bool(tokens.flags[position] & _REL)


def quote_ends_at(clause: Clause, position: int) -> bool:
    """A quotation ends right before."""
    before = position - 1
    return before >= clause.lo and clause.quoted(before)


def quote_follows(clause: Clause, end: int) -> bool:
    """A quotation starts here, or after a comma or colon."""
    position = after_marks(clause, end)
    return position < clause.hi and clause.quoted(position)


def after_marks(clause: Clause, position: int) -> int:
    """The first word, or the first mark that opens a quotation."""
    while position < clause.hi and not clause.tokens.word[position] and not clause.quoted(position):
        position += 1
    return position


def quote_beside(clause: Clause, begin: int, end: int) -> bool:
    """A quotation ends right before, or starts right after, marks aside."""
    return quote_ends_at(clause, begin) or quote_follows(clause, end)


def full_quote(clause: Clause, quote: int) -> bool:
    """A quotation that ends with its own punctuation, or is long: a statement by itself."""
    if quote < 0:
        return False
    tokens = clause.tokens
    first, end = tokens.quote_range[quote]
    last = end - 2 if tokens.quotes[quote].closed else end - 1
    return last > first and not tokens.word[last] and tokens.low[last] in ",.?!…"


def quote_run_end(clause: Clause, position: int) -> int:
    """The end of the quotation that starts here, or of all that follows if more is quoted after it."""
    tokens = clause.tokens
    quote = tokens.quote[position]
    end = tokens.quote_range[quote][1] if quote >= 0 else position
    end = min(end, clause.hi)
    if full_quote(clause, quote):
        return end
    return clause.hi


def skip_setting(clause: Clause, position: int, *, addressee: bool = False) -> int:
    """Past times, adverbs, an addressee and prepositional phrases up to the next mark."""
    tokens = clause.tokens
    if addressee:
        position = skip_addressee(clause, position)
    while position < clause.hi:
        flag = tokens.flags[position]
        if clause.quoted(position) or not tokens.word[position]:
            break
        if flag & (_ADV | _TIME) and not flag & _PRON:
            position += 1
        elif flag & _PREP and not opens_figure(clause, position):
            position = _skip_prepositional(clause, position)
        else:
            break
    return position


def opens_figure(clause: Clause, position: int) -> bool:
    """A number follows, and the words say how near it is: "over 80 militants", "around 400 people"."""
    tokens, after = clause.tokens, position + 1
    return tokens.low[position] in _NEARLY and after < clause.hi and tokens.low[after][:1].isdigit()


def _skip_prepositional(clause: Clause, position: int) -> int:
    """Past "in a long speech to the assembly", but not into a clause."""
    tokens = clause.tokens
    end = position + 1
    while end < min(clause.hi, position + 14):
        if not tokens.word[end] or clause.quoted(end):
            break
        flag = tokens.flags[end]
        if flag & _AUX or tokens.low[end] == "that" or (flag & _PRON and end > position + 1):
            break
        end += 1
    return end


def skip_addressee(clause: Clause, position: int) -> int:
    """Past whoever was told: "told reporters", "asked the minister"."""
    tokens = clause.tokens
    if position >= clause.hi or clause.quoted(position):
        return position
    word, flag = tokens.low[position], tokens.flags[position]
    if word in ADDRESSED and (word != "her" or not _owns(clause, position + 1)):
        return position + 1
    if word == "that" or flag & (_PREP | _QUESTION) or not tokens.word[position]:
        return position
    return phrase_end(tokens, position, clause.hi, clause.base)


def _owns(clause: Clause, position: int) -> bool:
    """A noun follows: "told her staff", not "told her that"."""
    tokens = clause.tokens
    if position >= clause.hi or not tokens.word[position]:
        return False
    return not tokens.flags[position] & (_SUB | _PREP | _DET)


def agrees(clause: Clause, group: VerbGroup, source: Range) -> bool:
    """A base form needs an auxiliary or a plural subject; past forms that equal the base do not."""
    if group.begin < group.verb and any(
        clause.tokens.flags[p] & _AUX for p in range(group.begin, group.verb)
    ):
        return True
    return Form.PAST in group.cue.forms or plural(clause.tokens, source)


def only_openers(clause: Clause, begin: int) -> bool:
    """Nothing but "But", "Meanwhile," stands before in the sentence."""
    return all(
        not clause.tokens.word[p] or clause.tokens.flags[p] & (_ADV | _COORD) for p in range(clause.lo, begin)
    )


def ends_with_colon(clause: Clause, end: int) -> bool:
    """A colon stands here, as in `X said:`."""
    return end < clause.hi and clause.tokens.low[end] == ":"
