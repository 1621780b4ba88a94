"""Who is cited: all sources of a period, and one of them with who cites it, how, and beside whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from pipeline.adapters.snapshot import Snapshot
from wirewatch_airflow.api.answers import as_record, page_answer, view_answer
from wirewatch_airflow.api.asked import CHECKED, Filtered, Line, Paged, Parted, source_values

router = APIRouter(tags=["sources"], dependencies=CHECKED)

_TABLES = ("timeline", "outlets", "verbs", "cocited")

Key = Annotated[str, Path(max_length=300, description="A source's id, or name: and its printed name.")]


@router.get("/sources")
def sources(
    line: Line,
    filters: Filtered,
    page: Paged,
    words: Annotated[str | None, Query(max_length=300, description="In one of its names.")] = None,
) -> Response:
    """The sources that are cited, most cited first."""
    with line.reader.snapshot() as snapshot:
        values = {**filters.values(snapshot), **page.values(), "words": words or None}
        table = snapshot.ask("sources", values)
    return page_answer(table, page.format, "sources", limit=page.limit, offset=page.offset)


@router.get("/sources/{key:path}/statements")
def statements(line: Line, key: Key, filters: Filtered, page: Paged) -> Response:
    """What the source said, newest first, each with the sentence it stands in."""
    with line.reader.snapshot() as snapshot:
        _known(snapshot, key)
        values = {**filters.values(snapshot), **page.values(), **source_values(key)}
        table = snapshot.ask("source_statements", values)
    return page_answer(table, page.format, "statements", limit=page.limit, offset=page.offset)


@router.get("/sources/{key:path}")
def source(line: Line, key: Key, filters: Filtered, part: Parted) -> Response:
    """Who the source is, when and where it is cited, with which words, and beside whom."""
    with line.reader.snapshot() as snapshot:
        facts = {"source": _known(snapshot, key)}
        values = {**filters.values(snapshot), **source_values(key)}
        tables = {name: snapshot.ask(f"source_{name}", values) for name in _TABLES}
    return view_answer(facts, tables, part.format, part.name)


def _known(snapshot: Snapshot, key: str) -> dict[str, object]:
    record = as_record(snapshot.ask("source", source_values(key)))
    if record is None:
        raise HTTPException(404, f"there is no source {key}; look for its name among the sources")
    return record
