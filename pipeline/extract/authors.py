"""Who wrote it?

The structured data is asked first, then the metadata, then what is printed: near the headline, where an
element is marked as the author's, where a label says so, where a name closes the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract import byline, structured, words
from pipeline.extract.blocks import Block
from pipeline.extract.features import squeezed
from pipeline.extract.page import Page
from pipeline.extract.people import looks_like_a_name, people

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "og:article:author",
         "article.author", "cxenseparse:author", "authors", "dc.contributor", "citation_author", "twitter:creator:name", "mediator_author")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    authors: tuple[str, ...] = ()  # people, in order
    byline: str | None = None  # as printed


def written(
    page: Page,
    blocks: Sequence[Block],
    near: Sequence[Block],
    *,
    site_names: Sequence[str],
    last: int = 0,
    selected: str | None = None,
) -> Written:
    """The people and the byline; ``near``: the blocks around the headline, ``last``: the place of the text's last block, ``selected``: an outlet's own
    selector found the byline, so it is the best witness."""
    if selected and (found := people([selected], site_names)):
        return Written(authors=found, byline=selected)
    line = byline.printed(near, site_names)
    stated = _stated(page, site_names)
    if line and stated and not _shown(stated, near):
        return Written(authors=line.names, byline=line.line)  # the data name whoever put it on the page
    if stated:
        # Photographers and stylists are stated as authors too; the page prints what they did.
        others = set(byline.other_hands(blocks)) if len(stated) > 1 else set()
        kept = tuple(name for name in stated if name not in others) or stated
        printed = selected or (line.line if line else byline.line_naming(near, kept))
        return Written(authors=kept, byline=printed)
    line = (
        line
        or byline.marked(page, blocks, near, site_names)
        or byline.labelled(blocks, site_names)
        or byline.signed(blocks, last, site_names)
        or byline.by_agency(near)
    )
    if line is None:
        return Written(byline=selected)
    return Written(authors=line.names, byline=selected or line.line)


def called_authors(page: Page) -> Iterator[str]:
    """Whatever the data and the metadata call an author: people, agencies, the outlet."""
    yield from _author_names(page, organisations=True)
    yield from _metadata(page)


def _shown(names: Sequence[str], near: Sequence[Block]) -> bool:
    """Whether any of the names is printed near the headline, by its last word at least."""
    printed = squeezed(" ".join(block.text for block in near))
    return any(squeezed(name.split()[-1]) in printed for name in names)


def _stated(page: Page, site_names: Sequence[str]) -> tuple[str, ...]:
    """The people of the structured data, else of the metadata, else the only person the data describe."""
    for texts in (_author_names(page), _metadata(page)):
        if found := people(texts, site_names):
            return found
    described = [
        name for node in page.linked if "Person" in structured.types(node) and (name := structured.first(node, "name"))
    ]  # fmt: skip
    alone = people(described, site_names)
    return alone if len(alone) == 1 and looks_like_a_name(alone[0]) else ()


def _metadata(page: Page) -> Iterator[str]:
    for name in _META:
        yield from page.head.all(name)
    # WordPress says it in two: twitter:label1 "Written by", twitter:data1 "Ann Lee".
    for number in "12":
        label, data = page.head.first(f"twitter:label{number}"), page.head.first(f"twitter:data{number}")
        if label and data and words.begins("by", label):
            yield data


def _author_names(page: Page, *, organisations: bool = False) -> list[str]:
    """What the article's node calls its authors: text, or nodes with names, or references to such nodes."""
    nodes = page.article.get("author") or page.article.get("creator")
    by_id = {str(node.get("@id")): node for node in page.linked if node.get("@id")}
    names: list[str] = []
    for node in nodes if isinstance(nodes, list) else [nodes]:
        if isinstance(node, Mapping):
            node = by_id.get(str(node.get("@id")), node) if not node.get("name") else node
            if organisations or not any("Organization" in kind for kind in structured.types(node)):
                names.extend(_name_of(node))
        else:
            names.extend(structured.strings(node))
    return names


def _name_of(node: structured.Node) -> tuple[str, ...]:
    if stated := structured.strings(node.get("name")):
        return stated
    first, family = structured.first(node, "givenName"), structured.first(node, "familyName")
    return (f"{first or ''} {family or ''}".strip(),) if first or family else ()
