"""Whom does a pronoun stand for? By gender and place: the last speaker, or the nearest name that agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from pipeline.attribution.cast import Member
from pipeline.attribution.phrases import Range
from pipeline.attribution.resolved import Resolved, Rule
from pipeline.attribution.scene import Scene
from pipeline.records import ActorKind, MentionKind, SourceKind

_LATELY = 60  # sources or names looked back over, at the most
_ENOUGH = 2  # people named before who are weighed, but for one
_SAME_PARAGRAPH = 20  # words by which a speaker of the same paragraph is nearer
_PARAGRAPH_BEFORE = 10  # words by which one of the paragraph before is further
_REACH = 6  # paragraphs that a pronoun looks back over


def self_reference(scene: Scene, outer: Resolved | None) -> Resolved:
    """Of "I" and "we" inside a statement: whoever makes it."""
    if outer is None or outer.name is None:
        return scene.unresolved(SourceKind.PRONOUN)
    return replace(outer, kind=SourceKind.PRONOUN, rule=Rule.PRONOUN_SELF)


def third(scene: Scene, position: int, outer: Resolved | None) -> Member | None:
    """Whoever says "he" of another: in a quotation, or in words that "X said" closes."""
    if outer is None or outer.place is None:
        return None
    return outer.member if outer.place > position or scene.tokens.quote[position] >= 0 else None


def he_or_she(
    scene: Scene, position: int, gender: str, content: list[Range], speaker: Member | None
) -> Resolved:
    """The last speaker or the nearest person that agrees; the nearer of the two, speakers first.

    ``content``: what the pronoun's own verb gives; ``speaker``: whoever surely is not meant.
    """
    options = _speakers(scene, position, gender, speaker) + _named(scene, position, gender, content, speaker)
    if not options:
        return scene.unresolved(SourceKind.PRONOUN)
    _, member, rule = min(options, key=lambda option: option[0])
    rule = next(
        (other for _, spoke, other in options if spoke is member), rule
    )  # both ways the same: the surer
    return replace(scene.of_member(member, 2, 0, 0), kind=SourceKind.PRONOUN, rule=rule)


def _speakers(
    scene: Scene, position: int, gender: str, speaker: Member | None
) -> list[tuple[float, Member, Rule]]:
    """The last person who spoke, at most a paragraph back, if the gender agrees."""
    here = scene.paragraph(position)
    for place, resolved in scene.lately():
        member, back = resolved.member, here - scene.paragraph(place)
        if back > 1:
            break
        if member is None or member is speaker or place >= position:
            continue
        if not _agrees(member, gender) and not _unknown(
            member, is_near=_next_sentence(scene, place, position)
        ):
            continue
        nearer = -_PARAGRAPH_BEFORE if back else _SAME_PARAGRAPH
        return [(position - place - nearer, member, Rule.PRONOUN_SPEAKER)]
    return []


def _named(
    scene: Scene, position: int, gender: str, content: list[Range], speaker: Member | None
) -> list[tuple[float, Member, Rule]]:
    """People named before, each with what speaks against it, in words of distance; weights tuned on labelled text."""
    tokens, here = scene.tokens, scene.paragraph(position)
    options: list[tuple[float, Member, Rule]] = []
    for index in islice(scene.cast.before(position - 1), _LATELY):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        back = here - scene.paragraph(name.first)
        if back > _REACH or len(options) > _ENOUGH:
            break
        if member is speaker or not _agrees(member, gender):
            continue
        if tokens.quote[name.first] not in (-1, tokens.quote[position]):
            continue
        if any(first <= name.first < end for first, end in content[:2]):
            continue  # who speaks of somebody by name is somebody else
        cost = position - name.first + ((30 + 10 * back) if back else 0)
        cost += (10 if member.gender is None else 0) + (10 if tokens.possessive[name.end - 1] else 0)
        cost += 40 if scene.is_told(name.first) else 0  # spoken of, in somebody's words
        cost -= 20 if _opens_sentence(scene, name.whole) else 0
        cost -= 20 if name.whole == scene.paragraph_starts[scene.paragraph(name.first)] else 0
        cost -= 2 * min(5, len(member.places))
        options.append((cost, member, Rule.PRONOUN_NEAREST))
    return options


def _agrees(member: Member, gender: str) -> bool:
    return member.person and member.gender in (None, gender)


def _next_sentence(scene: Scene, place: int, position: int) -> bool:
    return scene.tokens.sentence[position] - scene.tokens.sentence[place] <= 1


def _unknown(member: Member, *, is_near: bool) -> bool:
    """A name that nothing tells to be a person's or not: who speaks and is "he" is one; one of a single word only if near."""
    told = len(member.words) > 1 or (
        is_near and not member.name.endswith(".")
    )  # "Mr." alone is a name cut off
    return member.kind is None and member.gender is None and told


def _opens_sentence(scene: Scene, position: int) -> bool:
    return position == 0 or scene.tokens.sentence[position] != scene.tokens.sentence[position - 1]


def relative(scene: Scene, position: int) -> Resolved:
    """Of "X, who said": the name right before, or the one its phrase is about."""
    for index in scene.cast.before(position - 1):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        if position - name.end > 24:
            break
        if scene.in_brackets(name.first, position):
            continue  # "Mira Oldane, head of the Port Fund (owned by Ivo Kest), who said": not the owner
        if position - name.end > 12 or scene.tokens.sentence[name.first] != scene.tokens.sentence[position]:
            break
        if member.person:
            return replace(scene.of_member(member, 2, 0, 0), kind=SourceKind.PRONOUN, rule=Rule.RELATIVE)
    return scene.unresolved(SourceKind.PRONOUN)


def is_body(resolved: Resolved) -> bool:
    """Whether a body spoke, under its name or as "it"."""
    if resolved.kind is SourceKind.PRONOUN:
        if resolved.actor is not None:
            return resolved.actor.kind is not ActorKind.PERSON
        return resolved.member is not None and resolved.member.kind is MentionKind.ORGANISATION
    return resolved.kind in (SourceKind.ORGANISATION, SourceKind.OUTLET)


def it_or_they(scene: Scene, position: int, word: str) -> Resolved:
    """Of "it": the last body that spoke, close before; of "they", only where one spoke as many."""
    here = scene.paragraph(position)
    for place, resolved in scene.lately():
        if place >= position or here - scene.paragraph(place) > 1:
            break
        if is_body(resolved) and resolved.name is not None:
            if word.startswith("they") and resolved.actor is None:
                break
            return replace(resolved, kind=SourceKind.PRONOUN, rule=Rule.PRONOUN_SPEAKER)
        break
    return scene.unresolved(SourceKind.PRONOUN)
