"""Who is meant by a source's words? By name, office, description or pronoun, each with its rule.

What no rule settles stays unresolved: a missing name is better than a wrong one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pipeline.attribution.cast import Cast, Member
from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.registry import name_words
from pipeline.attribution.tokens import Tokens
from pipeline.records import Actor, ActorKind, MentionKind, SourceKind

_ROLE = int(Word.ROLE)
_PREP = int(Word.PREPOSITION)
_DET = int(Word.DETERMINER)
_BODY = int(Word.BODY | Word.COMMON_BODY)
_FEMALE = frozenset({"she", "her", "she's", "she'd"})
_MALE = frozenset({"he", "his", "him", "he's", "he'd"})
_SELF = frozenset({"i", "we", "i'm", "i've", "we're", "we've", "i'd", "we'd"})
_INDEFINITE = frozenset(
    {"a", "an", "one", "another", "some", "several", "many", "two", "three", "four", "few", "most", "other"}
)
_REACH = 4  # paragraphs that a pronoun looks back over


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
    JOINT = "joint"  # "Corrado and Oldane said": two at once, neither alone
    CONTINUED = "continued"  # the source of the verb before
    TRANSCRIPT = "transcript"  # "OLDANE: …"
    WITHHELD = "withheld"  # the text holds the name back
    UNRESOLVED = "unresolved"
    ABSENT = "absent"  # the text gives no source


_TRUST = {
    Rule.FULL_NAME: 1.0, Rule.REGISTERED_NAME: 1.0, Rule.SURNAME: 0.97, Rule.TRANSCRIPT: 0.95,
    Rule.OFFICE_IN_ARTICLE: 0.9, Rule.OFFICE_IN_REGISTRY: 0.9, Rule.OFFICE_LAST_NAMED: 0.75,
    Rule.PRONOUN_SPEAKER: 0.9, Rule.PRONOUN_NEAREST: 0.75, Rule.PRONOUN_SELF: 0.85, Rule.RELATIVE: 0.9,
    Rule.BODY_LAST_NAMED: 0.8, Rule.APPOSITION: 0.95, Rule.DOCUMENT_OF: 0.85, Rule.CONTINUED: 0.9,
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

    @property
    def trust(self) -> float:
        """How far the rule can be believed; a source left open takes nothing from the statement."""
        return _TRUST.get(self.rule, 1.0)


class Resolver:
    """Resolves the drafts of one article in their order; later ones lean on earlier ones."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, cast: Cast, on: date | None) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.cast = cast
        self.on = on
        self.registry = lexicon.registry
        self.paragraph_starts = [first for first, _ in tokens.paragraph_range]
        self.spoken: list[tuple[int, Resolved]] = []  # outermost sources so far, by position

    def paragraph(self, position: int) -> int:
        return bisect_right(self.paragraph_starts, position) - 1

    def resolve(self, draft: Draft, outer: Resolved | None) -> Resolved:
        """``outer``: of the statement that this one stands in."""
        if draft.source is None:
            return Resolved(
                kind=SourceKind.UNRESOLVED, name=None, actor=None, parent_id=None, rule=Rule.ABSENT
            )
        found = self._resolve(draft.source, outer)
        if draft.rule == "transcript" and found.name is not None:
            found = replace(found, rule=Rule.TRANSCRIPT)
        if draft.inside is None:
            self.spoken.append((draft.source[0], found))
        return found

    def _resolve(self, source: Range, outer: Resolved | None) -> Resolved:
        first, end = source
        low, flags = self.tokens.low, self.tokens.flags
        if end - first == 1:
            word = low[first]
            if word in _SELF:
                return self._self(outer)
            if word in _MALE or word in _FEMALE:
                return self._pronoun(first, "m" if word in _MALE else "f")
            if word == "who":
                return self._relative(first)
            if word in ("it", "they", "it's", "they've", "they'd"):
                return self._thing(first, word)
        head = self._head(first, end)
        registered = self._registered(first, end, head)
        if registered is not None:
            return registered
        if self._joint(first, head):
            return replace(self._open(SourceKind.UNRESOLVED), rule=Rule.JOINT)
        named = self._named(first, end, head)
        if named is not None:
            return named
        apposed = self._apposed(end)
        if apposed is not None:
            return apposed
        if any(flags[p] & _ROLE for p in range(first, head)):
            return self._office(first, end, head)
        return self._common(first, end, head)

    def _joint(self, first: int, head: int) -> bool:
        """Two sources joined by "and", unless the "and" stands inside a name of its own."""
        for position in range(first + 1, head - 1):
            if self.tokens.low[position] == "and":
                inside = any(
                    self.cast.names[i].first < position < self.cast.names[i].end
                    for i in self.cast.within(first, head)
                )
                return not inside
        return False

    # ---- names -------------------------------------------------------------------------------------

    def _head(self, first: int, end: int) -> int:
        """Where the phrase's core ends: before "of", "for", "from", "at", "who" or a bracket."""
        spanned = {
            p
            for i in self.cast.within(first, end)
            for p in range(self.cast.names[i].first, self.cast.names[i].end)
        }
        for position in range(first + 1, end):
            if position in spanned:
                continue
            if self.tokens.flags[position] & (_PREP | int(Word.RELATIVE)) or not self.tokens.word[position]:
                return position
        return end

    def _registered(self, first: int, end: int, head: int) -> Resolved | None:
        """The whole phrase is a declared name: "the Russian Reconciliation Center"."""
        for stop in (end, head):
            actor = self.registry.find(" ".join(self.tokens.surface(first, stop).split())[:200])
            if actor is None:
                indexes = self.cast.within(first, stop)
                if len(indexes) == 1:
                    name = self.cast.names[indexes[0]]
                    bare = (
                        name.end == stop
                        and name.first <= first + 1
                        and (name.first == first or self.tokens.low[first] == "the")
                    )
                    actor = name.actor if bare else None
            if actor is not None:
                return self._actor(actor, Rule.REGISTERED_NAME)
        return None

    def _actor(self, actor: Actor, rule: Rule) -> Resolved:
        member = self.cast.by_key.get(actor.source_id)
        words = [w for office in member.offices for w in office] if member is not None else []
        kind = SourceKind.NAMED if actor.kind is ActorKind.PERSON else SourceKind.ORGANISATION
        if actor.kind in (ActorKind.AGENCY, ActorKind.OUTLET):
            kind = SourceKind.OUTLET
        return Resolved(
            kind=kind, name=actor.name, actor=actor, rule=rule,
            parent_id=self.registry.parent_of(actor, self.on, words), member=member,
        )  # fmt: skip

    def _named(self, first: int, end: int, head: int) -> Resolved | None:
        """A person or body named in the phrase's core."""
        core = [
            i for i in self.cast.within(first, head) if not self.tokens.possessive[self.cast.names[i].end - 1]
        ]
        for index in reversed(core):
            name, member = self.cast.names[index], self.cast.member_at[index]
            if name.kind is MentionKind.PLACE and name.end < head:
                continue
            if member.person or name.end == head:
                rest = range(name.end, head)
                if any(self.tokens.flags[p] & _ROLE for p in rest):
                    continue
                if name.kind is MentionKind.ORGANISATION and name.end < head:
                    continue
                return self._of_member(member, name.end - name.first, first, end)
        return None

    def _apposed(self, end: int) -> Resolved | None:
        """ "A spokeswoman, Nadia Ferrante, said": the name between commas right after the phrase."""
        tokens = self.tokens
        if end + 1 >= len(tokens.low) or tokens.text[tokens.start[end]] != ",":
            return None
        for index in self.cast.within(end + 1, min(len(tokens.low), end + 7)):
            name, member = self.cast.names[index], self.cast.member_at[index]
            closed = name.end < len(tokens.low) and tokens.text[tokens.start[name.end]] in ",.;"
            if (
                name.whole == end + 1
                and closed
                and (member.person or (member.kind is None and len(name.words) > 1))
            ):
                return replace(self._of_member(member, len(name.words), end, name.end), rule=Rule.APPOSITION)
            break
        return None

    def _of_member(self, member: Member, length: int, first: int, end: int) -> Resolved:
        if member.actor is not None:
            rule = (
                Rule.REGISTERED_NAME
                if member.actor.kind is not ActorKind.PERSON
                else (Rule.FULL_NAME if length > 1 else Rule.SURNAME)
            )
            return replace(self._actor(member.actor, rule), kind=self._kind_of(member))
        rule = Rule.FULL_NAME if length >= len(member.words) else Rule.SURNAME
        parent = self._institution([w for office in member.offices for w in office] + self._words(first, end))
        return Resolved(
            kind=self._kind_of(member), name=member.name, actor=None,
            parent_id=parent.source_id if parent is not None and member.kind is not MentionKind.ORGANISATION else None,
            rule=rule, member=member,
        )  # fmt: skip

    def _kind_of(self, member: Member) -> SourceKind:
        if member.actor is not None and member.actor.kind in (ActorKind.AGENCY, ActorKind.OUTLET):
            return SourceKind.OUTLET
        if member.kind in (MentionKind.ORGANISATION, MentionKind.PLACE):
            return SourceKind.ORGANISATION
        return SourceKind.NAMED

    def _words(self, first: int, end: int) -> list[str]:
        """The phrase's words, one wrong letter mended: "the Kemlin spokesman"."""
        found: list[str] = []
        for position in range(first, end):
            if self.tokens.word[position]:
                found.extend(self.registry.repair(w) for w in name_words(self.tokens.low[position]))
        return found

    def _institution(self, words: list[str]) -> Actor | None:
        """The one institution whose declared name or adjective stands in the words; longest first."""
        for length in range(min(6, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                actor = self.registry.by_name.get(" ".join(words[start : start + length]))
                if actor is not None and actor.kind is not ActorKind.PERSON:
                    return actor
        return None

    # ---- offices -----------------------------------------------------------------------------------

    def _office(self, first: int, end: int, head: int) -> Resolved:
        words = [w for w in self._words(first, end) if w not in ("the", "a", "an", "of", "for")]
        nouns = {w for w in self._words(first, head) if self.lexicon.words.get(w, 0) & _ROLE}
        opening = self.tokens.low[first]
        institution = self._institution(words)
        if opening in _INDEFINITE or self._plural(head - 1):
            return self._withheld(institution)
        in_article = self._office_in_article(set(words), nouns, first)
        if in_article is not None:
            return self._as_role(in_article, Rule.OFFICE_IN_ARTICLE)
        holders = self.registry.holders(set(words), self.on)
        if self.on is None:
            known = self.cast.known_people()
            holders = [(a, r) for a, r in holders if a.source_id in known]
        if len(holders) == 1:
            found = self._actor(holders[0][0], Rule.OFFICE_IN_REGISTRY)
            return replace(found, kind=SourceKind.ROLE, parent_id=holders[0][1].of)
        if len(set(words)) <= 1 + (opening in ("his", "her", "its", "their")):
            last = self._last_with_office(nouns, first)
            if last is not None:
                return self._as_role(last, Rule.OFFICE_LAST_NAMED)
        return Resolved(
            kind=SourceKind.ROLE, name=None, actor=None,
            parent_id=institution.source_id if institution else None, rule=Rule.UNRESOLVED,
        )  # fmt: skip

    def _plural(self, position: int) -> bool:
        word = self.tokens.low[position]
        return word.endswith("s") and not word.endswith("ss") and word[:-1] in self.lexicon.words

    def _as_role(self, member: Member, rule: Rule) -> Resolved:
        found = self._of_member(member, 2, 0, 0)
        return replace(found, kind=SourceKind.ROLE, rule=rule)

    def _office_in_article(self, words: set[str], nouns: set[str], position: int) -> Member | None:
        """The member whose office has this noun and most of the other words; none if two fit alike."""
        if not nouns or not (words - nouns) - self.lexicon.qualifiers:
            return None
        best: list[tuple[float, Member]] = []
        for office, member, place in self.cast.offices:
            if not nouns & office:
                continue
            known = {self.registry.repair(w) for part in office for w in name_words(part)}
            shared, missing = len(words & known), len(words - known)
            if missing > shared - 1 or shared < 2:
                continue
            best.append((shared - 0.5 * missing + (0.1 if place < position else 0), member))
        if not best:
            return None
        top = max(fit for fit, _ in best)
        members = {id(m): m for fit, m in best if fit == top}
        return next(iter(members.values())) if len(members) == 1 else None

    def _last_with_office(self, nouns: set[str], position: int) -> Member | None:
        """ "The spokesman" is the last person said to be one; a speaker before the merely named."""
        for _, resolved in reversed(self.spoken):
            member = resolved.member
            if member is not None and self._has_office(member, nouns):
                return member
        for index in self.cast.before(position):
            member = self.cast.member_at[index]
            if self._has_office(member, nouns):
                return member
        return None

    def _has_office(self, member: Member, nouns: set[str]) -> bool:
        if any(nouns & office for office in member.offices):
            return True
        if member.actor is None:
            return False
        titles = {w for role in member.actor.roles for t in role.titles for w in name_words(t)}
        return bool(nouns & titles)

    # ---- pronouns ----------------------------------------------------------------------------------

    def _self(self, outer: Resolved | None) -> Resolved:
        if outer is None or outer.name is None:
            return self._open(SourceKind.PRONOUN)
        return replace(outer, kind=SourceKind.PRONOUN, rule=Rule.PRONOUN_SELF)

    def _pronoun(self, position: int, gender: str) -> Resolved:
        """The last speaker or the nearest person that agrees; the nearer of the two, speakers first."""
        here = self.paragraph(position)
        best: tuple[float, Member, Rule] | None = None
        for place, resolved in reversed(self.spoken):
            if here - self.paragraph(place) > 2:
                break
            member = resolved.member
            if place < position and member is not None and member.person and member.gender in (None, gender):
                best = (
                    position - place - (40 if here == self.paragraph(place) else 0),
                    member,
                    Rule.PRONOUN_SPEAKER,
                )
                break
        seen = 0
        for index in self.cast.before(position - 1):
            name, member = self.cast.names[index], self.cast.member_at[index]
            distance = here - self.paragraph(name.first)
            if distance > _REACH or seen > 6:
                break
            if not member.person or member.gender not in (None, gender) or self.tokens.quote[name.first] >= 0:
                continue
            seen += 1
            cost = (
                position
                - name.first
                + (20 if distance else 0)
                - (25 if self._opens_sentence(name.whole) else 0)
            )
            cost += (10 if member.gender is None else 0) + (15 if self.tokens.possessive[name.end - 1] else 0)
            if best is None or cost < best[0]:
                best = (cost, member, Rule.PRONOUN_NEAREST)
        if best is None:
            return self._open(SourceKind.PRONOUN)
        return replace(self._of_member(best[1], 2, 0, 0), kind=SourceKind.PRONOUN, rule=best[2])

    def _opens_sentence(self, position: int) -> bool:
        return position == 0 or self.tokens.sentence[position] != self.tokens.sentence[position - 1]

    def _relative(self, position: int) -> Resolved:
        """ "X, who said": the name right before, or the one its phrase is about."""
        for index in self.cast.before(position - 1):
            name, member = self.cast.names[index], self.cast.member_at[index]
            if position - name.end > 12 or self.tokens.sentence[name.first] != self.tokens.sentence[position]:
                break
            if member.person:
                return replace(self._of_member(member, 2, 0, 0), kind=SourceKind.PRONOUN, rule=Rule.RELATIVE)
        return self._open(SourceKind.PRONOUN)

    def _thing(self, position: int, word: str) -> Resolved:
        """ "It" is the last body that spoke, close before; "they" only where one spoke as many."""
        here = self.paragraph(position)
        for place, resolved in reversed(self.spoken):
            if place >= position or here - self.paragraph(place) > 1:
                break
            if resolved.kind in (SourceKind.ORGANISATION, SourceKind.OUTLET) and resolved.name is not None:
                if word.startswith("they") and resolved.actor is None:
                    break
                return replace(resolved, kind=SourceKind.PRONOUN, rule=Rule.PRONOUN_SPEAKER)
            break
        return self._open(SourceKind.PRONOUN)

    # ---- bodies, documents, the unnamed ----------------------------------------------------------------

    def _common(self, first: int, end: int, head: int) -> Resolved:
        flags, low = self.tokens.flags, self.tokens.low
        last = head - 1
        if flags[last] & int(Word.DOCUMENT):
            return self._document(first, end, head)
        if flags[last] & int(Word.ANONYMOUS) or flags[first] & int(Word.LOOSE):
            return self._withheld(self._institution(self._words(first, end)))
        if flags[last] & _BODY:
            return self._body(first, end, low[last])
        return self._open(SourceKind.UNRESOLVED)

    def _document(self, first: int, end: int, head: int) -> Resolved:
        """ "A report by X", "X's statement"; "the statement" alone stays open."""
        for index in self.cast.within(first, end):
            name, member = self.cast.names[index], self.cast.member_at[index]
            owns = name.first >= head or name.end < head
            if owns and (member.person or name.kind is MentionKind.ORGANISATION or member.actor is not None):
                return replace(
                    self._of_member(member, 2, 0, 0), kind=SourceKind.DOCUMENT, rule=Rule.DOCUMENT_OF
                )
        here = self.paragraph(first)
        noun = self.tokens.low[head - 1]
        if self.tokens.low[first] in ("the", "that", "this"):
            for place, resolved in reversed(self.spoken):
                if here - self.paragraph(place) > 2:
                    break
                reach = range(place, min(first, place + 40))
                if resolved.name is not None and any(self.tokens.low[p] == noun for p in reach):
                    return replace(resolved, kind=SourceKind.DOCUMENT, rule=Rule.DOCUMENT_OF)
        return self._open(SourceKind.DOCUMENT)

    def _body(self, first: int, end: int, noun: str) -> Resolved:
        words = self._words(first, end)
        actor = self._institution(words)
        if actor is not None and actor.kind is not ActorKind.PLACE:
            return self._actor(actor, Rule.REGISTERED_NAME)
        if self.tokens.low[first] in ("the", "this", "its") and end - first == 2:
            for index in self.cast.before(first):
                name, member = self.cast.names[index], self.cast.member_at[index]
                if name.kind is MentionKind.ORGANISATION and noun in (w.lower() for w in name.text.split()):
                    return replace(self._of_member(member, 2, first, end), rule=Rule.BODY_LAST_NAMED)
        return self._open(SourceKind.ORGANISATION)

    def _withheld(self, institution: Actor | None) -> Resolved:
        return Resolved(
            kind=SourceKind.ANONYMOUS, name=None, actor=None,
            parent_id=institution.source_id if institution is not None else None, rule=Rule.WITHHELD,
        )  # fmt: skip

    def _open(self, kind: SourceKind) -> Resolved:
        return Resolved(kind=kind, name=None, actor=None, parent_id=None, rule=Rule.UNRESOLVED)
