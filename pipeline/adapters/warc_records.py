"""Which responses does a WARC file hold, ours or anyone's?

Bodies come unpacked, and of our own files the headers as the server sent them. A ``revisit`` record holds no
body: it comes with a reference to the record that does, for whoever has the archive to follow.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipeline.adapters.warc_writing import DIGEST, FINAL_URL, KIND, NOT_MODIFIED, ORIGINAL, PACKING, REFERS_TO
from pipeline.errors import ArchiveError
from pipeline.identity import digest
from pipeline.records import CaptureKind, Response

_MAX_BYTES = 50_000_000
_CHUNK = 1 << 20
_GZIP_MAGIC, _GZIP_MEMBER = b"\x1f\x8b", 31  # how a member starts; zlib's number for reading one
# "Content-Length: 512" of a record; not of the HTTP message in it, which stands behind an empty line.
_LENGTH = re.compile(rb"^content-length:\s*(\d+)\s*$", re.IGNORECASE | re.MULTILINE)
CAPTURES = WarcRecordType.response | WarcRecordType.revisit


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """What a revisit says of the record that has its body."""

    url: str | None
    at: datetime | None
    place: tuple[str, int] | None  # in our own archive: file and offset
    not_modified: bool  # the server said "unchanged" rather than sending the same again


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A record's response and where its record starts."""

    response: Response
    kind: CaptureKind | None  # None in files of others
    offset: int
    digest: str  # sha256:… of the body, also where it stands elsewhere
    length: int = 0  # of the packed record, where a whole file is read
    refers_to: Reference | None = None


def read_at(stream: BinaryIO, offset: int, name: str) -> Placed:
    """The capture whose record starts at an offset; ArchiveError where none does."""
    try:
        stream.seek(offset)
        for record in ArchiveIterator(stream, record_types=CAPTURES, parse_http=True, auto_decode="all"):
            return _placed(record, offset)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{name} has no readable record at {offset}: {error}") from error
    raise ArchiveError(f"{name} has no response at {offset}")


def responses(file: Path) -> Iterator[Placed]:
    """Every HTTP response of a WARC file, one at a time; records that cannot be read are passed over."""
    return (placed for placed in captures(file) if placed.refers_to is None)


def captures(file: Path) -> Iterator[Placed]:
    """Every response and revisit of a WARC file, one at a time; ArchiveError behind the last where it breaks off."""
    waiting: Placed | None = None  # until the next record tells how long it is
    last: int | None = None
    size = file.stat().st_size
    with file.open("rb") as stream:  # by a path, its name would say whether it is packed
        records = ArchiveIterator(
            stream,
            record_types=WarcRecordType.any_type,
            parse_http=True,
            auto_decode="all",
            max_content_length=_MAX_BYTES,
        )
        try:
            for record in records:
                last = record.stream_pos
                if waiting is not None:
                    yield replace(waiting, length=last - waiting.offset)
                    waiting = None
                if record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                    with suppress(
                        OSError, ValueError
                    ):  # such as a body that is not packed as its headers say
                        waiting = _placed(record, last)
        except OSError:
            if last is None:
                raise
    with file.open("rb") as stream:
        end = whole_bytes(stream, last or 0)
    if waiting is not None and waiting.offset < end:
        yield replace(waiting, length=end - waiting.offset)
    if end < size:
        raise ArchiveError(f"{file} breaks off: it is whole up to byte {end} of {size}")


def whole_bytes(stream: BinaryIO, start: int = 0) -> int:
    """Up to where a WARC's records are complete, from the start of one of them on."""
    stream.seek(0)
    is_packed = stream.read(2) == _GZIP_MAGIC
    stream.seek(start)
    if not is_packed:
        return _whole_record(stream, start)
    if start and stream.read(2) != _GZIP_MAGIC:
        start = 0  # all of the file is one member
    stream.seek(start)
    whole = position = start
    member = zlib.decompressobj(_GZIP_MEMBER)
    while chunk := stream.read(_CHUNK):
        position += len(chunk)
        while chunk:
            try:
                while chunk and not member.eof:
                    member.decompress(chunk, _CHUNK)
                    chunk = member.unconsumed_tail
            except zlib.error:
                return whole
            if not member.eof:
                break
            chunk = member.unused_data
            whole = position - len(chunk)
            member = zlib.decompressobj(_GZIP_MEMBER)
    return whole


def _whole_record(stream: BinaryIO, start: int) -> int:
    """Where the record that starts there ends, and the file with it; its start where it does not."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(start)
    head, line_break, _ = stream.read(_CHUNK).partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    end = start + len(head) + 4 + int(found[1]) if found and line_break else size + 1
    if end > size:
        return start
    stream.seek(end)
    return end if stream.read(_CHUNK).strip() else size


def _placed(record: WarcRecord, offset: int) -> Placed:
    fields = {name.lower(): value for name, value in record.headers.to_tuples()}
    http = record.http_headers
    url = fields.get("warc-target-uri", "").strip("<>")  # WARC/1.0 files of wget bracket it
    if not record.is_http_parsed or http.status_code is None or not url:
        raise ValueError("no HTTP response")
    is_revisit = record.record_type == WarcRecordType.revisit
    body = b"" if is_revisit else record.reader.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        raise ValueError(f"unpacks to more than {_MAX_BYTES} bytes")
    kind = fields.get(KIND.lower())
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in http.items_bytes()]
    return Placed(
        response=Response(
            url=url,
            final_url=fields.get(FINAL_URL.lower(), url),
            status=http.status_code,
            headers=tuple(_original(pairs) if kind else pairs),
            body=body,
            fetched_at=warc_date(fields.get("warc-date", "")),
        ),
        kind=CaptureKind(kind) if kind else None,
        offset=offset,
        digest=fields.get(DIGEST.lower()) or digest(body),
        refers_to=_reference(fields) if is_revisit else None,
    )


def _reference(fields: dict[str, str]) -> Reference:
    offset, _, file = fields.get(REFERS_TO.lower(), "").partition(" ")
    date = fields.get("warc-refers-to-date")
    return Reference(
        url=fields.get("warc-refers-to-target-uri", "").strip("<>") or None,
        at=warc_date(date) if date else None,
        place=(file, int(offset)) if file else None,
        not_modified=fields.get("warc-profile", "") == NOT_MODIFIED,
    )


def _original(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The headers as the server sent them."""
    for name, value in pairs:
        if name.startswith(ORIGINAL):
            yield name.removeprefix(ORIGINAL), value
        elif name.lower() not in PACKING:
            yield name, value


def warc_date(text: str) -> datetime:
    """A WARC-Date, to the second or finer; ValueError where it is none."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
