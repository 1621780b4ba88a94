"""Through whom did the words come? "told TASS", "SANA reported, citing …", "quoted by the agency"."""

from __future__ import annotations

from pipeline.attribution.cast import Cast
from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import phrase_end
from pipeline.attribution.tokens import Tokens
from pipeline.records import ActorKind

_AFTER = 14  # words after a verb in which it is said whom it was told to
_TO = frozenset({"told", "tell", "tells", "telling"})
_BY = frozenset({"by", "with", "to", "on", "from", "as"})


def carried_by(tokens: Tokens, lexicon: Lexicon, cast: Cast, draft: Draft, end: int) -> str | None:
    """The agency or outlet that a statement was told to or that carried it, as the text names it."""
    first = draft.cue[0][1] if draft.cue else draft.verb
    told = tokens.low[draft.verb] in _TO
    for index in cast.within(first, min(end, first + _AFTER)):
        name = cast.names[index]
        if any(part[0] <= name.first < part[1] for part in draft.content):
            continue
        if draft.source is not None and draft.source[0] <= name.first < draft.source[1]:
            continue
        direct = told and name.first - first <= 2
        before = tokens.low[name.first - 1]
        if tokens.flags[name.first - 1] & int(Word.DETERMINER):
            before = tokens.low[name.first - 2]
        if (direct or before in _BY) and is_media(lexicon, cast, index):
            return name.text
    return None


def is_media(lexicon: Lexicon, cast: Cast, index: int) -> bool:
    """A registered agency or outlet, or a name with a word that only such names have."""
    name = cast.names[index]
    if name.actor is not None:
        return name.actor.kind in (ActorKind.AGENCY, ActorKind.OUTLET)
    return any(word in lexicon.media for word in name.words)


def mend_citing(tokens: Tokens, lexicon: Lexicon, cast: Cast, drafts: list[Draft]) -> list[Draft]:
    """Of "X reported, citing Y" and "X quoted Y as saying": Y is the source, X whom it came through."""
    dropped: set[int] = set()
    for index, draft in enumerate(drafts):
        verb = tokens.low[draft.verb]
        if verb == "citing" and draft.content:
            told = _told_beside(tokens, drafts, index)
            if _cited(tokens, lexicon, cast, told or draft, draft) and told is not None:
                dropped.add(index)
        elif verb in ("quoted", "quotes", "quoting"):
            _quoted_as_saying(tokens, draft)
    return _without(drafts, dropped) if dropped else drafts


def _told_beside(tokens: Tokens, drafts: list[Draft], index: int) -> Draft | None:
    """What the one who cites tells in the same sentence: "X, citing Y, said that …", "X said …, citing Y"."""
    citing = drafts[index]
    source = citing.source or citing.implied
    for other in (*drafts[max(0, index - 2) : index], *drafts[index + 1 : index + 3]):
        near = tokens.sentence[other.verb] == tokens.sentence[citing.verb]
        if near and other.source is not None and other.source == source and other.inside == citing.inside:
            return other
    return None


def _cited(tokens: Tokens, lexicon: Lexicon, cast: Cast, told: Draft, citing: Draft) -> bool:
    """Whether it was a medium that cites; ``told`` then has its source. It may be the citing itself: "citing Y, that …"."""
    source = told.source
    if source is None or (told is citing and len(citing.content) < 2):
        return False
    media = next((i for i in cast.within(*source) if is_media(lexicon, cast, i)), None)
    if media is None:
        return False
    first, end = citing.content[0]
    told.via = cast.names[media].text
    told.source = (first, phrase_end(tokens, first, end, tokens.quote[citing.verb]))
    if told is citing:
        told.content = citing.content[1:]
    return True


def _quoted_as_saying(tokens: Tokens, draft: Draft) -> None:
    if draft.source is None or not draft.content:
        return
    first, end = draft.content[0]
    for position in range(first + 1, min(end - 2, first + 16)):
        if tokens.low[position] == "as" and tokens.low[position + 1] in ("saying", "telling", "writing"):
            draft.via = tokens.surface(*draft.source)
            draft.source = (first, position)
            draft.cue = [*draft.cue, (position, position + 2)]
            draft.content = [(position + 2, end), *draft.content[1:]]
            draft.strength = 0.9
            return


def _without(drafts: list[Draft], dropped: set[int]) -> list[Draft]:
    """The drafts left, their ``inside`` counted anew."""
    moved: dict[int, int] = {}
    kept: list[Draft] = []
    for index, draft in enumerate(drafts):
        if index in dropped or (draft.inside is not None and draft.inside not in moved):
            continue
        if draft.inside is not None:
            draft.inside = moved[draft.inside]
        moved[index] = len(kept)
        kept.append(draft)
    return kept
