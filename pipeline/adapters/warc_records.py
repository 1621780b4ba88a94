"""How does a response stand in a WARC record, ours or anyone's?

Our own records hold the body decoded, for whoever reads the file to read; the headers that spoke of its
packing are kept under ``X-Archive-Orig-`` names, as other archives do, and put back when read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import ArchiveError
from pipeline.records import CaptureKind, Response

_ORIGINAL = "X-Archive-Orig-"
_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# Named fields of our own: RFC-like names are free in WARC, and other readers pass over them.
_KIND, _FINAL_URL = "Wirewatch-Kind", "Wirewatch-Final-URI"
_MAX_BYTES = 50_000_000
_LINE_BREAKS = str.maketrans("\r\n\0", "   ")
# Readers refuse records whose headers are longer than 32 KiB, and a flood of them is nothing to remember.
_MAX_HEADER, _MAX_HEADERS = 8_000, 24_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A record's response and where its record starts."""

    response: Response
    kind: CaptureKind | None  # None in files of others
    offset: int


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """Header lines written as the server sent them, rather than percent-encoded."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        lines: str = self.to_str(filter_func)
        return lines.encode("latin-1", "replace") + b"\r\n"


def append(writer: WARCWriter, response: Response, kind: CaptureKind) -> None:
    """Write one response as one gzip member."""
    at = response.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    named = {
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{at} {kind} {response.url}')}>",
        "WARC-Date": at,
        _KIND: kind.value,
    }
    if response.final_url != response.url:
        named[_FINAL_URL] = response.final_url
    headers = [
        ((_ORIGINAL if name.lower() in _PACKING else "") + name, value.translate(_LINE_BREAKS))
        for name, value in _readable(response.headers)
    ]
    headers.append(("Content-Length", str(len(response.body))))
    record = writer.create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        warc_headers_dict=named,
        http_headers=_Headers(_status_line(response.status), headers, protocol="HTTP/1.1"),
    )
    writer.write_record(record)


def _readable(headers: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The headers that every reader takes: long ones are cut, and of too many the longest are left out."""
    cut = [(name, value[:_MAX_HEADER]) for name, value in headers]
    room, kept = _MAX_HEADERS, set()
    for number, (name, value) in sorted(enumerate(cut), key=lambda one: len(one[1][0]) + len(one[1][1])):
        room -= len(_ORIGINAL) + len(name) + len(value)
        if room >= 0:
            kept.add(number)
    return [header for number, header in enumerate(cut) if number in kept]


def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
    return f"{status} {phrase}"


def read_at(file: Path, offset: int) -> Placed:
    """The response whose record starts at an offset; ArchiveError where none does."""
    try:
        with file.open("rb") as stream:
            stream.seek(offset)
            for record in ArchiveIterator(
                stream, record_types=WarcRecordType.response, parse_http=True, auto_decode="all"
            ):
                return _placed(record, offset)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{file} has no readable record at {offset}: {error}") from error
    raise ArchiveError(f"{file} has no response at {offset}")


def responses(file: Path) -> Iterator[Placed]:
    """Every HTTP response of a WARC file, one at a time; records that cannot be read are passed over."""
    with file.open("rb") as stream:  # by a path, its name would say whether it is packed
        records = ArchiveIterator(
            stream,
            record_types=WarcRecordType.response,
            parse_http=True,
            auto_decode="all",
            max_content_length=_MAX_BYTES,
        )
        for record in records:
            try:
                placed = _placed(record, record.stream_pos)
            except (OSError, ValueError):  # such as a body that is not packed as its headers say
                continue
            yield placed


def _placed(record: WarcRecord, offset: int) -> Placed:
    fields = {name.lower(): value for name, value in record.headers.to_tuples()}
    http = record.http_headers
    url = fields.get("warc-target-uri", "").strip("<>")  # WARC/1.0 files of wget bracket it
    if not record.is_http_parsed or http.status_code is None or not url:
        raise ValueError("no HTTP response")
    body = record.reader.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        raise ValueError(f"unpacks to more than {_MAX_BYTES} bytes")
    kind = fields.get(_KIND.lower())
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in http.items_bytes()]
    return Placed(
        response=Response(
            url=url,
            final_url=fields.get(_FINAL_URL.lower(), url),
            status=http.status_code,
            headers=tuple(_original(pairs) if kind else pairs),
            body=body,
            fetched_at=warc_date(fields.get("warc-date", "")),
        ),
        kind=CaptureKind(kind) if kind else None,
        offset=offset,
    )


def _original(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The headers as the server sent them."""
    for name, value in pairs:
        if name.startswith(_ORIGINAL):
            yield name.removeprefix(_ORIGINAL), value
        elif name.lower() not in _PACKING:
            yield name, value


def warc_date(text: str) -> datetime:
    """A WARC-Date, to the second or finer; ValueError where it is none."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
