"""How is a URL fetched from the open web without being hurt by it, or hurting it?

One request at a time, identified, with verified certificates, one deadline for everything, a cap on what
is unpacked, and every redirect vetted like the first address.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, cast

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pipeline.adapters.addresses import Gate, Resolve, resolve
from pipeline.adapters.answers import settled
from pipeline.errors import FetchError, OversizeError, RefusedError, TransientError
from pipeline.protocols import Clock
from pipeline.records import Reason, Response, Validators
from pipeline.urls import canonical, is_http

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.5"
)


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class HttpTransport:
    """Fetches over the network; safe to share between threads, one fetch at a time in each."""

    def __init__(
        self,
        user_agent: str,
        *,
        connect_seconds: float = 10.0,
        read_seconds: float = 20.0,
        total_seconds: float = 60.0,
        max_bytes: int = 20_000_000,
        max_redirects: int = 8,
        allow: Sequence[str] = (),
        ca_file: str | None = None,
        resolver: Resolve = resolve,
        clock: Clock | None = None,
    ) -> None:
        """``allow``: networks that may be reached though not public, as "10.0.0.0/8"."""
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._clock = clock or _SystemClock()
        self._gate = Gate(
            allow, resolver=resolver, connect_seconds=connect_seconds, read_seconds=read_seconds
        )
        self._adapter = _GatedAdapter(self._gate, ca_file or certifi.where())
        self._timeouts = (connect_seconds, read_seconds)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            # Those that this Python can unpack.
            "Accept-Encoding": urllib3.util.make_headers(accept_encoding=True)["accept-encoding"],
        }

    def fetch(self, url: str, *, validators: Validators | None = None) -> Response:
        """The response after redirects, unpacked; a FetchError that says why where there is none."""
        self._gate.deadline.start(self._total_seconds)
        try:
            return settled(self._followed(url, validators))
        except FetchError as error:
            if error.url == url:
                raise
            raise type(error)(url, error.reason, f"{error.url}: {error.detail}") from error
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
        ) as error:
            raise _fetch_error(url, error) from error

    def close(self) -> None:
        self._adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _followed(self, url: str, validators: Validators | None) -> Response:
        jar = RequestsCookieJar()  # for this fetch alone: some sites redirect until a cookie comes back
        target = url
        for _ in range(self._max_redirects + 1):
            if not is_http(target):
                raise RefusedError(
                    url, Reason.REDIRECTS if target != url else Reason.FORBIDDEN_ADDRESS, f"to {target:.200}"
                )
            answer = self._asked(target, validators, jar)
            try:
                location = answer.headers.get("Location")
                if answer.status_code not in _REDIRECTS or not location:
                    return self._read(url, target, answer, asked_if_changed=validators is not None)
                # http.client reads headers as Latin-1; addresses in them are UTF-8.
                target = canonical(location.encode("latin-1", "replace").decode("utf-8", "replace"), target)
            finally:
                answer.close()
        raise RefusedError(url, Reason.REDIRECTS, f"more than {self._max_redirects}")

    def _asked(self, target: str, validators: Validators | None, jar: RequestsCookieJar) -> requests.Response:
        request = requests.Request("GET", target, headers=self._headers).prepare()
        if validators is not None and validators.etag:
            request.headers["If-None-Match"] = validators.etag
        if validators is not None and validators.last_modified:
            request.headers["If-Modified-Since"] = validators.last_modified
        if cookies := get_cookie_header(jar, request):  # type: ignore[no-untyped-call]
            request.headers["Cookie"] = cookies
        answer = self._adapter.send(request, stream=True, timeout=self._timeouts)
        extract_cookies_to_jar(jar, request, answer.raw)  # type: ignore[no-untyped-call]
        return answer

    def _read(
        self, url: str, final_url: str, answer: requests.Response, *, asked_if_changed: bool
    ) -> Response:
        raw = cast("urllib3.HTTPResponse", answer.raw)
        unchanged = answer.status_code == 304 and asked_if_changed
        return Response(
            url=url,
            final_url=final_url,
            status=answer.status_code,
            headers=tuple((name, str(value)) for name, value in raw.headers.iteritems()),
            body=b"" if unchanged else b"".join(self._chunks(url, raw)),
            fetched_at=self._clock.now(),
        )

    def _chunks(self, url: str, raw: urllib3.HTTPResponse) -> Iterator[bytes]:
        announced = raw.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > self._max_bytes:
            raise OversizeError(
                url, Reason.OVERSIZE, f"announces {announced} bytes, we read {self._max_bytes}"
            )
        size = 0
        for chunk in raw.stream(_CHUNK, decode_content=True):
            self._gate.deadline.left()
            size += len(chunk)
            if size > self._max_bytes:
                raise OversizeError(url, Reason.OVERSIZE, f"unpacks to more than {self._max_bytes} bytes")
            yield chunk


class _GatedAdapter(HTTPAdapter):
    """The library's adapter, with connections that only the gate opens."""

    def __init__(self, gate: Gate, ca_file: str) -> None:
        self._gate = gate
        self._tls = gate.tls(ca_file)
        super().__init__(pool_connections=64, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        gate = self._gate

        class GatedConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return gate.connect(self._dns_host, self.port)

        class GatedTlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return gate.connect(self._dns_host, self.port)

        class GatedPool(HTTPConnectionPool):
            ConnectionCls = GatedConnection

        class GatedTlsPool(HTTPSConnectionPool):
            ConnectionCls = GatedTlsConnection

        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": GatedPool, "https": GatedTlsPool}


def _fetch_error(url: str, error: Exception) -> FetchError:
    """What went wrong, in our words; the libraries nest the cause in several layers of their own."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, FetchError):
            return (
                cause if cause.url == url else type(cause)(url, cause.reason, f"{cause.url}: {cause.detail}")
            )
    detail = f"{type(chain[-1]).__name__}: {chain[-1]}"[:300]
    if any(
        isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError | requests.Timeout)
        for cause in chain
    ):
        return TransientError(url, Reason.TIMEOUT, detail)
    if any(isinstance(cause, urllib3.exceptions.DecodeError) for cause in chain):
        return TransientError(url, Reason.HTTP_ERROR, f"not packed as its headers say: {detail}")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain):
        return TransientError(url, Reason.UNREACHABLE, f"certificate: {detail}")
    return TransientError(url, Reason.UNREACHABLE, detail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all it wraps, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        waiting.extend(cause for cause in inner if isinstance(cause, BaseException))
