"""Where do captures lie, so that every one can be read again byte for byte?

``<outlet_id>/<interval>.warc.gz`` with its index ``.cdxj`` and, written last, its ``.manifest.json``, in a folder
or a bucket. A WARC grows as a draft and is put in its place when whole. What a killed run left is taken over
by the next one up to its last complete record, so that servers are not asked twice. A response whose bytes
the archive has already is written as a revisit of them.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.adapters import cdxj, manifests
from pipeline.adapters.storage import Folder, Storage
from pipeline.adapters.waiting import aside
from pipeline.adapters.warc_records import Placed, Reference, captures, read_at, whole_bytes
from pipeline.adapters.warc_writing import Origin, packed, packed_info
from pipeline.errors import ArchiveError
from pipeline.identity import digest
from pipeline.interval import Interval
from pipeline.records import Capture, CaptureKind, Manifest, Response

_log = logging.getLogger("wirewatch.archive")

WARC, INDEX, MANIFEST = ".warc.gz", ".cdxj", ".manifest.json"
_LONG = 64_000
# How many of an outlet's latest files may hold the bytes of a revisit: two days of hours.
_LOOK_BACK = 48


class WarcArchive:
    """Captures and manifests in a folder or a bucket."""

    def __init__(self, place: Path | Storage) -> None:
        self.storage: Storage = Folder(place) if isinstance(place, Path) else place

    @contextmanager
    def writer(self, outlet_id: str, interval: Interval, *, revisits: bool = True) -> Iterator[WarcWriter]:
        """Appends to the interval's WARC; without ``commit`` nothing of it shows, but the next run finds it.

        ``revisits``: where False, every capture holds its bytes, whatever the archive has already.
        """
        name = _name(outlet_id, interval, WARC)
        part = self.storage.draft(name)
        with part.open("a+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ArchiveError(
                    f"{part}: another process is collecting this interval; let it end"
                ) from error
            self._take_over(name, stream)
            origins = self._origins(outlet_id, name) if revisits else None
            writer = WarcWriter(self.storage, stream, part, name, outlet_id, origins)
            yield writer
            if not writer.committed and writer.is_empty:
                part.unlink(missing_ok=True)

    def read(self, capture: Capture) -> bytes:
        """The decoded body; ArchiveError where it is missing or not what was captured."""
        body = self._body(capture.warc_file, capture.warc_offset)
        if digest(body) != capture.digest:
            raise ArchiveError(
                f"{capture.warc_file} at {capture.warc_offset} is not what was captured of {capture.url}:"
                f" {digest(body)}, expected {capture.digest}"
            )
        return body

    def save_manifest(self, manifest: Manifest) -> None:
        name = _name(manifest.outlet_id, manifest.interval, MANIFEST)
        self.storage.write(name, manifests.to_json(manifest))

    def manifest(self, outlet_id: str, interval: Interval) -> Manifest | None:
        """The manifest of exactly this interval."""
        try:
            return self.manifest_named(_name(outlet_id, interval, MANIFEST))
        except FileNotFoundError:
            return None

    def manifests(self, outlet_id: str, interval: Interval) -> Sequence[Manifest]:
        """All manifests whose interval starts in the given one, in time order."""
        first, last = interval.start.date().isoformat(), interval.end.date().isoformat()
        found = (
            self.manifest_named(name)
            for name in self.storage.names(MANIFEST, outlet_id)
            # Names start with the day: the others stay unread.
            if first <= name.rpartition("/")[2][: len(first)] <= last
        )
        inside = (manifest for manifest in found if interval.covers(manifest.interval))
        return tuple(sorted(inside, key=lambda manifest: manifest.interval))

    def newest(self, outlet_id: str) -> Interval | None:
        """The interval of the outlet's last manifest; None where it has none."""
        names = self.storage.names(MANIFEST, outlet_id)
        return self.manifest_named(names[-1]).interval if names else None

    def outlet_ids(self) -> tuple[str, ...]:
        """Every outlet that has a manifest."""
        return tuple(sorted({name.partition("/")[0] for name in self.storage.names(MANIFEST)}))

    def index(self, warc_file: str) -> Sequence[cdxj.Line]:
        """The index of one WARC; FileNotFoundError where it has none."""
        name = warc_file.removesuffix(WARC) + INDEX
        return tuple(cdxj.of_text(self.storage.read(name), f"{self.storage}/{name}"))

    def manifest_named(self, name: str) -> Manifest:
        """The manifest of a file; FileNotFoundError where there is none."""
        return manifests.of_json(self.storage.read(name), f"{self.storage}/{name}")

    def _body(self, file: str, offset: int) -> bytes:
        placed = self._at(file, offset)
        if placed.refers_to is not None and placed.refers_to.place is not None:
            placed = self._at(*placed.refers_to.place)
        return placed.response.body

    def _at(self, file: str, offset: int) -> Placed:
        try:
            with self.storage.open(file) as stream:
                return read_at(stream, offset, f"{self.storage}/{file}")
        except OSError as error:
            raise ArchiveError(
                f"{self.storage}/{file} has no readable record at {offset}: {error}"
            ) from error

    def _take_over(self, name: str, draft: BinaryIO) -> None:
        """Continue a committed file: it is whole, and a draft beside it is at best a copy."""
        try:
            committed = self.storage.open(name)
        except FileNotFoundError:
            return
        with committed, tempfile.TemporaryFile() as whole:
            shutil.copyfileobj(committed, whole)
            whole.seek(0)
            draft.truncate(0)
            shutil.copyfileobj(whole, draft)
            draft.flush()

    def _origins(self, outlet_id: str, name: str) -> dict[str, Origin]:
        """By URL, the latest bytes that files before this one hold."""
        index = name.removesuffix(WARC) + INDEX
        earlier = [other for other in self.storage.names(INDEX, outlet_id) if other < index][-_LOOK_BACK:]
        found: dict[str, Origin] = {}
        for other in earlier:
            try:
                found.update(_origins_of(cdxj.of_text(self.storage.read(other), f"{self.storage}/{other}")))
            except ArchiveError as error:  # it only spares bytes
                _log.warning("%s: what came again is kept again", error)
        return found


