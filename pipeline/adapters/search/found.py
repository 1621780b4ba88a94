"""What is asked of a search, and what it gives?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.adapters.search.fields import Page
from pipeline.adapters.search.snippets import Snippet, marked
from pipeline.adapters.tables import Table

# Columns of a hit that speak of its body: their types.
_SHOWN = {
    "snippet": "VARCHAR",
    "snippet_start": "INTEGER",
    "snippet_end": "INTEGER",
    "highlights": "INTEGER[][]",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: words as they are typed, and what narrows them."""

    words: str
    start: date | None = None
    end: date | None = None
    outlets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    limit: int = 10
    offset: int = 0  # best ones that are passed over
    is_newest_first: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    article_id: int
    dated_at: datetime
    score: float
    page: Page
    snippet: Snippet


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    hits: tuple[Hit, ...]
    count: int  # articles that fit, shown or not

    def table(self) -> Table:
        """A row a hit, the snippet as it stands in the body, and where in that body it and the words stand."""
        return Table(
            columns=("article_id", "dated_at", "outlet_id", "language", "title", "url", "score", *_SHOWN),
            types=("BIGINT", "TIMESTAMP WITH TIME ZONE", *("VARCHAR",) * 4, "DOUBLE", *_SHOWN.values()),
            rows=tuple(
                (
                    hit.article_id,
                    hit.dated_at,
                    hit.page.outlet_id,
                    hit.page.language,
                    hit.page.title,
                    hit.page.url,
                    hit.score,
                    hit.page.body[hit.snippet.start : hit.snippet.end],
                    hit.snippet.start,
                    hit.snippet.end,
                    [list(span) for span in hit.snippet.highlights],
                )
                for hit in self.hits
            ),
        )

    def table_for_people(self) -> Table:
        """A row a hit, the words that were looked for between asterisks."""
        return Table(
            columns=("dated_at", "outlet_id", "title", "snippet", "article_id"),
            types=("TIMESTAMP WITH TIME ZONE", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT"),
            rows=tuple(
                (
                    hit.dated_at,
                    hit.page.outlet_id,
                    hit.page.title,
                    marked(hit.page.body, hit.snippet),
                    hit.article_id,
                )
                for hit in self.hits
            ),
        )
