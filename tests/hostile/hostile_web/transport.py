"""Connections that drip, break off, lie about their length or never speak."""

from __future__ import annotations

import socket
import time

from hostile_web.case import ARTICLE, Case, Kind, article, bad_page, raw
from hostile_web.server import Behaviour, Handler, Web
from pipeline.records import Reason

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def _case(name: str, server: str, behaviour: Behaviour, reason: Reason | None) -> Case:
    return bad_page(name, Kind.TRANSPORT, server, behaviour, reason)


def _slowly(start: bytes, piece: bytes) -> Behaviour:
    def drip(handler: Handler) -> None:
        handler.send(start)
        for _ in range(40):
            time.sleep(0.1)
            handler.send(piece)

    return drip


def _silence(_: Handler) -> None:
    time.sleep(3)


def _stall(handler: Handler) -> None:
    handler.send(_HEAD + b"Content-Length: 5000\r\n\r\n<p>half")
    time.sleep(3)


def _open_ended(handler: Handler) -> None:
    handler.send(_HEAD + b"\r\n" + ARTICLE)
    time.sleep(3)


def _endless(start: bytes, piece: bytes) -> Behaviour:
    def pour(handler: Handler) -> None:
        handler.send(start)
        while True:
            handler.send(piece)

    return pour


def _reset(at: bytes) -> Behaviour:
    def reset(handler: Handler) -> None:
        handler.send(at)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        handler.close_connection = True

    return reset


def _chunks(*chunks: bytes, end: bytes) -> Behaviour:
    return raw(_CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end)


def _secure(certificate: str) -> Case:
    told = {
        "stranger": "shows a certificate that nobody vouches for",
        "expired": "shows a certificate that ended yesterday",
        "impostor": "shows another host's certificate",
    }
    return bad_page(
        f"{certificate}'s certificate",
        Kind.TRANSPORT,
        told[certificate],
        article,
        Reason.UNREACHABLE,
        link=lambda web: web.secure(certificate, "/bad"),
    )


def _clear(web: Web) -> str:
    return web.clear_as_secure("/bad")


def _mute(web: Web) -> str:
    return web.silent("/bad")


_BLOCK = b"x" * 65_536

CASES = (
    _case(
        "dripping body",
        "sends a byte of the body every 0.1 s",
        _slowly(_HEAD + b"Content-Length: 900\r\n\r\n", b"x"),
        Reason.TIMEOUT,
    ),
    _case(
        "dripping headers",
        "sends a header every 0.1 s",
        _slowly(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        Reason.TIMEOUT,
    ),
    _case(
        "dripping chunks",
        "sends a chunk of one byte every 0.1 s",
        _slowly(_CHUNKED, b"1\r\nx\r\n"),
        Reason.TIMEOUT,
    ),
    _case("silence", "accepts the request and says nothing", _silence, Reason.TIMEOUT),
    _case("stall", "stops in the middle of the body", _stall, Reason.TIMEOUT),
    _case("never closes", "gives no length and never closes", _open_ended, Reason.TIMEOUT),
    _case(
        "continues for ever",
        "says 100 Continue a thousand times",
        raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000),
        Reason.UNREACHABLE,
    ),
    _case("hangs up", "closes without a word", raw(b""), Reason.UNREACHABLE),
    _case("resets", "resets the connection before answering", _reset(b""), Reason.UNREACHABLE),
    _case(
        "resets midway",
        "resets the connection in the middle of the body",
        _reset(_HEAD + b"Content-Length: 900\r\n\r\n<p>half"),
        Reason.UNREACHABLE,
    ),
    _case(
        "short length",
        "sends fewer bytes than it announced",
        raw(_HEAD + b"Content-Length: 100\r\n\r\nshort"),
        Reason.UNREACHABLE,
    ),
    _case(
        "negative length",
        "announces a length of -5 over a whole page",
        raw(_HEAD + b"Content-Length: -5\r\n\r\n" + ARTICLE),
        None,
    ),
    _case(
        "two lengths",
        "announces two different lengths",
        raw(_HEAD + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\nshort"),
        Reason.UNREACHABLE,
    ),
    _case(
        "announces too much",
        "announces 99,999,999 bytes",
        raw(_HEAD + b"Content-Length: 99999999\r\n\r\n"),
        Reason.OVERSIZE,
    ),
    _case("endless body", "never stops sending", _endless(_HEAD + b"\r\n", _BLOCK), Reason.OVERSIZE),
    _case(
        "endless chunk",
        "sends one chunk of 2⁶⁴ bytes",
        _endless(_CHUNKED + b"ffffffffffffffff\r\n", _BLOCK),
        Reason.OVERSIZE,
    ),
    _case(
        "chunk of negative size",
        "announces a chunk of -1 bytes and never stops",
        _endless(_CHUNKED + b"-1\r\n", _BLOCK),
        Reason.UNREACHABLE,
    ),
    _case(
        "endless chunk size",
        "sends a chunk size that never ends",
        _endless(_CHUNKED, b"0" * 65_536),
        Reason.UNREACHABLE,
    ),
    _case(
        "endless trailers",
        "sends trailers after the last chunk for ever",
        _endless(_CHUNKED + b"0\r\n", b"X-A: " + b"b" * 8_000 + b"\r\n"),
        Reason.OVERSIZE,
    ),
    _case(
        "breaks off between chunks",
        "closes before the last chunk",
        _chunks(b"<p>one", end=b""),
        Reason.UNREACHABLE,
    ),
    _case(
        "broken chunk size",
        "gives a chunk size that is no number",
        _chunks(b"<p>one", end=b"zz\r\nnonsense"),
        Reason.UNREACHABLE,
    ),
    _case(
        "flood of headers",
        "sends 5,000 headers",
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n"),
        Reason.UNREACHABLE,
    ),
    _case(
        "endless header",
        "sends a header that never ends",
        _endless(b"HTTP/1.1 200 OK\r\nX: ", _BLOCK),
        Reason.UNREACHABLE,
    ),
    _case("another protocol", "speaks SSH", raw(b"SSH-2.0-OpenSSH_9\r\n"), Reason.UNREACHABLE),
    _case("no headers at all", "answers in HTTP/0.9", raw(ARTICLE), Reason.UNREACHABLE),
    _case(
        "letters for a status",
        'answers with the status "OK"',
        raw(b"HTTP/1.1 OK 200\r\n\r\n"),
        Reason.UNREACHABLE,
    ),
    _secure("stranger"),
    _secure("expired"),
    _secure("impostor"),
    bad_page(
        "plain text as TLS",
        Kind.TRANSPORT,
        "answers a TLS handshake in plain HTTP",
        article,
        Reason.UNREACHABLE,
        link=_clear,
    ),
    bad_page(
        "silent handshake",
        Kind.TRANSPORT,
        "accepts a TLS connection and never shakes hands",
        article,
        Reason.UNREACHABLE,
        link=_mute,
    ),
)
