"""Which articles hold certain words, and how many a day, outlet, source or language?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from pipeline.adapters.search import Question
from pipeline.errors import UsageError
from wirewatch_airflow.api.answers import Format, as_object, table_answer
from wirewatch_airflow.api.asked import BY_NAME, CHECKED, Filtered, Filters, Line, Paged, Written

_DEEPEST = 10_000  # articles of one search that can be shown

router = APIRouter(tags=["search"], dependencies=CHECKED)

Words = Annotated[
    str, Query(min_length=1, max_length=1_000, description="As `wirewatch search --help` has it.")
]


@router.get("/search")
def search(
    line: Line,
    words: Words,
    filters: Filtered,
    page: Paged,
    newest: Annotated[bool, Query(description="Newest first, rather than best first.")] = False,
) -> Response:
    """The articles that the words find, best first, each with the lines that show why."""
    if page.offset + page.limit > _DEEPEST:
        raise UsageError(f"a search shows its first {_DEEPEST} articles; narrow it by days or outlets")
    question = replace(
        _question(words, filters), limit=page.limit, offset=page.offset, is_newest_first=newest
    )
    found = line.search(question)
    if page.format is not Format.JSON:
        return table_answer(found.table(), page.format, "search")
    return JSONResponse(
        {**as_object(found.table()), "count": found.count, "limit": page.limit, "offset": page.offset}
    )


@router.get("/search/counts")
def counts(
    line: Line,
    words: Words,
    filters: Filtered,
    output: Written,
    by: Annotated[Literal["day", "month", "outlet", "source", "language"], Query()] = "day",
) -> Response:
    """How many articles the words find, by what they are told apart."""
    return table_answer(line.search_counts(_question(words, filters), by), output, "search-counts")


def _question(words: str, filters: Filters) -> Question:
    """Search takes sources by id or by name, without what marks a name."""
    return Question(
        words=words,
        start=filters.start,
        end=filters.end,
        outlets=filters.outlets,
        languages=filters.languages,
        sources=tuple(source.removeprefix(BY_NAME) for source in filters.sources),
    )
