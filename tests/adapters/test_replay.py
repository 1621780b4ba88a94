"""Replaying archives in the network's place."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.adapters.replay import ReplayTransport
from pipeline.errors import NotArchivedError, RefusedError, TransientError, UsageError
from pipeline.interval import DAY, Interval

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)
DAY_27 = Interval.of_day(NOON.date())


def foreign_warc(file: Path, *records: tuple[str, datetime, str, list[tuple[str, str]], bytes]) -> Path:
    """A WARC as other tools write them, compressed as a whole or not at all."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=file.suffix == ".gz", warc_version="1.0")
        for url, at, status, headers, body in records:
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)
    return file


HTML = [("Content-Type", "text/html")]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_the_latest_capture_in_the_interval_answers(tmp_path: Path, name: str) -> None:
    file = foreign_warc(
        tmp_path / name,
        ("http://p.example/a", NOON + timedelta(hours=2), "200 OK", HTML, b"second"),
        ("http://p.example/a", NOON, "200 OK", HTML, b"first"),
        ("http://p.example/a", DAY_27.end, "200 OK", HTML, b"next day"),
    )
    response = ReplayTransport([file], DAY_27).fetch("http://p.example/a?utm_source=x")
    assert response.body == b"second"
    assert response.fetched_at == NOON + timedelta(hours=2)
    assert ReplayTransport([tmp_path], Interval(DAY_27.end, DAY_27.end + DAY)).fetch(
        "http://p.example/a"
    ).body == (b"next day")


def test_what_is_not_in_the_interval_is_told_apart_from_what_is_nowhere(tmp_path: Path) -> None:
    file = foreign_warc(tmp_path / "a.warc", ("http://p.example/a", NOON - DAY, "200 OK", HTML, b"x"))
    transport = ReplayTransport([file], DAY_27)
    with pytest.raises(NotArchivedError) as elsewhere:
        transport.fetch("http://p.example/a")
    with pytest.raises(NotArchivedError) as nowhere:
        transport.fetch("http://p.example/b")
    assert (elsewhere.value.elsewhere, nowhere.value.elsewhere) == (True, False)


def test_packed_bodies_are_unpacked(tmp_path: Path) -> None:
    headers = [*HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    packed = gzip.compress(b"hello")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    file = foreign_warc(tmp_path / "a.warc.gz", ("http://p.example/a", NOON, "200 OK", headers, chunked))
    assert ReplayTransport([file], DAY_27).fetch("http://p.example/a").body == b"hello"


def test_archived_redirects_are_followed_across_files(tmp_path: Path) -> None:
    foreign_warc(tmp_path / "a.warc", ("http://p.example/a", NOON, "301 Moved", [("Location", "/b#x")], b""))
    foreign_warc(tmp_path / "b.warc", ("http://p.example/b", NOON, "200 OK", HTML, b"here"))
    response = ReplayTransport([tmp_path], DAY_27).fetch("http://p.example/a")
    assert (response.url, response.final_url, response.body) == (
        "http://p.example/a",
        "http://p.example/b",
        b"here",
    )


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    foreign_warc(
        tmp_path / "a.warc",
        ("http://p.example/a", NOON, "302 Found", [("Location", "/b")], b""),
        ("http://p.example/b", NOON, "302 Found", [("Location", "/a")], b""),
    )
    with pytest.raises(RefusedError) as caught:
        ReplayTransport([tmp_path], DAY_27).fetch("http://p.example/a")
    assert caught.value.reason == "redirects"


def test_what_the_network_would_refuse_is_refused(tmp_path: Path) -> None:
    foreign_warc(
        tmp_path / "a.warc",
        ("http://p.example/no", NOON, "403 Forbidden", HTML, b"no"),
        ("http://p.example/later", NOON, "503 Unavailable", [("Retry-After", "120")], b""),
        ("http://p.example/gone", NOON, "404 Not Found", HTML, b"gone"),
    )
    transport = ReplayTransport([tmp_path], DAY_27)
    with pytest.raises(RefusedError, match="blocked"):
        transport.fetch("http://p.example/no")
    with pytest.raises(TransientError, match="overloaded") as caught:
        transport.fetch("http://p.example/later")
    assert caught.value.retry_after == 120
    assert transport.fetch("http://p.example/gone").status == 404


def test_a_file_that_breaks_off_serves_what_came_before(tmp_path: Path) -> None:
    file = foreign_warc(
        tmp_path / "a.warc.gz",
        ("http://p.example/a", NOON, "200 OK", HTML, b"whole"),
        ("http://p.example/b", NOON, "200 OK", HTML, bytes(range(256)) * 40),
    )
    file.write_bytes(file.read_bytes()[:-150])
    assert ReplayTransport([file], DAY_27).fetch("http://p.example/a").body == b"whole"


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.warc"
    foreign_warc(file, ("http://p.example/a", NOON, "200 OK", HTML, b"old"))
    assert ReplayTransport([file], DAY_27).fetch("http://p.example/a").body == b"old"
    foreign_warc(file, ("http://p.example/b", NOON, "200 OK", HTML, b"newer"))
    assert ReplayTransport([file], DAY_27).fetch("http://p.example/b").body == b"newer"


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such WARC"):
        ReplayTransport([tmp_path / "gone.warc"], DAY_27)
    assert not list(tmp_path.iterdir())
