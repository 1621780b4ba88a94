"""Who holds the office that a phrase names? "the Kremlin spokesman", "the minister"; by article, then registry."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from pipeline.attribution.cast import Member
from pipeline.attribution.lexicon import Word
from pipeline.attribution.registry import name_words
from pipeline.attribution.resolved import Resolved, Rule
from pipeline.attribution.scene import Scene
from pipeline.records import SourceKind

_ROLE = int(Word.ROLE)
_INDEFINITE = frozenset(
    {"a", "an", "one", "another", "some", "several", "many", "two", "three", "four", "few", "most", "other"}
)
_LATELY = 60  # sources or names looked back over, at the most


def office(scene: Scene, first: int, end: int, head: int) -> Resolved:
    words = [w for w in scene.words(first, end) if w not in ("the", "a", "an", "of", "for")]
    nouns = {w for w in scene.words(first, head) if scene.lexicon.words.get(w, 0) & _ROLE}
    opening = scene.translated(scene.tokens.low[first])
    institution = scene.institution(words)
    if opening in _INDEFINITE or plural(scene, head - 1):
        return scene.withheld(institution)
    in_article = _office_in_article(scene, set(words), nouns, first)
    if in_article is not None:
        return _as_role(scene, in_article, Rule.OFFICE_IN_ARTICLE)
    holders = scene.registry.holders(set(words), scene.on)
    if scene.on is None:
        known = scene.cast.known_people()
        holders = [(a, r) for a, r in holders if a.source_id in known]
    if len(holders) == 1:
        found = scene.of_actor(holders[0][0], Rule.OFFICE_IN_REGISTRY)
        return replace(found, kind=SourceKind.ROLE, parent_id=holders[0][1].of)
    if len(set(words)) <= 1 + (opening in ("his", "her", "its", "their")):
        last = _last_with_office(scene, nouns, first)
        if last is not None:
            return _as_role(scene, last, Rule.OFFICE_LAST_NAMED)
    return Resolved(
        kind=SourceKind.ROLE, name=None, actor=None,
        parent_id=institution.source_id if institution else None, rule=Rule.UNRESOLVED,
    )  # fmt: skip


def plural(scene: Scene, position: int) -> bool:
    word = scene.tokens.low[position]
    return word.endswith("s") and not word.endswith("ss") and word[:-1] in scene.lexicon.words


def _as_role(scene: Scene, member: Member, rule: Rule) -> Resolved:
    found = scene.of_member(member, 2, 0, 0)
    return replace(found, kind=SourceKind.ROLE, rule=rule)


def _office_in_article(scene: Scene, words: set[str], nouns: set[str], position: int) -> Member | None:
    """The member whose office has this noun and most of the other words; none if two fit alike."""
    if not nouns or not (words - nouns) - scene.lexicon.qualifiers:
        return None
    best: list[tuple[float, Member]] = []
    for office, member, place in scene.cast.offices:
        if not nouns & office:
            continue
        known = {scene.registry.repair(w) for part in office for w in name_words(part)}
        shared, missing = len(words & known), len(words - known)
        if missing > shared - 1 or shared < 2:
            continue
        best.append((shared - 0.5 * missing + (0.1 if place < position else 0), member))
    if not best:
        return None
    top = max(fit for fit, _ in best)
    members = {id(m): m for fit, m in best if fit == top}
    return next(iter(members.values())) if len(members) == 1 else None


def _last_with_office(scene: Scene, nouns: set[str], position: int) -> Member | None:
    """Whom "the spokesman" means: the last person said to be one; a speaker before the merely named."""
    for _, resolved in scene.lately():
        member = resolved.member
        if member is not None and _has_office(member, nouns):
            return member
    for index in islice(scene.cast.before(position), _LATELY):
        member = scene.cast.member_at[index]
        if _has_office(member, nouns):
            return member
    return None


def _has_office(member: Member, nouns: set[str]) -> bool:
    if any(nouns & office for office in member.offices):
        return True
    if member.actor is None:
        return False
    titles = {w for role in member.actor.roles for t in role.titles for w in name_words(t)}
    return bool(nouns & titles)
