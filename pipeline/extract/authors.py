"""Who wrote it: the byline as printed, and the people in it?

People only: not the outlet, not an agency, not "Staff", no markup, no addresses. The structured data is
asked first, then the metadata, then what is printed near the headline.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from pipeline.extract import structured, words
from pipeline.extract.agencies import agency_in
from pipeline.extract.blocks import Block
from pipeline.extract.features import squeezed
from pipeline.extract.page import Page
from pipeline.extract.surroundings import BIT
from pipeline.text import clean_line

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "og:article:author",
         "article.author", "cxenseparse:author", "authors", "dc.contributor", "citation_author", "twitter:creator:name", "mediator_author")  # fmt: skip
# Between two people: "Ann Lee and Bo Ek", "Ann Lee, Bo Ek"; not "Anderson".
_BETWEEN = re.compile(r"\s*(?:[,;|/•·&\n、،]|\s(?:and|und|et|y|e|og|och|en|и|та|i|ve|with|mit)\s)\s*", re.I)
# What follows a name and is no part of it: "Ann Lee in Moscow", "Ann Lee (Reuters)", "Ann Lee - BBC News".
# What stands in the date of a byline: "Ann Lee Monday", "Ann Lee November".
_DATE_WORD = re.compile(
    r"\s*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September"
    r"|October|November|December|Published|Posted|Updated)\b.*$"
)
_AFTER_NAME = re.compile(
    r"\s+(?:in|at|for|of|from|aus|à)\s+[A-Z].*$|\s*\(.*$|\s+[-–—|]\s+.*$|\s*@\S+.*$|\s+\d.*$|\s*<.*$"
)
_TAG = re.compile(r"<[^>]{0,300}>")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|MD|PhD|Ph\.D|Esq)\.?$", re.I)
_NUMBER = re.compile(r"\d")
_NAME_LIMIT = 45
_BYLINE_LIMIT = 160
_PEOPLE_LIMIT = 20


def authors(
    page: Page, byline: str | None, site_names: Sequence[str], *, printed_first: bool = False
) -> tuple[str, ...]:
    """The people, in order; ``printed_first``: a selector found the byline, so it is the best witness."""
    stated = structured.strings(_author_nodes(page))
    metadata = [text for name in _META for text in page.head.all(name)]
    printed = [byline] if byline else []
    for texts in (printed, stated, metadata) if printed_first else (stated, metadata, printed):
        found = people(texts, site_names)
        if found:
            return found
    return people(_linked_authors(page), site_names)


def _author_nodes(page: Page) -> object:
    nodes = page.article.get("author") or page.article.get("creator")
    listed = nodes if isinstance(nodes, list) else [nodes]
    plain = [
        node
        for node in listed
        if not (isinstance(node, dict) and any("Organization" in t for t in structured.types(node)))
    ]
    by_id = {str(node.get("@id")): node for node in page.linked if node.get("@id")}
    return [
        by_id.get(str(node.get("@id")), node) if isinstance(node, dict) and not node.get("name") else node
        for node in plain
    ]


def _linked_authors(page: Page) -> list[str]:
    elements = page.tree.css("a[rel~=author], [itemprop=author] [itemprop=name], [itemprop=author]")[:8]
    return [text for element in elements if (text := clean_line(element.text(separator=" ")[:200]))]


def people(texts: Iterable[str], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of people in bylines, each once."""
    sites = {squeezed(name) for name in site_names}
    found: dict[str, str] = {}
    for text in texts:
        line = clean_line(_ADDRESS.sub(" ", _TAG.sub(" ", html.unescape(text))))
        for part in _BETWEEN.split(_without_by(line)):
            name = _DATE_WORD.sub("", _AFTER_NAME.sub("", _without_by(part))).strip(" .,:;-–—|*")
            if name and _is_person(name, sites):
                found.setdefault(squeezed(name), name.title() if name.isupper() and len(name) > 4 else name)
    return tuple(found.values())[:_PEOPLE_LIMIT]


def _without_by(text: str) -> str:
    """What follows the "by", however often it is said: "Written by: By Ann Lee"."""
    while (length := words.begins("by", text)) and text[length : length + 1] in (" ", ":"):
        text = text[length:].lstrip(" :")
    return text


def _is_person(name: str, sites: set[str]) -> bool:
    key = squeezed(name)
    if (
        not key
        or _SUFFIX.match(name)
        or _NUMBER.search(name)
        or not 3 <= len(name) <= _NAME_LIMIT
        or len(name.split()) > 5
    ):
        return name.isalpha() and not name.isascii() and 2 <= len(name) <= 4  # 王伟
    if key in sites or any(len(site) > 4 and (key.startswith(site) or site in key) for site in sites):
        return False
    if agency_in(name) is not None or words.is_nobody(name) or words.begins("office", name):
        return False
    return not (name.islower() and name.isascii()) and any(c.isalpha() for c in name)


def byline(blocks: Sequence[Block], title: str | None, page: Page) -> str | None:
    """The byline as printed: a short line near the headline, marked as one or beginning with "By"."""
    near = _near_title(blocks, title)
    marked = [
        b for b in near if b.box.own & BIT["c_meta"] or (b.box.parent and b.box.parent.own & BIT["c_meta"])
    ]
    for block in [*near, *marked]:
        if len(block.text) > _BYLINE_LIMIT or (block.text.endswith(".") and len(block.text.split()) > 8):
            continue
        if words.begins("by", block.text) and people([block.text]):
            return block.text
    stated = {squeezed(name) for name in structured.strings(_author_nodes(page))}
    for block in marked:
        if len(block.text) <= _BYLINE_LIMIT and any(
            len(name) > 5 and name in squeezed(block.text) for name in stated
        ):
            return block.text
    return None


def _near_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    key = squeezed(title or "")
    place = next((i for i, b in enumerate(blocks) if b.tag == "h1" and squeezed(b.text) == key), None)
    if place is None:
        place = next((i for i, b in enumerate(blocks) if key and squeezed(b.text) == key), None)
    return list(blocks[max(0, place - 4) : place + 14]) if place is not None else list(blocks[:30])


def is_byline(text: str, names: Sequence[str]) -> bool:
    """A line of the body that only says who wrote it: "By Ann Lee", "Ann Lee, Moscow"."""
    if len(text) > 80 or not names:
        return False
    rest = squeezed(_without_by(text))
    for name in names:
        rest = rest.replace(squeezed(name), "")
    return len(rest) <= 12 and squeezed(text) != rest
