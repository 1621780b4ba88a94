"""Who is meant by a source's words? By name, office, description or pronoun, each with its rule.

What no rule settles stays unresolved: a missing name is better than a wrong one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Word
from pipeline.attribution.offices import office, plural
from pipeline.attribution.phrases import INNER_MARKS, Range
from pipeline.attribution.pronouns import he_or_she, is_body, it_or_they, relative, self_reference, third
from pipeline.attribution.resolved import Resolved, Rule
from pipeline.attribution.scene import Scene
from pipeline.records import ActorKind, MentionKind, SourceKind

_ROLE = int(Word.ROLE)
_PREP = int(Word.PREPOSITION)
_BODY = int(Word.BODY | Word.COMMON_BODY)
_FEMALE = frozenset({"she", "her", "she's", "she'd"})
_MALE = frozenset({"he", "his", "him", "he's", "he'd"})
_SELF = frozenset({"i", "we", "i'm", "i've", "we're", "we've", "i'd", "we'd"})
_THEIRS = frozenset({"in", "a", "its", "his", "her", "their"})
_IN_ENGLISH = {"m": "he", "f": "she", "self": "i"}
_RULING = frozenset({"government", "parliament", "senate", "army", "military", "police", "court"})
_LATELY = 60  # sources or names looked back over, at the most


def resolve(scene: Scene, draft: Draft, outer: Resolved | None) -> Resolved:
    """``outer``: who makes the statement that this one stands in."""
    source = draft.source or draft.implied
    if source is None:
        return Resolved(kind=SourceKind.UNRESOLVED, name=None, actor=None, parent_id=None, rule=Rule.ABSENT)
    found = _resolve(scene, draft, source, outer)
    if draft.rule == Rule.TRANSCRIPT and found.name is not None:
        found = _speaker(scene, found)
    found = replace(found, place=source[0])
    if draft.inside is None:
        scene.spoken.append((source[0], found))
    return found


def _resolve(scene: Scene, draft: Draft, source: Range, outer: Resolved | None) -> Resolved:
    first, end = source
    low, flags = scene.tokens.low, scene.tokens.flags
    if end - first == 1:
        meant = _pronoun(scene, draft, first, outer)
        if meant is not None:
            return meant
    if draft.rule == Rule.TRANSCRIPT and low[first] in scene.lexicon.questioners:
        return scene.withheld(None)
    head = _head(scene, first, end)
    registered = _registered(scene, first, end, head)
    if registered is not None:
        return registered
    if _joint(scene, first, head):
        apposed = None if scene.cast.within(first, head) else _apposed(scene, head, end)
        return apposed or _jointly(scene, draft, first, head, outer)
    named = _named(scene, first, end, head)
    if named is not None:
        return named
    apposed = _apposed(scene, head, end)
    if apposed is not None:
        return apposed
    if any(flags[p] & _ROLE for p in range(first, head)):
        return office(scene, first, end, head)
    return _common(scene, first, end, head)


def _speaker(scene: Scene, found: Resolved) -> Resolved:
    """Who has a turn in a transcript is a person, if it is no medium, though "MS. OLDANE" looks like an acronym."""
    if found.actor is not None or found.name is None:
        return replace(found, rule=Rule.TRANSCRIPT)
    words = found.name.split()
    if any(word.lower() in scene.lexicon.media for word in words):
        return replace(found, rule=Rule.TRANSCRIPT, kind=SourceKind.OUTLET)
    name = " ".join(map(scene.in_small_letters, words))
    return replace(found, rule=Rule.TRANSCRIPT, kind=SourceKind.NAMED, name=name)


def _pronoun(scene: Scene, draft: Draft, first: int, outer: Resolved | None) -> Resolved | None:
    word = scene.tokens.low[first]
    if scene.lexicon.foreign is not None:
        word = _IN_ENGLISH.get(scene.lexicon.foreign.pronouns.get(word, ""), word)
    if word in _SELF:
        return self_reference(scene, outer)
    if word in _MALE or word in _FEMALE:
        return he_or_she(
            scene, first, "m" if word in _MALE else "f", draft.content, third(scene, first, outer)
        )
    if word == "who" and scene.tokens.surface(first, first + 1) != "WHO":
        return relative(scene, first)
    if word in ("it", "they", "it's", "they've", "they'd"):
        return it_or_they(scene, first, word)
    return None


def _joint(scene: Scene, first: int, head: int) -> bool:
    """Two sources joined by "and"; not the "and" of one name, or of "the actor and director Mira Oldane"."""
    tokens, cast = scene.tokens, scene.cast
    for position in range(first + 1, head - 1):
        if tokens.low[position] in ("and", "et"):
            names = [cast.names[i] for i in cast.within(first, head)]
            if any(name.first < position < name.end for name in names):
                return False
            apart = not any(name.end <= position for name in names) and not plural(scene, position - 1)
            one = apart and tokens.flags[position - 1] & _ROLE and tokens.flags[position + 1] & _ROLE
            return not (one and names)
    return False


def _jointly(scene: Scene, draft: Draft, first: int, head: int, outer: Resolved | None) -> Resolved:
    """The first who is named speaks, with the others beside; where only offices are, who holds them."""
    found: dict[str, Resolved] = {}
    for index in scene.cast.within(first, head):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        if name.end == head or not (_owns(scene, name.end) or scene.tokens.flags[name.end] & _ROLE):
            found.setdefault(member.name, scene.of_member(member, name.end - name.first, first, head))
    if not found:
        joint = next(p for p in range(first + 1, head - 1) if scene.tokens.low[p] in ("and", "et"))
        for part in ((first, joint), (joint + 1, head)):
            one = _resolve(scene, draft, part, outer)
            if one.name is not None:
                found.setdefault(one.name, one)
    if not found:
        return replace(scene.unresolved(SourceKind.UNRESOLVED), rule=Rule.JOINT)
    leading, *others = found.values()
    return replace(leading, rule=Rule.JOINT, joint=tuple(one.name for one in others if one.name is not None))


def _head(scene: Scene, first: int, end: int) -> int:
    """Where the phrase's core ends: before "of", "for", "from", "at", "who" or a bracket."""
    spanned = {
        p
        for i in scene.cast.within(first, end)
        for p in range(scene.cast.names[i].first, scene.cast.names[i].end)
    }
    for position in range(first + 1, end):
        if position in spanned:
            continue
        if scene.tokens.flags[position] & (_PREP | int(Word.RELATIVE)):
            return position
        if not scene.tokens.word[position] and not _inner_mark(scene, position):
            return position
    return end


