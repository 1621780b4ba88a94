"""How is a response written down in WARC/1.1, so that every reader of WARC can read it?

Each capture is a record for what came (``response``, or ``revisit`` where the archive has its bytes already),
one for what was asked, and one for what we know about it; each record is a gzip member of its own. Bodies
stand decoded, for whoever reads the file to read; the headers that spoke of their packing are kept under
``X-Archive-Orig-`` names, as other archives do.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL

from pipeline import __version__
from pipeline.records import CaptureKind, Response

ORIGINAL = "X-Archive-Orig-"
PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# Named fields of our own: RFC-like names are free in WARC, and other readers pass over them.
KIND, FINAL_URL, DIGEST, REFERS_TO = (
    *("Wirewatch-Kind", "Wirewatch-Final-URI", "Wirewatch-Digest", "Wirewatch-Refers-To"),
)
UNCHANGED_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_FIELDS = "application/warc-fields"
# Of 80 news pages, level 9 takes 10.3 ms a page for 18.9 % of its bytes, 5 takes 5.8 ms for 19.3 %.
_GZIP_LEVEL = 5
_GZIP = 16  # added to the size of zlib's window: "with the gzip header and trailer"
# What is asked and what is known of a capture takes 120 bytes more unpacked, and a tenth of the time.
_MIN_PACKED = 1_000
_STORED = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\x01"  # gzip's header, and one last block of bytes as they are
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
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


def packed(
    response: Response, kind: CaptureKind, payload: str, origin: Origin | None = None
) -> tuple[bytes, bytes]:
    """One capture's own record, and those beside it; ``payload``: the body's digest, sha256:….

    Where it has an origin, it is written without its body.
    """
    date = _date(response.fetched_at)
    record_id = _record_id(f"{date} {kind.value} {response.url}")
    headers = [
        ((ORIGINAL if name.lower() in PACKING else "") + name, _in_a_line(value))
        for name, value in _readable(response.headers)
    ]
    named = {
        "WARC-Record-ID": record_id,
        "WARC-Date": date,
        "WARC-Target-URI": response.url,
        KIND: kind.value,
        DIGEST: payload,
    }
    if response.final_url != response.url:
        named[FINAL_URL] = response.final_url
    if origin is None:
        body, role = response.body, "response"
        headers.append(("Content-Length", str(len(body))))
        named["WARC-Payload-Digest"] = _sha1(body)
    else:
        body, role = b"", "revisit"
        named |= _revisit(response, origin)
    block = _message(f"HTTP/1.1 {_status_line(response.status)}", headers) + body
    own = _record(role, named, "application/http; msgtype=response", block)
    return own, _beside(response, kind, record_id, date)


def packed_info(name: str, at: datetime) -> bytes:
    """The record that opens a file and says what it is."""
    fields = {"software": f"Wirewatch/{__version__}", "format": "WARC File Format 1.1"}
    named = {
        "WARC-Record-ID": _record_id(name),
        "WARC-Date": _date(at),
        "WARC-Filename": name,
    }
    return _record("warcinfo", named, _FIELDS, _fields(fields.items()))


def _beside(response: Response, kind: CaptureKind, record_id: str, date: str) -> bytes:
    """What was asked, where we asked it, and what we know of the capture."""
    beside = {"WARC-Date": date, "WARC-Target-URI": response.url, "WARC-Concurrent-To": record_id}
    request = b""
    if response.asked_with:
        parts = urlsplit(response.final_url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = _message(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *response.asked_with])
        named = {"WARC-Record-ID": _record_id(f"{date} request {response.url}"), **beside}
        request = _record("request", named, "application/http; msgtype=request", asked)
    known = {"kind": kind.value, "final-url": response.final_url, "fetched": date}
    named = {"WARC-Record-ID": _record_id(f"{date} metadata {response.url}"), **beside}
    return request + _record("metadata", named, _FIELDS, _fields(known.items()))


def _record(role: str, named: dict[str, str], content_type: str, block: bytes) -> bytes:
    """One record of WARC/1.1, as a gzip member."""
    fields = {
        "WARC-Type": role,
        **named,
        "WARC-Block-Digest": _sha1(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {_in_a_line(value)}\r\n" for name, value in fields.items())
    return _member(b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n")))


def _member(whole: bytes) -> bytes:
    """A gzip member: packed, or as it is where packing would take longer than it is worth."""
    size = len(whole)
    if size < _MIN_PACKED:
        return b"".join(
            (
                _STORED,
                struct.pack("<HH", size, size ^ 0xFFFF),
                whole,
                struct.pack("<II", zlib.crc32(whole), size),
            )
        )
    # A window no larger than what it is to hold: a larger one only takes longer to set up.
    window = min(size.bit_length(), zlib.MAX_WBITS)
    return zlib.compress(whole, _GZIP_LEVEL, _GZIP + window)


def _message(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The head of an HTTP message, its headers as the server sent them."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{first_line}\r\n{lines}\r\n".encode("latin-1", "replace")


def _sha1(payload: bytes) -> str:
    """As every reader of WARC checks it: in base 32."""
    return "sha1:" + b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def _revisit(response: Response, origin: Origin) -> dict[str, str]:
    named = {
        "WARC-Profile": NOT_MODIFIED if response.status == 304 else UNCHANGED_PAYLOAD,
        "WARC-Refers-To-Target-URI": origin.url,
        "WARC-Refers-To-Date": _date(origin.at),
        REFERS_TO: f"{origin.offset} {origin.file}",
    }
    if response.status != 304:
        named["WARC-Payload-Digest"] = _sha1(response.body)
    return named


def _record_id(name: str) -> str:
    """The UUID of a name, version 5, as ``uuid5`` makes it with more ado."""
    made = hashlib.sha1(NAMESPACE_URL.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = f"{8 + int(made[16], 16) % 4:x}{made[17:20]}"
    return f"<urn:uuid:{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}-{made[20:32]}>"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {_in_a_line(value)}\r\n" for name, value in pairs).encode()


def _in_a_line(value: str) -> str:
    return value if value.isprintable() else value.translate(_LINE_BREAKS)


def _readable(headers: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The headers that every reader takes: long ones are cut, and of too many the longest are left out."""
    cut = [(name, value[:_MAX_HEADER]) for name, value in headers]
    if sum(len(ORIGINAL) + len(name) + len(value) for name, value in cut) <= _MAX_HEADERS:
        return cut
    room, kept = _MAX_HEADERS, set()
    for number, (name, value) in sorted(enumerate(cut), key=lambda one: len(one[1][0]) + len(one[1][1])):
        room -= len(ORIGINAL) + len(name) + len(value)
        if room >= 0:
            kept.add(number)
    return [header for number, header in enumerate(cut) if number in kept]


def _status_line(status: int) -> str:
    return f"{status} {_PHRASES.get(status, 'Status')}"
