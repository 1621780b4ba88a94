"""Which machines may we connect to, and until when may they keep us waiting?

Names are resolved here, once, and the very address that was vetted is connected to: a second look-up
could answer differently (DNS rebinding). Every read of a connection, headers and TLS included, ends with
the one deadline of its fetch, so that a server which drips bytes cannot hold us; and counts against the one
number of bytes that a fetch may read, so that no header, chunk or trailer without an end can fill us.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pipeline.errors import OversizeError, RefusedError
from pipeline.records import Reason

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

Resolve = Callable[[str, int], Sequence[str]]
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 forms that only wrap an IPv4 address, with the bits to shift it out by.
_WRAPPERS = ((ipaddress.IPv6Network("64:ff9b::/96"), 0), (ipaddress.IPv6Network("2002::/16"), 80))


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses the system's resolver gives."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


# What a fetch may read beyond its body: headers of all its redirects, chunk sizes, TLS records.
_OVERHEAD_BYTES = 1_000_000


class Allowance:
    """How long the fetch of this thread may still take, and how many bytes it may still read."""

    def __init__(self) -> None:
        self._local = threading.local()

    def start(self, url: str, *, seconds: float, body_bytes: int) -> None:
        self._local.url = url
        self._local.at = time.monotonic() + seconds
        self._local.bytes = body_bytes + _OVERHEAD_BYTES
        self._local.sent_at = None

    def sent(self) -> None:
        """Note that the request of this fetch, or its last part, has just left."""
        self._local.sent_at = time.monotonic()

    def seconds_since_sent(self) -> float | None:
        """None where nothing was sent."""
        sent_at: float | None = self._local.sent_at
        return None if sent_at is None else time.monotonic() - sent_at

    def left(self) -> float:
        """Seconds left; TimeoutError where none are."""
        at: float = getattr(self._local, "at", float("inf"))
        left = at - time.monotonic()
        if left <= 0:
            raise TimeoutError("total deadline passed")
        return left

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Time and bytes of what happens meanwhile are not this fetch's."""
        local, began = self._local, time.monotonic()
        url, at, left, sent_at = local.url, local.at, local.bytes, local.sent_at
        try:
            yield
        finally:
            local.url, local.at, local.bytes = url, at + time.monotonic() - began, left
            local.sent_at = sent_at

    def take(self, size: int) -> int:
        """Count bytes that were read, and give their number; OversizeError where they are too many."""
        left: int = getattr(self._local, "bytes", size) - size
        self._local.bytes = left
        if left < 0:
            raise OversizeError(self._local.url, Reason.OVERSIZE, "sends more than we read, counted as sent")
        return size


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
                connection.settimeout(min(self._connect_seconds, self.allowance.left()))
                connection.connect((address, port))
            except OSError as error:
                connection.close()
                failure = error
            else:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
        raise failure or OSError("no address")

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """The resolver's answer while there is time for it: by itself it takes as long as it likes."""
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except (OSError, ValueError) as error:  # UnicodeError of names that cannot be asked for
                answers.put(error)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=min(self._connect_seconds, self.allowance.left()))
        except Empty:
            raise TimeoutError(f"no address of {host} in time") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _remaining(self) -> float:
        return min(self._read_seconds, self.allowance.left())

    def _socket(self, family: int) -> socket.socket:
        remaining, take, sent = self._remaining, self.allowance.take, self.allowance.sent

        class TimedSocket(socket.socket):
            def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
                _set_timeout(self, remaining())
                super().sendall(data, flags)
                sent()

            def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
                _set_timeout(self, remaining())
                return take(super().recv_into(buffer, nbytes, flags))

        return TimedSocket(family, socket.SOCK_STREAM)

    def tls(self, ca_file: str | None = None, *, verified: bool = True) -> ssl.SSLContext:
        """Certificates and host names verified, against the system's or the given authorities.

        ``verified``: where False, whoever answers is believed.
        """
        remaining, take, sent = self._remaining, self.allowance.take, self.allowance.sent

        class TimedTlsSocket(ssl.SSLSocket):
            def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
                _set_timeout(self, remaining())
                super().sendall(data, flags)
                sent()

            def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
                _set_timeout(self, remaining())
                data = super().recv(buflen, flags)
                take(len(data))
                return data

            def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
                _set_timeout(self, remaining())
                return take(super().recv_into(buffer, nbytes, flags))

            def do_handshake(self, block: bool = False) -> None:
                self.settimeout(remaining())
                super().do_handshake(block)

        context: Any = ssl.create_default_context(cafile=ca_file)
        context.sslsocket_class = TimedTlsSocket
        context.set_alpn_protocols(["http/1.1"])
        if not verified:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        checked: ssl.SSLContext = context
        return checked


def _set_timeout(line: socket.socket, seconds: float) -> None:
    """Setting it anew costs a system call, and most reads have the same one."""
    if line.gettimeout() != seconds:
        line.settimeout(seconds)
