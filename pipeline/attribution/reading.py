"""What does one article say, and who says it? The one reading that everything of this room hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.attribution.cast import Cast
from pipeline.attribution.draft import Draft
from pipeline.attribution.drafting import drafts_of
from pipeline.attribution.engine import Engine, trained
from pipeline.attribution.figures import find_figures
from pipeline.attribution.french import read_french
from pipeline.attribution.inner import nested
from pipeline.attribution.language import language_of
from pipeline.attribution.lexicon import Lexicon, default_lexicon
from pipeline.attribution.names import find_names
from pipeline.attribution.phrases import Range
from pipeline.attribution.provenance import carried_by, mend_citing
from pipeline.attribution.resolve import resolve
from pipeline.attribution.resolved import Resolved, Rule
from pipeline.attribution.scene import Scene
from pipeline.attribution.speech import read_speech
from pipeline.attribution.tokens import Tokens, tokenise
from pipeline.records import Actor, Attribution, AttributionKind, Figure, Mention


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """All that is read off a body. ``skipped_reason``: why nothing was, such as its language."""

    attributions: tuple[Attribution, ...] = ()
    mentions: tuple[Mention, ...] = ()
    figures: tuple[Figure, ...] = ()
    skipped_reason: str | None = None


def read(
    text: str,
    *,
    title: str | None = None,
    published_at: datetime | None = None,
    language: str | None = None,
    lexicon: Lexicon | None = None,
    engine: Engine | None = trained,
) -> Reading:
    """The attributions, mentions and figures of a body; offices are those of the day it was published.

    ``language`` is the article's, ISO 639-1; None: judged from the text. The title helps to tell who is
    who; nothing in it is an attribution. ``engine`` finds English sources, cues and contents; None: the rules do.
    Who is meant, what stands inside what, figures and mentions are told alike for both. Other languages
    have rules alone, and no figures: their number words are not known.
    """
    lexicon = default_lexicon() if lexicon is None else lexicon
    tokens = tokenise(text, lexicon)
    code = language_of(tokens, lexicon, language)
    if code == "en":
        found = read_speech(tokens, lexicon) if engine is None else drafts_of(tokens, lexicon, engine(text))
    elif code == "fr":
        lexicon = lexicon.others[code]
        tokens = tokenise(text, lexicon)
        found = read_french(tokens, lexicon)
    else:
        return Reading(skipped_reason=f"language: {code}")
    drafts = nested(tokens, lexicon, found)
    names = find_names(tokens, lexicon, _sources(drafts))
    cast = Cast(tokens, lexicon, names, known=_titled(title, lexicon))
    drafts = mend_citing(tokens, lexicon, cast, drafts)
    scene = Scene(tokens, lexicon, cast, published_at.date() if published_at else None, drafts)
    attributions = _attributions(scene, drafts)
    return Reading(
        attributions=attributions,
        mentions=_mentions(tokens, cast),
        figures=find_figures(tokens, lexicon, attributions, scene.on) if code == "en" else (),
    )


def attribute(
    text: str,
    *,
    title: str | None = None,
    published_at: datetime | None = None,
    lexicon: Lexicon | None = None,
    engine: Engine | None = trained,
) -> tuple[Attribution, ...]:
    """Who says what in a text; empty where its language is not read. Spans are offsets into ``text``."""
    return read(text, title=title, published_at=published_at, lexicon=lexicon, engine=engine).attributions


def actors(lexicon: Lexicon | None = None) -> tuple[Actor, ...]:
    """The registry's entries."""
    return (default_lexicon() if lexicon is None else lexicon).registry.actors


def _titled(title: str | None, lexicon: Lexicon) -> tuple[str, ...]:
    """Full names that the title gives, for surnames that the body leaves bare."""
    if not title:
        return ()
    tokens = tokenise(title, lexicon)
    return tuple(n.text for n in find_names(tokens, lexicon) if n.actor is not None or len(n.words) > 1)


def _sources(drafts: list[Draft]) -> set[Range]:
    return {part for draft in drafts for part in (draft.source, *draft.apart) if part is not None}


def _attributions(scene: Scene, drafts: list[Draft]) -> tuple[Attribution, ...]:
    tokens = scene.tokens
    ends = [tokens.sentence_range[tokens.sentence[d.verb]][1] for d in drafts]
    resolved: list[Resolved] = []
    found: list[Attribution] = []
    for draft, end in zip(drafts, ends, strict=True):
        outer = resolved[draft.inside] if draft.inside is not None else None
        who = resolve(scene, draft, outer)
        resolved.append(who)
        via = draft.via or carried_by(tokens, scene.lexicon, scene.cast, draft, end)
        found.append(_attribution(tokens, draft, who, via))
    return tuple(found)


def _attribution(tokens: Tokens, draft: Draft, who: Resolved, via: str | None) -> Attribution:
    content = tuple(tokens.span(*part) for part in draft.content)
    return Attribution(
        source=tuple(tokens.span(*part) for part in (draft.source, *draft.apart) if part is not None),
        cue=tuple(tokens.span(*part) for part in draft.cue),
        content=content,
        kind=_kind(tokens, draft),
        source_kind=who.kind,
        name=who.name,
        source_id=who.actor.source_id if who.actor is not None else None,
        parent_source_id=who.parent_id,
        via=via,
        rule=str(Rule.CONTINUED if draft.shared and who.name is not None else who.rule),
        inside=draft.inside,
        confidence=round(draft.strength * who.trust, 3),
        joint=who.joint,
    )


def _kind(tokens: Tokens, draft: Draft) -> AttributionKind:
    """By how much of the content stands in quotation marks; inside a quotation, by those within it."""
    if draft.rule == Rule.TRANSCRIPT:
        return AttributionKind.DIRECT
    around = tokens.quote[draft.verb] if draft.cue and draft.inside is not None else -1
    quoted = [
        tokens.quote[position] not in (-1, around)
        for first, end in draft.content
        for position in range(first, end)
        if tokens.word[position]
    ]
    if quoted and all(quoted):
        return AttributionKind.DIRECT
    return AttributionKind.MIXED if any(quoted) else AttributionKind.INDIRECT


def _mentions(tokens: Tokens, cast: Cast) -> tuple[Mention, ...]:
    """Names whose kind is known; a surname's is that of its full name."""
    found: list[Mention] = []
    for name, member in zip(cast.names, cast.member_at, strict=True):
        kind = member.kind or name.kind
        if kind is None:
            continue
        start, end = tokens.span(name.first, name.end)
        if tokens.possessive[name.end - 1]:
            end -= 2
        source_id = member.actor.source_id if member.actor is not None else None
        found.append(Mention(name=member.name, kind=kind, source_id=source_id, start=start, end=end))
    return tuple(found)
