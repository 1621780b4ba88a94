"""What do the tables and their columns mean?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from wirewatch_airflow.api.asked import CHECKED, Line

router = APIRouter(tags=["dictionary"], dependencies=CHECKED)


@router.get("/dictionary")
def dictionary(line: Line) -> dict[str, Any]:
    """Every table that can be asked, and its columns."""
    return {"tables": [asdict(table) for table in line.reader.dictionary()]}
