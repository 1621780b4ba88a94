"""What stands before the first sentence, and after the last: a place, an agency, the outlet's own name?

"MOSCOW, March 27 (Meridian Wire) — Russia said …", "(AP) - …", "Source: TASS", "Alwaght-Syrian President …".
They are kept apart as dateline, wire credit and a candidate for the outlet's name; only a glued outlet
name and a closing credit line are taken out of the body, for they are no sentences of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract import words
from pipeline.extract.agencies import agency_in

_REACH = 100  # how far into the first paragraph a dateline may stretch
# A day as agencies print it: "March 27", "Sunday, 27 March 2016", "27 марта"; not "march past 27".
_DAY = re.compile(
    r"(?:\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? ?)?(?:\b\d{1,2} )?\b(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|января|февраля|марта|апреля|мая|июня|июля|"
    r"августа|сентября|октября|ноября|декабря)\b\.?(?: \d{1,2}\b)?(?:,? \d{4}\b)?"
)
# What parts a dateline from the sentence: " — ", " - ", "--"; not the hyphen of "well-known".
_DASH = re.compile(r"\s*(?:--|[—–‒―])\s*|\s-\s+|(?<=[)\]])\s?-\s?")
# Something in brackets or slashes: "(AP)", "[Reuters]", "/TASS/"; not "(see below".
_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]]{2,40}?)\s*[)\]]|/\s?([^/\s][^/]{1,30}?)\s?/")
# A short line that is nothing but a credit: "Source: TASS", "(AP)", "Reuters/AFP", "With AFP".
_CREDIT_LINE = re.compile(
    r"^\W*(?:(?:source|sources|quelle|fuente|fonte|источник|kaynak|المصدر|منبع|来源|credit|via|with|avec|con|mit(?: material von)?)\b\s*[:：]?\s*)?"
    r"(?P<names>[\w.’' /,&\-]{2,60}?)\W*$",
    re.I,
)
_CREDIT_WORD = re.compile(
    r"^\W*(?:source|sources|quelle|fuente|fonte|источник|kaynak|المصدر|منبع|来源|credit)\s*[:：]\s*(?P<names>.{2,60}?)[\s.\])]*$",
    re.I,
)
# An outlet's name glued to a sentence: "Alwaght-Syrian President"; see `_glued`.
_GLUED = re.compile(r"^(?P<name>[A-Z][A-Za-z]{2,24}(?: [A-Z][A-Za-z]{2,14}){0,2})\s?[-–—]\s?(?=[A-Z])")
_COMPOUND_TAIL = re.compile(r"^[A-Z]\w+\s+(?:[a-z]+s\b|[a-z])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    dateline: str | None = None
    wire_credit: str | None = None
    site_name: str | None = None
    paragraphs: tuple[str, ...] = ()


def opening(paragraphs: Sequence[str], *, names: Sequence[str] = (), plain_text: bool = False) -> Opening:
    """What the first paragraphs open with and the last close with; ``names``: the outlet's own."""
    if not paragraphs:
        return Opening()
    kept = list(paragraphs)
    credit = credit_line(kept[0]) if len(kept) > 1 else None
    if credit:
        kept.pop(0)
    # A correction or editor's note in brackets stands before the dateline; it is text all the same.
    begin = 1 if len(kept) > 1 and kept[0][0] in "([" and kept[0][-1] in ")]" else 0
    dateline, stated = _of_first(kept[begin], names)
    closing = None
    if len(kept) > 1:
        closing = credit_line(kept[-1])
        if closing:
            kept.pop()
    site = None
    if dateline is None and stated is None:
        site, rest = _glued(kept[0], names, plain_text=plain_text)
        if site:
            kept[0] = rest
    return Opening(
        dateline=dateline, wire_credit=credit or stated or closing, site_name=site, paragraphs=tuple(kept)
    )