class WarcWriter:
    """One outlet's and interval's WARC while it grows."""

    def __init__(
        self,
        storage: Storage,
        stream: BinaryIO,
        part: Path,
        name: str,
        outlet_id: str,
        origins: dict[str, Origin] | None,
    ) -> None:
        self._storage = storage
        self._stream = stream
        self._part = part
        self._name = name
        self._outlet_id = outlet_id
        self.committed = False
        self._size = whole_bytes(stream)
        stream.truncate(self._size)
        held = tuple(_bodiless(captures(part))) if self._size else ()
        self._lines = list(_lines(held, name))
        self._origins = None if origins is None else origins | dict(_origins_of(self._lines))
        # What the file held already: captures of a killed run, or of a committed one that is added to.
        self.adopted = tuple(
            self._capture(placed.response, placed.kind, placed.offset, placed.digest)
            for placed in held
            if placed.kind is not None
        )

    @property
    def is_empty(self) -> bool:
        return self._size == 0

    def write(self, response: Response, kind: CaptureKind) -> Capture:
        opening = b"" if self._size else packed_info(self._name, response.fetched_at)
        offset = self._size + len(opening)
        own_digest = digest(response.body)
        origin = self._origin(response, own_digest)
        payload = own_digest if origin is None else origin.digest
        # A long page takes milliseconds to pack, in which others could be asked.
        pack = partial(aside, packed) if len(response.body) > _LONG else packed
        own, beside = pack(response, kind, payload, origin)
        # At once, and not later: so that a killed run leaves it to the next.
        self._stream.write(opening + own + beside)
        self._stream.flush()
        self._size = offset + len(own) + len(beside)
        placed = Placed(
            response=response,
            kind=kind,
            offset=offset,
            digest=payload,
            length=len(own),
            refers_to=None if origin is None else _reference(response, origin),
        )
        line = _line(placed, self._name)
        self._lines.append(line)
        if self._origins is not None and origin is None and response.body:
            self._origins.update(_origins_of((line,)))
        return self._capture(response, kind, offset, payload)

    def commit(self) -> None:
        """Put the file in its place, whole, with its index."""
        if self.is_empty:
            self._part.unlink(missing_ok=True)
        else:
            self._storage.put(self._part, self._name)
            self._storage.write(self._name.removesuffix(WARC) + INDEX, cdxj.to_text(self._lines))
        self.committed = True

    def _origin(self, response: Response, own_digest: str) -> Origin | None:
        """What the response repeats: the same bytes again, or "unchanged" about them."""
        origin = None if self._origins is None else self._origins.get(response.url)
        if origin is None or response.status not in (200, 304):
            return None
        return origin if response.status == 304 or origin.digest == own_digest else None

    def _capture(self, response: Response, kind: CaptureKind, offset: int, payload: str) -> Capture:
        return Capture(
            outlet_id=self._outlet_id,
            kind=kind,
            url=response.url,
            final_url=response.final_url,
            status=response.status,
            fetched_at=response.fetched_at,
            digest=payload,
            warc_file=self._name,
            warc_offset=offset,
            content_type=response.header("Content-Type"),
        )


def _bodiless(held: Iterator[Placed]) -> Iterator[Placed]:
    """Without the bodies, so that a file larger than memory can be added to."""
    return (replace(placed, response=replace(placed.response, body=b"")) for placed in held)


def _name(outlet_id: str, interval: Interval, ending: str) -> str:
    return f"{outlet_id}/{interval.name}{ending}"


def _lines(held: Iterable[Placed], name: str) -> Iterator[cdxj.Line]:
    return (_line(placed, name) for placed in held)


def _line(placed: Placed, name: str) -> cdxj.Line:
    response, refers_to = placed.response, placed.refers_to
    content_type = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
    return cdxj.Line(
        url=response.url,
        at=response.fetched_at,
        status=response.status,
        mime="warc/revisit" if refers_to else content_type or "unk",
        digest=placed.digest,
        offset=placed.offset,
        length=placed.length,
        file=name,
        kind=placed.kind.value if placed.kind else None,
        refers_to=refers_to.place if refers_to else None,
        refers_at=refers_to.at if refers_to else None,
    )


def _reference(response: Response, origin: Origin) -> Reference:
    return Reference(
        url=origin.url,
        at=origin.at,
        place=(origin.file, origin.offset),
        not_modified=response.status == 304,
    )


def _origins_of(lines: Iterable[cdxj.Line]) -> Mapping[str, Origin]:
    """By URL, the latest of the lines that has bytes, or says where they are."""
    found: dict[str, Origin] = {}
    for line in sorted(lines, key=lambda line: line.at):
        if line.refers_to is not None:
            file, offset, at = *line.refers_to, line.refers_at or line.at
        elif line.status == 200:
            file, offset, at = line.file, line.offset, line.at
        else:
            continue
        found[line.url] = Origin(url=line.url, at=at, digest=line.digest, file=file, offset=offset)
    return found
