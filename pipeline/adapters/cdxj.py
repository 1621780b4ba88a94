"""Where in a WARC does each capture start? One line a capture, sorted, as CDXJ readers expect.

example,paper)/news?a=1 20160327050102 {"url": "https://paper.example/news?a=1", "offset": "812", …}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipeline.errors import ArchiveError
from pipeline.urls import canonical

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One capture as the index tells of it."""

    url: str
    at: datetime
    status: int
    mime: str  # "warc/revisit" where the bytes stand elsewhere
    digest: str  # sha256:… of the payload
    offset: int
    length: int  # of the packed record
    file: str  # relative to the archive's root
    kind: str | None = None
    refers_to: tuple[str, int] | None = None  # file and offset of the record that has the bytes
    refers_at: datetime | None = None  # when that was captured


def to_text(lines: Iterable[Line]) -> bytes:
    return "".join(sorted(f"{_text(line)}\n" for line in lines)).encode()


def _text(line: Line) -> str:
    fields: dict[str, object] = {
        "url": line.url,
        "mime": line.mime,
        "status": str(line.status),
        "digest": line.digest,
        "length": str(line.length),
        "offset": str(line.offset),
        "filename": line.file,
        "at": line.at.isoformat(),
    }
    if line.kind is not None:
        fields["kind"] = line.kind
    if line.refers_to is not None:
        fields["refers_to"] = list(line.refers_to)
    if line.refers_at is not None:
        fields["refers_at"] = line.refers_at.isoformat()
    return f"{surt(line.url)} {line.at.astimezone(UTC):%Y%m%d%H%M%S} {_ENCODER.encode(fields)}"


def of_text(payload: bytes, name: str) -> Iterator[Line]:
    """The lines of an index; ArchiveError naming it where one is none."""
    for number, text in enumerate(payload.decode("utf-8", "replace").splitlines(), start=1):
        try:
            fields = json.loads(text.split(" ", 2)[2])
            refers_to = fields.get("refers_to")
            yield Line(
                url=fields["url"],
                at=datetime.fromisoformat(fields["at"]),
                status=int(fields["status"]),
                mime=fields["mime"],
                digest=fields["digest"],
                offset=int(fields["offset"]),
                length=int(fields["length"]),
                file=fields["filename"],
                kind=fields.get("kind"),
                refers_to=(str(refers_to[0]), int(refers_to[1])) if refers_to else None,
                refers_at=datetime.fromisoformat(fields["refers_at"]) if "refers_at" in fields else None,
            )
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise ArchiveError(f"{name}, line {number} is no index line: {error}") from error


def surt(url: str) -> str:
    """The sort-friendly form of an address: "https://www.paper.example:81/a?b" is "example,paper:81)/a?b"."""
    parts = urlsplit(canonical(url))
    name = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(name.split('.')))}{port}){parts.path or '/'}{query}".lower().replace(
        " ", "%20"
    )