def _of_first(paragraph: str, names: Sequence[str]) -> tuple[str | None, str | None]:
    """Dateline and wire credit of the first paragraph: all that stands before its dash, or in brackets."""
    dash = _DASH.search(paragraph[: _REACH + 4])
    bracket = _BRACKETED.search(paragraph[:_REACH])
    if bracket is not None and (dash is None or bracket.start() < dash.start()):
        printed: str | None = (bracket[1] or bracket[2]).strip()
        head, rest = paragraph[: bracket.start()], paragraph[bracket.end() :]
        tail = rest[: dash.start() - bracket.end()] if dash is not None else ""
    elif dash is not None:
        printed, tail = None, ""
        head, rest = paragraph[: dash.start()], paragraph[dash.end() :]
    else:
        return None, None
    day = _DAY.search(head)
    place = (head[: day.start()] + head[day.end() :] if day else head).strip(" ,.")
    if printed is None:
        place, printed = _split_agency(place)
    if tail.strip(" .:,") or len(rest) < 20 or (place and not _is_place(place)):
        return None, None
    return _judged(place, printed, day is not None, dashed=dash is not None, names=names)


def _judged(
    place: str, printed: str | None, day: bool, *, dashed: bool, names: Sequence[str]
) -> tuple[str | None, str | None]:
    """A place needs a witness: a credit, a day, the outlet's own name in brackets, or capitals."""
    credit = printed if printed and agency_in(printed) else None
    own = printed is not None and printed.lower() in {name.lower() for name in names}
    if credit or own:
        return place or None, credit
    if printed is not None or not dashed:
        return None, None
    return (place, None) if place and (day or _shouted(place)) else (None, None)


def _split_agency(place: str) -> tuple[str, str | None]:
    """ "MOSCOW. TASS" is a place and an agency, "TASS" alone an agency."""
    if agency_in(place):
        return "", place
    for separator in (". ", ", ", " / ", "/", " "):
        before, found, after = place.rpartition(separator)
        if found and agency_in(after):
            return before.strip(" ,."), after
    return place, None


def _is_place(text: str) -> bool:
    """A few words, all of them capitalised but the small ones: "UNITED NATIONS", "Homs, Syria"."""
    words_ = text.replace(",", " ").replace("/", " ").split()
    return (
        len(words_) <= 6
        and len(text) <= 50
        and all(w[0].isupper() or words.begins("place_particle", w) for w in words_)
    )


def _shouted(place: str | None) -> bool:
    """A place in capitals is a dateline even without a credit: "DAMASCUS — "."""
    first = (place or "").split(",")[0]
    return len(first) > 2 and first.isupper() and agency_in(first) is None


def credit_line(line: str) -> str | None:
    """The agency of a line that is only a credit: "(AP)", "Source: TASS"."""
    if len(line) > 80:
        return None
    match = _CREDIT_WORD.match(line)
    if match:
        name = match["names"].strip(" .")
        return name if agency_in(name) or (len(name.split()) <= 4 and "." not in name) else None
    match = _CREDIT_LINE.match(line)
    if match is None:
        return None
    named = [part.strip() for part in re.split(r"[/,&]|\band\b|\bund\b", match["names"]) if part.strip()]
    return match["names"].strip() if named and all(agency_in(name) for name in named) else None


def _glued(paragraph: str, names: Sequence[str], *, plain_text: bool) -> tuple[str | None, str]:
    """ "Alwaght-Syrian President Bashar …" is the outlet Alwaght; "Russian-Syrian talks …" is no outlet."""
    match = _GLUED.match(paragraph)
    if match is None:
        return None, paragraph
    name, rest = match["name"], paragraph[match.end() :]
    if name.lower() in {known.lower() for known in names}:
        return name, rest
    if not plain_text or words.is_adjective(name):
        return None, paragraph
    # The two halves of a compound agree in kind ("Anglo-American", "Rolls-Royce"); an outlet's name stands
    # before a whole sentence, whose first words are capitalised as a title and a name, and which goes on.
    following = rest.split()[:3]
    sentence = (
        len(rest) > 60
        and len(following) == 3
        and (
            following[1][:1].isupper()
            or words.is_adjective(following[0])
            or words.begins("sentence_opening", rest)
        )
    )
    return (name, rest) if sentence else (None, paragraph)
