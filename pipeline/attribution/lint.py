"""What is wrong with the registry of actors? Problems that parse, but would merge or lose people."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.attribution.registry import ACTOR_KEYS, FILE, ROLE_KEYS, normal, parse_actors
from pipeline.records import Actor, ActorKind, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing to mend in a file, and how."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}. {self.remedy}"


def problems(text: str) -> tuple[Problem, ...]:
    """All problems of the text of ``sources.toml``; none for a sound registry."""
    actors = tuple(parse_actors(text))
    checks = (
        _unknown_keys(text),
        _ids(actors),
        _names(actors),
        _links(actors),
        _people(actors),
        _holders(actors),
    )
    return tuple(
        Problem(file=FILE, key=key, problem=problem, remedy=remedy)
        for check in checks
        for key, problem, remedy in check
    )


_Finding = tuple[str, str, str]


def _unknown_keys(text: str) -> Iterator[_Finding]:
    data = tomllib.loads(text)
    for key in data.keys() - {"actor"}:
        yield key, "is no table of this file", "Entries stand under [[actor]]."
    for entry in data.get("actor", []):
        for key in sorted(entry.keys() - ACTOR_KEYS):
            yield entry["id"], f"unknown key {key!r}", f"Use: {', '.join(sorted(ACTOR_KEYS))}."
        for role in entry.get("roles", []):
            for key in sorted(role.keys() - ROLE_KEYS):
                yield entry["id"], f"unknown key {key!r} in a role", f"Use: {', '.join(sorted(ROLE_KEYS))}."


def _ids(actors: tuple[Actor, ...]) -> Iterator[_Finding]:
    seen: set[str] = set()
    for actor in actors:
        if actor.source_id in seen:
            yield actor.source_id, "stands twice", "Merge the two entries."
        seen.add(actor.source_id)
        if actor.source_id != actor.source_id.lower() or not actor.source_id.replace("-", "").isalnum():
            yield actor.source_id, "is no slug", "Use lower-case letters, digits and hyphens."


def _names(actors: tuple[Actor, ...]) -> Iterator[_Finding]:
    owner: dict[str, str] = {}
    for actor in actors:
        own = [normal(name) for name in (actor.name, *actor.aliases)]
        for name in own:
            if own.count(name) > 1 and name in owner and owner[name] == actor.source_id:
                yield actor.source_id, f"alias {name!r} repeats one it has", "Leave one out."
            other = owner.setdefault(name, actor.source_id)
            if other != actor.source_id:
                yield actor.source_id, f"alias {name!r} is also {other}'s", "Give it to one of them."


def _links(actors: tuple[Actor, ...]) -> Iterator[_Finding]:
    ids = {actor.source_id: actor for actor in actors}
    for actor in actors:
        if actor.parent_id is not None and actor.parent_id not in ids:
            yield (
                actor.source_id,
                f"parent {actor.parent_id!r} is not in the registry",
                "Add it or mend the id.",
            )
        for role in actor.roles:
            if role.of not in ids:
                yield actor.source_id, f"role of {role.of!r}, not in the registry", "Add it or mend the id."
            elif ids[role.of].kind is ActorKind.PERSON:
                yield (
                    actor.source_id,
                    f"role of the person {role.of!r}",
                    "A role is of an institution or place.",
                )
        seen, parent = {actor.source_id}, actor.parent_id
        while parent in ids:
            if parent in seen:
                yield actor.source_id, "is its own ancestor", "Mend the parents."
                break
            seen.add(parent)
            parent = ids[parent].parent_id


def _people(actors: tuple[Actor, ...]) -> Iterator[_Finding]:
    for actor in actors:
        person = actor.kind is ActorKind.PERSON
        if person and actor.gender not in ("f", "m", None):
            yield actor.source_id, f"gender {actor.gender!r}", 'Use "f" or "m", or leave it out.'
        if not person and (actor.gender or actor.roles):
            yield actor.source_id, "has a gender or roles and is no person", "Leave them out."
        for role in actor.roles:
            if role.since and role.until and role.since >= role.until:
                yield actor.source_id, f"role of {role.of!r} ends before it starts", "Mend the dates."


def _holders(actors: tuple[Actor, ...]) -> Iterator[_Finding]:
    """Two people in one office at one time: a text could not tell which of them it means."""
    held: dict[tuple[str, str], list[tuple[Actor, Role]]] = {}
    for actor in actors:
        for role in actor.roles:
            for title in role.titles:
                held.setdefault((normal(title), role.of), []).append((actor, role))
    for (title, of), holders in held.items():
        ordered = sorted(holders, key=lambda pair: pair[1].since or date.min)
        for (first, role), (second, later) in itertools.pairwise(ordered):
            if first is not second and (role.until or date.max) > (later.since or date.min):
                yield (
                    second.source_id,
                    f"{title!r} of {of} overlaps with {first.source_id}",
                    "Date the roles, or give them titles that differ.",
                )
