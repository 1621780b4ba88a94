"""Reading a response, in whatever pieces it comes."""

from __future__ import annotations

import random
from contextlib import suppress
from http.client import BadStatusLine, HTTPException, IncompleteRead, LineTooLong, RemoteDisconnected

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.http_message import Message


class Line:
    """Bytes that come so many at a time, and then no more."""

    def __init__(self, payload: bytes, sizes: list[int] | None = None) -> None:
        self.payload, self.sizes = payload, sizes or []

    def recv(self, size: int, /) -> bytes:
        size = min(size, self.sizes.pop()) if self.sizes else size
        piece, self.payload = self.payload[:size], self.payload[size:]
        return piece


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    "announced": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", True),
    "empty": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", True),
    "chunked": (CHUNKED + b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-After: 1\r\n\r\n", b"hello", True),
    "until it closes": (b"HTTP/1.1 200 OK\r\n\r\nhello", b"hello", False),
    "to be closed": (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        False,
    ),
    "of old": (b"HTTP/1.0 200 OK\nContent-Length: 5\n\nhello", b"hello", False),
    "of old, kept": (
        b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        True,
    ),
    "unchanged": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"", True),
    "continued": (
        b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        True,
    ),
    "hinted at": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n\r\n" * 2
        + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        True,
    ),
    "of two lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"hello",
        False,
    ),
    "of old, chunked": (
        CHUNKED.replace(b"1.1", b"1.0").replace(b"OK", b"OK\r\nConnection: keep-alive")
        + b"5\r\nhello\r\n0\r\n\r\n",
        b"hello",
        False,
    ),
    "of no clear length": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", b"hello", False),
}


@pytest.mark.parametrize(("payload", "body", "goes_on"), WHOLE.values(), ids=WHOLE)
@given(sizes=st.lists(st.integers(1, 9), max_size=150))
def test_a_body_is_read_to_its_end(payload: bytes, body: bytes, goes_on: bool, sizes: list[int]) -> None:
    message = Message(Line(payload, list(sizes)))
    assert b"".join(message.chunks()) == body
    assert message.can_go_on == goes_on


def test_a_line_that_said_more_than_it_was_asked_is_not_used_again() -> None:
    message = Message(Line(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n"))
    assert b"".join(message.chunks()) == b"hello"
    assert not message.can_go_on


def test_headers_come_as_they_were_sent() -> None:
    fields = b"Set-Cookie: a=1\r\nset-cookie:b=2 \r\nX-Long: one\r\n two\r\nno colon\r\nBad Name: x\r\nX-Empty:\r\n"
    headers = Message(Line(b"HTTP/1.1 204 No\r\n" + fields + b"\r\n")).headers
    assert headers.pairs == [
        ("Set-Cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("X-Long", "one two"),
        ("X-Empty", ""),
    ]
    assert headers.get_all("SET-COOKIE", []) == ["a=1", "b=2"]
    assert (headers.get("x-long"), headers.get("x-other")) == ("one two", None)
    assert (headers.joined("Set-Cookie"), headers.joined("X-Other")) == ("a=1, b=2", "")


NO_MESSAGE = {
    "nothing": (b"", RemoteDisconnected),
    "no status": (b"SSH-2.0-OpenSSH\r\n", BadStatusLine),
    "another protocol": (b"HTTP/2 200\r\n\r\n", BadStatusLine),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", ValueError),
    "a coding we know not": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", ValueError),
    "many headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n", HTTPException),
    "headers that break off": (b"HTTP/1.1 200 OK\r\nX: y", IncompleteRead),
    "a line end that is none": (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\r\nContent-Length: 2\r\n\r\nhi", ValueError),
    "a header in a header": (b"HTTP/1.1 200 OK\r\nX: a\rContent-Length: 1\r\n\r\nabc", ValueError),
    "a NUL": (b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nabc", ValueError),
    "another protocol from here on": (b"HTTP/1.1 101 Switching\r\n\r\n", HTTPException),
    "hints without an end": (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, HTTPException),
    "a length of a novel": (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", ValueError),
    "a long header": (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, LineTooLong),
}


@pytest.mark.parametrize(("payload", "error"), NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_what_cannot_be_made_out_is_refused(payload: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        Message(Line(payload))


BROKEN = {
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    "cut in a chunk": CHUNKED + b"9\r\nhello",
    "cut between chunks": CHUNKED + b"5\r\nhello\r\n",
    "cut before the last line": CHUNKED + b"5\r\nhello\r\n0\r\n",
    "cut in a trailer": CHUNKED + b"5\r\nhello\r\n0\r\nX-After: 1",
    "of negative size": CHUNKED + b"-1\r\nhello\r\n0\r\n\r\n",
    "longer than its size": CHUNKED + b"3\r\nhello\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("payload", BROKEN.values(), ids=BROKEN)
def test_a_body_that_is_not_whole_is_told(payload: bytes) -> None:
    message = Message(Line(payload))
    with pytest.raises(IncompleteRead):
        list(message.chunks())
    assert not message.can_go_on


def test_a_body_that_breaks_off_is_told_with_how_much_there_was() -> None:
    message = Message(Line(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"))
    with pytest.raises(IncompleteRead, match=r"^breaks off after 1 of 99 bytes$"):
        list(message.chunks())


def test_chunks_of_a_letter_are_read_but_not_without_end() -> None:
    letters = Message(Line(CHUNKED + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n"))
    assert b"".join(letters.chunks()) == b"x" * 50_000
    with pytest.raises(HTTPException, match="chunks of next to nothing"):
        list(Message(Line(CHUNKED + b"1\r\nx\r\n" * 400_000)).chunks())


class Resetting:
    def recv(self, _size: int, /) -> bytes:
        raise ConnectionResetError(104, "Connection reset by peer")


def test_a_line_that_is_reset_before_a_byte_has_answered_nothing() -> None:
    with pytest.raises(RemoteDisconnected, match="reset by peer"):
        Message(Resetting())


# What messages are made of, and what they are not.
PIECES = (
    *(
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 ",
        b"103",
        b"\r\n",
        b"\r",
        b"\n",
        b"\0",
        b" ",
        b"\t",
        b":",
        b";",
        b"\xff",
    ),
    *(
        b"Content-Length: ",
        b"Transfer-Encoding: chunked",
        b"Connection: keep-alive",
        b"5",
        b"0",
        b"hello",
        b"-",
    ),
)


def test_whatever_comes_only_what_it_says_comes_out_of_it() -> None:
    chance = random.Random(1903)  # noqa: S311
    for _ in range(5_000):
        start = chance.choice((b"", b"HTTP/1.1 200 OK\r\n", CHUNKED))
        noise = b"".join(
            chance.choice(PIECES) if chance.random() < 0.9 else chance.randbytes(3)
            for _ in range(chance.randrange(20))
        )
        with suppress(HTTPException, ValueError):
            list(Message(Line(start + noise)).chunks())
