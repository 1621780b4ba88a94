"""What the archive still holds, and what of it may go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.retention import damages, drop_before
from pipeline.adapters.warc import WarcArchive
from pipeline.errors import ArchiveError
from pipeline.interval import DAY, Interval
from pipeline.records import Capture, CaptureKind, Manifest, Response

START = datetime(2016, 3, 20, tzinfo=UTC)
DAYS = tuple(Interval(START + n * DAY, START + (n + 1) * DAY) for n in range(5))


def collected(archive: WarcArchive, interval: Interval, outlet_id: str, *bodies: bytes) -> list[Capture]:
    with archive.writer(outlet_id, interval) as writer:
        captures = [
            writer.write(
                Response(
                    url=f"https://{outlet_id}.example/{number}",
                    final_url=f"https://{outlet_id}.example/{number}",
                    status=200,
                    headers=(),
                    body=body,
                    fetched_at=interval.start,
                ),
                CaptureKind.PAGE,
            )
            for number, body in enumerate(bodies)
        ]
        writer.commit()
    archive.save_manifest(Manifest(outlet_id=outlet_id, interval=interval, captures=tuple(captures)))
    return captures


def test_a_sound_archive_has_no_damage(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    for interval in DAYS[:2]:
        collected(archive, interval, "p", b"one", b"two")
    assert list(damages(archive)) == []


def test_every_damaged_capture_and_manifest_is_told(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    for interval in DAYS[:3]:
        collected(archive, interval, "p", interval.name.encode(), b"two" + interval.name.encode())
    (tmp_path / "p" / "2016-03-20.warc.gz").unlink()
    (tmp_path / "p" / "2016-03-21.manifest.json").write_text("{")
    told = list(damages(archive))
    assert len(told) == 3
    assert sum("2016-03-20.warc.gz" in sentence for sentence in told) == 2
    assert any("2016-03-21.manifest.json is no manifest" in sentence for sentence in told)


@pytest.mark.parametrize("junk", [b"junk\n", b"\xff\x00 20160320 {}\n"])
def test_a_damaged_index_is_told_and_stops_neither_collecting_nor_anything_else(
    tmp_path: Path, junk: bytes
) -> None:
    archive = WarcArchive(tmp_path)
    collected(archive, DAYS[0], "p", b"the same")
    collected(archive, DAYS[1], "p", b"the same")
    (tmp_path / "p" / "2016-03-20.cdxj").write_bytes(junk)
    (told,) = damages(archive)
    assert "2016-03-20.cdxj, line 1 is no index line" in told
    (again,) = collected(archive, DAYS[2], "p", b"the same")
    assert archive.read(again) == b"the same"
    # What a file refers to must be known before anything goes.
    (tmp_path / "p" / "2016-03-21.cdxj").write_bytes(junk)
    with pytest.raises(ArchiveError, match=r"2016-03-21\.cdxj"):
        drop_before(archive, DAYS[1].start)
    assert archive.read(again) == b"the same"


def test_what_ended_by_then_goes_and_the_rest_stays(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    for interval in DAYS:
        collected(archive, interval, "p", interval.name.encode())
        collected(archive, interval, "q", interval.name.encode())
    dropped = drop_before(archive, DAYS[3].start)
    assert dropped == tuple(f"{outlet}/{day.name}.warc.gz" for outlet in "pq" for day in DAYS[:3])
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        f"{day.name}{ending}" for day in DAYS[3:] for ending in (".cdxj", ".manifest.json", ".warc.gz")
    ]
    assert list(damages(archive)) == []
    assert drop_before(archive, DAYS[3].start) == ()


def test_bytes_that_a_younger_capture_refers_to_stay(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    collected(archive, DAYS[0], "p", b"the same")
    collected(archive, DAYS[1], "p", b"another")
    collected(archive, DAYS[2], "p", b"another")
    (young,) = collected(archive, DAYS[3], "p", b"another")
    assert drop_before(archive, DAYS[3].start) == ("p/2016-03-20.warc.gz", "p/2016-03-22.warc.gz")
    assert archive.read(young) == b"another"
    assert list(damages(archive)) == []
