"""Which words hand a statement to a source? The word lists of ``catalog/``, made ready to match.

Everything is lower case with straight apostrophes, as ``tokens`` gives the words of a text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntFlag, StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from pipeline import bundled
from pipeline.attribution.foreign import Foreign, parse_foreign
from pipeline.attribution.registry import Registry, parse_registry
from pipeline.errors import CatalogError


class Word(IntFlag):
    """What a word can be, whatever its place; a word may be several."""

    DETERMINER = 1
    PRONOUN = 2
    AUXILIARY = 4
    ADVERB = 8
    PREPOSITION = 16
    SUBORDINATOR = 32
    COORDINATOR = 64
    TIME = 128
    RELATIVE = 256
    QUESTION = 512
    PASSIVE = 1024
    ROLE = 2048
    DOCUMENT = 4096
    ANONYMOUS = 8192
    BODY = 16384  # heads of institutions' names
    COMMON_BODY = 32768  # "the ministry"
    OPENER = 65536
    SETTING = 131072
    LOOSE = 262144  # "some", "others": a source alone
    TITLE = 524288
    JOINER = 1048576


class Takes(StrEnum):
    """A construction a verb can take; the keys of ``[verbs]`` in ``cues.toml``."""

    SPEECH = "speech"
    TELL = "tell"
    ASK = "ask"
    QUOTING = "quoting"
    OPINION = "opinion"
    INTENT = "intent"
    STANCE = "stance"


class Form(StrEnum):
    BASE = "base"
    THIRD = "third"
    PAST = "past"
    ING = "ing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """One form of a reporting verb. ``tail``: the words that follow it ("on", "to", "say")."""

    lemma: str
    forms: frozenset[Form]
    takes: frozenset[Takes]
    particles: frozenset[str]  # prepositions after which the content comes
    tails: tuple[tuple[str, ...], ...]  # the rest of verbs of several words
    nominal: bool  # a noun as often: "report", "claims"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """All word lists, and the registry of actors."""

    cues: Mapping[str, Cue]
    acts: frozenset[str]  # forms of verbs of what is done to somebody
    words: Mapping[str, int]  # lower-case word → flags of ``Word``
    male: frozenset[str]
    female: frozenset[str]
    titles: Mapping[str, str | None]  # title → gender
    title_fields: frozenset[str]  # titles only before another: "foreign", "finance"
    kept_titles: frozenset[str]  # those that stay in front of a lone name
    role_gender: Mapping[str, str]
    qualifiers: frozenset[str]
    personal_particles: frozenset[str]
    suffixes: frozenset[str]  # "Jr" after a surname
    plain_acronyms: frozenset[str]  # "SUV", "GMT": no bodies
    media: frozenset[str]
    officials: frozenset[str]
    questioners: frozenset[str]
    labels: frozenset[str]  # "CORRECTION" and the like before a colon
    function_words: Mapping[str, frozenset[str]]
    numbers: Mapping[str, float]
    multipliers: Mapping[str, float]
    number_bounds: Mapping[str, str]  # "more than" → low
    units: Mapping[str, str]
    currencies: Mapping[str, str]
    number_before: frozenset[str]
    number_after: frozenset[str]
    counted_stops: frozenset[str]
    count_heads: frozenset[str]  # "the number of …"
    count_nouns: frozenset[str]  # "the toll"
    count_reaching: frozenset[str]  # right before the number: "rose to", "reached"
    place_heads: frozenset[str]  # "… Sea", "… Street"
    registry: Registry
    foreign: Foreign | None = None  # the words of a language other than English
    others: Mapping[str, Lexicon] = field(default_factory=dict)  # by language, those read beside English


FILES = ("cues", "people", "first_names", "languages", "figures", "sources", "cues_fr")


@cache
def default_lexicon() -> Lexicon:
    """The lists that ship with the code, parsed once in a process."""
    return parse_lexicon({name: bundled.text(f"catalog/{name}.toml") for name in FILES})


def parse_lexicon(files: Mapping[str, str]) -> Lexicon:
    """The lexicon from the text of its TOML files, by their names without the suffix."""
    return _parsed(*(files[name] for name in FILES))


@lru_cache(maxsize=2)  # a process that was forked from one that has read the same texts need not
def _parsed(*texts: str) -> Lexicon:
    files = dict(zip(FILES, texts, strict=True))
    data = {name: _parse(name, files[name]) for name in FILES}
    cues, people, figures = data["cues"], data["people"], data["figures"]
    first = data["first_names"]
    titles: dict[str, str | None] = dict.fromkeys(people["titles"]["neutral"])
    titles |= dict.fromkeys(people["titles"]["male"], "m") | dict.fromkeys(people["titles"]["female"], "f")
    english = Lexicon(
        cues=MappingProxyType(_cues(cues)),
        acts=frozenset(form for verb in cues["acts"]["verbs"] for form in _forms(verb, cues["irregular"])),
        words=MappingProxyType(_words(cues, people)),
        male=frozenset(first["male"].split()),
        female=frozenset(first["female"].split()),
        titles=MappingProxyType(titles),
        title_fields=frozenset(people["titles"]["fields"]),
        kept_titles=frozenset(people["titles"]["kept"]),
        role_gender=MappingProxyType(
            dict.fromkeys(people["roles"]["male"], "m") | dict.fromkeys(people["roles"]["female"], "f")
        ),
        qualifiers=frozenset(people["roles"]["qualifiers"]),
        personal_particles=frozenset(people["particles"]["personal"]),
        suffixes=frozenset(people["particles"]["suffixes"]),
        plain_acronyms=frozenset(people["institutions"]["plain_acronyms"]),
        media=frozenset(cues["sources"]["media_words"]),
        officials=frozenset(cues["sources"]["officials"]),
        questioners=frozenset(cues["sources"]["questioners"]),
        labels=frozenset(cues["sources"]["labels"]),
        function_words=MappingProxyType(
            {code: frozenset(words) for code, words in data["languages"]["function_words"].items()}
        ),
        numbers=MappingProxyType(figures["numbers"]),
        multipliers=MappingProxyType(figures["multipliers"]),
        number_bounds=MappingProxyType(
            {phrase: bound for bound, phrases in figures["qualifiers"].items() for phrase in phrases}
        ),
        units=MappingProxyType(figures["units"]),
        currencies=MappingProxyType(figures["currencies"]),
        number_before=frozenset(figures["not_counts"]["before"]),
        number_after=frozenset(figures["not_counts"]["after"]),
        counted_stops=frozenset(figures["counted"]["stops"]),
        count_heads=frozenset(figures["counts"]["heads"]),
        count_nouns=frozenset(figures["counts"]["nouns"]),
        count_reaching=frozenset(figures["counts"]["reaching"]),
        place_heads=frozenset(people["places"]["heads"]),
        registry=parse_registry(files["sources"]),
    )
    others = {"fr": _in_language("fr", english, data["cues_fr"])}
    return replace(english, others=MappingProxyType(others))


def _in_language(code: str, english: Lexicon, data: Mapping[str, Any]) -> Lexicon:
    """The lexicon of another language: its own words, English ones only for offices and bodies in names."""
    words, sources = data["words"], data["sources"]
    kept = int(Word.ROLE | Word.BODY | Word.DOCUMENT)
    flags = {word: flag & kept for word, flag in english.words.items() if flag & kept}
    by_flag: tuple[tuple[Word, Iterable[str]], ...] = (
        (Word.DETERMINER, words["determiners"]),
        (Word.PRONOUN, words["pronouns"]),
        (Word.AUXILIARY, data["verbs"]["auxiliaries"]),
        (Word.ADVERB, words["adverbs"]),
        (Word.PREPOSITION, words["prepositions"]),
        (Word.SUBORDINATOR, words["subordinators"]),
        (Word.COORDINATOR, words["coordinators"]),
        (Word.TIME, words["times"]),
        (Word.RELATIVE, words["relatives"]),
        (Word.OPENER, words["openers"]),
        (Word.ANONYMOUS, sources["anonymous"]),
        (Word.DOCUMENT, sources["documents"]),
        (Word.ROLE, sources["roles"] + sources["roles_male"] + sources["roles_female"]),
        (Word.BODY, sources["bodies"]),
        (Word.COMMON_BODY, sources["bodies"]),
        (Word.TITLE, sources["titles"] + sources["titles_male"] + sources["titles_female"]),
    )
    for flag, listed in by_flag:
        for word in listed:
            flags[word] = flags.get(word, 0) | int(flag)
    titles: dict[str, str | None] = dict.fromkeys(sources["titles"])
    titles |= dict.fromkeys(sources["titles_male"], "m") | dict.fromkeys(sources["titles_female"], "f")
    return replace(
        english,
        foreign=parse_foreign(code, data),
        cues=MappingProxyType({}),
        words=MappingProxyType(flags),
        title_fields=frozenset(),
        titles=MappingProxyType(titles),
        role_gender=MappingProxyType(
            dict.fromkeys(sources["roles_male"], "m") | dict.fromkeys(sources["roles_female"], "f")
        ),
        qualifiers=frozenset(sources["qualifiers"]) | english.qualifiers,
    )


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(
            f"catalog/{name}.toml", "syntax", str(error), "Mend the TOML at that line."
        ) from error


def _cues(data: Mapping[str, Any]) -> dict[str, Cue]:
    takes: dict[str, set[Takes]] = {}
    tails: dict[str, set[tuple[str, ...]]] = {}
    for kind, verbs in data["verbs"].items():
        for verb in verbs:
            head, *rest = verb.split()
            if rest:
                tails.setdefault(head, set()).add(tuple(rest))
                takes.setdefault(head, set())
            else:
                takes.setdefault(head, set()).add(Takes(kind))
    for verb in data["prepositional"]:
        takes.setdefault(verb, set())
    table: dict[str, Cue] = {}
    for lemma, kinds in takes.items():
        for form, kinds_of_form in _forms(lemma, data["irregular"]).items():
            table[form] = Cue(
                lemma=lemma,
                forms=frozenset(kinds_of_form),
                takes=frozenset(kinds),
                particles=frozenset(data["prepositional"].get(lemma, ())),
                nominal=form in data["not_cues"]["nouns"],
                tails=tuple(sorted(tails.get(lemma, ()), key=len, reverse=True)),
            )
    for form in data["not_cues"]["forms"]:
        table.pop(form, None)
    return table


def _forms(lemma: str, irregular: Mapping[str, list[str]]) -> dict[str, set[Form]]:
    third, past, ing, participle = irregular.get(lemma) or _regular(lemma)
    forms: dict[str, set[Form]] = {}
    pairs = (
        (lemma, Form.BASE),
        (third, Form.THIRD),
        (past, Form.PAST),
        (ing, Form.ING),
        (participle, Form.PAST),
    )
    for word, form in pairs:
        forms.setdefault(word, set()).add(form)
    return forms


def _regular(lemma: str) -> tuple[str, str, str, str]:
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing", f"{lemma}d"
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing", f"{lemma[:-1]}ied"
    third = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x")) else f"{lemma}s"
    return third, f"{lemma}ed", f"{lemma}ing", f"{lemma}ed"


def _words(cues: Mapping[str, Any], people: Mapping[str, Any]) -> dict[str, int]:
    lists, sources, roles = cues["words"], cues["sources"], people["roles"]
    by_flag: tuple[tuple[Word, Iterable[str]], ...] = (
        (Word.DETERMINER, lists["determiners"]),
        (Word.PRONOUN, lists["pronouns"] + lists["contracted_pronouns"]),
        (Word.AUXILIARY, lists["auxiliaries"] + lists["contracted"]),
        (Word.ADVERB, lists["adverbs"] + lists["negations"]),
        (Word.PREPOSITION, lists["prepositions"]),
        (Word.SUBORDINATOR, lists["subordinators"]),
        (Word.COORDINATOR, lists["coordinators"]),
        (Word.TIME, lists["times"]),
        (Word.RELATIVE, lists["relatives"]),
        (Word.QUESTION, lists["question_words"]),
        (Word.PASSIVE, lists["passive"]),
        (Word.JOINER, lists["clause_joiners"]),
        (Word.OPENER, lists["openers"]),
        (Word.LOOSE, lists["loose_subjects"]),
        (Word.SETTING, cues["settings"]["nouns"]),
        (Word.DOCUMENT, sources["documents"]),
        (Word.ANONYMOUS, sources["anonymous"]),
        (Word.ROLE, roles["nouns"] + roles["male"] + roles["female"]),
        (Word.BODY, people["institutions"]["heads"]),
        (Word.COMMON_BODY, people["institutions"]["common"] + people["institutions"]["plural"]),
        (Word.TITLE, people["titles"]["male"] + people["titles"]["female"] + people["titles"]["neutral"]),
    )
    flags: dict[str, int] = {}
    for flag, words in by_flag:
        for word in words:
            flags[word] = flags.get(word, 0) | int(flag)
    for word in lists["not_adverbs"]:  # end in -ly, and are no adverbs
        flags.setdefault(word, 0)
    return flags
