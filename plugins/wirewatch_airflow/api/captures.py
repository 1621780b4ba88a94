"""What was fetched: one capture, and its bytes as they lie in the archive."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import JSONResponse

from pipeline.adapters.tables import Table
from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureKind
from wirewatch_airflow.api.answers import as_record, as_records
from wirewatch_airflow.api.articles import Number
from wirewatch_airflow.api.asked import CHECKED, Line
from wirewatch_airflow.api.headers import SAFE

router = APIRouter(tags=["captures"], dependencies=CHECKED)


@router.get("/captures/{capture_id}")
def capture(line: Line, capture_id: Number) -> Response:
    """What was fetched, when, where it lies, and which articles were read from it."""
    with line.reader.snapshot() as snapshot:
        values = {"capture_id": capture_id}
        record = as_record(_known(snapshot.ask("capture", values), capture_id))
        articles = as_records(snapshot.ask("capture_articles", values))
    return JSONResponse({"capture": record, "articles": articles})


@router.get("/captures/{capture_id}/page")
def page(line: Line, capture_id: Number) -> Response:
    """The archived bytes, to be saved and not to be shown: no browser runs them."""
    with line.reader.snapshot() as snapshot:
        table = _known(snapshot.ask("capture", {"capture_id": capture_id}), capture_id)
    row = dict(zip(table.columns, table.rows[0], strict=True))
    try:
        body = line.archive.read(
            Capture(
                outlet_id=row["outlet_id"],
                kind=CaptureKind(row["kind"]),
                url=row["url"],
                final_url=row["final_url"],
                status=row["status"],
                fetched_at=row["fetched_at"],
                digest=row["digest"],
                warc_file=row["warc_file"],
                warc_offset=row["warc_offset"],
            )
        )
    except (ArchiveError, OSError) as error:
        raise HTTPException(
            404, f"the archive does not hold it any more ({error}); `wirewatch doctor` tells what is kept"
        ) from error
    headers = {**SAFE, "Content-Disposition": f'attachment; filename="capture-{capture_id}.txt"'}
    return Response(body, media_type="text/plain", headers=headers)


def _known(table: Table, capture_id: int) -> Table:
    if not table.rows:
        raise HTTPException(404, f"there is no capture {capture_id}; an article names its own")
    return table
