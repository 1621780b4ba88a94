"""The archive: what is written is read, and a kill costs at most the record being written."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.adapters.replay import ReplayTransport
from pipeline.adapters.warc import WarcArchive
from pipeline.adapters.warc_records import responses
from pipeline.errors import ArchiveError
from pipeline.interval import DAY, HOUR, Interval
from pipeline.records import CaptureKind, Manifest, Response

NOON = datetime(2016, 3, 27, 12, 0, 0, 250_000, tzinfo=UTC)
DAY_27 = Interval.of_day(NOON.date())


def page(
    path: str = "/1", body: bytes = b"<p>It is open.</p>", at: datetime = NOON, **changes: object
) -> Response:
    fields: dict[str, object] = {
        "url": f"https://p.example{path}",
        "final_url": f"https://p.example{path}",
        "status": 200,
        "headers": (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Vary", "a"),
        ),
        "body": body,
        "fetched_at": at,
    }
    return Response(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_committed_capture_reads_back(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        first = writer.write(page("/1"), CaptureKind.PAGE)
        second = writer.write(page("/2", b""), CaptureKind.FEED)
        assert list(tmp_path.rglob("*.warc.gz")) == []
        writer.commit()
    assert archive.read(first) == b"<p>It is open.</p>"
    assert archive.read(second) == b""
    assert first.warc_file == "p/2016-03-27.warc.gz"
    assert first.content_type == "text/html; charset=utf-8"
    assert list(tmp_path.rglob("*.part")) == []


_header = st.tuples(
    st.sampled_from(["Content-Type", "Set-Cookie", "ETag", "Content-Length", "Transfer-Encoding", "X-Odd"]),
    st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f\x85\xa0\xad"),
        max_size=12,
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=200),
    headers=st.lists(_header, max_size=5).map(tuple),
    status=st.sampled_from([200, 301, 404, 500, 599]),
    at=st.datetimes(datetime(1995, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    final=st.sampled_from(["https://p.example/1", "https://q.example/2?a=b"]),
)
def test_replaying_gives_the_same_response(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    headers: tuple[tuple[str, str], ...],
    status: int,
    at: datetime,
    final: str,
) -> None:
    root = tmp_path_factory.mktemp("archive")
    response = page(body=body, headers=headers, status=status, at=at, final_url=final)
    with WarcArchive(root).writer("p", DAY_27) as writer:
        writer.write(response, CaptureKind.PAGE)
        writer.commit()
    (file,) = root.rglob("*.warc.gz")
    (placed,) = responses(file)
    assert placed.response == response
    if status != 301:
        interval = Interval(at, at + timedelta(microseconds=1))
        assert ReplayTransport([root], interval).fetch(response.url) == response


def test_every_record_is_a_gzip_member_that_others_can_read(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        captures = [writer.write(page(f"/{number}"), CaptureKind.PAGE) for number in range(3)]
        writer.commit()
    payload = (tmp_path / "p" / "2016-03-27.warc.gz").read_bytes()
    for capture in captures:
        assert gzip.decompress(payload[capture.warc_offset :]).startswith(b"WARC/1.1\r\n")
    with (tmp_path / "p" / "2016-03-27.warc.gz").open("rb") as stream:
        read = [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert read == [(f"https://p.example/{number}", b"<p>It is open.</p>") for number in range(3)]


@pytest.mark.parametrize("lost", [0, 1, 30, 200])
def test_what_a_killed_run_left_is_taken_over_up_to_its_last_whole_record(tmp_path: Path, lost: int) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        for number in range(3):
            writer.write(page(f"/{number}"), CaptureKind.PAGE)
    part = tmp_path / "p" / "2016-03-27.warc.gz.part"
    part.write_bytes(part.read_bytes()[: part.stat().st_size - lost])
    with archive.writer("p", DAY_27) as writer:
        kept = 3 if lost == 0 else 2
        assert [capture.url[-1] for capture in writer.adopted] == ["0", "1", "2"][:kept]
        added = writer.write(page("/9", b"new"), CaptureKind.PAGE)
        writer.commit()
    for capture in writer.adopted:
        assert archive.read(capture) == b"<p>It is open.</p>"
    assert archive.read(added) == b"new"


def test_garbage_in_the_leftover_starts_it_anew(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "2016-03-27.warc.gz.part").write_bytes(b"\x1f\x8bnot gzip at all")
    with archive.writer("p", DAY_27) as writer:
        assert writer.adopted == ()
        capture = writer.write(page(), CaptureKind.PAGE)
        writer.commit()
    assert archive.read(capture) == b"<p>It is open.</p>"


def test_a_committed_file_is_added_to_without_moving_what_it_holds(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        first = writer.write(page("/1"), CaptureKind.PAGE)
        writer.commit()
    with archive.writer("p", DAY_27) as writer:
        assert writer.adopted == (first,)
        second = writer.write(page("/2", b"two"), CaptureKind.PAGE)
        assert archive.read(first) == b"<p>It is open.</p>"  # readers see the old file meanwhile
        writer.commit()
    assert archive.read(first) == b"<p>It is open.</p>"
    assert archive.read(second) == b"two"


def test_a_run_that_captured_nothing_leaves_nothing(tmp_path: Path) -> None:
    with WarcArchive(tmp_path).writer("p", DAY_27) as writer:
        writer.commit()
    with WarcArchive(tmp_path).writer("q", DAY_27):
        pass
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_one_interval_has_one_writer(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        writer.write(page(), CaptureKind.PAGE)
        with pytest.raises(ArchiveError, match="another process"), archive.writer("p", DAY_27):
            pass
        with archive.writer("q", DAY_27):
            pass


def test_changed_and_missing_bytes_are_told(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        capture = writer.write(page(), CaptureKind.PAGE)
        writer.commit()
    with archive.writer("q", DAY_27) as writer:
        writer.write(page(body=b"other"), CaptureKind.PAGE)
        writer.commit()
    file = tmp_path / "p" / "2016-03-27.warc.gz"
    file.write_bytes((tmp_path / "q" / "2016-03-27.warc.gz").read_bytes())
    with pytest.raises(ArchiveError, match="is not what was captured of https"):
        archive.read(capture)
    file.write_bytes(b"")
    with pytest.raises(ArchiveError):
        archive.read(capture)
    file.unlink()
    with pytest.raises(ArchiveError, match="no readable record"):
        archive.read(capture)


def test_manifests_are_found_by_their_start(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    intervals = [
        Interval(DAY_27.start - HOUR, DAY_27.start),
        Interval(DAY_27.start, DAY_27.start + HOUR),
        Interval(DAY_27.start + 5 * HOUR, DAY_27.start + 6 * HOUR),
        Interval.of_day((DAY_27.start + DAY).date()),
    ]
    for interval in reversed(intervals):
        archive.save_manifest(Manifest(outlet_id="p", interval=interval))
    assert [manifest.interval for manifest in archive.manifests("p", DAY_27)] == intervals[1:3]
    assert archive.manifest("p", intervals[1]) == Manifest(outlet_id="p", interval=intervals[1])
    assert archive.manifest("p", DAY_27) is None
    assert archive.manifests("q", DAY_27) == ()
    assert archive.outlet_ids() == ("p",)
