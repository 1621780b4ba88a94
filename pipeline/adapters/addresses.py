"""Which machines may we connect to, and until when may they keep us waiting?

Names are resolved here, once, and the very address that was vetted is connected to: a second look-up
could answer differently (DNS rebinding). Every read of a connection, headers and TLS included, ends with
the one deadline of its fetch, so that a server which drips bytes cannot hold us; and counts against the one
number of bytes that a fetch may read, so that no header, chunk or trailer without an end can fill us.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.adapters import waiting
from pipeline.errors import OversizeError, RefusedError
from pipeline.records import Reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Resolve = Callable[[str, int], Sequence[str]]
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 forms that only wrap an IPv4 address, with the bits to shift it out by.
_WRAPPERS = ((ipaddress.IPv6Network("64:ff9b::/96"), 0), (ipaddress.IPv6Network("2002::/16"), 80))


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver gives."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


# After so many bytes others go on, though no byte had to be waited for.
_AT_ONE_GO = 65_536
# What a fetch may read beyond its body: headers of all its redirects, chunk sizes, TLS records.
_OVERHEAD_BYTES = 1_000_000


@dataclass(slots=True)
class _Fetch:
    """What the fetch that goes on here may still take."""

    url: str
    until: float
    bytes_left: int
    at_one_go: int = 0


# Every thread has its own, and so has every greenlet.
_fetch: ContextVar[_Fetch | None] = ContextVar("fetch", default=None)


class Allowance:
    """How long the fetch that goes on here may still take, and how many bytes it may still read."""

    def start(self, url: str, *, seconds: float, body_bytes: int) -> None:
        _fetch.set(_Fetch(url, time.monotonic() + seconds, body_bytes + _OVERHEAD_BYTES))

    def left(self) -> float:
        """Seconds left; TimeoutError where none are."""
        fetch = _fetch.get()
        left = float("inf") if fetch is None else fetch.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("total deadline passed")
        return left

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Time and bytes of what happens meanwhile are not this fetch's."""
        fetch, began = _fetch.get(), time.monotonic()
        _fetch.set(None)
        try:
            yield
        finally:
            if fetch is not None:
                fetch.until += time.monotonic() - began
            _fetch.set(fetch)

    def take(self, size: int) -> None:
        """Count bytes that were read, and let others go on now and then; OversizeError where they are too many."""
        if (fetch := _fetch.get()) is not None:
            fetch.bytes_left -= size
            if fetch.bytes_left < 0:
                raise OversizeError(fetch.url, Reason.OVERSIZE, "sends more than we read, counted as sent")
            fetch.at_one_go += size
            if fetch.at_one_go >= _AT_ONE_GO:
                fetch.at_one_go = 0
                waiting.sleep(0.0)


