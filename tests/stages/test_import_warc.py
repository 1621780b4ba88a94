"""Importing WARC files of others."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.adapters.catalog import Catalog, load
from pipeline.adapters.warc import WarcArchive
from pipeline.adapters.warc_records import responses
from pipeline.interval import Interval
from pipeline.records import CaptureKind, Response
from pipeline.stages.import_warc import Imported, import_warc

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)
DAY_27, DAY_28 = (Interval.of_day((NOON + timedelta(days=day)).date()) for day in range(2))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "paper.toml").write_text(
        'id = "paper"\nname = "P"\nkind = "paper"\nhomepage = "https://www.paper.example/"\nlanguage = "en"\n'
    )
    return load(tmp_path)


def served(url: str, body: bytes = b"<p>text</p>", **changes: object) -> Response:
    fields: dict[str, object] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "body": body,
        "fetched_at": NOON,
    }
    return Response(**{**fields, **changes})  # type: ignore[arg-type]


FILE = (
    served("https://www.paper.example/a?utm_source=x", b"<p>a</p>"),
    served("https://m.paper.example/b", b"<p>b</p>", fetched_at=NOON + timedelta(days=1)),
    served("https://www.paper.example/a", b"<p>a, corrected</p>", fetched_at=NOON + timedelta(hours=1)),
    served("https://other.example/c", b"<p>c</p>"),
    served("https://www.paper.example/x.jpg", b"jpg", headers=(("Content-Type", "image/jpeg"),)),
    served("https://www.paper.example/gone", b"gone", status=404),
    served("https://www.paper.example/empty", b""),
    served("dns:www.paper.example", b"1.2.3.4"),
)


def read(_: Path) -> Iterator[Response]:
    yield from FILE


def imported(
    folder: Path, catalog: Catalog, *, every_host: bool = False
) -> tuple[WarcArchive, Mapping[str, int]]:
    archive = WarcArchive(folder / "archive")
    found = import_warc(Path("x.warc"), read=read, catalog=catalog, archive=archive, every_host=every_host)
    return archive, found.counts


def test_pages_of_our_outlets_join_the_archive_under_their_day(tmp_path: Path, catalog: Catalog) -> None:
    archive, counts = imported(tmp_path, catalog)
    first, second = archive.manifest("paper", DAY_27), archive.manifest("paper", DAY_28)
    assert first is not None
    assert second is not None
    assert [archive.read(capture) for capture in first.captures] == [b"<p>a</p>", b"<p>a, corrected</p>"]
    assert {capture.url for capture in first.captures} == {"https://www.paper.example/a"}
    assert [capture.url for capture in second.captures] == ["https://m.paper.example/b"]
    assert {capture.kind for capture in first.captures} == {CaptureKind.PAGE}
    assert counts == {"read": 8, "imported": 3, "held": 0, "no_page": 4, "other_host": 1}
    assert archive.outlet_ids() == ("paper",)


def test_the_days_of_a_file_are_named_with_their_outlets_also_when_nothing_is_new(
    tmp_path: Path, catalog: Catalog
) -> None:
    archive = WarcArchive(tmp_path / "archive")
    for _ in range(2):
        found = import_warc(Path("x.warc"), read=read, catalog=catalog, archive=archive, every_host=True)
        assert found.outlets == {DAY_27: ("other.example", "paper"), DAY_28: ("paper",)}


def test_an_outlets_part_is_written_while_nobody_else_writes_it(tmp_path: Path, catalog: Catalog) -> None:
    held: list[str] = []

    @contextmanager
    def alone(outlet_id: str) -> Iterator[None]:
        held.append(outlet_id)
        yield

    import_warc(
        Path("x.warc"),
        read=read,
        catalog=catalog,
        archive=WarcArchive(tmp_path / "archive"),
        every_host=False,
        alone=alone,
    )
    assert held == ["paper", "paper"]  # a day each


def test_importing_twice_adds_nothing(tmp_path: Path, catalog: Catalog) -> None:
    archive, _ = imported(tmp_path, catalog)
    files = {path: path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file()}
    _, counts = imported(tmp_path, catalog)
    assert counts["imported"] == 0
    assert counts["held"] == 3
    assert {path: path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file()} == files
    assert archive.outlet_ids() == ("paper",)


def test_an_import_killed_before_its_manifest_is_repeated_without_doubles(
    tmp_path: Path, catalog: Catalog
) -> None:
    archive, _ = imported(tmp_path, catalog)
    (tmp_path / "archive" / "paper" / "2016-03-27.manifest.json").unlink()
    imported(tmp_path, catalog)
    manifest = archive.manifest("paper", DAY_27)
    assert manifest is not None
    assert len(manifest.captures) == 2
    assert len(list(responses(tmp_path / "archive" / "paper" / "2016-03-27.warc.gz"))) == 2


def test_an_import_joins_what_was_collected_that_day(tmp_path: Path, catalog: Catalog) -> None:
    archive = WarcArchive(tmp_path / "archive")
    import_warc(
        Path("y.warc"),
        read=lambda _: [served("https://www.paper.example/z", b"<p>z</p>")],
        catalog=catalog,
        archive=archive,
        every_host=False,
    )
    imported(tmp_path, catalog)
    manifest = archive.manifest("paper", DAY_27)
    assert manifest is not None
    assert [archive.read(capture)[:4] for capture in manifest.captures] == [b"<p>z", b"<p>a", b"<p>a"]


def test_every_host_goes_under_its_own_name(tmp_path: Path, catalog: Catalog) -> None:
    archive, counts = imported(tmp_path, catalog, every_host=True)
    assert archive.outlet_ids() == ("other.example", "paper")
    assert counts["other_host"] == 0


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("place", ["in the last page", "in a record's head", "in the end of the last"])
def test_a_file_that_breaks_off_says_so_and_all_before_is_kept(
    tmp_path: Path, catalog: Catalog, packed: bool, place: str
) -> None:
    records = [_record(number, packed=packed) for number in range(3)]
    whole = b"".join(records)
    missing = {
        "in the last page": 900,
        "in a record's head": len(records[2]) - 30,
        "in the end of the last": 9,
    }
    file = tmp_path / "cut.warc"
    file.write_bytes(whole[: -missing[place]])
    archive = WarcArchive(tmp_path / "archive")

    def taken() -> Imported:
        return import_warc(file, read=_responses, catalog=catalog, archive=archive, every_host=False)

    cut = taken()
    assert (
        cut.lost
        == f"{file} breaks off: it is whole up to byte {len(records[0] + records[1])} of {file.stat().st_size}"
    )
    assert cut.counts["imported"] == 2
    file.write_bytes(whole)
    again = taken()
    assert (again.lost, again.counts["imported"], again.counts["held"]) == (None, 1, 2)


def _responses(file: Path) -> Iterator[Response]:
    return (placed.response for placed in responses(file))


def _record(number: int, *, packed: bool) -> bytes:
    """A page of random words as an independent tool writes it."""
    draw = random.Random(number)  # noqa: S311, words and no secret
    body = " ".join(str(draw.getrandbits(60)) for _ in range(300)).encode()
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    said = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))], protocol="HTTP/1.1"
    )
    url = f"https://paper.example/{number}"
    writer.write_record(
        writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=said)
    )
    return out.getvalue()
