"""What was copied: the clusters of a period, and one of them with who had it first and what differs."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response

from wirewatch_airflow.api.answers import as_record, page_answer, view_answer
from wirewatch_airflow.api.articles import Number
from wirewatch_airflow.api.asked import CHECKED, Filtered, Line, Paged, Parted

router = APIRouter(tags=["stories"], dependencies=CHECKED)

_TABLES = ("members", "figures", "sources")


@router.get("/stories")
def stories(line: Line, filters: Filtered, page: Paged) -> Response:
    """The texts that several articles share, most spread first."""
    with line.reader.snapshot() as snapshot:
        table = snapshot.ask("stories", {**filters.values(snapshot), **page.values()})
    return page_answer(table, page.format, "stories", limit=page.limit, offset=page.offset)


@router.get("/stories/{cluster_id}")
def story(line: Line, cluster_id: Number, part: Parted) -> Response:
    """The story's articles in their order, the figures they give, and the sources they cite."""
    with line.reader.snapshot() as snapshot:
        values = {"cluster_id": cluster_id}
        record = as_record(snapshot.ask("story", values))
        if record is None:
            raise HTTPException(404, f"there is no story {cluster_id}; `stories` lists them")
        tables = {name: snapshot.ask(f"story_{name}", values) for name in _TABLES}
    return view_answer({"story": record}, tables, part.format, part.name)
