"""Where are a French sentence's reporting verbs and the noun phrases beside them? Told from their edges."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.attribution.foreign import Foreign
from pipeline.attribution.lexicon import Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.tokens import Tokens

_DET = int(Word.DETERMINER)
_PREP = int(Word.PREPOSITION)
_PRON = int(Word.PRONOUN)
_STOPS = int(Word.TIME | Word.ADVERB | Word.SUBORDINATOR | Word.AUXILIARY)
_LONGEST = 16  # words of a source
_COMPOUND = 5  # words from an auxiliary to its participle
_OF = frozenset({"de", "du", "d'", "des"})  # a noun phrase goes on with these


@dataclass(frozen=True, kw_only=True, slots=True)
class Verb:
    """A reporting verb: its words, and the pronoun after it or inside it ("a-t-elle ajouté")."""

    cue: tuple[Range, ...]
    begin: int
    end: int
    pronoun: Range | None
    objects: bool  # what follows may be a thing


# ---- verbs ---------------------------------------------------------------------------------------


def verb_at(tokens: Tokens, words: Foreign, position: int, hi: int) -> Verb | None:
    low = tokens.low
    if position and low[position - 1] in words.negations:
        return None
    if low[position] in words.finite:
        pronoun = _inverted_pronoun(tokens, position + 1, hi)
        end = pronoun[1] if pronoun else position + 1
        return Verb(
            cue=((position, position + 1),), begin=position, end=end, pronoun=pronoun,
            objects=low[position] in words.objects,
        )  # fmt: skip
    if low[position] not in words.auxiliaries:
        return None
    pronoun = _inverted_pronoun(tokens, position + 1, hi)
    at = pronoun[1] if pronoun else position + 1
    limit = min(hi, at + _COMPOUND)
    while at < limit and low[at] not in words.participles and (tokens.flags[at] & int(Word.ADVERB)):
        at += 1
    if at >= limit or low[at] not in words.participles:
        return None
    cue = ((position, position + 1), (at, at + 1)) if pronoun or at > position + 1 else ((position, at + 1),)
    return Verb(cue=cue, begin=position, end=at + 1, pronoun=pronoun, objects=low[at] in words.objects)


def _inverted_pronoun(tokens: Tokens, position: int, hi: int) -> Range | None:
    """Of "poursuit-elle" and "a-t-elle": "elle"."""
    at = position
    while at < min(hi, position + 3) and tokens.low[at] in ("-", "t"):
        at += 1
    if at < hi and at > position and tokens.flags[at] & _PRON and tokens.low[at] != "on":
        return at, at + 1
    return None


# ---- noun phrases --------------------------------------------------------------------------------


def phrase_after(tokens: Tokens, first: int, hi: int, quote: int) -> Range | None:
    """The noun phrase that starts here: "la porte-parole du ministère", "Mira Oldane"."""
    if first >= hi or not (tokens.capital[first] or tokens.flags[first] & _DET):
        return None
    at = first + 1
    while at < min(hi, first + _LONGEST) and tokens.word[at] and tokens.quote[at] == quote:
        flag = tokens.flags[at]
        inside = tokens.low[at] in _OF
        if flag & (_STOPS | _PRON) or (flag & _PREP and not inside) or tokens.low[at] == "et":
            break
        if flag & _DET and not tokens.flags[at - 1] & (_PREP | _DET):
            break
        at += 1
    while at > first + 1 and tokens.flags[at - 1] & (_PREP | _DET):
        at -= 1
    return first, at


def phrase_before(tokens: Tokens, words: Foreign, verb: int, lo: int, quote: int) -> Range | None:
    """The subject that ends before a verb; "Le ministre, Jean Morel, a dit" is one phrase."""
    last = verb - 1
    while last > lo and tokens.low[last] in words.clitics and not tokens.capital[last]:
        last -= 1
    if last < lo:
        return None
    if tokens.flags[last] & _PRON:
        return (last, last + 1) if tokens.low[last] not in ("qui", "on") else None
    stop = last
    if tokens.low[last] == ",":
        opening = next(
            (p for p in range(last - 1, max(lo, last - _LONGEST) - 1, -1) if tokens.low[p] == ","), None
        )
        if opening is None or opening <= lo or not tokens.word[opening - 1]:
            return None
        if not (tokens.capital[opening + 1] or tokens.flags[opening + 1] & _DET):
            return None
        if any(tokens.quote[p] != quote for p in range(opening, last)):
            return None
        stop, last = last - 1, opening - 1
    first = last
    while first >= lo and last - first < _LONGEST and tokens.word[first] and tokens.quote[first] == quote:
        flag = tokens.flags[first]
        inside = tokens.low[first] in _OF
        joins = (
            tokens.low[first] == "et"
            and first > lo
            and tokens.capital[first - 1]
            and tokens.capital[first + 1]
        )
        if (
            flag & (_STOPS | _PRON)
            or (flag & _PREP and not inside)
            or (tokens.low[first] == "et" and not joins)
        ):
            break
        if flag & _DET and not inside and not (first - 1 >= lo and tokens.low[first - 1] in _OF):
            first -= 1
            break
        first -= 1
    first += 1
    if first > last or not (tokens.capital[first] or tokens.flags[first] & _DET):
        return None
    return first, stop + 1
