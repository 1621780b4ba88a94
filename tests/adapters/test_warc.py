"""The archive: what is written is read, and a kill costs at most the record being written."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.adapters.replay import ReplayTransport
from pipeline.adapters.warc import WarcArchive
from pipeline.adapters.warc_records import responses
from pipeline.errors import ArchiveError
from pipeline.interval import DAY, HOUR, Interval
from pipeline.records import Capture, CaptureKind, Manifest, Response

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


def kept(archive: WarcArchive, interval: Interval, *responses: Response) -> list[Capture]:
    with archive.writer("p", interval) as writer:
        captures = [writer.write(response, CaptureKind.PAGE) for response in responses]
        writer.commit()
    return captures


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


def test_every_record_is_a_gzip_member(tmp_path: Path) -> None:
    captures = kept(WarcArchive(tmp_path), DAY_27, *(page(f"/{number}") for number in range(3)))
    payload = (tmp_path / "p" / "2016-03-27.warc.gz").read_bytes()
    for capture in captures:
        assert gzip.decompress(payload[capture.warc_offset :]).startswith(b"WARC/1.1\r\n")


def test_other_readers_see_what_was_asked_what_came_and_what_is_known(tmp_path: Path) -> None:
    asked = (("User-Agent", "Wirewatch/1"),)
    again = page("/1", at=NOON + timedelta(minutes=5), asked_with=asked)
    kept(WarcArchive(tmp_path), DAY_27, page("/1?a=b", asked_with=asked), page("/1"), again)
    file = tmp_path / "p" / "2016-03-27.warc.gz"
    with file.open("rb") as stream:
        by_warcio = [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.rec_headers.get_header("WARC-Refers-To-Date"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert [record[0] for record in by_warcio] == [
        "warcinfo",
        *("response", "request", "metadata"),
        *("response", "metadata"),
        *("revisit", "request", "metadata"),
    ]
    assert by_warcio[1][1:] == ("https://p.example/1?a=b", None, b"<p>It is open.</p>")
    assert by_warcio[6][1:] == ("https://p.example/1", "2016-03-27T12:00:00.250000Z", b"")
    with file.open("rb") as stream:
        by_fastwarc = [
            (record.headers["WARC-Type"], record.verify_block_digest())
            for record in FastIterator(stream, parse_http=False)
        ]
    assert by_fastwarc == [(kind, True) for kind, *_ in by_warcio]
    with file.open("rb") as stream:
        (request, *_) = (
            record for record in FastIterator(stream, record_types=WarcRecordType.request, parse_http=True)
        )
        assert request.http_headers.status_line == "GET /1?a=b HTTP/1.1"
        assert request.http_headers["User-Agent"] == "Wirewatch/1"
        assert request.http_headers["Host"] == "p.example"


def test_the_same_bytes_again_are_kept_once_and_read_twice(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    body = b"".join(sha256(bytes([number])).digest() for number in range(256))  # that does not pack
    hours = [Interval(DAY_27.start + n * HOUR, DAY_27.start + (n + 1) * HOUR) for n in range(4)]
    captures = [
        capture
        for n, hour in enumerate(hours)
        for capture in kept(archive, hour, page("/feed", body if n < 3 else b"new", at=hour.start))
    ]
    assert [archive.read(capture) for capture in captures] == [body] * 3 + [b"new"]
    assert len({capture.digest for capture in captures[:3]}) == 1
    sizes = [(tmp_path / capture.warc_file).stat().st_size for capture in captures]
    assert max(sizes[1:3]) < sizes[0] / 3
    for hour, capture in zip(hours, captures, strict=True):  # replayed by whoever has the files alone
        response = ReplayTransport([tmp_path], hour).fetch("https://p.example/feed")
        assert (response.body, response.fetched_at) == (archive.read(capture), hour.start)


def test_an_unchanged_answer_reads_as_what_is_unchanged(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    (first,) = kept(archive, DAY_27, page("/feed"))
    next_day = Interval.of_day((DAY_27.start + DAY).date())
    at = NOON + DAY
    (capture,) = kept(archive, next_day, page("/feed", b"", at=at, status=304, headers=(("ETag", "x"),)))
    assert (capture.status, capture.digest, archive.read(capture)) == (304, first.digest, archive.read(first))
    replayed = ReplayTransport([tmp_path], next_day).fetch("https://p.example/feed")
    assert (replayed.status, replayed.body, replayed.fetched_at) == (200, b"<p>It is open.</p>", at)


def test_without_revisits_every_capture_has_its_bytes(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27, revisits=False) as writer:
        for minute in range(2):
            writer.write(page(at=NOON + timedelta(minutes=minute)), CaptureKind.PAGE)
        writer.commit()
    file = tmp_path / "p" / "2016-03-27.warc.gz"
    assert [placed.response.body for placed in responses(file)] == [b"<p>It is open.</p>"] * 2


def test_the_index_tells_where_every_capture_starts(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path)
    later = page("/b", at=NOON + timedelta(hours=1))
    captures = kept(archive, DAY_27, page("/b"), page("/a?x=1", status=404), later)
    lines = (tmp_path / "p" / "2016-03-27.cdxj").read_text().splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        ["example,p)/a?x=1", "20160327120000"],
        ["example,p)/b", "20160327120000"],
        ["example,p)/b", "20160327130000"],
    ]
    assert lines == sorted(lines)
    payload = (tmp_path / "p" / "2016-03-27.warc.gz").read_bytes()
    by_offset = {line.offset: line for line in archive.index("p/2016-03-27.warc.gz")}
    assert set(by_offset) == {capture.warc_offset for capture in captures}
    for capture in captures:
        line = by_offset[capture.warc_offset]
        assert (line.url, line.at, line.digest) == (capture.url, capture.fetched_at, capture.digest)
        record = gzip.decompress(payload[line.offset : line.offset + line.length])
        assert record.count(b"WARC/1.1\r\n") == 1
    assert by_offset[captures[2].warc_offset].mime == "warc/revisit"


def test_a_flood_of_headers_is_cut_to_what_readers_take(tmp_path: Path) -> None:
    flood = tuple((f"X-{number}", "y" * 60_000) for number in range(9))
    response = page(headers=(*flood, ("Content-Type", "text/html")))
    archive = WarcArchive(tmp_path)
    (capture,) = kept(archive, DAY_27, response)
    assert archive.read(capture) == response.body
    (placed,) = responses(tmp_path / capture.warc_file)
    assert placed.response.header("Content-Type") == "text/html"
    assert placed.response.header("X-0") == "y" * 8_000


@pytest.mark.parametrize(("cut_at", "adopted"), [("end", 3), ("beside", 3), ("body", 2), ("start", 2)])
def test_what_a_killed_run_left_is_taken_over_up_to_its_last_whole_record(
    tmp_path: Path, cut_at: str, adopted: int
) -> None:
    archive = WarcArchive(tmp_path)
    with archive.writer("p", DAY_27) as writer:
        last = [writer.write(page(f"/{number}"), CaptureKind.PAGE) for number in range(3)][-1]
    part = tmp_path / "p" / "2016-03-27.warc.gz.part"
    size = part.stat().st_size
    cuts = {"end": size, "beside": size - 1, "body": last.warc_offset + 30, "start": last.warc_offset}
    part.write_bytes(part.read_bytes()[: cuts[cut_at]])
    with archive.writer("p", DAY_27) as writer:
        assert [capture.url[-1] for capture in writer.adopted] == ["0", "1", "2"][:adopted]
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
    kept(WarcArchive(tmp_path / "other"), DAY_27, page(body=b"<p>It is shut.</p>"))
    file = tmp_path / "p" / "2016-03-27.warc.gz"
    file.write_bytes((tmp_path / "other" / "p" / "2016-03-27.warc.gz").read_bytes())
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
