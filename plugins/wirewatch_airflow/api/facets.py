"""What can be chosen: days, outlets, languages; and may this user act?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from pipeline.adapters.tables import plain
from wirewatch_airflow.api.answers import as_records
from wirewatch_airflow.api.asked import CHECKED, Line
from wirewatch_airflow.api.guards import may_act

router = APIRouter(tags=["facets"], dependencies=CHECKED)


@router.get("/facets")
def facets(line: Line, acts: Annotated[bool, Depends(may_act)]) -> dict[str, Any]:
    """What filters can say, when the tables were published, and whether this user may make things happen."""
    with line.reader.snapshot() as snapshot:
        first, last = snapshot.days() or (None, None)
        return {
            "start": plain(first),
            "end": plain(last),
            "published_at": plain(line.reader.published_at()),
            "outlets": as_records(snapshot.ask("facets_outlets", {})),
            "languages": as_records(snapshot.ask("facets_languages", {})),
            "may_act": acts,
        }
