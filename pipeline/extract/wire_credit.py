"""Which agency supplied the copy, where the text itself does not say so?

A line of its own under the headline or after the text says it, or a byline, "By Ann Lee, Associated Press", or the
structured data, whose author is an agency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.agencies import agency_of_byline
from pipeline.extract.authors import called_authors
from pipeline.extract.blocks import Block
from pipeline.extract.features import squeezed
from pipeline.extract.opening import credit_line
from pipeline.extract.page import Page
from pipeline.extract.people import without_by
from pipeline.extract.surroundings import BIT

_APART = BIT["figure"] | BIT["c_caption"] | BIT["footer"] | BIT["nav"] | BIT["c_tags"] | BIT["c_related"]
_BEFORE, _AFTER = 6, 4  # blocks around the text where a credit may stand


def wire_credit(
    page: Page,
    blocks: Sequence[Block],
    byline: str | None,
    *,
    first: int,
    last: int,
    site_names: Sequence[str],
) -> str | None:
    """The agency as printed; ``first`` and ``last``: the places of the text's blocks."""
    around = [*blocks[max(0, first - _BEFORE) : first], *blocks[last + 1 : last + 1 + _AFTER]]
    own = {squeezed(name) for name in site_names}
    named = (*_printed(around), byline and agency_of_byline(without_by(byline)), *_stated(page, own))
    return next(filter(None, named), None)


def _printed(around: Sequence[Block]) -> Iterator[str | None]:
    for block in around:
        if not block.box.inside & _APART:
            yield credit_line(block.text)


def _stated(page: Page, own: set[str]) -> Iterator[str]:
    """What the data name as an author; an agency on a page of its own supplied nobody else's copy."""
    for name in called_authors(page):
        if (agency := agency_of_byline(without_by(name))) and squeezed(agency) not in own:
            yield agency
