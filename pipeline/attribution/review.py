"""Which lines of ``sources.toml`` would make a cited name an actor? Proposed with their evidence, for a person to judge.

Nothing is merged here: a name that is nearly an actor's is proposed as its alias, any other as an actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.attribution.registry import Registry, name_words, normal, one_edit
from pipeline.records import Actor, ActorKind

_LONG = 6  # letters of a word that one edit still tells
_LONGEST_EVIDENCE = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class Unregistered:
    """One name or description that is cited and that the registry has no actor for."""

    surface: str
    is_named: bool  # else a description, such as "the agency's spokeswoman"
    source_kind: str
    parent_source_id: str | None
    statement_count: int
    article_count: int
    outlet_count: int
    first_day: date
    last_day: date
    attribution_id: int
    sentence: str


def proposals(found: Iterable[Unregistered], registry: Registry) -> Iterator[str]:
    """For each, the lines to add, under a comment that says how often, since when and by which sentence."""
    for one in found:
        yield "\n".join((*_evidence(one), *_lines(one, registry)))


def _evidence(one: Unregistered) -> Iterator[str]:
    days = f"{one.first_day}" if one.first_day == one.last_day else f"{one.first_day} to {one.last_day}"
    yield (
        f"# {_count(one.statement_count, 'statement')} in {_count(one.article_count, 'article')} of "
        f"{_count(one.outlet_count, 'outlet')}, {days}; wirewatch evidence {one.attribution_id}"
    )
    sentence = " ".join(one.sentence.split())
    yield f"# “{sentence if len(sentence) <= _LONGEST_EVIDENCE else sentence[:_LONGEST_EVIDENCE] + '…'}”"


def _lines(one: Unregistered, registry: Registry) -> Iterator[str]:
    if not one.is_named:
        yield f"# {one.surface}: nobody by name. If it is an office, give its holder a role:"
        of = one.parent_source_id or "…"
        yield f"# roles = [{{ titles = [{_quoted(_title(one.surface))}], of = {_quoted(of)} }}]"
        return
    near = nearest(one.surface, registry)
    if near is not None:
        yield f"# nearly {near.name} ({near.source_id}): if it is, add to its entry"
        yield f"# aliases = [{', '.join(_quoted(name) for name in (*near.aliases, one.surface))}]"
        yield "# else"
    yield "[[actor]]"
    yield f"id = {_quoted('-'.join(name_words(one.surface)))}"
    yield f"name = {_quoted(one.surface)}"
    yield f'kind = "{_kind(one)}"'
    if one.parent_source_id is not None:
        yield f"parent = {_quoted(one.parent_source_id)}"


def nearest(surface: str, registry: Registry) -> Actor | None:
    """The one actor of whose name this is the end, or differs by a letter of a long word; None if several are."""
    words = name_words(surface)
    near: dict[str, Actor] = {}
    for actor in registry.actors:
        for name in (actor.name, *actor.aliases):
            if normal(name) != normal(surface) and _alike(words, name_words(name)):
                near[actor.source_id] = actor
    return next(iter(near.values())) if len(near) == 1 else None


def _alike(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    if not words or not known:
        return False
    if known[-1] == words[-1] and (len(words) == 1 or words[0] == known[0]):
        return True
    if len(words) != len(known):
        return False
    differing = [(one, other) for one, other in zip(words, known, strict=True) if one != other]
    return len(differing) == 1 and all(
        min(len(one), len(other)) >= _LONG and one_edit(one, other) for one, other in differing
    )


def _kind(one: Unregistered) -> str:
    if one.source_kind == "outlet":
        return ActorKind.OUTLET
    return ActorKind.INSTITUTION if one.source_kind == "organisation" else ActorKind.PERSON


def _title(surface: str) -> str:
    words = name_words(surface)
    return " ".join(words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
