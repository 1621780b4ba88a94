"""Where do captures lie, so that every one can be read again byte for byte?

``<root>/<outlet_id>/<interval>.warc.gz`` beside ``<interval>.manifest.json``. A WARC grows under another
name and is renamed when whole; its manifest is written after it. What a killed run left is taken over by
the next one up to its last complete record, so that servers are not asked twice.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from pipeline.adapters import manifests
from pipeline.adapters.files import replace, sync_folder
from pipeline.adapters.warc_records import append, read_at, responses
from pipeline.errors import ArchiveError
from pipeline.identity import digest
from pipeline.interval import Interval
from pipeline.records import Capture, CaptureKind, Manifest, Response

_WARC, _PART, _MANIFEST = ".warc.gz", ".warc.gz.part", ".manifest.json"
_CHUNK = 1 << 20


class WarcArchive:
    """Captures and manifests in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def writer(self, outlet_id: str, interval: Interval) -> Iterator[WarcWriter]:
        """Appends to the interval's WARC; without ``commit`` nothing of it shows, but the next run finds it."""
        final = self._path(outlet_id, interval, _WARC)
        final.parent.mkdir(parents=True, exist_ok=True)
        part = self._path(outlet_id, interval, _PART)
        with part.open("a+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ArchiveError(
                    f"{part}: another process is collecting this interval; let it end"
                ) from error
            if final.exists():  # committed, so whole; a draft beside it is at best a copy
                stream.truncate(0)
                with final.open("rb") as whole:
                    shutil.copyfileobj(whole, stream)
                stream.flush()
            writer = WarcWriter(stream, part, final, outlet_id)
            yield writer
            if not writer.committed and not stream.tell():
                part.unlink(missing_ok=True)

    def read(self, capture: Capture) -> bytes:
        """The decoded body; ArchiveError where it is missing or not what was captured."""
        body = read_at(self._root / capture.warc_file, capture.warc_offset).response.body
        if digest(body) != capture.digest:
            raise ArchiveError(
                f"{capture.warc_file} at {capture.warc_offset} is not what was captured of {capture.url}:"
                f" {digest(body)}, expected {capture.digest}"
            )
        return body

    def save_manifest(self, manifest: Manifest) -> None:
        replace(self._path(manifest.outlet_id, manifest.interval, _MANIFEST), manifests.to_json(manifest))

    def manifest(self, outlet_id: str, interval: Interval) -> Manifest | None:
        """The manifest of exactly this interval."""
        path = self._path(outlet_id, interval, _MANIFEST)
        try:
            return manifests.of_json(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None

    def manifests(self, outlet_id: str, interval: Interval) -> Sequence[Manifest]:
        """All manifests whose interval starts in the given one, in time order."""
        first, last = interval.start.date().isoformat(), interval.end.date().isoformat()
        found = [
            manifests.of_json(path.read_bytes(), str(path))
            for path in sorted((self._root / outlet_id).glob(f"*{_MANIFEST}"))
            if first <= path.name[: len(first)] <= last  # names start with the day: the others stay unread
        ]
        inside = (manifest for manifest in found if interval.covers(manifest.interval))
        return tuple(sorted(inside, key=lambda manifest: manifest.interval))

    def newest(self, outlet_id: str) -> Interval | None:
        """The interval of the outlet's last manifest; None where it has none."""
        names = sorted((self._root / outlet_id).glob(f"*{_MANIFEST}"))
        return manifests.of_json(names[-1].read_bytes(), str(names[-1])).interval if names else None

    def outlet_ids(self) -> tuple[str, ...]:
        """Every outlet that has a manifest."""
        return tuple(sorted({path.parent.name for path in self._root.glob(f"*/*{_MANIFEST}")}))

    def _path(self, outlet_id: str, interval: Interval, ending: str) -> Path:
        return self._root / outlet_id / (interval.name + ending)


class WarcWriter:
    """One outlet's and interval's WARC while it grows."""

    def __init__(self, stream: BinaryIO, part: Path, final: Path, outlet_id: str) -> None:
        self._stream = stream
        self._part = part
        self._final = final
        self._outlet_id = outlet_id
        self.committed = False
        stream.truncate(_whole_bytes(stream))
        stream.seek(0, os.SEEK_END)
        self._warc = WARCWriter(stream, gzip=True, warc_version="1.1")
        # What the file held already: captures of a killed run, or of a committed one that is added to.
        self.adopted = tuple(
            self._capture(placed.response, placed.kind, placed.offset)
            for placed in (responses(part) if stream.tell() else ())
            if placed.kind is not None
        )

    def write(self, response: Response, kind: CaptureKind) -> Capture:
        offset = self._stream.tell()
        append(self._warc, response, kind)
        self._stream.flush()  # so that a killed run leaves it to the next
        return self._capture(response, kind, offset)

    def commit(self) -> None:
        """Put the file in its place, whole and on disk."""
        if self._stream.tell() == 0:
            self._part.unlink(missing_ok=True)
        else:
            os.fsync(self._stream.fileno())
            self._part.replace(self._final)
        sync_folder(self._final.parent)
        self.committed = True

    def _capture(self, response: Response, kind: CaptureKind, offset: int) -> Capture:
        return Capture(
            outlet_id=self._outlet_id,
            kind=kind,
            url=response.url,
            final_url=response.final_url,
            status=response.status,
            fetched_at=response.fetched_at,
            digest=digest(response.body),
            warc_file=f"{self._outlet_id}/{self._final.name}",
            warc_offset=offset,
            content_type=response.header("Content-Type"),
        )


def _whole_bytes(stream: BinaryIO) -> int:
    """How far the file's gzip members are complete."""
    stream.seek(0)
    whole, position = 0, 0
    member = zlib.decompressobj(31)
    while chunk := stream.read(_CHUNK):
        position += len(chunk)
        while chunk:
            try:
                member.decompress(chunk)
            except zlib.error:
                return whole
            if not member.eof:
                break
            chunk = member.unused_data
            whole = position - len(chunk)
            member = zlib.decompressobj(31)
    return whole