class Gate:
    """Connects to vetted addresses only, with sockets that keep the deadline."""

    def __init__(
        self,
        allow: Sequence[str] = (),
        *,
        resolver: Resolve = resolve,
        connect_seconds: float,
        read_seconds: float,
    ) -> None:
        self._allow: tuple[_Network, ...] = tuple(ipaddress.ip_network(network) for network in allow)
        self._resolver = resolver
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self.allowance = Allowance()

    def may_reach(self, address: str) -> bool:
        """True for public addresses, and for those the allow-list names."""
        parsed = ipaddress.ip_address(address.partition("%")[0])
        if any(parsed in network for network in self._allow):
            return True
        if isinstance(parsed, ipaddress.IPv6Address):
            if parsed.ipv4_mapped is not None:
                return self.may_reach(str(parsed.ipv4_mapped))
            for wrapper, shift in _WRAPPERS:
                if parsed in wrapper:
                    return self.may_reach(str(ipaddress.IPv4Address(int(parsed) >> shift & 0xFFFFFFFF)))
        return parsed.is_global and not parsed.is_multicast

    def connect(self, host: str, port: int, *, is_proxy: bool = False) -> socket.socket:
        """A connection to the first vetted address that answers; RefusedError where none is vetted.

        ``is_proxy``: its address was given to us by whoever runs us, and may be anywhere.
        """
        addresses = self._resolved(host, port)
        vetted = [address for address in addresses if is_proxy or self.may_reach(address)]
        if not vetted:
            told = (
                f"{', '.join(addresses)}: not public; networks of your own go into WIREWATCH_ALLOW_NETWORKS"
            )
            raise RefusedError(host, Reason.FORBIDDEN_ADDRESS, told if addresses else "no address")
        failure: OSError | None = None
        for address in vetted:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            connection = self._socket(family)
            try:
                self._connected(connection, address, port)
            except OSError as error:
                connection.close()
                failure = error
            else:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
        raise failure or OSError("no address")

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """The resolver's answer while there is time for it: by itself it takes as long as it likes."""
        answer: Future[Sequence[str]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._resolver(host, port))
            except (OSError, ValueError) as error:  # UnicodeError of names that cannot be asked for
                answer.set_exception(error)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            return waiting.result(answer, min(self._connect_seconds, self.allowance.left()))
        except TimeoutError:
            if answer.done():
                raise
            raise TimeoutError(f"no address of {host} in time") from None

    def _connected(self, connection: socket.socket, address: str, port: int) -> None:
        failure = connection.connect_ex((address, port))
        if failure == errno.EINPROGRESS:
            left = min(self._connect_seconds, self.allowance.left())
            waiting.until_ready(connection, waiting.WRITE, left)
            failure = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure:
            raise OSError(failure, os.strerror(failure))

    def _remaining(self) -> float:
        return min(self._read_seconds, self.allowance.left())

    def _socket(self, family: int) -> socket.socket:
        remaining, take = self._remaining, self.allowance.take

        class TimedSocket(socket.socket):
            """It never blocks by itself: whoever finds it not ready waits where others can go on."""

            def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
                unsent = memoryview(data).cast("B")
                while unsent:
                    seconds = remaining()
                    try:
                        unsent = unsent[super().send(unsent, flags) :]
                    except BlockingIOError:
                        waiting.until_ready(self, waiting.WRITE, seconds)

            def recv(self, bufsize: int, flags: int = 0) -> bytes:
                while True:
                    seconds = remaining()
                    try:
                        data = super().recv(bufsize, flags)
                    except BlockingIOError:
                        waiting.until_ready(self, waiting.READ, seconds)
                    else:
                        take(len(data))
                        return data

        line = TimedSocket(family, socket.SOCK_STREAM)
        line.setblocking(False)
        return line

    def tls(self, ca_file: str | None = None, *, verified: bool = True) -> ssl.SSLContext:
        """Certificates and host names verified, against the system's or the given authorities.

        ``verified``: where False, whoever answers is believed.
        """
        remaining, take = self._remaining, self.allowance.take

        class TimedTlsSocket(ssl.SSLSocket):
            def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
                unsent = memoryview(data).cast("B")
                while unsent:
                    unsent = unsent[self._when_ready(super().send, unsent, flags) :]

            def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
                data: bytes = self._when_ready(super().recv, buflen, flags)
                take(len(data))
                return data

            def do_handshake(self, block: bool = False) -> None:
                self._when_ready(super().do_handshake, block)

            def _when_ready(self, act: Callable[..., Any], *arguments: Any) -> Any:
                while True:
                    seconds = remaining()
                    try:
                        return act(*arguments)
                    except ssl.SSLWantReadError:
                        waiting.until_ready(self, waiting.READ, seconds)
                    except ssl.SSLWantWriteError:
                        waiting.until_ready(self, waiting.WRITE, seconds)

        context: Any = ssl.create_default_context(cafile=ca_file)
        context.sslsocket_class = TimedTlsSocket
        context.set_alpn_protocols(["http/1.1"])
        if not verified:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        checked: ssl.SSLContext = context
        return checked
