"""What was published: all articles of a period, and one of them with everything that was read in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response
from fastapi.responses import JSONResponse

from wirewatch_airflow.api.answers import as_record, as_records, page_answer
from wirewatch_airflow.api.asked import CHECKED, Filtered, Line, Paged

router = APIRouter(tags=["articles"], dependencies=CHECKED)

Number = Annotated[int, Path(ge=0, lt=2**63, description="An id, as it stands in the tables.")]


@router.get("/articles")
def articles(line: Line, filters: Filtered, page: Paged) -> Response:
    """The articles, newest first."""
    with line.reader.snapshot() as snapshot:
        table = snapshot.ask("articles", {**filters.values(snapshot), **page.values()})
    return page_answer(table, page.format, "articles", limit=page.limit, offset=page.offset)


@router.get("/articles/{article_id}")
def article(line: Line, article_id: Number) -> Response:
    """The article: its text, who says what in it and where, whence it came, and its captures and states."""
    with line.reader.snapshot() as snapshot:
        found = snapshot.ask("article", {"article_id": article_id})
        record = as_record(found)
        if record is None:
            raise HTTPException(404, f"there is no article {article_id}; `articles` lists them")
        values = {"article_id": article_id, "day": found.rows[0][found.columns.index("day")]}
        del record["day"]
        answer = {
            "article": record,
            "authors": [row[0] for row in snapshot.ask("article_authors", values).rows],
            **{
                name: as_records(snapshot.ask(f"article_{name}", values))
                for name in ("attributions", "mentions", "figures", "chain", "captures", "revisions")
            },
            "story": as_record(snapshot.ask("article_story", values)),
        }
    return JSONResponse(answer)
