"""Which people, bodies and places does a text name, and where? Names found by their capitals.

A name is linked to the registry only where it equals a declared one. A surname alone is that of the
full name that the article gives; who is meant by a bare surname that it never explains stays unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from pipeline.attribution.lexicon import Lexicon, Word
from pipeline.attribution.phrases import Range
from pipeline.attribution.registry import name_words
from pipeline.attribution.tokens import Tokens
from pipeline.records import Actor, ActorKind, MentionKind

_TITLE = int(Word.TITLE)
_ROLE = int(Word.ROLE)
_BODY = int(Word.BODY)
_OPENER = int(Word.OPENER)
_TIME = int(Word.TIME)
_DET = int(Word.DETERMINER)
_LONGEST = 8  # words of a name
_ON = frozenset(
    {"committee", "commission", "institute", "council", "conference", "center", "centre", "panel"}
)
_TITLE_CASE = 0.7  # of a line's words capitalised: a headline, where capitals tell nothing

KINDS = {
    ActorKind.PERSON: MentionKind.PERSON,
    ActorKind.PLACE: MentionKind.PLACE,
}


@dataclass(slots=True, kw_only=True)
class Name:
    """One occurrence of a name, in token positions, titles left out; ``text`` keeps that of a "Prince Andrew"."""

    first: int
    end: int
    text: str
    words: tuple[str, ...]
    kind: MentionKind | None  # None: a capitalised phrase that may be anything
    actor: Actor | None
    gender: str | None  # from a title before it: "Mr", "King"
    titled: bool
    whole: int  # where it starts with its titles


def find_names(tokens: Tokens, lexicon: Lexicon, sources: Iterable[Range] = ()) -> list[Name]:
    """The names of a text in order; none overlaps another.

    ``sources``: phrases known to name a source. No name crosses their edges, and in a headline, where
    capitals tell nothing, they are all that is read.
    """
    names: list[Name] = []
    edges = {edge for source in sources for edge in source}
    told = {position for source in sources for position in range(*source)}
    headlines = _headlines(tokens)
    paragraph = 0
    position, count = 0, len(tokens.low)
    first_words = lexicon.registry.first_words
    capital, word = tokens.capital, tokens.word
    while position < count:
        if not capital[position] or not word[position]:
            position += 1
            continue
        while (
            paragraph < len(tokens.paragraph_range) - 1 and tokens.paragraph_range[paragraph][1] <= position
        ):
            paragraph += 1
        if tokens.low[position] in first_words:
            known = _registered(tokens, lexicon, position, count)
            if known is not None:
                names.append(known)
                position = known.end
                continue
        if paragraph in headlines and position not in told:
            position += 1
            continue
        end = _sequence_end(tokens, lexicon, position, count, edges)
        name = _name(tokens, lexicon, position, end)
        if name is not None:
            names.append(name)
        position = max(end, position + 1)
    return _without_plain_words(tokens, lexicon, names, told)


def _without_plain_words(
    tokens: Tokens, lexicon: Lexicon, names: list[Name], told: Collection[int]
) -> list[Name]:
    """Leaves out single words capitalised only to open a sentence, or to shout: "Pensions were paid", "a WINNER"."""
    plain = {low for low, capital in zip(tokens.low, tokens.capital, strict=True) if not capital}
    inside = {
        w for name in names for w in name.words if len(name.words) > 1 or not _opens(tokens, name.first)
    }
    return [
        name
        for name in names
        if (name.first in told or not _is_shouted(tokens, lexicon, name, plain))
        and _is_name(tokens, lexicon, name, plain, inside)
    ]


def _is_shouted(tokens: Tokens, lexicon: Lexicon, name: Name, plain: set[str]) -> bool:
    """A word in capitals that is no abbreviation: "AND THE VOTE IS OUT", "was a WINNER."; not "IS fighters"."""
    if name.end - name.first > 1 or not tokens.surface(name.first, name.end).isupper():
        return False
    alone = name.end == len(tokens.low) or not tokens.word[name.end]
    if name.actor is None and alone and name.first and tokens.low[name.first - 1] in ("a", "an"):
        return True  # "a" goes before a body only where more follows: "a NATO base"
    beside: Iterable[int] = (p for p in (name.first - 1, name.end) if 0 <= p < len(tokens.low))
    if name.actor is None:
        beside = chain(beside, [name.first])
    return any(
        tokens.surface(position, position + 1).isupper()
        and (tokens.low[position] in plain or tokens.low[position] in lexicon.words)
        and len(tokens.low[position]) > 1
        for position in beside
    )


def _is_name(tokens: Tokens, lexicon: Lexicon, name: Name, plain: set[str], inside: set[str]) -> bool:
    """A single word at a sentence's start is one if it stands elsewhere as one, or a cue follows it."""
    if len(name.words) > 1 or name.kind is not None or not _opens(tokens, name.whole):
        return True
    if name.words[0] in plain:
        return False
    follows = tokens.low[name.end] if name.end < len(tokens.low) else ""
    return name.words[0] in inside or follows in lexicon.cues or follows == ":"


