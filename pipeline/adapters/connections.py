"""How does one request travel, on a connection that the next one may use again?

Over sockets that only the gate opens, without the usual layers: pools, retries and objects around objects cost
several times what the exchange itself does (decision 0027).
"""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from http.client import RemoteDisconnected
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from urllib3.util.ssltransport import SSLTransport

from pipeline.adapters.addresses import Gate
from pipeline.adapters.http_message import Message

_PORTS = {"http": 80, "https": 443}
# One request to a host at a time, so one connection each; beyond so many hosts the oldest is closed.
_MOST_KEPT = 512


# Entered right before a request to a URL is sent, and left when it has gone: it may wait for the host's time.
Departing = Callable[[str], AbstractContextManager[None]]


class _Way(NamedTuple):
    """To whom, through whom, and whether whoever answers must prove to be them."""

    scheme: str
    host: str
    port: int
    proxy: str | None
    verified: bool

    @property
    def is_nested(self) -> bool:
        """Whether it is TLS in the TLS of a proxy, which cannot be asked what it holds."""
        return self.scheme == "https" and (self.proxy or "").startswith("https:")


class Answer:
    """A response whose headers are here, and whose body is still to be read; ``close`` ends it."""

    def __init__(self, message: Message, way: _Way, line: socket.socket, kept: Connections) -> None:
        self.status, self.headers, self.chunks = message.status, message.headers, message.chunks
        self._message, self._way, self._line, self._connections = message, way, line, kept

    def close(self) -> None:
        if self._message.can_go_on and not self._way.is_nested and not _holds_more(self._line):
            self._connections.keep(self._way, self._line)
        else:
            self._line.close()


class Connections:
    """Asks over connections of the gate, and keeps one open to each of the hosts asked last."""

    def __init__(self, gate: Gate, ca_file: str, departing: Departing) -> None:
        self._gate, self._departing = gate, departing
        self._verifying, self._believing = gate.tls(ca_file), gate.tls(ca_file, verified=False)
        self._lock = threading.Lock()
        self._kept: dict[_Way, socket.socket] = {}

    def ask(
        self, target: str, headers: Mapping[str, str], *, proxy: str | None = None, verified: bool = True
    ) -> Answer:
        """The answer to a GET of a canonical address.

        ``verified``: where False, any certificate will do.
        """
        parts = urlsplit(target)
        way = _Way(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme], proxy, verified)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fields = {"Host": parts.netloc, **headers}
        if proxy is not None and way.scheme == "http":  # a proxy is told where to; TLS goes through it
            path, fields = f"{way.scheme}://{parts.netloc}{path}", fields | _credentials(proxy)
        message = _message(f"GET {path}", fields)
        try:
            return self._exchange(target, message, way)
        except RemoteDisconnected:  # closed while we were asking, and not one byte came: that is no answer
            return self._exchange(target, message, way)

    def keep(self, way: _Way, line: socket.socket) -> None:
        """Keep a connection for the next request that goes its way."""
        with self._lock:
            replaced = [self._kept.pop(way, None)]
            self._kept[way] = line
            if len(self._kept) > _MOST_KEPT:
                replaced.append(self._kept.pop(next(iter(self._kept))))
        for old in replaced:
            if old is not None:
                old.close()

    def close(self) -> None:
        with self._lock:
            kept, self._kept = self._kept, {}
        for line in kept.values():
            line.close()

    def _idle(self, way: _Way) -> socket.socket | None:
        """A kept connection that can be used: one that has anything to say before it is asked can not."""
        with self._lock:
            line = self._kept.pop(way, None)
        if line is not None and _has_spoken(line):
            line.close()
            return None
        return line

    def _exchange(self, target: str, message: bytes, way: _Way) -> Answer:
        """RemoteDisconnected where the other side hung up before it said anything."""
        # Opened before the host's time is waited for: opening may take long, and nobody else may send meanwhile.
        line = self._idle(way) or self._opened(way)
        try:
            with ExitStack() as leaving:
                with self._gate.allowance.paused():
                    leaving.enter_context(self._departing(target))
                # Nobody waits for ever for a request that does not come.
                if not way.is_nested and _has_spoken(line):
                    line.close()
                    line = self._opened(way)
                _send(line, message)
            return Answer(Message(line), way, line, self)
        except BaseException:
            line.close()
            raise

    def _opened(self, way: _Way) -> socket.socket:
        proxy = way.proxy
        line = self._gate.connect(way.host, way.port) if proxy is None else self._through(proxy, way)
        if way.scheme != "https":
            return line
        return self._secured(line, way.host, verified=way.verified)

    def _through(self, proxy: str, way: _Way) -> socket.socket:
        """A connection to a proxy, which may be anywhere; for TLS, through it."""
        parts = urlsplit(proxy)
        host = parts.hostname or ""
        line = self._gate.connect(host, parts.port or _PORTS[parts.scheme], is_proxy=True)
        if parts.scheme == "https":
            line = self._secured(line, host, verified=True)
        if way.scheme == "https":
            there = f"{f'[{way.host}]' if ':' in way.host else way.host}:{way.port}"
            try:
                line.sendall(_message(f"CONNECT {there}", {"Host": there, **_credentials(proxy)}))
                status = Message(line).status
                if status != 200:
                    raise OSError(f"the proxy answers {status} to CONNECT")
            except BaseException:
                line.close()
                raise
        return line

    def _secured(self, line: socket.socket, host: str, *, verified: bool) -> socket.socket:
        context = self._verifying if verified else self._believing
        try:
            if isinstance(line, ssl.SSLSocket):  # TLS in the TLS of a proxy
                return SSLTransport(line, context, server_hostname=host)  # type: ignore[return-value]  # it acts as a socket
            secured = context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
            secured.do_handshake()
            return secured
        except BaseException:
            line.close()
            raise


def _has_spoken(line: socket.socket) -> bool:
    """Whether a line that was asked nothing has said anything, or has ended; what TLS tells TLS does not count."""
    said = select.poll()
    said.register(line, select.POLLIN)
    if not said.poll(0):
        return _holds_more(line)
    if isinstance(line, ssl.SSLSocket):
        try:
            ssl.SSLSocket.recv(line, 1)  # not the line's own, which waits
        except ssl.SSLWantReadError:
            return False  # tickets for a later session, say
        except OSError:
            return True
    return True


def _holds_more(line: socket.socket) -> bool:
    """Whether TLS has unpacked more than was read: the line itself does not show it."""
    return isinstance(line, ssl.SSLSocket) and line.pending() > 0


def _send(line: socket.socket, message: bytes) -> None:
    try:
        line.sendall(message)
    except ConnectionError as error:
        raise RemoteDisconnected(f"closed while it was asked: {error}") from error


def _message(first_line: str, fields: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{first_line} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def _credentials(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
