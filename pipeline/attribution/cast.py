"""Who plays a part in this article? Its names gathered into people and bodies, with the offices it gives them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.names import Name
from pipeline.attribution.registry import name_words
from pipeline.attribution.tokens import Tokens
from pipeline.records import Actor, ActorKind, MentionKind

_ROLE = int(Word.ROLE)
_TITLE = int(Word.TITLE)
_BODY = int(Word.BODY)
_NO_APPOSITION = int(Word.AUXILIARY | Word.PRONOUN)
_BEFORE = 8  # words of an office before a name
_NEAR = 40  # words around a name in which nobody else may be named, for a pronoun to be its own
_GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
_AFTER = 14  # words of an apposition after it


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """Someone or something of the article. ``offices``: the words by which it tells what they are."""

    name: str
    words: tuple[str, ...]
    kind: MentionKind | None
    actor: Actor | None
    gender: str | None
    offices: list[frozenset[str]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # token positions where it is named

    @property
    def person(self) -> bool:
        return self.kind is MentionKind.PERSON


class Cast:
    """The members of an article, asked by position, surname or office."""

    def __init__(
        self, tokens: Tokens, lexicon: Lexicon, names: list[Name], known: Iterable[str] = ()
    ) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.names = names
        self.starts = [name.first for name in names]
        self.members: list[Member] = []
        self.by_key: dict[str, Member] = {}
        self.by_surname: dict[str, list[Member]] = {}
        self.by_head: dict[str, Member] = {}  # the body last named in full, by "ministry" or "commission"
        self.member_at: list[Member] = []
        self._gather(known)
        self.offices: list[tuple[frozenset[str], Member, int]] = []
        self._read_offices()
        self._hear_pronouns()

    def _gather(self, known: Iterable[str]) -> None:
        full = [name for name in self.names if len(name.words) > 1 or name.actor is not None]
        for name in full:
            member = self._member(name)
            if member.person or member.kind is None:
                surname = self._surname(member.words)
                if member not in self.by_surname.setdefault(surname, []):
                    self.by_surname[surname].append(member)
        for surface in known:
            self._introduce(surface)
        for name in self.names:
            member = self._member_of(name)
            member.places.append(name.first)
            if name.kind is MentionKind.ORGANISATION and len(name.words) > 1:
                for word in (name.words[0], name.words[-1]):
                    if self.lexicon.words.get(word, 0) & _BODY:
                        self.by_head[word] = member
            self.member_at.append(member)

    def _introduce(self, surface: str) -> None:
        """A full name from outside the body, such as the title: it lends itself to a bare surname."""
        words = name_words(surface)
        actor = self.lexicon.registry.find(surface)
        if not words or (actor is not None and actor.kind is not ActorKind.PERSON):
            return
        name = Name(
            first=0, end=0, text=surface, words=words, kind=MentionKind.PERSON if actor else None, actor=actor,
            gender=None, titled=False, whole=0,
        )  # fmt: skip
        if not self.by_surname.get(self._surname(words)):
            self.by_surname[self._surname(words)] = [self._member(name)]

    def _member(self, name: Name) -> Member:
        key = name.actor.source_id if name.actor is not None else " ".join(name.words)
        member = self.by_key.get(key)
        if member is None:
            given = name.words[0]
            gender = name.gender or (name.actor.gender if name.actor is not None else None)
            if gender is None and name.kind is not MentionKind.ORGANISATION:
                gender = "m" if given in self.lexicon.male else "f" if given in self.lexicon.female else None
            member = Member(
                name=name.actor.name if name.actor is not None else name.text,
                words=name.words, kind=name.kind, actor=name.actor, gender=gender,
            )  # fmt: skip
            self.by_key[key] = member
            self.members.append(member)
        else:
            member.kind = member.kind or name.kind
            if member.actor is None and name.text.endswith(f" {member.name}"):
                member.name = name.text  # "Prince Andrew" where he was "Andrew" before
        member.gender = member.gender or name.gender
        return member

    def _member_of(self, name: Name) -> Member:
        """A full name's own member; a surname's is that of the full name it closes."""
        if name.actor is not None or len(name.words) > 1:
            longer = self.by_surname.get(self._surname(name.words), ())
            if name.actor is None and name.kind is not MentionKind.ORGANISATION:
                for member in longer:  # "Judge Mira Oldane" and "Mira Oldane", "J. Smith" and "John A. Smith"
                    if member.words != name.words and _same_person(member.words, name.words):
                        return self._merged(member, name)
            return self._member(name)
        if name.kind is MentionKind.ORGANISATION and name.words[0] in self.by_head:
            return self.by_head[name.words[0]]
        options = self.by_surname.get(name.words[0], [])
        if name.gender is not None:
            options = [m for m in options if m.gender in (None, name.gender)] or options
        if options:
            return self._merged(min(options, key=lambda member: not member.person), name)
        return self._member(name)

    def _surname(self, words: tuple[str, ...]) -> str:
        """The last word, before a "Jr"."""
        last = words[-1]
        return words[-2] if last in self.lexicon.suffixes and len(words) > 1 else last

    def _merged(self, member: Member, name: Name) -> Member:
        member.gender = member.gender or name.gender
        if name.titled and member.kind is None:
            member.kind = MentionKind.PERSON
        return member

    # ---- offices -----------------------------------------------------------------------------------

    def _read_offices(self) -> None:
        known: dict[tuple[frozenset[str], int], tuple[frozenset[str], Member, int]] = {}
        for name, member in zip(self.names, self.member_at, strict=True):
            if name.kind is MentionKind.ORGANISATION or name.kind is MentionKind.PLACE:
                continue
            for words in (self._before(name), self._after(name)):
                if words:
                    member.offices.append(words)
                    member.gender = member.gender or self._gender_of(words)
                    if member.kind is None:
                        member.kind = MentionKind.PERSON
                    known.setdefault((words, id(member)), (words, member, name.first))
        self.offices = list(known.values())

    def _before(self, name: Name) -> frozenset[str]:
        """The office before a name: "Kremlin spokesman" of "Kremlin spokesman Dmitry Peskov"."""
        tokens = self.tokens
        found: list[str] = []
        for position in range(name.first - 1, max(-1, name.first - 1 - _BEFORE), -1):
            word, flag = tokens.low[position], tokens.flags[position]
            if not tokens.word[position]:
                break
            if flag & (_ROLE | _TITLE) or word in self.lexicon.qualifiers or tokens.capital[position]:
                if flag & int(Word.DETERMINER) and not tokens.possessive[position]:
                    break
                found.append(word.rstrip("."))
            elif word not in ("of", "for") or not found:
                break
        return _office(found, self.lexicon)

    def _after(self, name: Name) -> frozenset[str]:
        """The office after it: "the Kremlin spokesman" of "Dmitry Peskov, the Kremlin spokesman, said"."""
        tokens = self.tokens
        if name.end + 1 >= len(tokens.low) or tokens.text[tokens.start[name.end]] != ",":
            return frozenset()
        found: list[str] = []
        for position in range(name.end + 1, min(len(tokens.low), name.end + 1 + _AFTER)):
            if not tokens.word[position]:
                break
            if tokens.flags[position] & int(Word.RELATIVE):
                break
            if tokens.flags[position] & _NO_APPOSITION:
                return frozenset()
            if tokens.low[position] in self.lexicon.cues and not tokens.flags[position] & _ROLE:
                return frozenset()  # ", the spokeswoman said": a clause of its own
            found.append(tokens.low[position])
        return _office(found, self.lexicon)

    def _gender_of(self, words: Iterable[str]) -> str | None:
        return next((g for w in words if (g := self.lexicon.role_gender.get(w))), None)

    # ---- genders -----------------------------------------------------------------------------------

    def _hear_pronouns(self) -> None:
        """Of those whom neither a given name nor an office tells: what the article calls them."""
        heard: dict[int, list[str]] = {}
        for index, member in enumerate(self.member_at):
            if member.gender is None and (member.person or member.kind is None):
                heard.setdefault(id(member), []).extend(self._called(index))
        for member in self.members:
            votes = heard.get(id(member), ())
            males, females = votes.count("m"), votes.count("f")
            if males == females:
                continue
            member.gender = "m" if males > females else "f"
            if member.kind is None and len(member.words) > 1:
                member.kind = MentionKind.PERSON

    def _called(self, index: int) -> Iterable[str]:
        """Of "Oldane closed her office." and "Oldane resigned. She": where nobody else is named."""
        low, sentence = self.tokens.low, self.tokens.sentence
        name, member = self.names[index], self.member_at[index]
        if sentence[name.first] < 0:
            return
        begin, end = self.tokens.sentence_range[sentence[name.first]]
        begin, end = max(begin, name.first - _NEAR), min(end, name.end + _NEAR)
        around = self.within(begin, end)
        if any(self._may_be_person(other) and self.member_at[other] is not member for other in around):
            return
        follows = range(name.end, end) if end >= len(low) else range(name.end, end + 1)
        pronoun = next((p for p in follows if low[p] in _GENDERS), None)
        if pronoun is not None and self.tokens.quote[pronoun] == self.tokens.quote[name.first]:
            yield _GENDERS[low[pronoun]]

    def _may_be_person(self, index: int) -> bool:
        return self.member_at[index].person or self.member_at[index].kind is None

    # ---- asked by resolving ------------------------------------------------------------------------

    def within(self, first: int, end: int) -> list[int]:
        """Indexes of the names that lie in a range."""
        lo = bisect_left(self.starts, first)
        hi = bisect_left(self.starts, end)
        return [i for i in range(lo, hi) if self.names[i].end <= end]

    def before(self, position: int) -> Iterable[int]:
        """Indexes of the names before a position, nearest first."""
        return range(bisect_right(self.starts, position) - 1, -1, -1)

    def known_people(self) -> set[str]:
        return {m.actor.source_id for m in self.members if m.actor and m.actor.kind is ActorKind.PERSON}


def _office(found: list[str], lexicon: Lexicon) -> frozenset[str]:
    words = frozenset(w for w in found if w not in ("the", "a", "an", "of", "for"))
    if any(lexicon.words.get(w, 0) & _ROLE for w in words):
        return words
    return frozenset()


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Equal but for a middle name or a longer start: "Donald J Trump" and "Donald Trump"."""
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(short) == len(long) or short[-1] != long[-1]:
        return False
    return short[0] == long[0] or long[-len(short) :] == short
