"""What does one page of an outlet's archive teach of the others?"""

from __future__ import annotations

from pipeline.extract import body, scoring
from pipeline.extract.page import read_page
from pipeline.extract.template import Reading


def reading_of(
    html: bytes,
    url: str,
    *,
    digest: str,
    encoding: str | None = None,
    words: int = 0,
    dated_by: str | None = None,
    trees: scoring.Forest | None = None,
) -> Reading:
    """A page read by itself, as if nothing were known of its outlet."""
    found = body.candidates(read_page(html, url, encoding))
    chances = scoring.chances(found.table, trees).tolist()
    taken = body.chosen(found.blocks, chances)
    return Reading(
        digest=digest,
        blocks=found.blocks,
        chances=chances,
        taken=frozenset(block.order for block in taken),
        words=words,
        dated_by=dated_by,
    )
