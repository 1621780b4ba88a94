"""Which words before a verb are its subject? Scanned back to the edge of the clause, over appositions."""

from __future__ import annotations

from pipeline.attribution.lexicon import Word
from pipeline.attribution.phrases import INNER_MARKS, REACH, SPEAKER, SUBJECT_PRONOUNS, Range
from pipeline.attribution.tokens import Tokens

_LONGEST = 16  # words of a source; longer ones are cut to their last phrase
_APPOSITION = 30  # words between two commas after a name
_DET = int(Word.DETERMINER)
_PRON = int(Word.PRONOUN)
_AUX = int(Word.AUXILIARY)
_ADV = int(Word.ADVERB)
_PREP = int(Word.PREPOSITION)
_SUB = int(Word.SUBORDINATOR)
_COORD = int(Word.COORDINATOR)
_TIME = int(Word.TIME)
_REL = int(Word.RELATIVE)
_LOOSE = int(Word.LOOSE)
_CLAUSE_PREPOSITIONS = frozenset({"after", "before", "since", "until"})
_NOT_SUBJECT = frozenset({"there", "them", "him", "me", "us"})


def subject_before(tokens: Tokens, verb: int, lo: int, base: int) -> Range | None:
    """The subject that ends right before a verb group, an apposition or relative clause between allowed.

    "Ilse Brandvik, who led the survey, said" gives "Ilse Brandvik".
    """
    last = verb - 1
    low, text = tokens.low, tokens.text
    last = _before_time(tokens, last, lo)
    if last < lo:
        return None
    inserted = False
    mark = text[tokens.start[last]]
    if mark == "%":
        return _phrase_ending_at(tokens, last, lo, base)
    if not tokens.word[last] and mark in ",—–-)":
        first = _inserted(tokens, last, lo, mark)
        if first is None:
            return None
        last = first - 1
        inserted = mark == ","
        if last < lo:
            return None
    if tokens.quote[last] not in (-1, base) or not tokens.word[last]:
        return None
    if low[last] in SUBJECT_PRONOUNS:
        return last, last + 1
    if tokens.flags[last] & _REL:
        return (last, last + 1) if low[last] == "who" and last > lo else None
    phrase = _phrase_ending_at(tokens, last, lo, base)
    while inserted and phrase is not None:  # "Ilse Brandvik, 45, a geologist at the institute, said"
        named = _named_before(tokens, phrase, lo, base)
        if named is None:
            break
        phrase = named
    return phrase


def _before_time(tokens: Tokens, last: int, lo: int) -> int:
    """Past a time between subject and verb: "the minister on Thursday said"."""
    position = last
    while (
        position > lo
        and tokens.flags[position] & (_TIME | _ADV)
        and not tokens.flags[position] & (SPEAKER | _DET)
    ):
        position -= 1
    if position < last and position > lo and tokens.low[position] == "on":
        position -= 1
    return position


def _named_before(tokens: Tokens, phrase: Range, lo: int, base: int) -> Range | None:
    """The name that a phrase between commas is in apposition to."""
    first = phrase[0]
    comma = first - 1
    if comma - 1 < lo or tokens.text[tokens.start[comma]] != "," or not tokens.capital[comma - 1]:
        return None
    opens = tokens.flags[first] & _DET or tokens.low[first][:1].isdigit() or not tokens.capital[first]
    if not opens:
        return None
    return _phrase_ending_at(tokens, comma - 1, lo, base)


def _inserted(tokens: Tokens, close: int, lo: int, mark: str) -> int | None:
    """Where the insertion starts that ends with this mark: "X, the mayor of Y, said" gives its first comma."""
    opening = "(" if mark == ")" else mark
    for position in range(close - 1, max(lo, close - _APPOSITION) - 1, -1):
        if tokens.word[position]:
            continue
        found = tokens.text[tokens.start[position]]
        if found == opening:
            after = position + 1
            if mark == "," and after < close and not _may_insert(tokens, after, close):
                return None
            return position
        if found in '"“”;:?!':
            return None
    return None


def _may_insert(tokens: Tokens, first: int, close: int) -> bool:
    """An insertion after a name: "who …", "a …", "the …", an age, a place; not a clause of its own."""
    flags = tokens.flags[first]
    segment = tokens.flags[first:close]
    if any(f & _AUX for f in segment) and not any(f & _REL for f in segment):
        return False
    if (
        flags & (_REL | _DET | _PREP | _TIME | _ADV)
        or tokens.capital[first]
        or tokens.low[first][:1].isdigit()
    ):
        return True
    if tokens.low[first].endswith(("ing", "ed")) or flags & SPEAKER:
        return True
    return close - first <= 6


