"""How do an engine's spans become drafts? Offsets become token positions; a source left out is looked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from pipeline.attribution.draft import Draft
from pipeline.attribution.engine import Spans
from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import SPEAKER, Range, phrase_end
from pipeline.attribution.resolved import Rule
from pipeline.attribution.speech import read_speech
from pipeline.attribution.tokens import Tokens
from pipeline.attribution.transcript import turns
from pipeline.text import Span

_JOINED = frozenset({"and", "but", "or", "then", "while", "before", "also"})
_ADVERB = int(Word.ADVERB | Word.TIME)
_PASSIVE = int(Word.PASSIVE)
_PREPOSITION = int(Word.PREPOSITION)
_OPENS = int(Word.DETERMINER) | SPEAKER


def drafts_of(tokens: Tokens, lexicon: Lexicon, found: Sequence[Spans]) -> list[Draft]:
    """The drafts of an engine's spans in reading order; spans that hold no word are left out."""
    drafts = [draft for spans in found if (draft := _draft(tokens, lexicon, spans)) is not None]
    drafts = _with_turns(tokens, lexicon, drafts)
    drafts.sort(key=lambda draft: (draft.content[0], draft.verb))
    drafts = _closed(tokens, drafts)
    _imply_sources(tokens, drafts)
    _ask_rules(tokens, lexicon, drafts)
    return drafts


def _draft(tokens: Tokens, lexicon: Lexicon, spans: Spans) -> Draft | None:
    content = _ranges(tokens, spans.content)
    source, cue = _ranges(tokens, spans.source), _ranges(tokens, spans.cue)
    if not content or _states_nothing(tokens, lexicon, cue, content):
        return None
    is_turn = bool(source) and _is_turn(tokens, source[0], cue)
    if is_turn and tokens.surface(*source[0]).lower() in lexicon.labels:
        return None
    if source:
        source[-1] = _whole(tokens, source[-1], [*cue, *content])
    return Draft(
        source=source[0] if source else None,
        apart=tuple(source[1:]),
        cue=cue,
        content=content,
        strength=min(1.0, max(0.0, spans.confidence)),
        verb=_verb(tokens, lexicon, cue) if cue else max(0, content[0][0] - 1),
        rule=Rule.TRANSCRIPT if is_turn else None,
    )


def _with_turns(tokens: Tokens, lexicon: Lexicon, drafts: list[Draft]) -> list[Draft]:
    """A transcript's turns as they stand on the page; of the engine's, what lies inside one or outside all."""
    found = list(turns(tokens, lexicon).values())
    spoken = [(turn.source[0], turn.content[-1][1], turn.verb) for turn in found if turn.source]

    def stands(draft: Draft) -> bool:
        parts = [part for part in (draft.source, *draft.cue, *draft.content) if part is not None]
        first, end = min(part[0] for part in parts), max(part[1] for part in parts)
        place = bisect_right(spoken, end - 1, key=lambda turn: turn[0]) - 1
        if place < 0 or first >= spoken[place][1]:
            return True
        return spoken[place][2] < first and end <= spoken[place][1]

    return [*found, *filter(stands, drafts)]


def _ranges(tokens: Tokens, spans: Iterable[Span]) -> list[Range]:
    """The tokens that share a character with each span, joined where spans touch one token."""
    found: list[Range] = []
    for start, end in sorted(spans):
        first, stop = bisect_right(tokens.end, start), bisect_left(tokens.start, end)
        if found and first < found[-1][1]:
            first = found[-1][1]
        if first < stop:
            found.append((first, stop))
    return found


def _verb(tokens: Tokens, lexicon: Lexicon, cue: list[Range]) -> int:
    """The last reporting verb of the cue's first part, else its last word: "has repeatedly said"."""
    first, end = cue[0]
    for position in range(end - 1, first - 1, -1):
        if tokens.low[position] in lexicon.cues:
            return position
    return end - 1


def _states_nothing(tokens: Tokens, lexicon: Lexicon, cue: list[Range], content: list[Range]) -> bool:
    """What was done to somebody, not said: "was diagnosed with", where nothing is quoted and no clause follows."""
    if not any(tokens.low[position] in lexicon.acts for part in cue for position in range(*part)):
        return False
    return not any(tokens.quote[first] >= 0 or tokens.low[first] == "that" for first, _ in content)


def _whole(tokens: Tokens, source: Range, taken: list[Range]) -> Range:
    """A source cut where it cannot end: "a report by | the United Nations", "Russia's | centre in Syria"."""
    first, end = source
    sentence = tokens.sentence[end - 1]
    owns = tokens.possessive[end - 1]
    if not (owns or tokens.flags[end - 1] & _PREPOSITION) or sentence < 0:
        return source
    limit = min([tokens.sentence_range[sentence][1], *(part[0] for part in taken if part[0] >= end)])
    if end >= limit or not tokens.word[end]:
        return source
    if not (owns or tokens.capital[end] or tokens.flags[end] & _OPENS):
        return source
    article = tokens.low[end] == "the" and end + 1 < limit and tokens.capital[end + 1]
    return first, phrase_end(tokens, end + article, limit, tokens.quote[end - 1])


