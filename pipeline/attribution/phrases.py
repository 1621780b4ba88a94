"""Where does a noun phrase end, and can what it names speak? Told from its edges, without a parser.

A range is a pair of token positions, end exclusive. ``lo`` and ``hi`` bound the search, and ``base`` is
the quote that the search is inside of: tokens of other quotes are never part of a source.
"""

from __future__ import annotations

from pipeline.attribution.lexicon import Word
from pipeline.attribution.tokens import Tokens

Range = tuple[int, int]

_DET = int(Word.DETERMINER)
_AUX = int(Word.AUXILIARY)
_ADV = int(Word.ADVERB)
_PREP = int(Word.PREPOSITION)
_SUB = int(Word.SUBORDINATOR)
_COORD = int(Word.COORDINATOR)
_TIME = int(Word.TIME)
_ROLE = int(Word.ROLE)
_DOCUMENT = int(Word.DOCUMENT)
SPEAKER = int(
    Word.ROLE
    | Word.ANONYMOUS
    | Word.DOCUMENT
    | Word.BODY
    | Word.COMMON_BODY
    | Word.PRONOUN
    | Word.LOOSE
    | Word.TITLE
)
SUBJECT_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you"})
_SPEAKER_ENDINGS = ("ers", "ors", "ists", "ians", "ants", "ment", "man", "woman", "men")
_PARTICLES = frozenset(
    {"al", "el", "de", "van", "der", "von", "bin", "ibn", "da", "di", "du", "la", "le", "ben", "den"}
)
INNER_MARKS = frozenset("&$%'’/")
REACH = 40  # words looked back over for a phrase's start


def subject_after(tokens: Tokens, first: int, hi: int, base: int) -> Range | None:
    """The subject that follows its verb: `said Ilse Brandvik of the institute`."""
    flags, word = tokens.flags, tokens.word
    if first >= hi or not word[first] or tokens.quote[first] not in (-1, base):
        return None
    if tokens.low[first] in SUBJECT_PRONOUNS:
        return first, first + 1
    if not (tokens.capital[first] or flags[first] & (_DET | SPEAKER)):
        return None
    if flags[first] & (_PREP | _SUB) and not flags[first] & _DET:
        return None
    return first, phrase_end(tokens, first, hi, base)


def phrase_end(tokens: Tokens, first: int, hi: int, base: int) -> int:
    """Where a noun phrase ends that starts here; "of", "for" and "from" go on with it, and a report's "by"."""
    flags = tokens.flags
    named = not flags[first] & _DET
    position = first + 1
    while position < min(hi, first + REACH // 2) and tokens.quote[position] in (-1, base):
        if tokens.word[position]:
            if _ends_phrase(tokens, position, hi) or (named and _ends_name(tokens, position, hi)):
                break
        elif tokens.low[position] not in INNER_MARKS:
            break
        position += 1
    while position > first + 1 and (
        flags[position - 1] & (_PREP | _COORD | _DET) or not tokens.word[position - 1]
    ):
        position -= 1
    return position


def _ends_phrase(tokens: Tokens, position: int, hi: int) -> bool:
    """A word that no noun phrase goes on with."""
    flag, low = tokens.flags[position], tokens.low[position]
    before = tokens.flags[position - 1]
    if flag & _PREP:
        return low not in ("of", "for", "from") and not (low == "by" and before & _DOCUMENT)
    if flag & _COORD:
        return not (low == "and" and position + 1 < hi and _and_name(tokens, position))
    if flag & (_SUB | _AUX) or (flag & _ADV and not tokens.capital[position]):
        return True
    if flag & _DET:
        return not before & (_PREP | _COORD | _DET)
    return bool(flag & _TIME)


def _ends_name(tokens: Tokens, position: int, hi: int) -> bool:
    """A plain word after a name: "Brandvik | late on Monday"; not "Northgate political analyst Joel Okafor"."""
    if not tokens.capital[position - 1] or tokens.capital[position] or tokens.possessive[position - 1]:
        return False
    if tokens.flags[position] & (_PREP | _COORD | SPEAKER):
        return False
    if any(flag & _ROLE for flag in tokens.flags[position + 1 : position + 3]):
        return False
    particle = tokens.low[position] in _PARTICLES and position + 1 < hi and tokens.capital[position + 1]
    return not particle


def _and_name(tokens: Tokens, position: int) -> bool:
    return tokens.capital[position + 1] and tokens.capital[position - 1]


def speaks(tokens: Tokens, phrase: Range) -> bool:
    """Whether a phrase names something that can hold a view: a name, a role, a body, a document."""
    first, end = phrase
    for position in range(first, end):
        if tokens.flags[position] & SPEAKER:
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
