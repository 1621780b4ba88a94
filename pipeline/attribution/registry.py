"""Who may be cited, under which names, in which offices, and when? The registry of actors.

Names merge only where they are equal after normalising; the one exception is a single wrong letter in
a long word of a declared name ("the Kemlin spokesman"). Merging on a fuzzy score makes false people.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pipeline.errors import CatalogError
from pipeline.records import Actor, ActorKind, Role

FILE = "catalog/sources.toml"
ACTOR_KEYS = frozenset(
    {
        "id",
        "name",
        "kind",
        "aliases",
        "adjectives",
        "roles",
        "parent",
        "country",
        "gender",
        "affiliation",
        "wikidata",
    }
)
ROLE_KEYS = frozenset({"titles", "of", "since", "until"})

_EDIT_LENGTH = 6  # shorter words differ by one letter and mean something else: "Iran", "Iraq"
_SPELLINGS = {"centre": "center", "defence": "defense", "organisation": "organization", "labour": "labor"}
# Titles that many offices of one country share; the country alone does not tell whose they are.
_SHARED_TITLES = frozenset(
    {
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "minister",
        "head",
        "chief",
        "director",
        "secretary",
        "envoy",
        "ambassador",
    }
)
# A holder's deputy or predecessor is not the holder.
_OTHER_RANKS = frozenset(
    {
        "deputy",
        "vice",
        "former",
        "assistant",
        "acting",
        "ex",
        "late",
        "under",
        "then",
        "shadow",
        "rival",
        "future",
    }
)
_NOT_WORD = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """The actors, and the indexes by which texts find them."""

    actors: tuple[Actor, ...]
    by_id: Mapping[str, Actor]
    by_name: Mapping[str, Actor]  # normalised names and aliases
    by_adjective: Mapping[str, Actor]  # "syrian" → syria
    by_title: Mapping[str, tuple[tuple[Actor, Role, tuple[str, ...]], ...]]  # by a title's last word
    long_words: Mapping[int, tuple[str, ...]]  # words of declared names, by length
    first_words: Mapping[str, int]  # first word of a name as a text has it → words of the longest such name

    def find(self, surface: str) -> Actor | None:
        """The actor of exactly this name, after normalising."""
        return self.by_name.get(normal(surface))

    def repair(self, word: str) -> str:
        """A long word with one wrong letter becomes the one declared word it is nearest to."""
        if len(word) < _EDIT_LENGTH - 1:
            return word
        near: set[str] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            if length < _EDIT_LENGTH:
                continue
            for known in self.long_words.get(length, ()):
                if known == word:
                    return word
                if known[0] == word[0] and one_edit(known, word):
                    near.add(known)
        return near.pop() if len(near) == 1 else word

    def holders(self, words: Collection[str], on: date | None) -> list[tuple[Actor, Role]]:
        """Who held the office that a phrase's words name, best fitting titles first; all dates if None."""
        found: list[tuple[int, Actor, Role]] = []
        for word in words:
            for actor, role, title in self.by_title.get(word, ()):
                if _OTHER_RANKS.intersection(words) - set(title):
                    continue
                if all(part in words for part in title) and (on is None or held(role, on)):
                    fit = self._institution_fit(role.of, title, words)
                    if fit:
                        found.append((fit + 10 * len(title), actor, role))
        best = max((fit for fit, _, _ in found), default=0)
        return list({actor.source_id: (actor, role) for fit, actor, role in found if fit == best}.values())

    def _institution_fit(self, source_id: str, title: tuple[str, ...], words: Collection[str]) -> int:
        """How many words of the phrase name the institution; 0 where none does."""
        institution = self.by_id.get(source_id)
        if institution is None:
            return 0
        fit = max((len(name) for name in _names(institution) if all(w in words for w in name)), default=0)
        if fit:
            return fit + 1
        if len(title) == 1 and title[0] in _SHARED_TITLES:
            return 0
        parent = self.by_id.get(institution.parent_id or "")
        if parent is None:
            return 0
        return max((len(name) for name in _names(parent) if all(w in words for w in name)), default=0)

    def parent_of(self, actor: Actor, on: date | None, words: Collection[str] = ()) -> str | None:
        """The institution an actor speaks for: of the office held on the day, else its standing parent."""
        if on is not None:
            current = [role for role in actor.roles if held(role, on)]
        elif len({role.of for role in actor.roles}) == 1:
            current = list(actor.roles)
        else:
            current = [role for role in actor.roles if _named_in(role, words)]
        return current[0].of if current else actor.parent_id


def held(role: Role, on: date) -> bool:
    """An office is held from its first day to the day before ``until``."""
    return (role.since is None or role.since <= on) and (role.until is None or on < role.until)


def normal(surface: str) -> str:
    """What two spellings of one name share; short acronyms keep their capitals ("US" is not "us")."""
    bare = surface.strip().replace(".", "")
    if bare.isupper() and len(bare) <= 4 and bare.isascii():
        return bare
    return " ".join(name_words(surface))


