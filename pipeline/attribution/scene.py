"""What is known of an article when a source is to be resolved? Its names, bodies and earlier speakers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property

from pipeline.attribution.cast import Cast, Member
from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Lexicon
from pipeline.attribution.phrases import Range
from pipeline.attribution.registry import name_words
from pipeline.attribution.resolved import Resolved, Rule
from pipeline.attribution.tokens import Tokens
from pipeline.records import Actor, ActorKind, MentionKind, SourceKind

_LATELY = 60  # sources or names looked back over, at the most


class Scene:
    """One article while its sources are resolved: its names, its day, and who has spoken so far."""

    def __init__(
        self, tokens: Tokens, lexicon: Lexicon, cast: Cast, on: date | None, drafts: Iterable[Draft] = ()
    ) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.cast = cast
        self.on = on
        self.registry = lexicon.registry
        self.paragraph_starts = [first for first, _ in tokens.paragraph_range]
        self.spoken: list[tuple[int, Resolved]] = []  # outermost sources so far, by position

        self._told = _merged(part for draft in drafts for part in draft.content)

    def is_told(self, position: int) -> bool:
        """Whether it stands in what somebody says, outside quotation marks."""
        place = bisect_right(self._told, (position, len(self.tokens.low))) - 1
        return place >= 0 and position < self._told[place][1] and self.tokens.quote[position] < 0

    def in_brackets(self, position: int, before: int) -> bool:
        """Whether the first bracket between two places is one that closes: the first place is inside."""
        low = self.tokens.low
        closes = next((p for p in range(position, before) if low[p] in "()"), None)
        return closes is not None and low[closes] == ")"

    def paragraph(self, position: int) -> int:
        return bisect_right(self.paragraph_starts, position) - 1

    def lately(self) -> list[tuple[int, Resolved]]:
        """The last sources so far, latest first."""
        return self.spoken[: -_LATELY - 1 : -1]

    def words(self, first: int, end: int) -> list[str]:
        """The phrase's words as the registry says them, one wrong letter mended: "the Kemlin spokesman"."""
        found: list[str] = []
        for position in range(first, end):
            if self.tokens.word[position]:
                word = self.translated(self.tokens.low[position])
                found.extend(self.registry.repair(w) for w in name_words(word) or (word,))
        return found

    def translated(self, word: str) -> str:
        foreign = self.lexicon.foreign
        return word if foreign is None else foreign.translations.get(word, word)

    def in_small_letters(self, word: str) -> str:
        """A name in capitals as the text writes it elsewhere: "MCKEE" is "McKee"; else with the first one alone."""
        if not word.isupper() or len(word) <= 3:
            return word
        return self._printed.get(word.lower()) or word.title()

    @cached_property
    def _printed(self) -> dict[str, str]:
        """Words as they are first written with a capital but not in capitals."""
        found: dict[str, str] = {}
        for position, low in enumerate(self.tokens.low):
            if self.tokens.capital[position] and low not in found:
                surface = self.tokens.surface(position, position + 1)
                if not surface.isupper():
                    found[low] = surface[: len(low)]
        return found

    def institution(self, words: list[str]) -> Actor | None:
        """The one institution whose declared name or adjective stands in the words; longest first."""
        for length in range(min(6, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                actor = self.registry.by_name.get(" ".join(words[start : start + length]))
                if actor is not None and actor.kind not in (ActorKind.PERSON, ActorKind.PLACE):
                    return actor
        demonyms = [self.demonym(word) for word in words]
        if demonyms != words:
            return self.institution(demonyms)
        if self.lexicon.officials.isdisjoint(words):
            return None
        return next((place for word in words if (place := self.registry.by_adjective.get(word))), None)

    def demonym(self, word: str) -> str:
        """Of "Turkey" in "Turkey's foreign ministry" the adjective, by which the registry names such bodies."""
        place = self.registry.by_name.get(word)
        if place is None or place.kind is not ActorKind.PLACE or not place.adjectives:
            return word
        return " ".join(name_words(place.adjectives[0]))

    def of_actor(self, actor: Actor, rule: Rule) -> Resolved:
        member = self.cast.by_key.get(actor.source_id)
        words = [w for office in member.offices for w in office] if member is not None else []
        kind = SourceKind.NAMED if actor.kind is ActorKind.PERSON else SourceKind.ORGANISATION
        if actor.kind in (ActorKind.AGENCY, ActorKind.OUTLET):
            kind = SourceKind.OUTLET
        return Resolved(
            kind=kind, name=actor.name, actor=actor, rule=rule,
            parent_id=self.registry.parent_of(actor, self.on, words), member=member,
        )  # fmt: skip

    def of_member(self, member: Member, length: int, first: int, end: int) -> Resolved:
        if member.actor is not None:
            rule = (
                Rule.REGISTERED_NAME
                if member.actor.kind is not ActorKind.PERSON
                else (Rule.FULL_NAME if length > 1 else Rule.SURNAME)
            )
            return replace(self.of_actor(member.actor, rule), kind=self.kind_of(member))
        rule = Rule.FULL_NAME if length >= len(member.words) > 1 else Rule.SURNAME
        parent = self.institution([w for office in member.offices for w in office] + self.words(first, end))
        return Resolved(
            kind=self.kind_of(member), name=member.name, actor=None,
            parent_id=parent.source_id if parent is not None and member.kind is not MentionKind.ORGANISATION else None,
            rule=rule, member=member,
        )  # fmt: skip

    def kind_of(self, member: Member) -> SourceKind:
        if member.actor is not None and member.actor.kind in (ActorKind.AGENCY, ActorKind.OUTLET):
            return SourceKind.OUTLET
        if member.kind in (MentionKind.ORGANISATION, MentionKind.PLACE):
            return SourceKind.ORGANISATION
        return SourceKind.NAMED

    def unresolved(self, kind: SourceKind) -> Resolved:
        return Resolved(kind=kind, name=None, actor=None, parent_id=None, rule=Rule.UNRESOLVED)

    def withheld(self, institution: Actor | None) -> Resolved:
        return Resolved(
            kind=SourceKind.ANONYMOUS, name=None, actor=None,
            parent_id=institution.source_id if institution is not None else None, rule=Rule.WITHHELD,
        )  # fmt: skip


def _merged(parts: Iterable[Range]) -> list[Range]:
    """The ranges in order, those that overlap joined."""
    merged: list[Range] = []
    for first, end in sorted(parts):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return merged
