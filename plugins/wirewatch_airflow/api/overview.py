"""What happened in a period: counts, attention, sources, outlets, gaps."""

from __future__ import annotations

from fastapi import APIRouter, Response

from wirewatch_airflow.api.answers import as_record, view_answer
from wirewatch_airflow.api.asked import CHECKED, Filtered, Line, Parted

router = APIRouter(tags=["overview"], dependencies=CHECKED)

_TABLES = ("attention", "foremost", "top_sources", "rising_sources", "outlets", "gaps")


@router.get("/overview")
def overview(line: Line, filters: Filtered, part: Parted) -> Response:
    """Counts of the period, a row a day, the sources most cited (those foremost day by day) and those that rise, outlets, and gaps."""
    with line.reader.snapshot() as snapshot:
        values = filters.values(snapshot)
        facts = {
            "start": values["start"],
            "end": values["end"],
            "counts": as_record(snapshot.ask("overview_counts", values)),
        }
        tables = {name: snapshot.ask(f"overview_{name}", values) for name in _TABLES}
    return view_answer(facts, tables, part.format, part.name)