def _opens(tokens: Tokens, position: int) -> bool:
    return (
        position == 0
        or tokens.sentence[position] != tokens.sentence[position - 1]
        or not tokens.word[position - 1]
    )


def _headlines(tokens: Tokens) -> frozenset[int]:
    found: set[int] = set()
    for number, (lo, hi) in enumerate(tokens.paragraph_range):
        words = [p for p in range(lo, min(hi, lo + 40)) if tokens.word[p]]
        titled = len(words) >= 5 and sum(tokens.capital[p] for p in words) >= _TITLE_CASE * len(words)
        if titled or (words and tokens.surface(lo, hi).isupper()):
            found.add(number)
    return frozenset(found)


def _registered(tokens: Tokens, lexicon: Lexicon, first: int, count: int) -> Name | None:
    """The longest declared name that starts here."""
    registry = lexicon.registry
    longest = min(count, first + registry.first_words[tokens.low[first]], first + _LONGEST)
    for end in range(longest, first, -1):
        if not tokens.word[end - 1] or any(tokens.possessive[p] for p in range(first, end - 1)):
            continue
        actor = registry.find(_surface(tokens, first, end))
        if actor is None:
            continue
        if actor.kind is not ActorKind.PERSON and _goes_on(tokens, end, count):
            return None
        return Name(
            first=first, end=end, text=_surface(tokens, first, end), words=name_words(actor.name),
            kind=KINDS.get(actor.kind, MentionKind.ORGANISATION), actor=actor, gender=actor.gender,
            titled=False, whole=first,
        )  # fmt: skip
    return None


def _goes_on(tokens: Tokens, end: int, count: int) -> bool:
    """A longer name begins here: "Damascus University" is no mention of the city."""
    return (
        end < count
        and tokens.capital[end]
        and bool(tokens.flags[end] & _BODY)
        and not tokens.possessive[end - 1]
        and tokens.start[end] - tokens.end[end - 1] == 1
    )


def _sequence_end(tokens: Tokens, lexicon: Lexicon, first: int, count: int, edges: Collection[int]) -> int:
    """Where the run of capitalised words ends; "of" and "for" go on inside the names of bodies."""
    end = first + 1
    body, of = bool(tokens.flags[first] & _BODY), False
    while end < min(count, first + _LONGEST) and not tokens.possessive[end - 1] and end not in edges:
        if tokens.start[end] - tokens.end[end - 1] != 1 or not tokens.word[end]:
            break
        if tokens.capital[end]:
            body = body or bool(tokens.flags[end] & _BODY)
            end += 1
        elif name := _after_particles(tokens, lexicon, end, count):
            of = True
            end = name
        elif body and _joins(tokens, end) and end + 1 < count and tokens.capital[end + 1]:
            of = True
            end += 2
        elif of and tokens.low[end] == "and" and _is_field(tokens, lexicon, end + 1, count):
            end += 2
        else:
            break
    return end


def _after_particles(tokens: Tokens, lexicon: Lexicon, position: int, count: int) -> int | None:
    """Where the name goes on after one small word or two: "Ursula von der Leyen", "Mark de la Rue"; not "de la"."""
    end = position
    while end < min(count, position + 2) and tokens.low[end] in lexicon.personal_particles:
        end += 1
    return end + 1 if position < end < count and tokens.capital[end] else None


def _joins(tokens: Tokens, position: int) -> bool:
    """Words inside the name of a body: "Ministry of", "Institute on Drug Abuse"; not "the Committee on Monday"."""
    if tokens.low[position] == "on":
        on_what = position + 1 < len(tokens.low) and not tokens.flags[position + 1] & _TIME
        return on_what and tokens.low[position - 1] in _ON
    return tokens.low[position] in ("of", "for")


def _is_field(tokens: Tokens, lexicon: Lexicon, position: int, count: int) -> bool:
    """A second field of one body: "Bureau of Fisheries and Aquatic Resources", not "… and Mira Oldane"."""
    end = position
    while end < min(count, position + _LONGEST) and tokens.capital[end]:
        if tokens.flags[end] & _BODY or tokens.low[end] in lexicon.registry.first_words:
            return False
        end += 1
    low = tokens.low[position] if position < count else ""
    return position < end and low not in lexicon.male and low not in lexicon.female


