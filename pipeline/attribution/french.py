"""Who says what in a French text? Quotations with their incises, "X a déclaré que …", "selon X", by rule.

Verbs come in print's forms, from ``catalog/cues_fr.toml``: "a déclaré", "poursuit-elle". What no pattern
holds is left out. Who is meant is told afterwards as for English, with French words for offices.
"""

from __future__ import annotations

from pipeline.attribution.draft import Draft
from pipeline.attribution.foreign import Foreign
from pipeline.attribution.french_phrases import Verb, phrase_after, phrase_before, verb_at
from pipeline.attribution.inner import units
from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.tokens import Tokens

_DET = int(Word.DETERMINER)
_PREP = int(Word.PREPOSITION)
_THAT = frozenset({"que", "qu'"})
_ASIDE = 40  # words in which an aside ends


def read_french(tokens: Tokens, lexicon: Lexicon) -> list[Draft]:
    """The attributions of a text in the order of their contents; none stands inside another."""
    words = lexicon.foreign
    if words is None:
        return []
    found: list[Draft] = []
    for lo, hi in tokens.paragraph_range:
        drafts: list[Draft] = []
        for first, end in units(tokens, lo, hi, -1):
            drafts.extend(_sentence(tokens, words, first, end, drafts[-1] if drafts else None))
        found.extend(drafts)
    return [draft for draft in found if draft.content]


def _sentence(tokens: Tokens, words: Foreign, lo: int, hi: int, before: Draft | None) -> list[Draft]:
    found: list[Draft] = []
    free = lo
    position = lo
    while position < hi:
        draft = _according(tokens, words, position, free, hi, lo)
        verb = None if draft is not None else verb_at(tokens, words, position, hi)
        if verb is not None and verb.begin >= free:
            draft = _incise(tokens, verb, free, hi) if not _apposed(tokens, words, verb, free) else None
            draft = draft or _opening(tokens, words, verb, free, hi)
        if draft is not None:
            found.append(draft)
            free = max(
                end for _, end in (*draft.cue, *draft.content, *([draft.source] if draft.source else []))
            )
        position = max(position + 1, free if draft is not None else position + 1)
    if not found and before is not None and _is_quotation(tokens, lo, hi) and _spoke(tokens, before):
        before.content.append(_trim(tokens, lo, hi))
    return found


# ---- "…", a dit X --------------------------------------------------------------------------------


def _incise(tokens: Tokens, verb: Verb, lo: int, hi: int) -> Draft | None:
    """The verb stands after what is said, its subject behind it; what is said may go on after that."""
    before = verb.begin - 1
    if before < lo:
        return None
    quote = tokens.quote[verb.begin]
    edge = tokens.low[before] in ",?!…" or (tokens.quote[before] >= 0 and tokens.quote[before] != quote)
    if not edge:
        return None
    source = verb.pronoun or phrase_after(tokens, _past_setting(tokens, verb.end, hi), hi, quote)
    if source is None:
        return None
    closes = max(verb.end, source[1])
    start = tokens.quote_range[quote][0] if quote >= 0 else _statement_start(tokens, lo, verb.begin)
    content = [_trim(tokens, start, verb.begin)]
    rest = _rest(tokens, closes, hi, quote)
    if rest is not None:
        content.append(rest)
    content = [part for part in content if part[0] < part[1]]
    return _draft(source, verb, content, 0.9) if content else None


def _past_setting(tokens: Tokens, position: int, hi: int) -> int:
    """Past "dans la soirée" between a verb and its subject, where a noun phrase follows."""
    if position >= hi or not tokens.flags[position] & (_PREP | int(Word.TIME)):
        return position
    for at in range(position + 1, min(hi, position + 7)):
        if not tokens.word[at]:
            break
        opens = tokens.capital[at] or tokens.flags[at] & _DET
        if opens and not tokens.flags[at - 1] & (_PREP | _DET):
            return at
    return position


def _statement_start(tokens: Tokens, lo: int, end: int) -> int:
    """Of a statement before an incise: the last quotation's first word, else the sentence's."""
    quote = max((tokens.quote[p] for p in range(max(lo, end - 3), end)), default=-1)
    return max(lo, tokens.quote_range[quote][0]) if quote >= 0 else lo


def _rest(tokens: Tokens, closes: int, hi: int, quote: int) -> Range | None:
    """What goes on after an incise: the rest of the quotation it stands in, or a quotation after it."""
    at = closes
    if quote >= 0:
        at = _next_mark(tokens, at, hi, quote)
        if at + 1 < hi and tokens.low[at] == "," and tokens.flags[at + 1] & (_PREP | _DET):
            at = _next_mark(tokens, at + 1, hi, quote)  # ", de l'institut" tells who the source is
        part = _trim(tokens, at + 1, tokens.quote_range[quote][1])
        return part if any(tokens.word[p] for p in range(*part)) else None
    while at < hi and tokens.quote[at] < 0:
        at += 1
    return _trim(tokens, at, tokens.quote_range[tokens.quote[at]][1]) if at < hi else None


def _next_mark(tokens: Tokens, at: int, hi: int, quote: int) -> int:
    while at < hi and tokens.quote[at] == quote and tokens.low[at] not in ",.:;!?":
        at += 1
    return at


# ---- X a dit que … -------------------------------------------------------------------------------


