"""Why was this taken for the article, and that not?"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract import body, scoring
from pipeline.extract.page import read_page
from pipeline.extract.template import judged, mark, ready, style
from pipeline.records import Outlet, Selectors, Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One block of a page and what was thought of it."""

    text: str
    taken: bool
    chance: float  # of being part of the article, by the page alone
    known_chance: float  # the same, in the light of the outlet's other pages
    style: str  # the elements it stands in
    shared: bool  # known to stand on many pages of the outlet


def explain(
    html: bytes,
    url: str,
    *,
    outlet: Outlet | None = None,
    encoding: str | None = None,
    template: Template | None = None,
) -> tuple[Line, ...]:
    """The blocks of a page in reading order, after the outlet's own drop rules, as the body's scorer sees them."""
    page = read_page(html, url, encoding)
    body.drop(page, outlet.selectors if outlet else Selectors())
    found = body.candidates(page)
    known = ready(template)
    alone = scoring.chances(found.table)
    likely = judged(known, found.blocks, alone)
    taken = {block.order for block in body.chosen(found.blocks, likely.tolist())}
    return tuple(
        Line(
            text=block.text,
            taken=block.order in taken,
            chance=round(float(one), 3),
            known_chance=round(float(other), 3),
            style=style(block),
            shared=mark(block.text) in known.lines,
        )
        for block, one, other in zip(found.blocks, alone, likely, strict=True)
    )
