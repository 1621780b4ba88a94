"""How is a response written down in WARC/1.1, so that every reader of WARC can read it?

Each capture is a record for what came (``response``, or ``revisit`` where the archive has its bytes already),
one for what was asked, and one for what we know about it; each record is a gzip member of its own. Bodies
stand decoded, for whoever reads the file to read; the headers that spoke of their packing are kept under
``X-Archive-Orig-`` names, as other archives do.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import __version__
from pipeline.identity import digest
from pipeline.records import CaptureKind, Response

ORIGINAL = "X-Archive-Orig-"
PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# Named fields of our own: RFC-like names are free in WARC, and other readers pass over them.
KIND, FINAL_URL, DIGEST, REFERS_TO = (
    *("Wirewatch-Kind", "Wirewatch-Final-URI", "Wirewatch-Digest", "Wirewatch-Refers-To"),
)
UNCHANGED_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_LINE_BREAKS = str.maketrans("\r\n\0", "   ")
# Readers refuse records whose headers are longer than 32 KiB, and a flood of them is nothing to remember.
_MAX_HEADER, _MAX_HEADERS = 8_000, 24_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The record that has the bytes which came again."""

    url: str
    at: datetime
    digest: str  # sha256:…
    file: str  # relative to the archive's root
    offset: int


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """Header lines written as the server sent them, rather than percent-encoded."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        lines: str = self.to_str(filter_func)
        return lines.encode("latin-1", "replace") + b"\r\n"


def append(writer: WARCWriter, response: Response, kind: CaptureKind, origin: Origin | None = None) -> None:
    """Write one capture; where it has an origin, without its body."""
    named = {
        "WARC-Record-ID": _record_id(response, kind.value),
        "WARC-Date": _date(response.fetched_at),
        KIND: kind.value,
        DIGEST: digest(response.body) if origin is None else origin.digest,
    }
    if response.final_url != response.url:
        named[FINAL_URL] = response.final_url
    headers = [
        ((ORIGINAL if name.lower() in PACKING else "") + name, value.translate(_LINE_BREAKS))
        for name, value in _readable(response.headers)
    ]
    status = _status_line(response.status)
    if origin is None:
        headers.append(("Content-Length", str(len(response.body))))
        record = writer.create_warc_record(
            response.url,
            "response",
            payload=io.BytesIO(response.body),
            length=len(response.body),
            warc_headers_dict=named,
            http_headers=_Headers(status, headers, protocol="HTTP/1.1"),
        )
    else:
        record = writer.create_warc_record(
            response.url,
            "revisit",
            warc_headers_dict={**named, **_revisit(response, origin)},
            http_headers=_Headers(status, headers, protocol="HTTP/1.1"),
        )
    writer.write_record(record)
    _append_beside(writer, response, kind)


def append_info(writer: WARCWriter, name: str, at: datetime) -> None:
    """The record that opens a file and says what it is."""
    fields = {"software": f"Wirewatch/{__version__}", "format": "WARC File Format 1.1"}
    record = writer.create_warc_record(
        None,
        "warcinfo",
        payload=io.BytesIO(_fields(fields.items())),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>",
            "WARC-Filename": name,
            "WARC-Date": _date(at),
        },
    )
    writer.write_record(record)


def _append_beside(writer: WARCWriter, response: Response, kind: CaptureKind) -> None:
    """What was asked, where we asked it, and what we know of the capture."""
    beside = {
        "WARC-Concurrent-To": _record_id(response, kind.value),
        "WARC-Date": _date(response.fetched_at),
    }
    if response.asked_with:
        parts = urlsplit(response.final_url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = writer.create_warc_record(
            response.url,
            "request",
            warc_headers_dict={"WARC-Record-ID": _record_id(response, "request"), **beside},
            http_headers=_Headers(
                f"GET {target} HTTP/1.1", [("Host", parts.netloc), *response.asked_with], is_http_request=True
            ),
        )
        writer.write_record(request)
    known = {"kind": kind.value, "final-url": response.final_url, "fetched": _date(response.fetched_at)}
    metadata = writer.create_warc_record(
        response.url,
        "metadata",
        payload=io.BytesIO(_fields(known.items())),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Record-ID": _record_id(response, "metadata"), **beside},
    )
    writer.write_record(metadata)


def _revisit(response: Response, origin: Origin) -> dict[str, str]:
    named = {
        "WARC-Profile": NOT_MODIFIED if response.status == 304 else UNCHANGED_PAYLOAD,
        "WARC-Refers-To-Target-URI": origin.url,
        "WARC-Refers-To-Date": _date(origin.at),
        REFERS_TO: f"{origin.offset} {origin.file}",
    }
    if response.status != 304:
        sha1 = hashlib.sha1(response.body, usedforsecurity=False).digest()
        named["WARC-Payload-Digest"] = f"sha1:{base64.b32encode(sha1).decode()}"
    return named


def _record_id(response: Response, role: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{_date(response.fetched_at)} {role} {response.url}')}>"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value.translate(_LINE_BREAKS)}\r\n" for name, value in pairs).encode()


def _readable(headers: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The headers that every reader takes: long ones are cut, and of too many the longest are left out."""
    cut = [(name, value[:_MAX_HEADER]) for name, value in headers]
    room, kept = _MAX_HEADERS, set()
    for number, (name, value) in sorted(enumerate(cut), key=lambda one: len(one[1][0]) + len(one[1][1])):
        room -= len(ORIGINAL) + len(name) + len(value)
        if room >= 0:
            kept.add(number)
    return [header for number, header in enumerate(cut) if number in kept]


def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Status"
    return f"{status} {phrase}"
