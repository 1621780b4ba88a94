"""What does a response of HTTP/1 say, as it comes down a line?

As strict as the standard library's reader about what it cannot make out, and stricter where two readings are possible:
lengths that differ, chunks that do not end where they say, transfer codings we never asked for. Whatever comes, only an
HTTPException, a ValueError or what the line itself raises comes out of it.
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
# "100 Continue", "103 Early Hints": what a server may say before it answers.
_MOST_INTERIM = 8
# Sizes and line ends of chunks, beyond as many bytes as they hold: some servers send a letter at a time.
_MOST_OVERHEAD = 1_000_000
# "HTTP/1.1 200 OK", "HTTP/1.0 404"; not "HTTP/2 200", "ICY 200 OK".
_STATUS_LINE = re.compile(rb"HTTP/(?:1\.\d|0\.9)\s+([1-9]\d\d)(?:\s|$)")
# Where another reader could see the end of a line: "a\rb", "a\0b"; not "a b".
_STRAY = re.compile(rb"[\r\0]")
# "Content-Length"; not "Content-Length ", "Status: 200".
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# "1f", "00A"; not "0x1f", "-1", "".
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class Line(Protocol):
    """Where bytes come from: b"" where no more will."""

    def recv(self, size: int, /) -> bytes: ...


class BreaksOffError(IncompleteRead):
    """A response that ends before it is whole."""

    def __init__(self, told: str) -> None:
        super().__init__(b"")
        self._told = told

    def __str__(self) -> str:
        return self._told


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
        """Reads up to the body; an HTTPException or ValueError where it cannot be made out.

        RemoteDisconnected where not one byte came.
        """
        self._line, self._held, self._at = line, b"", 0  # what was read of it, and how much of that is used
        self._await()
        is_late, self.status = self._answer()  # of HTTP/1.1 and later
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
        # Where it ends must be beyond doubt: whoever stands between us may have read it in another way.
        is_clear = is_late and self.headers.get("Content-Length") is None if self._is_chunked else True
        self._ends_line = not stays or not is_clear or (self.length is None and not self._is_chunked)
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

    def _await(self) -> None:
        """Wait for the first bytes."""
        try:
            self._held = self._line.recv(_CHUNK)
        except ConnectionError as error:
            raise RemoteDisconnected(f"closed before it answered: {error}") from error
        if not self._held:
            raise RemoteDisconnected("closed before it answered")

    def _answer(self) -> tuple[bool, int]:
        """The first status line that is an answer: those before it only say that there will be one."""
        for _ in range(_MOST_INTERIM + 1):
            is_late, status = self._status_line()
            if status == 101:
                raise HTTPException("changes to a protocol we never asked for")
            if status >= 200:
                return is_late, status
            self._fields()
        raise HTTPException(f"got more than {_MOST_INTERIM} interim answers")

    def _status_line(self) -> tuple[bool, int]:
        line = self._head_line("status line")
        if (found := _STATUS_LINE.match(line)) is None:
            raise BadStatusLine(line[:80].decode("latin-1"))
        return line.startswith(b"HTTP/1.") and not line.startswith(b"HTTP/1.0"), int(found[1])

    def _fields(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        count = 0
        while line := self._head_line("header line"):
            count += 1
            if count > _MOST_HEADERS:
                raise HTTPException(f"got more than {_MOST_HEADERS} headers")
            text = line.decode("latin-1")
            name, colon, value = text.partition(":")
            if text[0] in " \t" and pairs:  # a value folded into lines, as long ago
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
            elif colon and _NAME.fullmatch(name):
                pairs.append((name, value.strip()))
        return pairs

    def _head_line(self, what: str) -> bytes:
        """A line up to the body, without its end."""
        line = self._text_line(what)
        if not line.endswith(b"\n"):
            raise BreaksOffError(f"breaks off in a {what}")
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        if _STRAY.search(line):
            raise ValueError(f"{what} with a stray CR or NUL: {line[:80]!r}")
        return line

    def _announced(self) -> int | None:
        values = [part.strip() for part in self.headers.joined("Content-Length").split(",")]
        if len(set(values)) > 1:
            raise ValueError(f"two lengths at once: {sorted(set(values))!r:.80}")
        return int(values[0]) if values[0].isascii() and values[0].isdigit() else None

    # ---- the body ----------------------------------------------------------------------------------

    def _exactly(self, size: int) -> Iterator[bytes]:
        left = size
        while left:
            piece = self._some(min(left, _CHUNK))
            if not piece:
                raise BreaksOffError(f"breaks off after {size - left} of {size} bytes")
            left -= len(piece)
            yield piece

    def _chunked(self) -> Iterator[bytes]:
        overhead = 0
        while True:
            line = self._text_line("chunk size")
            announced = line.partition(b";")[0].strip()
            if not _SIZE.fullmatch(announced):
                raise BreaksOffError(
                    "breaks off between two chunks" if not line else f"chunk size {line[:80]!r}"
                )
            if not (size := int(announced, 16)):
                break
            yield from self._exactly(size)
            if self._text_line("chunk") not in (b"\r\n", b"\n"):
                raise BreaksOffError(f"a chunk does not end after its {size} bytes")
            overhead += len(line) + 2 - size
            if overhead > _MOST_OVERHEAD:
                raise HTTPException("chunks of next to nothing, without an end")
        while (line := self._text_line("trailer line")) not in (b"\r\n", b"\n"):
            if not line.endswith(b"\n"):  # what trailers say is of no use to us, but the last one must come
                raise BreaksOffError("breaks off behind the last chunk")

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