def _opening(tokens: Tokens, words: Foreign, verb: Verb, lo: int, hi: int) -> Draft | None:
    quote = tokens.quote[verb.begin]
    source = phrase_before(tokens, words, verb.begin, lo, quote)
    if source is None or quote >= 0:
        return None
    at = verb.end
    while at < hi and tokens.quote[at] < 0 and tokens.flags[at] & int(Word.ADVERB | Word.TIME):
        at += 1
    if at >= hi:
        return None
    that = _that(tokens, at, hi)
    if that is not None:
        start, strength = that, 0.9
    elif tokens.low[at] == ":" and at + 1 < hi:
        start, strength = at + 1, 0.9
    elif tokens.quote[at] >= 0:
        start, strength = at, 0.85
    elif verb.objects and (tokens.flags[at] & (_DET | _PREP) or tokens.capital[at]):
        start, strength = at, 0.7
    else:
        return None
    content = _trim(tokens, start, hi)
    return _draft(source, verb, [content], strength) if content[0] < content[1] else None


def _apposed(tokens: Tokens, words: Foreign, verb: Verb, lo: int) -> bool:
    """A subject in two parts ends in the comma before the verb: "La ministre, Mira Oldane, a jugé"."""
    before = verb.begin - 1
    if verb.pronoun is not None or before < lo or tokens.low[before] != ",":
        return False
    return phrase_before(tokens, words, verb.begin, lo, tokens.quote[verb.begin]) is not None


def _that(tokens: Tokens, at: int, hi: int) -> int | None:
    """The "que" that hands over, right after the verb or after whom it was told to, within its clause."""
    if at < hi and tokens.flags[at] & _DET and not tokens.flags[at] & _PREP and tokens.low[at] not in _THAT:
        return None  # "a annoncé une perte plus importante que prévu"
    for position in range(at, min(hi, at + 12)):
        if tokens.low[position] in _THAT:
            return position
        if not tokens.word[position] or tokens.quote[position] >= 0:
            return None
    return None


def _according(tokens: Tokens, words: Foreign, position: int, lo: int, hi: int, start: int) -> Draft | None:
    """As in "selon X, …" and "…, selon X"; also "d'après X". ``start``: of the sentence."""
    begin = position
    if tokens.low[position] not in words.according or position < lo:
        return None
    if tokens.low[position] in words.according_of:
        if position == lo or tokens.low[position - 1] != "d'":
            return None
        begin = position - 1
    source = phrase_after(tokens, position + 1, hi, tokens.quote[position])
    if source is None or " ".join(tokens.low[slice(*source)]) in words.not_sources:
        return None
    after = _past_asides(tokens, source[1], hi)
    opens = all(not tokens.word[p] for p in range(lo, begin))
    content = (
        _trim(tokens, after, _closing_clause(tokens, words, after, hi)) if opens else _trim(tokens, lo, begin)
    )
    if content[0] >= content[1] or (not opens and tokens.flags[content[0]] & _PREP and lo != start):
        return None
    return Draft(source=source, cue=[(begin, position + 1)], content=[content], strength=0.85, verb=position)


def _closing_clause(tokens: Tokens, words: Foreign, lo: int, hi: int) -> int:
    """Where a verb and its subject close the sentence: "la ville est reprise | , a indiqué le maire"; else its end."""
    for comma in range(lo + 1, hi - 1):
        if tokens.low[comma] != "," or tokens.quote[comma] != tokens.quote[lo]:
            continue
        verb = verb_at(tokens, words, comma + 1, hi)
        if verb is None or verb.begin != comma + 1 or _apposed(tokens, words, verb, lo):
            continue
        source = verb.pronoun or phrase_after(tokens, verb.end, hi, tokens.quote[lo])
        if source is not None and not any(tokens.word[max(verb.end, source[1]) : hi]):
            return comma
    return hi


def _past_asides(tokens: Tokens, position: int, hi: int) -> int:
    """Past what tells more of a source, up to its comma: "selon un agent qui a requis l'anonymat, …".

    Also "selon Jean Morel, ministre de l'intérieur, …"; where no comma follows, nothing is passed.
    """
    at = position + (position < hi and tokens.low[position] == ",")
    if at >= hi:
        return position
    tells = tokens.flags[at] & int(Word.RELATIVE) or (at > position and tokens.flags[at] & int(Word.ROLE))
    if not tells:
        return position
    until = range(at, min(hi, at + _ASIDE))
    comma = next((p for p in until if tokens.low[p] == "," and tokens.quote[p] == tokens.quote[at]), hi)
    return comma if comma < hi - 1 else position


# ---- parts ---------------------------------------------------------------------------------------


def _draft(source: Range, verb: Verb, content: list[Range], strength: float) -> Draft:
    return Draft(
        source=source, cue=list(verb.cue), content=content, strength=strength, verb=verb.cue[-1][1] - 1
    )


def _trim(tokens: Tokens, first: int, end: int) -> Range:
    """Without the marks at its edges, but for those of quotations."""
    while first < end and not tokens.word[first] and not _is_mark(tokens, first):
        first += 1
    while end > first and not tokens.word[end - 1] and not _is_mark(tokens, end - 1):
        end -= 1
    return first, end


def _is_mark(tokens: Tokens, position: int) -> bool:
    return tokens.low[position] in '«»“”"'


def _is_quotation(tokens: Tokens, lo: int, hi: int) -> bool:
    quote = tokens.quote[lo]
    return quote >= 0 and tokens.quote_range[quote][0] == lo and hi - tokens.quote_range[quote][1] <= 1


def _spoke(tokens: Tokens, draft: Draft) -> bool:
    return any(tokens.quote[first] >= 0 for first, _ in draft.content)
