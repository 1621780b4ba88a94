"""What does the page print as its byline?

A line near the headline that begins with "By"; a line marked as one by its class; a link to a page of its
author; a label such as "Author: …" anywhere; or a name set apart at the end of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract import words
from pipeline.extract.blocks import Block
from pipeline.extract.features import squeezed
from pipeline.extract.opening import credit_line
from pipeline.extract.page import Page
from pipeline.extract.people import looks_like_a_name, people, without_by
from pipeline.extract.surroundings import BIT
from pipeline.text import clean_line

_LIMIT = 160
_SHORT = 60
# Between the parts of a line of metadata: "Mon 28 March | 14:07 | By Ann Lee"; not "well-known".
_PART = re.compile(r"\s+[|•·—–/]\s+|\s*[|•·]\s*")
# What an author's name is marked with; the words are those of many languages' templates.
_STATED = "[rel~=author], [itemprop~=author]"
_MARKED = ", ".join((
    _STATED,
    *(f"[class*={name} i]" for name in ("author", "byline", "autor", "auteur", "autore", "writer", "reporter", "journalist", "redakteur", "verfasser", "yazar", "skribent")),
    *(f"a[href*='/{name}']" for name in ("author", "autor", "auteur", "contributor", "journalist", "reporter", "profile/", "redakteur", "staff/")),
))  # fmt: skip
_MOST_MARKED = 60
_MOST_TOGETHER = 3
_RAW_LIMIT = 2000  # of an element's text with its white space
_APART = BIT["footer"] | BIT["c_comment"] | BIT["c_related"] | BIT["c_footer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    line: str  # as it stands on the page
    names: tuple[str, ...]


def printed(near: Sequence[Block], site_names: Sequence[str]) -> Printed | None:
    """The line near the headline that says "By"."""
    for line in _joined(near, "by"):
        if len(line) > _LIMIT or (line.endswith(".") and len(line.split()) > 8):
            continue
        for part in (line, *_PART.split(line)):
            if words.begins("by", part):
                names = tuple(filter(looks_like_a_name, people([part], site_names)))
                if names:
                    return Printed(line=line, names=names)
    return None


def _joined(blocks: Sequence[Block], kind: str) -> Iterator[str]:
    """Each line; one that is a phrase of this kind by itself together with the line after it."""
    for place, block in enumerate(blocks):
        line = block.text.rstrip(" :：")
        if line and words.begins(kind, line) == len(line) and place + 1 < len(blocks):
            yield f"{block.text} {blocks[place + 1].text}"
        else:
            yield block.text


def marked(
    page: Page, blocks: Sequence[Block], around: Sequence[Block], site_names: Sequence[str]
) -> Printed | None:
    """The elements that are marked as the author's: those near the headline, else those the page links as
    its author's, else the only one there is."""
    near, whole = _standing(around), _standing(blocks)
    every = {
        names: line
        for names, line in _marked_names(page, _MARKED, site_names).items()
        if all(name in whole for name in names)
    }
    here = {names: line for names, line in every.items() if all(name in near for name in names)}
    found = here or _marked_names(page, _STATED, site_names)
    if not here and not 1 <= len(found) <= _MOST_TOGETHER:
        found = every if len(every) == 1 and len(next(iter(every.values()))) <= _SHORT else {}
    if not found:
        return None
    names = tuple(dict.fromkeys(name for group in found for name in group))
    return Printed(line=_line_of(blocks, next(iter(found.values()))), names=names)


def _standing(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks if not block.box.inside & _APART)


def _marked_names(page: Page, selector: str, site_names: Sequence[str]) -> dict[tuple[str, ...], str]:
    """The names in the elements of a selector, with the text they stand in."""
    lines: dict[tuple[str, ...], str] = {}
    seen: set[str] = set()
    for element in page.tree.css(selector)[:_MOST_MARKED]:
        text = clean_line(element.text(separator=" ")[:_RAW_LIMIT])
        if not text or len(text) > _LIMIT or text in seen or words.begins("other_hands", text):
            continue
        seen.add(text)
        names = people(_PART.split(text), site_names)
        # A name that is a small part of its element's text is one of a headline.
        if names and sum(map(len, names)) * 4 > len(text) and all(map(looks_like_a_name, names)):
            lines.setdefault(names, text)
    return lines


def _line_of(blocks: Sequence[Block], text: str) -> str:
    """The block that an element's text is all or part of."""
    return next((block.text for block in blocks if text in block.text and len(block.text) <= _LIMIT), text)


def labelled(blocks: Sequence[Block], site_names: Sequence[str]) -> Printed | None:
    """A line anywhere that is labelled: "Author: Ann Lee"."""
    for block in blocks:
        if len(block.text) <= _LIMIT and words.begins("author_label", block.text):
            names = tuple(name for name in people([block.text], site_names) if looks_like_a_name(name))
            if names:
                return Printed(line=block.text, names=names)
    return None


def signed(blocks: Sequence[Block], last: int, site_names: Sequence[str]) -> Printed | None:
    """A name in bold by itself where the text ends: its last block, or the one after it."""
    for block in blocks[max(0, last) : last + 2]:
        text = block.text.strip(" ()[]/—–-.")
        if block.strong * 2 > block.size and len(text) <= 40 and looks_like_a_name(text):
            names = people([text], site_names)
            if names:
                return Printed(line=block.text, names=names)
    return None


def by_agency(near: Sequence[Block]) -> Printed | None:
    """The line near the headline that says "By" and names nobody but agencies: "By The Associated Press"."""
    for block in near:
        agency = without_by(block.text)
        if agency != block.text and not block.box.inside & _APART and credit_line(agency):
            return Printed(line=block.text, names=())
    return None


def line_naming(near: Sequence[Block], names: Sequence[str]) -> str | None:
    """The line of metadata near the headline that has one of these names."""
    wanted = [key for name in names if len(key := squeezed(name)) > 5]
    for block in near:
        meta = block.box.own & BIT["c_meta"] or (block.box.parent and block.box.parent.own & BIT["c_meta"])
        if meta and len(block.text) <= _LIMIT and any(name in squeezed(block.text) for name in wanted):
            return block.text
    return None


def other_hands(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Those who did something else for the article: "Photography by Ann Lee"."""
    lines = _joined(blocks, "other_hands")
    return people(
        line[length:].lstrip(" :")
        for line in lines
        if len(line) <= _LIMIT and (length := words.begins("other_hands", line))
    )


def near_title(blocks: Sequence[Block], title: str | None, first: int = 0) -> list[Block]:
    """The blocks around the headline; where none prints it, those around ``first``, the text's first block."""
    key = squeezed(title or "")
    place = next((i for i, b in enumerate(blocks) if b.tag == "h1" and squeezed(b.text) == key), None)
    if place is None and key:
        place = next(
            (i for i, b in enumerate(blocks) if b.size < 2 * len(key) + 40 and key in squeezed(b.text)), None
        )
    if place is None:
        place = next((i for i, b in enumerate(blocks) if b.tag == "h1"), None)
    if place is None and first:
        place = max(0, first - 8)
    return list(blocks[max(0, place - 4) : place + 14]) if place is not None else list(blocks[:30])


def is_byline(text: str, names: Sequence[str]) -> bool:
    """A line of the body that only says who wrote it: "By Ann Lee", "Ann Lee, Moscow"."""
    if len(text) > 80 or not names:
        return False
    rest = squeezed(without_by(text))
    for name in names:
        rest = rest.replace(squeezed(name), "")
    return len(rest) <= 12 and squeezed(text) != rest