def _name(tokens: Tokens, lexicon: Lexicon, first: int, end: int) -> Name | None:
    """The name in a run of capitalised words, without the openers, demonyms and titles before it."""
    flags, low = tokens.flags, tokens.low
    opens = _opens(tokens, first)
    while first < end and (flags[first] & _TIME or (opens and flags[first] & _OPENER)):
        first += 1
    while end > first and flags[end - 1] & _TIME:
        end -= 1
    whole, gender, titled = first, None, False
    start, titled, gender = _person_start(tokens, lexicon, first, end)
    held, first = start > first, start
    body = any(flags[p] & _BODY for p in range(first, end))
    while (
        first + 1 < end
        and not body
        and low[first] not in lexicon.title_fields
        and (
            flags[first] & (_TITLE | _ROLE)
            or low[first] in lexicon.registry.by_adjective
            or low[first].endswith("-based")
            or low[first].rstrip(".") in lexicon.titles
        )
    ):
        title = low[first].rstrip(".")
        gender = lexicon.titles.get(title) or lexicon.role_gender.get(title) or gender
        titled = titled or title in lexicon.titles
        first += 1
    if first >= end or not any(c.isalpha() for c in low[first]):
        return None
    if end - first == 1 and (low[first] in lexicon.registry.by_adjective or _short_title(tokens, first)):
        return None
    if flags[end - 1] & _ROLE and not body and not titled and low[first] not in lexicon.male | lexicon.female:
        return None  # "Home Secretary"
    words = name_words(_surface(tokens, first, end))
    if not words or (len(words) == 1 and len(words[0]) < 2):
        return None
    if end - first == 1 and flags[first] & (_ROLE | _DET) and not body:
        return None
    text = _surface(tokens, first, end)
    actor = lexicon.registry.find(text)
    kind = _kind(tokens, lexicon, first, end, titled=titled or held, body=body)
    if actor is not None:
        words, kind = name_words(actor.name), KINDS.get(actor.kind, MentionKind.ORGANISATION)
    elif end - first == 1 and first > whole and low[first - 1] in lexicon.kept_titles:
        text = _surface(tokens, first - 1, end)
    return Name(
        first=first, end=end, text=text, words=words, kind=kind, actor=actor, gender=gender, titled=titled,
        whole=whole,
    )  # fmt: skip


def _person_start(tokens: Tokens, lexicon: Lexicon, first: int, end: int) -> tuple[int, bool, str | None]:
    """(where, titled, gender) of a person behind an office: "Senate Majority Leader | Mira Oldane".

    The whole phrase is the name where no office stands in it, or a body follows: "Prime Minister's Office".
    """
    last = end - 1
    for position in range(end - 2, first - 1, -1):
        flag = tokens.flags[position + 1]
        if flag & _BODY and tokens.low[position + 1] not in lexicon.male:
            break
        word = tokens.low[position].rstrip(".")
        if word in lexicon.title_fields:
            continue
        if tokens.flags[position] & _ROLE or word in lexicon.titles:
            if position + 1 <= last and tokens.low[position + 1] in ("of", "for"):
                break
            gender = lexicon.titles.get(word) or lexicon.role_gender.get(word)
            return position + 1, word in lexicon.titles, gender
    if first > 1 and tokens.low[first - 1] == "of" and tokens.flags[first - 2] & _ROLE:
        given = lexicon.male | lexicon.female  # "Secretary of State | Mira Oldane"
        for position in range(first + 1, last):
            if tokens.low[position].split("-")[0] in given:
                return position, True, None
    return first, False, None


def _short_title(tokens: Tokens, position: int) -> bool:
    """A title that its full stop cuts off from its name: "Pres. Oldane"."""
    end = tokens.end[position]
    return bool(tokens.flags[position] & _TITLE) and tokens.text[end : end + 1] == "."


def _kind(
    tokens: Tokens, lexicon: Lexicon, first: int, end: int, *, titled: bool, body: bool
) -> MentionKind | None:
    if body:
        return MentionKind.ORGANISATION
    following = end if end < len(tokens.low) and not tokens.capital[end] else end - 1
    if (end - first > 1 or titled) and (
        tokens.low[end - 1] in lexicon.place_heads or tokens.low[following] in lexicon.place_heads
    ):
        return MentionKind.PLACE
    if titled:
        return MentionKind.PERSON
    given = tokens.low[first]
    if end - first > 1 and (given in lexicon.male or given in lexicon.female or _is_initial(given)):
        return MentionKind.PERSON
    surface = tokens.surface(first, end)
    if end - first == 1 and surface.isupper() and 2 <= len(surface) <= 7 and surface.isalpha():
        return None if given in lexicon.plain_acronyms else MentionKind.ORGANISATION
    if _introduced(tokens, first, end):
        return MentionKind.PERSON
    return None


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "."


def _introduced(tokens: Tokens, first: int, end: int) -> bool:
    """A role before the name, or an age or a role in apposition after it: a person."""
    if not 2 <= end - first <= 4:
        return False
    if first > 0 and tokens.flags[first - 1] & _ROLE and not tokens.capital[first - 1]:
        return True
    if end + 1 >= len(tokens.low) or tokens.text[tokens.start[end]] != ",":
        return False
    after = end + 1
    if tokens.low[after].isdigit() and len(tokens.low[after]) == 2:
        return True
    stop = min(len(tokens.low), after + 7)
    for position in range(after, stop):
        if not tokens.word[position]:
            break
        if tokens.flags[position] & _ROLE:
            return True
    return False


def _surface(tokens: Tokens, first: int, end: int) -> str:
    """The text of a range on one line, without a final possessive."""
    surface = tokens.surface(first, end)
    if tokens.possessive[end - 1]:
        surface = surface[:-2]
    return " ".join(surface.split())
