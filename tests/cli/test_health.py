"""doctor over a real archive: digests compared, old captures dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.adapters.warc import WarcArchive
from pipeline.cli import app
from pipeline.interval import DAY, Interval
from pipeline.records import CaptureKind, Manifest, Response


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive of two days: one of ten days ago and one of yesterday."""
    archive = WarcArchive(tmp_path / "archive")
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (10, 1):
        interval = Interval(midnight - timedelta(days=days), midnight - timedelta(days=days) + DAY)
        with archive.writer("p", interval) as writer:
            url = f"https://p.example/{days}"
            response = Response(
                url=url, final_url=url, status=200, headers=(), body=b"x", fetched_at=interval.start
            )
            capture = writer.write(response, CaptureKind.PAGE)
            writer.commit()
        archive.save_manifest(Manifest(outlet_id="p", interval=interval, captures=(capture,)))
    return tmp_path


def doctor(data: Path, *options: str) -> str:
    return CliRunner().invoke(app, ["doctor", "--data", str(data), *options]).output


def test_digests_are_compared_when_asked_for(data: Path) -> None:
    assert "digests:" not in doctor(data)
    assert "every capture is as it was captured" in doctor(data, "--digests")
    (_, newer) = sorted(data.rglob("*.warc.gz"))
    newer.write_bytes(b"")
    told = doctor(data, "--digests")
    assert "digests: 1 damaged" in told
    assert newer.name in told.replace("\n", "")


def test_captures_older_than_so_many_days_are_dropped(data: Path) -> None:
    assert "removed 0 files" in doctor(data, "--drop-older-than", "20")
    assert "removed 1 files" in doctor(data, "--drop-older-than", "5")
    assert len(list(data.rglob("*.warc.gz"))) == 1
    assert "every capture is as it was captured" in doctor(data, "--digests")
