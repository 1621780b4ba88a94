"""Who is meant, and by which rule? The closed list of rules, and what one resolution came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.attribution.cast import Member
from pipeline.records import Actor, SourceKind


class Rule(StrEnum):
    """What resolved a source, or why it was not."""

    FULL_NAME = "full_name"
    SURNAME = "surname"
    REGISTERED_NAME = "registered_name"  # a declared name or alias
    OFFICE_IN_ARTICLE = "office_in_article"  # "the Kremlin spokesman", named before or after
    OFFICE_IN_REGISTRY = "office_in_registry"  # held on the article's day
    OFFICE_LAST_NAMED = "office_last_named"  # "the spokesman", the last one who is
    PRONOUN_SPEAKER = "pronoun_speaker"  # whoever spoke last
    PRONOUN_NEAREST = "pronoun_nearest"  # the nearest name that agrees
    PRONOUN_SELF = "pronoun_self"  # "I" inside somebody's statement
    RELATIVE = "relative"  # "X, who said"
    BODY_LAST_NAMED = "body_last_named"  # "the ministry"
    DOCUMENT_OF = "document_of"  # "a report by X"
    APPOSITION = "apposition"  # "a spokeswoman, Nadia Ferrante, said"
    JOINT = "joint"  # "Corrado and Oldane said": the first named, with the others in ``joint``
    CONTINUED = "continued"  # the source of the verb before
    TRANSCRIPT = "transcript"  # "OLDANE: …"
    WITHHELD = "withheld"  # the text holds the name back
    UNRESOLVED = "unresolved"
    ABSENT = "absent"  # the text gives no source


_TRUST = {
    Rule.FULL_NAME: 1.0, Rule.REGISTERED_NAME: 1.0, Rule.SURNAME: 0.97, Rule.TRANSCRIPT: 0.95,
    Rule.OFFICE_IN_ARTICLE: 0.9, Rule.OFFICE_IN_REGISTRY: 0.9, Rule.OFFICE_LAST_NAMED: 0.75,
    Rule.PRONOUN_SPEAKER: 0.9, Rule.PRONOUN_NEAREST: 0.75, Rule.PRONOUN_SELF: 0.85, Rule.RELATIVE: 0.9,
    Rule.BODY_LAST_NAMED: 0.8, Rule.JOINT: 0.9, Rule.APPOSITION: 0.95, Rule.DOCUMENT_OF: 0.85, Rule.CONTINUED: 0.9,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """Who is meant, as far as the text and the registry tell."""

    kind: SourceKind
    name: str | None
    actor: Actor | None
    parent_id: str | None
    rule: Rule
    member: Member | None = None
    place: int | None = None  # token position of the source
    joint: tuple[str, ...] = ()  # the others who say it too

    @property
    def trust(self) -> float:
        """How far the rule can be believed; a source left open takes nothing from the statement."""
        return _TRUST.get(self.rule, 1.0)
