"""How is a URL fetched from the open web without being hurt by it, or hurting it?

One request at a time, identified, with verified certificates, one deadline for everything, a cap on what
is unpacked, and every redirect vetted like the first address.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from http.client import HTTPException
from types import TracebackType
from typing import Self

import certifi
from requests import PreparedRequest
from requests.cookies import MockRequest, MockResponse, RequestsCookieJar, get_cookie_header

from pipeline.adapters.access import AccessOf, no_access
from pipeline.adapters.addresses import Gate, Resolve, resolve
from pipeline.adapters.answers import settled
from pipeline.adapters.connections import Answer, Connections, Departing
from pipeline.adapters.unpacking import OFFERED, unpacked
from pipeline.errors import FetchError, OversizeError, RefusedError, TransientError
from pipeline.protocols import Clock, Permit
from pipeline.records import Reason, Response, Validators
from pipeline.urls import canonical, is_http

_REDIRECTS = (301, 302, 303, 307, 308)
# Request headers that go into the archive: all that are surely no secret of ours.
_TELLABLE = frozenset({"User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since"})
# What servers take, and no more than a site's own cookies ever are: they are sent whole, to whoever set them.
_LONGEST_COOKIES = 8_192
_LONGEST_URL = 8_000  # RFC 9110, 4.1: what every server should take; nor do WARC readers take much more
_ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.5"
)


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def _at_once(_url: str) -> AbstractContextManager[None]:
    return nullcontext()


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
        access: AccessOf = no_access,
        departing: Departing = _at_once,
    ) -> None:
        """``allow``: networks that may be reached though not public, as "10.0.0.0/8"; ``access``: what goes along
        to a URL; ``departing``: when a request may leave, the first of a fetch or what follows a redirect."""
        self._access = access
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._clock = clock or _SystemClock()
        self._gate = Gate(
            allow, resolver=resolver, connect_seconds=connect_seconds, read_seconds=read_seconds
        )
        self._connections = Connections(self._gate, ca_file or certifi.where(), departing)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": OFFERED,
        }

    def fetch(
        self, url: str, *, validators: Validators | None = None, permit: Permit | None = None
    ) -> Response:
        """The response after redirects, unpacked; a FetchError that says why where there is none."""
        self._gate.allowance.start(url, seconds=self._total_seconds, body_bytes=self._max_bytes)
        try:
            return settled(self._followed(url, validators, permit))
        except FetchError as error:
            if error.url == url:
                raise
            raise type(error)(url, error.reason, f"{error.url}: {error.detail}") from error
        except (HTTPException, OSError, ValueError) as error:
            raise _fetch_error(url, error) from error

    def close(self) -> None:
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _followed(self, url: str, validators: Validators | None, permit: Permit | None) -> Response:
        jar: RequestsCookieJar | None = (
            None  # for this fetch alone: some sites redirect until a cookie comes back
        )
        target = url
        for _ in range(self._max_redirects + 1):
            if not is_http(target):
                raise RefusedError(
                    url, Reason.REDIRECTS if target != url else Reason.FORBIDDEN_ADDRESS, f"to {target:.200}"
                )
            if len(target) > _LONGEST_URL:
                raise RefusedError(url, Reason.REDIRECTS, f"to an address of {len(target)} letters")
            if target != url and permit is not None:
                with self._gate.allowance.paused():
                    permit(target)
            headers, answer = self._asked(target, validators, jar)
            try:
                if answer.headers.get("Set-Cookie") is not None:
                    jar = RequestsCookieJar() if jar is None else jar
                    jar.extract_cookies(MockResponse(answer.headers), MockRequest(_cookie_request(target)))  # type: ignore[arg-type]
                location = answer.headers.get("Location")
                if answer.status not in _REDIRECTS or not location:
                    unchanged = answer.status == 304 and validators is not None
                    body = b"" if unchanged else b"".join(self._chunks(url, answer))
                    return self._response(url, target, headers, answer, body)
                # Headers are read as Latin-1; addresses in them are UTF-8.
                target = canonical(location.encode("latin-1", "replace").decode("utf-8", "replace"), target)
            finally:
                answer.close()
        raise RefusedError(url, Reason.REDIRECTS, f"more than {self._max_redirects}")

    def _asked(
        self, target: str, validators: Validators | None, jar: RequestsCookieJar | None
    ) -> tuple[dict[str, str], Answer]:
        """The headers sent, and the answer with its body still to be read."""
        headers = dict(self._headers)
        if validators is not None and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators is not None and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        access = self._access(target)  # by the address asked now: what is for one outlet follows no redirect
        headers.update(access.headers)
        cookies = get_cookie_header(jar, _cookie_request(target)) if jar else ""  # type: ignore[no-untyped-call]  # has no types
        given = "; ".join(f"{name}={value}" for name, value in access.cookies.items())
        if cookies or given:
            headers["Cookie"] = "; ".join(filter(None, (given, _as_many_as_fit(cookies))))
        return headers, self._connections.ask(target, headers, proxy=access.proxy, verified=access.verified)

    def _response(
        self, url: str, final_url: str, headers: dict[str, str], answer: Answer, body: bytes
    ) -> Response:
        return Response(
            url=url,
            final_url=final_url,
            status=answer.status,
            headers=tuple(answer.headers.pairs),
            body=body,
            fetched_at=self._clock.now(),
            asked_with=tuple((name, value) for name, value in headers.items() if name in _TELLABLE),
        )

    def _chunks(self, url: str, answer: Answer) -> Iterator[bytes]:
        announced = answer.headers.joined("Content-Length")
        if announced.isdigit() and int(announced) > self._max_bytes:
            raise OversizeError(
                url, Reason.OVERSIZE, f"announces {announced} bytes, we read {self._max_bytes}"
            )
        size = 0
        try:
            for chunk in unpacked(answer.chunks(), answer.headers.joined("Content-Encoding")):
                self._gate.allowance.left()
                size += len(chunk)
                if size > self._max_bytes:
                    raise OversizeError(url, Reason.OVERSIZE, f"unpacks to more than {self._max_bytes} bytes")
                yield chunk
        except ValueError as error:
            raise TransientError(url, Reason.HTTP_ERROR, str(error)) from error


def _as_many_as_fit(cookies: str) -> str:
    """Of a site's cookies the first that fit into a request."""
    if len(cookies) <= _LONGEST_COOKIES:
        return cookies
    return cookies[: _LONGEST_COOKIES + 1].rpartition("; ")[0]


def _cookie_request(target: str) -> PreparedRequest:
    """As much of a request as the library's cookie policy looks at."""
    request = PreparedRequest()
    request.prepare(method="GET", url=target)
    return request


def _fetch_error(url: str, error: Exception) -> FetchError:
    """What went wrong, in our words; libraries nest the cause in layers of their own."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, FetchError):
            return (
                cause if cause.url == url else type(cause)(url, cause.reason, f"{cause.url}: {cause.detail}")
            )
    late = next((cause for cause in chain if isinstance(cause, TimeoutError)), None)
    named = late or chain[-1]
    detail = f"{type(named).__name__}: {named}"[:300]
    if late is not None:
        return TransientError(url, Reason.TIMEOUT, detail)
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
