"""What does a response of HTTP/1 say, as it comes down a line?

As strict as the standard library's reader about what it cannot make out, and stricter where two readings are possible:
lengths that differ, chunks that do not end where they say, transfer codings we never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http.client import BadStatusLine, HTTPException, IncompleteRead, LineTooLong, RemoteDisconnected
from typing import Protocol, TypeVar

T = TypeVar("T")
_CHUNK = 65_536
_LONGEST_LINE = 65_536
_MOST_HEADERS = 100
# "HTTP/1.1 200 OK", "HTTP/1.0 404"; not "HTTP/2 200", "ICY 200 OK".
_STATUS_LINE = re.compile(rb"HTTP/(?:1\.\d|0\.9)\s+([1-9]\d\d)(?:\s|$)")
# "Content-Length"; not "Content-Length ", "Status: 200".
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# "1f", "00A"; not "0x1f", "-1", "".
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class Line(Protocol):
    """Where bytes come from: b"" where no more will."""

    def recv(self, size: int, /) -> bytes: ...


class Headers:
    """The fields of a message, as they came and by name."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._by_name: dict[str, list[str]] = {}
        for name, value in pairs:
            self._by_name.setdefault(name.lower(), []).append(value)

    def get(self, name: str) -> str | None:
        """The first value of a field, by its name in any case."""
        values = self._by_name.get(name.lower())
        return values[0] if values else None

    def get_all(self, name: str, default: T) -> list[str] | T:
        return self._by_name.get(name.lower(), default)

    def joined(self, name: str) -> str:
        """All values of a field, as one; "" where it was not sent."""
        return ", ".join(self._by_name.get(name.lower(), ()))


class Message:
    """A response whose headers are read, and whose body is still to come."""

    def __init__(self, line: Line) -> None:
        """Reads up to the body; an HTTPException or ValueError where it cannot be made out."""
        self._line, self._held, self._at = line, b"", 0  # what was read of it, and how much of that is used
        first = self._status_line()
        while first[1] == 100:
            self._fields()
            first = self._status_line()
        is_late, self.status = first  # of HTTP/1.1 and later
        self.headers = Headers(self._fields())
        coding = self.headers.joined("Transfer-Encoding").strip().lower()
        if coding not in ("", "identity", "chunked"):
            raise ValueError(f"transfer coding {coding!r:.80}")
        self._is_chunked = coding == "chunked"
        self.length = None if self._is_chunked else self._announced()
        if self.status < 200 or self.status in (204, 304):
            self.length, self._is_chunked = 0, False
        connection = self.headers.joined("Connection").lower()
        stays = "close" not in connection if is_late else "keep-alive" in connection
        self._ends_line = not stays or (self.length is None and not self._is_chunked)
        self._is_read = self.length == 0

    @property
    def can_go_on(self) -> bool:
        """Whether all of it is read, nothing came behind it, and the line stays open for another one."""
        return self._is_read and not self._ends_line and self._at == len(self._held)

    def chunks(self) -> Iterator[bytes]:
        """The body as it was sent, a piece at a time; IncompleteRead where it is shorter than announced."""
        if self._is_chunked:
            yield from _gathered(self._chunked())
        elif self.length is None:
            while piece := self._some(_CHUNK):
                yield piece
        else:
            yield from self._exactly(self.length)
        self._is_read = True

    # ---- the head ----------------------------------------------------------------------------------

    def _status_line(self) -> tuple[bool, int]:
        line = self._text_line("status line")
        if not line:
            raise RemoteDisconnected("Remote end closed connection without response")
        if (found := _STATUS_LINE.match(line)) is None:
            raise BadStatusLine(line[:80].decode("latin-1"))
        return line.startswith(b"HTTP/1.") and not line.startswith(b"HTTP/1.0"), int(found[1])

    def _fields(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        count = 0
        while (line := self._text_line("header line")) not in (b"\r\n", b"\n", b""):
            count += 1
            if count > _MOST_HEADERS:
                raise HTTPException(f"got more than {_MOST_HEADERS} headers")
            text = line.decode("latin-1").rstrip("\r\n")
            name, colon, value = text.partition(":")
            if text[0] in " \t" and pairs:  # a value folded into lines, as long ago
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
            elif colon and _NAME.fullmatch(name):
                pairs.append((name, value.strip()))
        return pairs

    def _announced(self) -> int | None:
        values = [part.strip() for part in self.headers.joined("Content-Length").split(",")]
        if len(set(values)) > 1:
            raise ValueError(f"two lengths at once: {sorted(set(values))!r:.80}")
        return int(values[0]) if values[0].isascii() and values[0].isdigit() else None

    # ---- the body ----------------------------------------------------------------------------------

    def _exactly(self, size: int) -> Iterator[bytes]:
        while size:
            piece = self._some(min(size, _CHUNK))
            if not piece:
                raise IncompleteRead(b"", size)
            size -= len(piece)
            yield piece

    def _chunked(self) -> Iterator[bytes]:
        while True:
            announced = self._text_line("chunk size").partition(b";")[0].strip()
            if not _SIZE.fullmatch(announced):
                raise IncompleteRead(b"")
            if not (size := int(announced, 16)):
                break
            yield from self._exactly(size)
            if self._text_line("chunk") not in (b"\r\n", b"\n"):
                raise IncompleteRead(b"")
        while self._text_line("trailer line") not in (b"\r\n", b"\n", b""):
            """Trailers say nothing that we use."""

    def _text_line(self, what: str) -> bytes:
        """Up to a line break and with it; what there is where no more comes."""
        searched = self._at
        while not (end := self._held.find(b"\n", searched) + 1):
            self._held, self._at = self._held[self._at :], 0
            searched = len(self._held)
            if searched > _LONGEST_LINE:
                raise LineTooLong(what)
            more = self._line.recv(_CHUNK)
            if not more:
                end = searched
                break
            self._held += more
        line, self._at = self._held[self._at : end], end
        return line

    def _some(self, most: int) -> bytes:
        """At least one byte and at most so many; b"" where no more come."""
        if self._at == len(self._held):
            return self._line.recv(most)
        piece = self._held[self._at : self._at + most]
        self._at += len(piece)
        return piece


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """In pieces worth looking at: some servers send a letter at a time."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
