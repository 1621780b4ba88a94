"""How are responses kept? Writes them as WARC/1.1, the same bytes whenever they are written."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from press.render import Answer

_MADE = "2016-04-04T00:00:00Z"  # pretended, as all times in the archive are


def archive(outlet_id: str, answers: Iterable[Answer]) -> bytes:
    """A whole ``.warc.gz``: one gzip member a record, none of them with the time of writing."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="WARC/1.1")
    filename = f"{outlet_id}.warc.gz"
    about = {
        "software": "samples/build.py",
        "format": "WARC File Format 1.1",
        "description": "Fictional pages for demonstration; no such server was ever visited.",
    }
    head = writer.create_warcinfo_record(filename, about)
    head.rec_headers.replace_header("WARC-Record-ID", _record_id(filename))
    head.rec_headers.replace_header("WARC-Date", _MADE)
    writer.write_record(head)
    for answer in answers:
        moment = f"{answer.at:%Y-%m-%dT%H:%M:%SZ}"
        name = f"{outlet_id} {answer.url} {moment} {sha256(answer.body).hexdigest()}"
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=BytesIO(answer.body),
            http_headers=StatusAndHeaders(answer.status, list(answer.headers), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Record-ID": _record_id(name), "WARC-Date": moment},
        )
        writer.write_record(record)
    return buffer.getvalue()


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"
