"""Which words beside a verb are its subject? Noun phrases found from their edges, without a parser.

A range is a pair of token positions, end exclusive. ``lo`` and ``hi`` bound the search, and ``base`` is
the quote that the search is inside of: tokens of other quotes are never part of a source.
"""

from __future__ import annotations

from pipeline.attribution.lexicon import Word
from pipeline.attribution.tokens import Tokens

Range = tuple[int, int]

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
_ROLE = int(Word.ROLE)
_SPEAKER = int(
    Word.ROLE
    | Word.ANONYMOUS
    | Word.DOCUMENT
    | Word.BODY
    | Word.COMMON_BODY
    | Word.PRONOUN
    | Word.LOOSE
    | Word.TITLE
)
_SUBJECT_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you"})
_SPEAKER_ENDINGS = ("ers", "ors", "ists", "ians", "ants", "ment", "man", "woman", "men")
_OPEN = frozenset(",;:—–-(")
_PARTICLES = frozenset(
    {"al", "el", "de", "van", "der", "von", "bin", "ibn", "da", "di", "du", "la", "le", "ben", "den"}
)
_NOT_SUBJECT = frozenset({"there", "them", "him", "me", "us"})


def subject_before(tokens: Tokens, verb: int, lo: int, base: int) -> Range | None:
    """The subject that ends right before a verb group, an apposition or relative clause between allowed.

    >>> # "Ilse Brandvik, who led the survey, said": "Ilse Brandvik"
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
    if low[last] in _SUBJECT_PRONOUNS:
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
        and not tokens.flags[position] & (_SPEAKER | _DET)
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
    if tokens.low[first].endswith(("ing", "ed")) or flags & _SPEAKER:
        return True
    return close - first <= 6


def _phrase_ending_at(tokens: Tokens, last: int, lo: int, base: int) -> Range | None:
    flags, low, word = tokens.flags, tokens.low, tokens.word
    if flags[last] & (_PREP | _DET | _COORD) and not flags[last] & _LOOSE:
        return None
    if low[last] in _NOT_SUBJECT:
        return None
    first = last
    finite = False
    position = last
    floor = max(lo, last - 40)
    while position >= floor:
        flag = flags[position]
        if tokens.quote[position] not in (-1, base):
            break
        if not word[position]:
            mark = tokens.text[tokens.start[position]]
            if mark in "&$%'’/":
                position -= 1
                continue
            if mark == ")":
                opened = _inserted(tokens, position, lo, ")")
                if opened is None:
                    break
                position = opened - 1
                continue
            break
        if flag & _REL or low[position] == "that":
            if finite or last - position > 1:
                antecedent = position - 1
                if antecedent >= floor and word[antecedent] and (flag & _REL or flags[antecedent] & _SPEAKER):
                    return _phrase_ending_at(tokens, antecedent, lo, base)
            break
        if flag & _SUB and not flag & _PREP:
            break
        if flag & _SUB and flag & _PREP and low[position] in ("after", "before", "since", "until"):
            break
        if flag & _AUX and not tokens.capital[position]:
            finite = True
        if flag & _COORD and not _joins(tokens, position, floor, last):
            break
        if not finite:
            first = position
        position -= 1
    if finite and position >= floor and not flags[position] & _REL:
        pass  # a clause ended before the phrase: keep what stands after its verb
    return _trimmed(tokens, first, last)


def _joins(tokens: Tokens, position: int, floor: int, last: int) -> bool:
    """True for the "and" of two names ("Corrado and Oldane said"), not of two clauses."""
    if tokens.low[position] != "and" or position - 1 < floor or last - position > 8:
        return False
    before, after = position - 1, position + 1
    if not tokens.word[before]:
        return False
    if tokens.capital[before] and tokens.capital[after] and not tokens.flags[after] & _PRON:
        return _clean_left(tokens, before, floor)
    return bool(tokens.flags[before] & _SPEAKER and tokens.flags[last] & _SPEAKER) and _clean_left(
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
    if first == last and flags[last] & (_ADV | _TIME | _AUX) and not flags[last] & (_LOOSE | _SPEAKER):
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


def subject_after(tokens: Tokens, first: int, hi: int, base: int) -> Range | None:
    """The subject that follows its verb: `said Ilse Brandvik of the institute`."""
    flags, word = tokens.flags, tokens.word
    if first >= hi or not word[first] or tokens.quote[first] not in (-1, base):
        return None
    if tokens.low[first] in _SUBJECT_PRONOUNS:
        return first, first + 1
    if not (tokens.capital[first] or flags[first] & (_DET | _SPEAKER)):
        return None
    if flags[first] & (_PREP | _SUB) and not flags[first] & _DET:
        return None
    return first, phrase_end(tokens, first, hi, base)


def phrase_end(tokens: Tokens, first: int, hi: int, base: int) -> int:
    """Where a noun phrase ends that starts here; "of", "for" and "from" go on with it."""
    flags, word, low = tokens.flags, tokens.word, tokens.low
    named = not flags[first] & _DET
    position = first + 1
    while position < min(hi, first + 20):
        flag = flags[position]
        if tokens.quote[position] not in (-1, base):
            break
        if not word[position]:
            if tokens.text[tokens.start[position]] in "&$%'’/":
                position += 1
                continue
            break
        if flag & _PREP and low[position] not in ("of", "for", "from"):
            break
        if flag & _COORD and not (
            low[position] == "and" and position + 1 < hi and _and_name(tokens, position)
        ):
            break
        if flag & (_SUB | _AUX) and not flag & _PREP:
            break
        if flag & _TIME and not (flag & _DET):
            break
        if flag & _ADV and not tokens.capital[position]:
            break
        if flag & _DET and not flags[position - 1] & (_PREP | _COORD) and not flags[position - 1] & _DET:
            break
        if (
            named
            and tokens.capital[position - 1]
            and not tokens.capital[position]
            and not flag & (_PREP | _COORD | _SPEAKER)
            and not tokens.possessive[position - 1]
            and not any(f & _ROLE for f in flags[position + 1 : position + 3])
            and not (low[position] in _PARTICLES and position + 1 < hi and tokens.capital[position + 1])
        ):
            break
        position += 1
    while position > first + 1 and (flags[position - 1] & (_PREP | _COORD | _DET) or not word[position - 1]):
        position -= 1
    return position


def _and_name(tokens: Tokens, position: int) -> bool:
    return tokens.capital[position + 1] and tokens.capital[position - 1]


def speaks(tokens: Tokens, phrase: Range) -> bool:
    """Whether a phrase names something that can hold a view: a name, a role, a body, a document."""
    first, end = phrase
    for position in range(first, end):
        if tokens.flags[position] & _SPEAKER:
            return True
        if tokens.capital[position] and not (position == first and tokens.flags[position] & int(Word.OPENER)):
            return True
    return tokens.low[end - 1].endswith(_SPEAKER_ENDINGS)


def plural(tokens: Tokens, phrase: Range) -> bool:
    """Whether a verb in its base form can follow: "officials say", not "the official say"."""
    first, end = phrase
    head = tokens.low[end - 1]
    if head in (
        "i",
        "we",
        "they",
        "you",
        "who",
        "people",
        "police",
        "percent",
        "half",
        "%",
        "some",
        "many",
        "others",
        "both",
        "all",
        "most",
        "few",
    ):
        return True
    if any(tokens.low[position] == "and" for position in range(first, end)):
        return True
    if tokens.low[end - 1][:1].isdigit() or tokens.low[first][:1].isdigit():
        return True
    return any(
        tokens.low[position].endswith("s")
        and not tokens.low[position].endswith("ss")
        and not tokens.possessive[position]
        for position in range(first, end)
        if position == end - 1 or (position + 1 < end and tokens.flags[position + 1] & _PREP)
    )
