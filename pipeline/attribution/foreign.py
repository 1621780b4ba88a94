"""Which words does a language other than English hand statements over by? One file of ``catalog/`` a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreign:
    """The word lists of one language, as its file has them."""

    code: str  # ISO 639-1
    participles: frozenset[str]
    finite: frozenset[str]
    objects: frozenset[str]  # forms after which a thing may follow rather than a clause
    auxiliaries: frozenset[str]
    according: frozenset[str]
    according_of: frozenset[str]  # after "d'"
    clitics: frozenset[str]  # between a subject and its verb
    negations: frozenset[str]
    not_sources: frozenset[str]  # after "selon", and yet nobody
    pronouns: Mapping[str, str]  # "elle" → f, "je" → self
    translations: Mapping[str, str]  # words of offices and peoples, as the registry says them


def parse_foreign(code: str, data: Mapping[str, Any]) -> Foreign:
    verbs, words, pronouns = data["verbs"], data["words"], data["pronouns"]
    according_of = frozenset(verbs["according_of"])
    return Foreign(
        code=code,
        participles=frozenset(verbs["participles"]),
        finite=frozenset(verbs["finite"]),
        objects=frozenset(verbs["objects"]),
        auxiliaries=frozenset(verbs["auxiliaries"]),
        according=frozenset(verbs["according"]) | according_of,
        according_of=according_of,
        clitics=frozenset(words["clitics"]),
        negations=frozenset(words["negations"]),
        not_sources=frozenset(data["sources"]["not_sources"]),
        pronouns=MappingProxyType(
            dict.fromkeys(pronouns["male"], "m")
            | dict.fromkeys(pronouns["female"], "f")
            | dict.fromkeys(pronouns["self"], "self")
        ),
        translations=MappingProxyType(dict(data["translations"])),
    )
