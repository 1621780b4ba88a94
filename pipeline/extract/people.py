"""Which people does a byline name?

People only: not the outlet, not an agency, not "Staff", no office, no place, no markup, no addresses. The
words that decide are data, ``catalog/page_words.toml``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from urllib.parse import urlsplit

from pipeline.extract import words
from pipeline.extract.agencies import agency_in
from pipeline.extract.features import squeezed
from pipeline.text import clean_line

# Between two people: "Ann Lee and Bo Ek", "Ann Lee, Bo Ek"; not "Anderson".
_BETWEEN = re.compile(r"\s*(?:[,;|/•·&\n、،؛]|\s(?:and|und|et|y|e|og|och|en|и|та|i|ve|with|mit|και|و|és|şi|și)\s)\s*", re.I)  # fmt: skip
# What stands in the date of a byline: "Ann Lee Monday", "Ann Lee November"; not "May Day".
_DATE_WORD = re.compile(
    r"\s*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September"
    r"|October|November|December|Published|Posted|Updated)\b.*$"
)
# What follows a name and is no part of it: "Ann Lee in Moscow", "Ann Lee of the Associated Press", "Ann Lee (Reuters)", "Ann Lee - BBC News".
_AFTER_NAME = re.compile(
    r"\s+(?:in|at|for|of|from|aus|à|en|reports|для)\s+(?:the\s+)?[^\W\d_a-zа-яё].*$|\s*[(\[].*$|\s+[-–—|]\s+.*$|\s*@\S+.*$|\s+\d.*$|\s*<.*$"
)
# Between the names that an outlet has in several languages: "Quay Post – Le Quai"; not "Rhein-Post".
_DASHED = re.compile(r"\s[-–—|]\s")
# Under what it was filed, after the names: "By Ann Lee, in News, Sport"; not "Ingrid".
_FILED = re.compile(r"(?:in|on|filed|posted|published|updated)\b", re.I)
_TAG = re.compile(r"<[^>]{0,300}>")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
# A host in the text of a byline: "Deutsche Rundschau (www.rundschau.example)"; not "ann@courier.example".
_HOST = re.compile(r"(?<![@\w])(?:https?://)?www\.([\w.-]+)", re.I)
# Letters after a name: "Jr.", "PhD"; not "Judd".
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|MD|PhD|Ph\.D|Esq)\.?$", re.I)
_NUMBER = re.compile(r"\d")
# A name in a script that writes first and family name as one word: "松岡大地", "이종화"; not "Ann".
_ONE_WORD_NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,7}")
# A family name, a comma and a first name, and nothing else: "Lee, Ann"; not "Lee, Ek".
_SPACED = re.compile(r"[^\W\d_]\s[^\W\d_]")
# What means "by" in one language and begins a family name in another: "Di Ann Lee", but "Di Canio".
_IN_NAMES = frozenset(("di", "de"))
_NAME_LIMIT = 45
_PEOPLE_LIMIT = 20


def people(texts: Iterable[str], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of people in bylines, each once."""
    sites = tuple(
        dict.fromkeys(
            key for name in site_names for part in (name, *_DASHED.split(name)) if (key := _key(part))
        )
    )
    found: dict[str, str] = {}
    for text in texts:
        if _names_its_host(text, site_names):
            continue
        line = clean_line(_ADDRESS.sub(" ", _TAG.sub(" ", html.unescape(text))))
        for name in _without_places(_names(line, sites)):
            found.setdefault(squeezed(name), name.title() if name.isupper() and len(name) > 4 else name)
    return tuple(found.values())[:_PEOPLE_LIMIT]


def _names(line: str, sites: Sequence[tuple[str, ...]]) -> list[str]:
    parts = takewhile(lambda part: not _FILED.match(part), _BETWEEN.split(without_by(line)))
    names = (
        _DATE_WORD.sub("", _AFTER_NAME.sub("", without_by(part))).strip(" .,:;-–—|*\"'«»") for part in parts
    )
    return [name for name in names if name and _is_person(name, sites)]


def _without_places(names: list[str]) -> list[str]:
    """Beside a name of two words, one word by itself is where they write from: "Ann Lee, Nairobi"."""
    if not any(_SPACED.search(name) for name in names):
        return names
    return [name for name in names if _SPACED.search(name) or _ONE_WORD_NAME.fullmatch(name)]


def without_by(text: str) -> str:
    """What follows the "by", however often it is said: "Written by: By Ann Lee"."""
    while (length := words.begins("by", text)) and text[length : length + 1] in (" ", ":", "：", "/", "\n"):
        rest = text[length:].lstrip(" :：/\n")
        if text[:length].lower() in _IN_NAMES and " " not in rest:
            break
        text = rest
    return text


def looks_like_a_name(name: str) -> bool:
    """For text that nothing but its place calls a byline: two to five words, all capitalised but particles."""
    if _ONE_WORD_NAME.fullmatch(name):
        return len(name) <= 5
    parts = name.split()
    return (
        2 <= len(parts) <= 5
        and not any(character in "!?:;,\"“”()/|" for character in name)
        and parts[-1][0].isalpha()
        and all(not part[0].islower() or words.is_particle(part) for part in parts)
        and any(not part[0].islower() for part in parts)
    )  # fmt: skip


def _is_person(name: str, sites: Sequence[tuple[str, ...]]) -> bool:
    if _ONE_WORD_NAME.fullmatch(name):
        return not _is_outlet(name, sites) and agency_in(name) is None and not words.is_nobody(name)
    if not 3 <= len(name) <= _NAME_LIMIT or len(name.split()) > 5:
        return False
    if _SUFFIX.match(name) or _NUMBER.search(name) or not any(map(str.isalpha, name)):
        return False
    if name.islower() and name.isascii():
        return False
    return not (
        _is_outlet(name, sites)
        or _has_agency(name)
        or words.is_nobody(name)
        or words.is_company(name)
        or words.begins("office", name)
    )


def _has_agency(name: str) -> bool:
    """An agency, or one before or after something: "Associated Press Ann Lee"."""
    parts = name.split()
    return any(agency_in(" ".join(part)) for part in (parts, parts[:2], parts[-2:]))


def _key(name: str) -> tuple[str, ...]:
    """The words of a name, without the article before it and the ending of a host."""
    bare = name.removeprefix("www.").removesuffix(".com").lower()
    parts = [key for part in bare.split() if (key := squeezed(part))]
    return tuple(parts[1:] if len(parts) > 1 and parts[0] in ("the", "der", "die", "das", "le", "la", "el") else parts)  # fmt: skip


def _is_outlet(name: str, sites: Sequence[tuple[str, ...]]) -> bool:
    """The outlet's name, or one that begins with it ("Zeit Online"); not "Anna Stern" of the Stern."""
    own = _key(name)
    whole = "".join(own)
    for site in sites:
        joined = "".join(site)
        if whole == joined or (own[: len(site)] == site and len(joined) > 2):
            return True
        if len(site) > 1 and any(own[at : at + len(site)] == site for at in range(len(own))):
            return True
        if len(joined) > 4 and len(own) == 1 and (whole.startswith(joined) or joined.startswith(whole)):
            return True
    return False


def _names_its_host(text: str, site_names: Sequence[str]) -> bool:
    """A statement with the outlet's own address in it names the outlet."""
    hosts = {name.lower() for name in site_names if "." in name}
    return any((urlsplit("//" + host[1].lower()).hostname or "") in hosts for host in _HOST.finditer(text))