def _phrase_ending_at(tokens: Tokens, last: int, lo: int, base: int) -> Range | None:
    """The noun phrase whose last word this is, scanned back to the edge of its clause."""
    flags, low = tokens.flags, tokens.low
    if low[last] in _NOT_SUBJECT or (flags[last] & (_PREP | _DET | _COORD) and not flags[last] & _LOOSE):
        return None
    first = position = last
    finite = False  # a verb was passed: what stands before it belongs only to a relative clause
    floor = max(lo, last - REACH)
    while position >= floor and tokens.quote[position] in (-1, base):
        flag = flags[position]
        if not tokens.word[position]:
            skipped = _past_mark(tokens, position, lo)
            if skipped is None:
                break
            position = skipped
            continue
        if flag & _REL or low[position] == "that":
            antecedent = position - 1
            names = antecedent >= floor and tokens.word[antecedent] and (finite or last - position > 1)
            if names and (flag & _REL or flags[antecedent] & SPEAKER):
                return _phrase_ending_at(tokens, antecedent, lo, base)
            break
        if _clause_edge(tokens, position, floor, last):
            break
        finite = finite or bool(flag & _AUX and not tokens.capital[position])
        if not finite:
            first = position
        position -= 1
    return _trimmed(tokens, first, last)


def _past_mark(tokens: Tokens, position: int, lo: int) -> int | None:
    """The place before a mark that stands inside a noun phrase: "AT&T", "the senators' (bipartisan) group"."""
    mark = tokens.low[position]
    if mark in INNER_MARKS:
        return position - 1
    opened = _inserted(tokens, position, lo, ")") if mark == ")" else None
    return None if opened is None else opened - 1


def _clause_edge(tokens: Tokens, position: int, floor: int, last: int) -> bool:
    """A word that begins another clause: "because", "after", the "and" of two clauses."""
    flag = tokens.flags[position]
    if flag & _SUB and (not flag & _PREP or tokens.low[position] in _CLAUSE_PREPOSITIONS):
        return True
    return bool(flag & _COORD) and not _joins(tokens, position, floor, last)


def _joins(tokens: Tokens, position: int, floor: int, last: int) -> bool:
    """True for the "and" of two names ("Corrado and Oldane said"), not of two clauses."""
    if tokens.low[position] != "and" or position - 1 < floor or last - position > 8:
        return False
    before, after = position - 1, position + 1
    if not tokens.word[before]:
        return False
    if tokens.capital[before] and tokens.capital[after] and not tokens.flags[after] & _PRON:
        return _clean_left(tokens, before, floor)
    return bool(tokens.flags[before] & SPEAKER and tokens.flags[last] & SPEAKER) and _clean_left(
        tokens, before, floor
    )


def _clean_left(tokens: Tokens, before: int, floor: int) -> bool:
    """Nothing but a short noun phrase from here to the edge on the left."""
    for position in range(before, max(floor, before - 7) - 1, -1):
        if not tokens.word[position]:
            return tokens.text[tokens.start[position]] in ",;:"
        if tokens.flags[position] & (_AUX | _SUB):
            return False
    return before - floor < 7


def _trimmed(tokens: Tokens, first: int, last: int) -> Range | None:
    """The phrase without the adverbs, times and prepositional phrases before it."""
    flags = tokens.flags
    while first < last and (
        flags[first] & (_COORD | _ADV)
        or not tokens.word[first]
        or (flags[first] & _TIME and not flags[first] & _DET)
    ):
        if flags[first] & _LOOSE:
            break
        first += 1
    if flags[first] & _PREP and not (tokens.capital[first] and first > 0 and tokens.word[first - 1]):
        start = _last_start(tokens, first, last)
        if start is None:
            return None
        first = start
    if last - first >= _LONGEST:
        start = _last_start(tokens, last - _LONGEST // 2, last)
        first = start if start is not None else last
    if flags[first] & _AUX and not tokens.capital[first]:
        return None
    if first == last and flags[last] & (_ADV | _TIME | _AUX) and not flags[last] & (_LOOSE | SPEAKER):
        return None
    return first, last + 1


def _last_start(tokens: Tokens, first: int, last: int) -> int | None:
    """Where the last noun phrase of a range starts: "On Sunday | the ministry"."""
    for position in range(last, first, -1):
        before, flag = position - 1, tokens.flags[position]
        if not tokens.word[before] or tokens.flags[before] & (_PREP | _DET | _COORD):
            continue
        named = tokens.capital[position] and not flag & _TIME
        if flag & (_DET | _PRON) or (named and (not tokens.capital[before] or tokens.flags[before] & _TIME)):
            return position
    return None