def _inner_mark(scene: Scene, position: int) -> bool:
    """A mark inside a phrase: "the senators' leader", "Sens. Mira Oldane"."""
    mark, before = scene.tokens.low[position], position - 1
    return mark in INNER_MARKS or (
        mark == "." and bool(scene.tokens.flags[before] & int(Word.TITLE)) and scene.tokens.capital[before]
    )


def _registered(scene: Scene, first: int, end: int, head: int) -> Resolved | None:
    """The whole phrase is a declared name: "the Russian Reconciliation Center"."""
    for stop in (end, head):
        actor = scene.registry.find(" ".join(scene.tokens.surface(first, stop).split())[:200])
        if actor is None:
            indexes = scene.cast.within(first, stop)
            if len(indexes) == 1:
                name = scene.cast.names[indexes[0]]
                bare = (
                    name.end == stop
                    and name.first <= first + 1
                    and (name.first == first or scene.tokens.low[first] == "the")
                )
                actor = name.actor if bare else None
        if actor is not None:
            return scene.of_actor(actor, Rule.REGISTERED_NAME)
    return None


def _named(scene: Scene, first: int, end: int, head: int) -> Resolved | None:
    """A person or body named in the phrase's core."""
    core = [
        i
        for i in scene.cast.within(first, head)
        if scene.cast.names[i].end == end or not _owns(scene, scene.cast.names[i].end)
    ]
    for index in reversed(core):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        if name.kind is MentionKind.PLACE and name.end < head:
            continue
        if member.person or name.end == head:
            rest = range(name.end, head)
            if any(scene.tokens.flags[p] & _ROLE for p in rest):
                continue
            if name.kind is MentionKind.ORGANISATION and name.end < head:
                continue
            return scene.of_member(member, name.end - name.first, first, end)
    return None


def _owns(scene: Scene, end: int) -> bool:
    """What ends here owns what comes after: "Oldane's aide", "the senators' aide"."""
    tokens = scene.tokens
    if tokens.possessive[end - 1]:
        return True
    touches = end < len(tokens.low) and tokens.start[end] == tokens.end[end - 1]
    return touches and tokens.low[end] in ("'", "’") and tokens.low[end - 1].endswith("s")