def _is_turn(tokens: Tokens, source: Range, cue: list[Range]) -> bool:
    """The turn of a transcript: "OLDANE: …" at a paragraph's start."""
    place = bisect_right(tokens.paragraph_range, source[0], key=lambda lines: lines[0]) - 1
    opens = place >= 0 and tokens.paragraph_range[place][0] == source[0]
    return (
        opens
        and bool(cue)
        and tokens.low[cue[0][0]] == ":"
        and all(
            tokens.capital[position] or not tokens.word[position] for position in range(source[0], source[1])
        )
    )


# ---- statements told at the sentence's end --------------------------------------------------------


def _closed(tokens: Tokens, drafts: list[Draft]) -> list[Draft]:
    """Of "Bokova thanked Putin and praised him, Peskov added.": all before the comma is what Peskov added.

    An engine that gives each word to one statement only may have made two of it, the inner without a source.
    """
    bare = sorted(
        (draft for draft in drafts if draft.source is None and draft.cue), key=lambda draft: draft.cue[0]
    )
    places = [draft.cue[0][0] for draft in bare]
    taken: set[int] = set()
    for draft in drafts if bare else ():
        whole = _told_before(tokens, draft)
        if whole is None:
            continue
        inner = bare[bisect_left(places, whole[0]) : bisect_left(places, whole[1])]
        if inner:
            draft.content = [whole]
            taken.update(id(one) for one in inner)
    return [draft for draft in drafts if id(draft) not in taken]


def _told_before(tokens: Tokens, draft: Draft) -> Range | None:
    """From the sentence's start to the comma, where source and cue close it and the content starts with it."""
    sentence = tokens.sentence[draft.verb]
    if draft.source is None or not draft.cue or len(draft.content) < 2 or sentence < 0:
        return None
    begin, end = tokens.sentence_range[sentence]
    closing = min(draft.source[0], draft.cue[0][0])
    after = max(draft.source[1], draft.cue[-1][1])
    if any(tokens.word[position] for position in range(after, end)) or draft.content[0][0] != begin:
        return None
    if draft.content[-1][1] > closing or tokens.low[closing - 1] != ",":
        return None
    return begin, closing - 1


# ---- sources left out ----------------------------------------------------------------------------


def _imply_sources(tokens: Tokens, drafts: list[Draft]) -> None:
    """Of "X said A and added B": both are X's, though an engine gives each source only once."""
    by_verb = sorted((draft for draft in drafts if draft.cue), key=lambda draft: draft.verb)
    before: Draft | None = None
    bare: Draft | None = None
    for draft in by_verb:
        if draft.source is None and before is not None and _goes_on(tokens, before, draft):
            draft.implied = before.source or before.implied
            draft.shared = draft.implied is not None
        if bare is not None and draft.source is not None and _beside(tokens, draft.source, bare):
            bare.implied, bare.shared = draft.source, True
        if draft.source is not None or draft.implied is not None:
            before, bare = draft, None
        else:
            bare = draft


def _beside(tokens: Tokens, source: Range, draft: Draft) -> bool:
    """The source stands right before an active verb, with nothing but adverbs between, or right after "by"."""
    first, end = draft.cue[0]
    last = draft.cue[-1][1]
    if tokens.low[last - 1] == "by":
        return source[0] == last
    return (
        source[1] <= first <= source[1] + 2
        and all(tokens.flags[position] & _ADVERB for position in range(source[1], first))
        and not any(tokens.flags[position] & _PASSIVE for position in range(first, end))
    )


def _ask_rules(tokens: Tokens, lexicon: Lexicon, drafts: list[Draft]) -> None:
    """Where a cue is left without a source, the one that the rules see for the same verb."""
    alone = [draft for draft in drafts if draft.cue and draft.source is None and draft.implied is None]
    if not alone:
        return
    taken = [draft.source for draft in drafts if draft.source is not None]
    by_rules = {draft.verb: draft for draft in read_speech(tokens, lexicon)}
    for draft in alone:
        seen = by_rules.get(draft.verb)
        if seen is None:
            continue
        if seen.source is not None and not any(_overlap(seen.source, other) for other in taken):
            draft.source = seen.source
        else:
            draft.implied = seen.source or seen.implied
            draft.shared = draft.implied is not None


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _goes_on(tokens: Tokens, before: Draft, draft: Draft) -> bool:
    """The verb stands in the same sentence and is joined to the one before: ", adding", "and warned"."""
    first, end = draft.cue[0]
    if tokens.sentence[first] != tokens.sentence[before.verb] or tokens.sentence[first] < 0:
        return False
    if any(tokens.flags[position] & _PASSIVE for position in range(first, end)):
        return False
    position = first - 1
    while position > before.verb and tokens.flags[position] & _ADVERB:
        position -= 1
    if position <= before.verb:
        return False
    joined = tokens.low[position] in _JOINED
    return joined or (not tokens.word[position] and tokens.low[draft.verb].endswith("ing"))
