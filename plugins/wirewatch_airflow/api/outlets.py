"""Who publishes: all outlets of a period, and one of them with what it brings, whom it cites, and what it lost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from pipeline.adapters.snapshot import Snapshot
from wirewatch_airflow.api.answers import as_record, page_answer, table_answer, view_answer
from wirewatch_airflow.api.asked import CHECKED, Filtered, Line, Paged, Parted, Word, Written

router = APIRouter(tags=["outlets"], dependencies=CHECKED)

_TABLES = {
    "volume": "outlet_volume",
    "sources": "outlet_sources",
    "agencies": "outlet_agencies",
    "health": "outlet_health",
    "rejects": "outlet_reject_reasons",
    "feeds": "outlet_feeds",
}

Id = Annotated[str, Path(max_length=300, description="An outlet's id.")]


@router.get("/outlets")
def outlets(line: Line, filters: Filtered, output: Written) -> Response:
    """What each outlet publishes, how much of it is agency copy, and how collecting it goes."""
    with line.reader.snapshot() as snapshot:
        table = snapshot.ask("outlets", filters.values(snapshot))
    return table_answer(table, output, "outlets")


@router.get("/outlets/{outlet_id}")
def outlet(line: Line, outlet_id: Id, filters: Filtered, part: Parted) -> Response:
    """The outlet's days, sources, agencies, health, rejects and feeds."""
    with line.reader.snapshot() as snapshot:
        facts = {"outlet": _known(snapshot, outlet_id)}
        values = {**filters.values(snapshot), "outlet_id": outlet_id}
        tables = {name: snapshot.ask(question, values) for name, question in _TABLES.items()}
    return view_answer(facts, tables, part.format, part.name)


@router.get("/outlets/{outlet_id}/rejects")
def rejects(
    line: Line,
    outlet_id: Id,
    filters: Filtered,
    page: Paged,
    reason: Annotated[list[Word] | None, Query(max_length=100, description="Only for these reasons.")] = None,
) -> Response:
    """The outlet's rejects and gaps, newest first."""
    with line.reader.snapshot() as snapshot:
        _known(snapshot, outlet_id)
        values = {
            **filters.values(snapshot),
            **page.values(),
            "outlet_id": outlet_id,
            "reasons": reason or None,
        }
        table = snapshot.ask("outlet_rejects", values)
    return page_answer(table, page.format, "rejects", limit=page.limit, offset=page.offset)


def _known(snapshot: Snapshot, outlet_id: str) -> dict[str, object]:
    record = as_record(snapshot.ask("outlet", {"outlet_id": outlet_id}))
    if record is None:
        raise HTTPException(404, f"there is no outlet {outlet_id}; `outlets` lists them")
    return record