def _apposed(scene: Scene, head: int, end: int) -> Resolved | None:
    """Of "a spokeswoman, Nadia Ferrante, said": the name between commas, in the source or right after it."""
    tokens = scene.tokens
    commas = (p for p in range(head, min(len(tokens.low), max(end + 1, head + 1))) if tokens.low[p] == ",")
    comma = next(commas, None)
    if comma is None or comma + 1 >= len(tokens.low):
        return None
    for index in scene.cast.within(comma + 1, min(len(tokens.low), comma + 7)):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        closed = name.end == end or (name.end < len(tokens.low) and tokens.low[name.end] in ",.;(")
        if (
            name.whole == comma + 1
            and closed
            and (member.person or len(name.words) > 1)
            and (member.kind is not MentionKind.ORGANISATION or scene.tokens.flags[head - 1] & _BODY)
            and member.kind is not MentionKind.PLACE
        ):
            if member.kind is None and scene.tokens.flags[head - 1] & _ROLE:
                member.kind = MentionKind.PERSON
            return replace(scene.of_member(member, len(name.words), comma, name.end), rule=Rule.APPOSITION)
        break
    return None


def _common(scene: Scene, first: int, end: int, head: int) -> Resolved:
    flags, low = scene.tokens.flags, scene.tokens.low
    last = head - 1
    if flags[last] & int(Word.DOCUMENT):
        return _document(scene, first, end, head)
    if any(flag & int(Word.ANONYMOUS) for flag in flags[first:head]) or flags[first] & int(Word.LOOSE):
        return scene.withheld(scene.institution(scene.words(first, end)))
    if flags[last] & _BODY:
        return _body(scene, first, end, low[last])
    return scene.unresolved(SourceKind.UNRESOLVED)


def _document(scene: Scene, first: int, end: int, head: int) -> Resolved:
    """Whose "a report by X" or "X's statement" is; "the statement" alone stays open."""
    for index in scene.cast.within(first, end):
        name, member = scene.cast.names[index], scene.cast.member_at[index]
        owns = name.first >= head or name.end < head
        if owns and (member.person or name.kind is MentionKind.ORGANISATION or member.actor is not None):
            return replace(scene.of_member(member, 2, 0, 0), kind=SourceKind.DOCUMENT, rule=Rule.DOCUMENT_OF)
    here = scene.paragraph(first)
    noun = scene.tokens.low[head - 1]
    if scene.tokens.low[first] in ("the", "that", "this"):
        for place, resolved in scene.lately():
            if here - scene.paragraph(place) > 2:
                break
            reach = range(place, min(first, place + 40))
            if resolved.name is not None and any(_issued(scene, p, noun, place) for p in reach):
                return replace(resolved, kind=SourceKind.DOCUMENT, rule=Rule.DOCUMENT_OF)
    return scene.unresolved(SourceKind.DOCUMENT)


def _issued(scene: Scene, position: int, noun: str, place: int) -> bool:
    """Whoever speaks at ``place`` does so in such a document: "said in a statement", "her letter"."""
    if scene.tokens.low[position] != noun or scene.tokens.sentence[position] != scene.tokens.sentence[place]:
        return False
    return any(low in _THEIRS for low in scene.tokens.low[max(place, position - 3) : position])


def _body(scene: Scene, first: int, end: int, noun: str) -> Resolved:
    words = scene.words(first, end)
    actor = scene.institution(words)
    if actor is not None and actor.kind is not ActorKind.PLACE:
        return scene.of_actor(actor, Rule.REGISTERED_NAME)
    if scene.tokens.low[first] in ("the", "this", "its") and end - first == 2:
        for index in islice(scene.cast.before(first), 5 * _LATELY):
            name, member = scene.cast.names[index], scene.cast.member_at[index]
            if name.kind is MentionKind.ORGANISATION and noun in (w.lower() for w in name.text.split()):
                return replace(scene.of_member(member, 2, first, end), rule=Rule.BODY_LAST_NAMED)
        for place, resolved in scene.lately()[:1]:  # "the group", which spoke right before
            near = scene.paragraph(first) - scene.paragraph(place) <= 1
            if near and is_body(resolved) and resolved.name and _may_be(scene, resolved, noun):
                return replace(resolved, kind=SourceKind.ORGANISATION, rule=Rule.BODY_LAST_NAMED)
    return scene.unresolved(SourceKind.ORGANISATION)


def _may_be(scene: Scene, resolved: Resolved, noun: str) -> bool:
    """A medium is no "group" or "government", and only what is called so is a government or an army."""
    kind = resolved.actor.kind if resolved.actor is not None else None
    if kind in (ActorKind.AGENCY, ActorKind.OUTLET):
        return noun in scene.lexicon.media
    return noun not in _RULING
