"""The archive in a folder, in memory and in a bucket behind a real S3 API: all the same."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.adapters.storage import Bucket, Folder, Storage, storage_at
from pipeline.adapters.warc import WarcArchive
from pipeline.errors import ArchiveError, UsageError
from pipeline.interval import DAY, Interval
from pipeline.records import Capture, CaptureKind, Manifest, Response

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)
DAY_27 = Interval.of_day(NOON.date())
DAY_28 = Interval.of_day((NOON + DAY).date())


@pytest.fixture
def s3(object_store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The options to reach an S3 API on loopback."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", object_store["AWS_REGION"])
    return {
        "endpoint_url": object_store["AWS_ENDPOINT_URL"],
        "key": object_store["AWS_ACCESS_KEY_ID"],
        "secret": object_store["AWS_SECRET_ACCESS_KEY"],
    }


@pytest.fixture(params=["folder", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "archive")
    place = f"{uuid4().hex}/archive"
    if request.param == "memory":
        return Bucket(f"memory://{place}", tmp_path / "drafts")
    return Bucket(f"s3://news/{place}", tmp_path / "drafts", **request.getfixturevalue("s3"))


def page(path: str, body: bytes, at: datetime = NOON) -> Response:
    url = f"https://p.example{path}"
    headers = (("Content-Type", "text/html"),)
    return Response(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=at)


def kept(archive: WarcArchive, interval: Interval, *responses: Response) -> list[Capture]:
    with archive.writer("p", interval) as writer:
        captures = [writer.write(response, CaptureKind.PAGE) for response in responses]
        writer.commit()
    manifest = Manifest(outlet_id="p", interval=interval, captures=tuple(captures))
    archive.save_manifest(manifest)
    assert archive.manifest("p", interval) == manifest
    return captures


def test_what_is_archived_is_read_again(storage: Storage, tmp_path: Path) -> None:
    archive = WarcArchive(storage)
    first = kept(archive, DAY_27, page("/1", b"one"), page("/2", b"two"))
    second = kept(archive, DAY_28, page("/1", b"one", NOON + DAY))
    assert [archive.read(capture) for capture in (*first, *second)] == [b"one", b"two", b"one"]
    assert {line.mime for line in archive.index(second[0].warc_file)} == {"warc/revisit"}
    assert [manifest.interval for manifest in archive.manifests("p", DAY_27)] == [DAY_27]
    assert (archive.newest("p"), archive.newest("q")) == (DAY_28, None)
    assert archive.outlet_ids() == ("p",)
    assert archive.manifests("q", DAY_27) == ()
    assert archive.manifest("q", DAY_27) is None
    assert list(tmp_path.rglob("*.part")) == []


def test_a_committed_file_is_added_to(storage: Storage) -> None:
    archive = WarcArchive(storage)
    (first,) = kept(archive, DAY_27, page("/1", b"one"))
    with archive.writer("p", DAY_27) as writer:
        assert writer.adopted == (first,)
        second = writer.write(page("/2", b"two"), CaptureKind.PAGE)
        assert archive.read(first) == b"one"
        writer.commit()
    assert (archive.read(first), archive.read(second)) == (b"one", b"two")


def test_nothing_shows_before_it_is_committed_and_a_killed_run_is_taken_over(storage: Storage) -> None:
    archive = WarcArchive(storage)
    with archive.writer("p", DAY_27) as writer:
        left = writer.write(page("/1", b"one"), CaptureKind.PAGE)
    assert storage.names(".warc.gz") == []
    with pytest.raises(ArchiveError, match="no readable record"):
        archive.read(left)
    with archive.writer("p", DAY_27) as writer:
        assert writer.adopted == (left,)
        writer.commit()
    assert archive.read(left) == b"one"


def test_names_are_of_one_folder_or_of_all(storage: Storage) -> None:
    for name in ("p/b.x", "p/a.x", "q/c.x", "p/a.y", "p/deep/d.x"):
        storage.write(name, name.encode())
    assert storage.names(".x") == ["p/a.x", "p/b.x", "q/c.x"]
    assert storage.names(".x", "p") == ["p/a.x", "p/b.x"]
    assert storage.names(".x", "r") == []
    storage.remove("p/a.x")
    storage.remove("p/never.x")
    assert storage.names(".x", "p") == ["p/b.x"]
    with pytest.raises(FileNotFoundError):
        storage.read("p/a.x")
    with pytest.raises(FileNotFoundError), storage.open("p/a.x") as stream:
        stream.read()


def test_a_place_is_a_folder_or_an_address(tmp_path: Path) -> None:
    assert isinstance(storage_at(str(tmp_path), tmp_path), Folder)
    assert isinstance(storage_at("memory://a/b", tmp_path), Bucket)
    with pytest.raises(UsageError, match="nosuch"):
        storage_at("nosuch://a/b", tmp_path)
    assert os.listdir(tmp_path) == []  # noqa: PTH208, an empty folder says it all