@lru_cache(maxsize=20_000)
def name_words(surface: str) -> tuple[str, ...]:
    """Lower-case words without accents, dots, possessives or a leading article.

    >>> name_words("the Russian Defence Ministry’s")
    ('russian', 'defense', 'ministry')
    """
    plain = unicodedata.normalize("NFKD", surface[:300].replace("’", "'")).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"'s\b", "", plain).replace(".", "").replace("-", " ").replace("'", "")
    words = _NOT_WORD.sub(" ", plain).split()
    if words and words[0] == "the":
        words = words[1:]
    return tuple(_SPELLINGS.get(word, word) for word in words)


def one_edit(one: str, other: str) -> bool:
    """One letter changed, added or left out.

    >>> one_edit("kremlin", "kemlin"), one_edit("kremlin", "gremlins")
    (True, False)
    """
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    rest = one[same + 1 :] if len(one) == len(other) else one[same:]
    return rest == other[same + 1 :]


def parse_registry(text: str) -> Registry:
    """The registry from the text of ``sources.toml``; CatalogError names the entry that is wrong."""
    actors = tuple(parse_actors(text))
    by_name: dict[str, Actor] = {}
    by_adjective: dict[str, Actor] = {}
    by_title: dict[str, list[tuple[Actor, Role, tuple[str, ...]]]] = {}
    long_words: dict[int, set[str]] = {}
    for actor in actors:
        for name in (actor.name, *actor.aliases):
            by_name.setdefault(normal(name), actor)
            if actor.kind is not ActorKind.PERSON:
                _remember(long_words, name_words(name))
        for adjective in actor.adjectives:
            by_adjective.setdefault(normal(adjective), actor)
            _remember(long_words, name_words(adjective))
        for role in actor.roles:
            for title in role.titles:
                words = name_words(title)
                by_title.setdefault(words[-1], []).append((actor, role, words))
                _remember(long_words, words)
    return Registry(
        actors=actors,
        by_id=MappingProxyType({actor.source_id: actor for actor in actors}),
        by_name=MappingProxyType(by_name),
        by_adjective=MappingProxyType(by_adjective),
        by_title=MappingProxyType({word: tuple(entries) for word, entries in by_title.items()}),
        long_words=MappingProxyType({n: tuple(sorted(words)) for n, words in long_words.items()}),
        first_words=MappingProxyType(_first_words(actors)),
    )


def parse_actors(text: str) -> Iterable[Actor]:
    try:
        entries = tomllib.loads(text).get("actor", [])
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(FILE, "syntax", str(error), "Mend the TOML at that line.") from error
    for position, entry in enumerate(entries):
        yield _actor(entry, f"actor {entry.get('id', f'number {position + 1}')}")


def _actor(entry: Mapping[str, Any], where: str) -> Actor:
    for key in ("id", "name", "kind"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise CatalogError(FILE, where, f"has no {key}", f'Add {key} = "…".')
    if entry["kind"] not in set(ActorKind):
        kinds = ", ".join(ActorKind)
        raise CatalogError(FILE, where, f"kind {entry['kind']!r} is unknown", f"Use one of: {kinds}.")
    return Actor(
        source_id=entry["id"],
        name=entry["name"],
        kind=ActorKind(entry["kind"]),
        aliases=tuple(entry.get("aliases", ())),
        adjectives=tuple(entry.get("adjectives", ())),
        roles=tuple(_role(role, where) for role in entry.get("roles", ())),
        parent_id=entry.get("parent"),
        country=entry.get("country"),
        gender=entry.get("gender"),
        affiliation=entry.get("affiliation"),
        wikidata=entry.get("wikidata"),
    )


def _role(entry: Mapping[str, Any], where: str) -> Role:
    if not entry.get("titles") or not entry.get("of"):
        raise CatalogError(FILE, where, "a role lacks titles or of", 'Write { titles = ["…"], of = "…" }.')
    for key in ("since", "until"):
        if not isinstance(entry.get(key), date | None):
            raise CatalogError(FILE, where, f"{key} is no date", "Write it bare: 2016-03-27.")
    return Role(
        titles=tuple(entry["titles"]), of=entry["of"], since=entry.get("since"), until=entry.get("until")
    )


def _first_words(actors: Iterable[Actor]) -> dict[str, int]:
    """Spelled as a text does ("defence", "U.S."), a leading article left out."""
    found: dict[str, int] = {}
    for actor in actors:
        for name in (actor.name, *actor.aliases):
            words = name.lower().replace("’", "'").split()
            if words[0] == "the" and len(words) > 1:
                words = words[1:]
            first = words[0].removesuffix("'s")
            dotted = "".join(f"{letter}." for letter in first) if name.isupper() and len(first) < 4 else first
            for spelling in {first, dotted, _SPELLINGS.get(first, first)}:
                found[spelling] = max(found.get(spelling, 0), len(words) + 1)
    return found


def _remember(long_words: dict[int, set[str]], words: Iterable[str]) -> None:
    for word in words:
        if len(word) >= _EDIT_LENGTH:
            long_words.setdefault(len(word), set()).add(word)


@lru_cache(maxsize=4096)
def _names(actor: Actor) -> tuple[tuple[str, ...], ...]:
    return tuple(name_words(name) for name in (actor.name, *actor.aliases, *actor.adjectives))


def _named_in(role: Role, words: Collection[str]) -> bool:
    return any(all(word in words for word in name_words(title)) for title in role.titles)
