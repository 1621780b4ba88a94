"""The network's transport over real sockets, against a server that misbehaves on purpose."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hostile_web.certificates import certificate

from pipeline.adapters.access import Access
from pipeline.adapters.addresses import Allowance, Gate
from pipeline.adapters.greenlets import Greenlets
from pipeline.adapters.http import HttpTransport
from pipeline.errors import FetchError, OversizeError, RefusedError, TransientError
from pipeline.records import Validators

Behaviour = Callable[["Handler"], None]
AGENT = "Wirewatch/1 (+https://monitor.example/contact)"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviours: dict[str, Behaviour]
    requests: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.requests.append((self.path, dict(self.headers.items())))
        self.behaviours.get(self.path.partition("?")[0], lambda handler: handler.say(404))(self)

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers and status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, payload: bytes) -> None:
        self.wfile.write(payload)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what these tests are about."""


class Site:
    """A server on loopback, at any host name."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.behaviours: dict[str, Behaviour] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        handler = type("Own", (Handler,), {"behaviours": self.behaviours, "requests": self.requests})
        self.server = Server(("127.0.0.1", 0), handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def at(self, path: str, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    """Of one test alone: a request that somebody gave up may still be on its way to the server afterwards."""
    site = Site()
    yield site
    site.server.shutdown()


NAMES = {
    "rebound.example": ["10.0.0.7"],
    "mixed.example": ["10.0.0.7", "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
}


def resolver(host: str, _port: int) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        if host == "nowhere.example":
            raise socket.gaierror(-2, "Name or service not known") from None
        return NAMES.get(host, ["127.0.0.1"])


class Clock:
    def now(self) -> datetime:
        return datetime(2016, 3, 27, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def transport() -> Iterator[HttpTransport]:
    """It has time to spare: an answer that comes must not be missed because the machine is busy."""
    with HttpTransport(
        AGENT,
        connect_seconds=100,
        read_seconds=100,
        total_seconds=200,
        max_bytes=200_000,
        max_redirects=4,
        allow=["127.0.0.0/8"],
        resolver=resolver,
        clock=Clock(),
    ) as transport:
        yield transport


@contextmanager
def hurried(transport: HttpTransport) -> Iterator[None]:
    """It gives up soon what it begins meanwhile, for servers that nothing but a deadline ends."""
    gate = transport._gate
    patience = transport._total_seconds, gate._read_seconds
    transport._total_seconds, gate._read_seconds = 1.2, 0.6
    try:
        yield
    finally:
        transport._total_seconds, gate._read_seconds = patience


def test_a_page_comes_back_as_it_was_served(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/a"] = lambda handler: handler.say(
        200,
        gzip.compress(b"<p>open</p>"),
        Content_Encoding="gzip",
        Content_Type="text/html; charset=koi8-r",
        ETag='"1"',
    )
    response = transport.fetch(site.at("/a"))
    assert (response.status, response.body) == (200, b"<p>open</p>")
    assert response.header("content-type") == "text/html; charset=koi8-r"
    assert response.fetched_at == Clock().now()
    assert response.url == response.final_url == site.at("/a")


def test_we_say_who_we_are(site: Site, transport: HttpTransport) -> None:
    transport.fetch(site.at("/a"))
    assert site.requests[0][1]["User-Agent"] == AGENT
    assert "gzip" in site.requests[0][1]["Accept-Encoding"]


def test_other_statuses_come_back(site: Site, transport: HttpTransport) -> None:
    for status in (204, 404, 410, 500, 502):
        site.behaviours["/a"] = lambda handler, status=status: handler.say(status)  # type: ignore[misc]
        assert transport.fetch(site.at("/a")).status == status


def test_a_conditional_request_is_answered_by_unchanged(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/feed"] = lambda handler: handler.say(304, ETag='"v1"')
    response = transport.fetch(
        site.at("/feed"), validators=Validators(etag='"v1"', last_modified="Sun, 27 Mar 2016 10:00:00 GMT")
    )
    assert (response.status, response.body) == (304, b"")
    sent = site.requests[0][1]
    assert sent["If-None-Match"] == '"v1"'
    assert sent["If-Modified-Since"] == "Sun, 27 Mar 2016 10:00:00 GMT"


def test_redirects_are_followed_and_remembered(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/a"] = lambda handler: handler.say(301, Location="/b?x=1#top")
    site.behaviours["/b"] = lambda handler: handler.say(302, Location=site.at("/c", "other.example"))
    site.behaviours["/c"] = lambda handler: handler.say(200, b"here")
    response = transport.fetch(site.at("/a"))
    assert (response.url, response.final_url, response.body) == (
        site.at("/a"),
        site.at("/c", "other.example"),
        b"here",
    )


def test_a_site_that_redirects_until_its_cookie_comes_back_is_read(
    site: Site, transport: HttpTransport
) -> None:
    def check(handler: Handler) -> None:
        if "seen=1" in handler.headers.get("Cookie", ""):
            handler.say(200, b"in")
        else:
            handler.say(302, Location="/a", Set_Cookie="seen=1; Path=/")

    site.behaviours["/a"] = check
    assert transport.fetch(site.at("/a")).body == b"in"
    transport.fetch(site.at("/a"))
    assert "Cookie" not in site.requests[2][1]  # every fetch starts without any


# ---- Hostile cases: the behaviour, the error, its reason -----------------------------------------


def drip_body(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(40):
        handler.wfile.write(b"X-%d: x\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.1)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> Behaviour:
    def say(handler: Handler) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        handler.raw(head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end)

    return say


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.close_connection = True


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(bytes(65_536))


def bomb(encoding: str, packed: bytes) -> Behaviour:
    return lambda handler: handler.say(200, packed, Content_Encoding=encoding)


_TEN_MB = bytes(10_000_000)
HOSTILE: dict[str, tuple[Behaviour, type[FetchError], str]] = {
    "drips its body": (drip_body, TransientError, "timeout"),
    "drips its headers": (drip_headers, TransientError, "timeout"),
    "says nothing": (lambda _: time.sleep(2), TransientError, "timeout"),
    "hangs up": (lambda handler: handler.raw(b""), TransientError, "unreachable"),
    "resets": (reset, TransientError, "unreachable"),
    "speaks no HTTP": (lambda handler: handler.raw(b"SSH-2.0-OpenSSH_9\r\n"), TransientError, "unreachable"),
    "floods with headers": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n"),
        TransientError,
        "unreachable",
    ),
    "has an endless header": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500_000),
        TransientError,
        "unreachable",
    ),
    "is shorter than it says": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
        TransientError,
        "unreachable",
    ),
    "breaks off between chunks": (chunked(b"one", end=b""), TransientError, "unreachable"),
    "breaks its chunks": (chunked(b"one", end=b"zz\r\nnonsense"), TransientError, "unreachable"),
    "never ends": (endless, OversizeError, "oversize"),
    "announces too much": (
        lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"),
        OversizeError,
        "oversize",
    ),
    "is a gzip bomb": (bomb("gzip", gzip.compress(_TEN_MB)), OversizeError, "oversize"),
    "is a deflate bomb": (bomb("deflate", zlib.compress(_TEN_MB)), OversizeError, "oversize"),
    "is a bomb in a bomb": (
        bomb("gzip, gzip", gzip.compress(gzip.compress(_TEN_MB))),
        OversizeError,
        "oversize",
    ),
    "is packed a hundred times": (bomb(", ".join(["gzip"] * 100), b"x"), TransientError, "http_error"),
    "is not the gzip it says": (bomb("gzip", b"<p>plain</p>"), TransientError, "http_error"),
    "is damaged gzip": (
        bomb("gzip", gzip.compress(b"abc" * 900)[:20] + b"\xff" * 30),
        TransientError,
        "http_error",
    ),
    "is overloaded": (lambda handler: handler.say(503), TransientError, "overloaded"),
    "wants fewer requests": (lambda handler: handler.say(429), TransientError, "overloaded"),
    "forbids": (lambda handler: handler.say(403), RefusedError, "blocked"),
    "wants a password": (lambda handler: handler.say(401), RefusedError, "blocked"),
    "is forbidden by law": (lambda handler: handler.say(451), RefusedError, "blocked"),
    "challenges by a header": (
        lambda handler: handler.say(503, b"wait", cf_mitigated="challenge"),
        RefusedError,
        "blocked",
    ),
    "challenges with 202": (
        lambda handler: handler.say(202, b"", x_amzn_waf_action="challenge"),
        RefusedError,
        "blocked",
    ),
    "challenges by a page": (
        lambda handler: handler.say(429, b"<script>window._cf_chl_opt={}</script>"),
        RefusedError,
        "blocked",
    ),
    "redirects to itself": (
        lambda handler: handler.say(302, Location=handler.path),
        RefusedError,
        "redirects",
    ),
    "redirects to a script": (
        lambda handler: handler.say(302, Location="javascript:alert(1)"),
        RefusedError,
        "redirects",
    ),
    "redirects to a file": (
        lambda handler: handler.say(302, Location="file:///etc/hostname"),
        RefusedError,
        "redirects",
    ),
    "redirects to nonsense": (
        lambda handler: handler.say(302, Location="http://[half"),
        RefusedError,
        "redirects",
    ),
    "redirects to a private address": (
        lambda handler: handler.say(302, Location="http://10.0.0.7/admin"),
        RefusedError,
        "forbidden_address",
    ),
    "redirects to a name with a private address": (
        lambda handler: handler.say(301, Location="http://rebound.example/"),
        RefusedError,
        "forbidden_address",
    ),
    "redirects to the cloud's metadata": (
        lambda handler: handler.say(307, Location="http://metadata.example/latest/"),
        RefusedError,
        "forbidden_address",
    ),
    "redirects to IPv6 loopback": (
        lambda handler: handler.say(308, Location="http://[::1]:9/"),
        RefusedError,
        "forbidden_address",
    ),
    "redirects to a wrapped private address": (
        lambda handler: handler.say(302, Location="http://[::ffff:10.0.0.7]/"),
        RefusedError,
        "forbidden_address",
    ),
}


def test_a_time_out_says_what_did_not_come(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/bad"] = lambda _: time.sleep(2)
    expected = pytest.raises(TransientError, match=r"timeout \(TimeoutError: nothing for \d s\)")
    with hurried(transport), expected:
        transport.fetch(site.at("/bad"))


def test_of_a_site_s_cookies_no_more_go_back_than_fit(site: Site, transport: HttpTransport) -> None:
    def set_many(handler: Handler) -> None:
        cookies = b"".join(b"Set-Cookie: c%d=%s\r\n" % (number, b"x" * 3000) for number in range(20))
        handler.raw(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n" + cookies + b"Content-Length: 0\r\n\r\n")

    site.behaviours["/a"] = set_many
    site.behaviours["/b"] = lambda handler: handler.say(200, handler.headers["Cookie"].encode())
    sent = transport.fetch(site.at("/a")).body.decode().split("; ")
    assert len(sent) == 2
    assert all(len(cookie.partition("=")[2]) == 3000 for cookie in sent)


@pytest.mark.parametrize(("behaviour", "error", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_server_that(
    site: Site, transport: HttpTransport, behaviour: Behaviour, error: type[FetchError], reason: str
) -> None:
    site.behaviours["/bad"] = behaviour
    site.behaviours["/good"] = lambda handler: handler.say(200, b"fine")
    with hurried(transport) if reason == "timeout" else nullcontext(), pytest.raises(error) as caught:
        transport.fetch(site.at("/bad"))
    assert (caught.value.reason, caught.value.url) == (reason, site.at("/bad"))
    assert transport.fetch(site.at("/good")).body == b"fine"


@pytest.mark.parametrize(
    ("url", "error", "reason"),
    [
        ("http://10.0.0.7/", RefusedError, "forbidden_address"),
        ("http://metadata.example/", RefusedError, "forbidden_address"),
        ("http://[fe80::1]/", RefusedError, "forbidden_address"),
        ("http://0.0.0.0/", RefusedError, "forbidden_address"),
        ("ftp://news.example/a", RefusedError, "forbidden_address"),
        ("file:///etc/hostname", RefusedError, "forbidden_address"),
        ("http://nowhere.example/", TransientError, "unreachable"),
        ("http://news.example:1/", TransientError, "unreachable"),
    ],
)
def test_what_must_or_can_not_be_reached_is_told(
    transport: HttpTransport, url: str, error: type[FetchError], reason: str
) -> None:
    with pytest.raises(error) as caught:
        transport.fetch(url)
    assert (caught.value.reason, caught.value.url) == (reason, url)


def test_of_several_addresses_only_vetted_ones_are_connected_to(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/a"] = lambda handler: handler.say(200, b"public")
    assert transport.fetch(site.at("/a", "mixed.example")).body == b"public"


def test_loopback_is_refused_unless_allowed(site: Site) -> None:
    with (
        HttpTransport(AGENT, resolver=resolver) as careful,
        pytest.raises(RefusedError, match=r"127\.0\.0\.1: not public; .* WIREWATCH_ALLOW_NETWORKS"),
    ):
        careful.fetch(site.at("/a"))
    assert site.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("64:ff9b::a00:7", False),
        ("64:ff9b::5db8:d70e", True),
        ("2002:a00:7::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_public_addresses_are_reached(address: str, public: bool) -> None:
    assert Gate(connect_seconds=1, read_seconds=1).may_reach(address) is public


def test_the_second_look_up_of_a_rebinding_name_is_never_made(site: Site) -> None:
    answers = [["127.0.0.1"], ["10.0.0.7"]]
    site.behaviours["/a"] = lambda handler: handler.say(200, b"vetted")
    with HttpTransport(
        AGENT, allow=["127.0.0.0/8"], resolver=lambda *_: answers.pop(0), clock=Clock()
    ) as transport:
        assert transport.fetch(site.at("/a")).body == b"vetted"
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("999999999", 86_400.0),
        (format_datetime(Clock().now() + timedelta(minutes=5), usegmt=True), 300.0),
        (format_datetime(Clock().now() - timedelta(minutes=5), usegmt=True), 0.0),
        (format_datetime(Clock().now() + timedelta(days=400), usegmt=True), 86_400.0),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_in_all_its_forms(
    site: Site, transport: HttpTransport, value: str, seconds: float | None
) -> None:
    site.behaviours["/a"] = lambda handler: handler.say(429, Retry_After=value)
    with pytest.raises(TransientError) as caught:
        transport.fetch(site.at("/a"))
    assert caught.value.retry_after == seconds


# ---- Certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "days", "trusted", "outcome"),
    [
        ("secure.example", 1, True, "fine"),
        ("secure.example", 1, False, "certificate"),
        ("other.example", 1, True, "certificate"),
        ("secure.example", -1, True, "certificate"),
    ],
    ids=["good", "unknown authority", "another host's", "expired"],
)
def test_certificates_are_verified(tmp_path: Path, host: str, days: int, trusted: bool, outcome: str) -> None:
    file = certificate(tmp_path, "secure", "secure.example", days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    site = Site(context)
    site.behaviours["/a"] = lambda handler: handler.say(200, b"fine")
    with HttpTransport(
        AGENT,
        allow=["127.0.0.0/8"],
        resolver=resolver,
        ca_file=str(file) if trusted else None,
    ) as transport:
        if outcome == "fine":
            assert transport.fetch(site.at("/a", host, "https")).body == b"fine"
        else:
            with pytest.raises(TransientError, match="certificate") as caught:
                transport.fetch(site.at("/a", host, "https"))
            assert caught.value.reason == "unreachable"
    site.server.shutdown()


def test_a_certificate_that_nobody_can_check_is_believed_where_the_outlet_says_so(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "stranger", "secure.example"))
    site = Site(context)
    site.behaviours["/a"] = lambda handler: handler.say(200, b"fine")
    excused = Access(verified=False)
    with HttpTransport(
        AGENT,
        allow=["127.0.0.0/8"],
        resolver=resolver,
        access=lambda url: excused if "secure" in url else Access(),
    ) as transport:
        assert transport.fetch(site.at("/a", "secure.example", "https")).body == b"fine"
        with pytest.raises(TransientError, match="certificate"):
            transport.fetch(site.at("/a", "other.example", "https"))
    site.server.shutdown()


# ---- Connections ---------------------------------------------------------------------------------


def test_a_connection_serves_one_page_after_the_other(site: Site, transport: HttpTransport) -> None:
    ports: list[int] = []

    def remember(handler: Handler) -> None:
        ports.append(handler.client_address[1])
        handler.say(304 if "If-None-Match" in handler.headers else 200)

    site.behaviours["/a"] = remember
    url = site.at("/a", "kept.example")
    transport.fetch(url)
    transport.fetch(url, validators=Validators(etag='"1"'))
    transport.fetch(url)
    assert len(set(ports)) == 1


def test_a_kept_connection_that_the_server_has_closed_costs_no_page(
    site: Site, transport: HttpTransport
) -> None:
    answered: list[str] = []

    def once(handler: Handler) -> None:
        if answered and answered[-1] == "kept":  # asked again on the same connection: hang up without a word
            answered.append("closed")
            handler.close_connection = True
            return
        answered.append("kept")
        handler.say(200, b"fine")

    site.behaviours["/a"] = once
    url = site.at("/a", "closing.example")
    assert [transport.fetch(url).body for _ in range(2)] == [b"fine", b"fine"]
    assert answered == ["kept", "closed", "kept"]


@pytest.mark.parametrize("hang_ups", [1, 2])
def test_who_hangs_up_without_a_byte_is_asked_once_more(
    site: Site, transport: HttpTransport, hang_ups: int
) -> None:
    left = [None] * hang_ups

    def hang_up(handler: Handler) -> None:
        if left:
            left.pop()
            handler.raw(b"")
        else:
            handler.say(200, b"fine")

    site.behaviours["/a"] = hang_up
    if hang_ups == 1:
        assert transport.fetch(site.at("/a")).body == b"fine"
    else:
        with pytest.raises(TransientError, match="closed before it answered"):
            transport.fetch(site.at("/a"))
    assert len(site.requests) == 2


def test_who_breaks_off_in_an_answer_is_not_asked_again(site: Site, transport: HttpTransport) -> None:
    site.behaviours["/a"] = lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\nX: ")
    with pytest.raises(TransientError, match="breaks off in a header line"):
        transport.fetch(site.at("/a"))
    assert len(site.requests) == 1


def test_a_connection_closed_while_the_host_s_time_was_waited_for_is_opened_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        @contextmanager
        def departing(_: str) -> Iterator[None]:
            first, _peer = listening.accept()
            first.close()  # it has waited for its request long enough
            threading.Thread(target=answer).start()
            yield

        def answer() -> None:
            second, _peer = listening.accept()
            with second:
                second.recv(9_999)
                second.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")

        with HttpTransport(AGENT, allow=["127.0.0.0/8"], departing=departing) as transport:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            assert transport.fetch(url).body == b"fine"


def test_what_tls_holds_behind_a_page_is_no_answer_to_the_next(tmp_path: Path) -> None:
    file = certificate(tmp_path, "secure", "secure.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    site = Site(context)
    surplus = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"

    def say_more(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        handler.wfile.write(b"page" + surplus)  # in one record

    site.behaviours["/a"] = say_more
    site.behaviours["/b"] = lambda handler: handler.say(200, b"fine")
    with HttpTransport(AGENT, allow=["127.0.0.0/8"], resolver=resolver, ca_file=str(file)) as transport:
        assert transport.fetch(site.at("/a", "secure.example", "https")).body == b"page"
        assert transport.fetch(site.at("/b", "secure.example", "https")).body == b"fine"
    site.server.shutdown()


def test_tickets_of_tls_are_no_reason_to_open_another_connection(tmp_path: Path) -> None:
    file = certificate(tmp_path, "secure", "secure.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    site = Site(context)
    ports: list[int] = []

    def remember(handler: Handler) -> None:
        ports.append(handler.client_address[1])
        handler.say(200, b"fine")

    @contextmanager
    def departing(_: str) -> Iterator[None]:
        time.sleep(0.2)  # they have come by then
        yield

    opened: list[str] = []

    def resolved(host: str, port: int) -> list[str]:
        opened.append(host)
        return resolver(host, port)

    site.behaviours["/a"] = remember
    with HttpTransport(
        AGENT, allow=["127.0.0.0/8"], resolver=resolved, ca_file=str(file), departing=departing
    ) as transport:
        for _ in range(2):
            transport.fetch(site.at("/a", "secure.example", "https"))
    assert opened == ["secure.example"]
    assert len(set(ports)) == 1
    site.server.shutdown()


def test_time_to_send_is_the_fetch_s_own(site: Site) -> None:
    """Waiting for the host is not; a server that reads nothing would hold the host's time for ever."""
    site.behaviours["/a"] = lambda handler: handler.say(200, b"fine")
    left: list[float] = []

    @contextmanager
    def departing(_: str) -> Iterator[None]:
        time.sleep(0.3)
        yield
        left.append(transport._gate.allowance.left())

    with HttpTransport(
        AGENT, allow=["127.0.0.0/8"], resolver=resolver, total_seconds=60, departing=departing
    ) as transport:
        transport.fetch(site.at("/a"))
    assert left[0] < 60  # counted, where it would be without end while it is paused


def test_a_proxy_is_told_where_to_and_who_asks(site: Site) -> None:
    site.behaviours["http://far.example/a"] = lambda handler: handler.say(200, b"fetched")
    access = Access(proxy=f"http://us3r:p%40ss@127.0.0.1:{site.port}")
    with HttpTransport(AGENT, resolver=resolver, access=lambda _: access) as transport:
        assert transport.fetch("http://far.example/a").body == b"fetched"
        with pytest.raises(TransientError, match="answers 501 to CONNECT"):
            transport.fetch("https://far.example/a")
    ((path, headers),) = site.requests
    assert (path, headers["Host"]) == ("http://far.example/a", "far.example")
    assert headers["Proxy-Authorization"] == "Basic dXMzcjpwQHNz"


def test_tls_goes_through_a_proxy_unread(tmp_path: Path) -> None:
    file = certificate(tmp_path, "secure", "secure.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    site = Site(context)
    site.behaviours["/a"] = lambda handler: handler.say(200, b"fine")
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def tunnel() -> None:
            near, _ = proxy.accept()
            asked.append(near.recv(4096).partition(b"\r\n")[0])
            far = socket.create_connection(("127.0.0.1", site.port))
            near.sendall(b"HTTP/1.1 200 Go ahead\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)

        threading.Thread(target=tunnel, daemon=True).start()
        access = Access(proxy=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with HttpTransport(AGENT, resolver=resolver, access=lambda _: access, ca_file=str(file)) as transport:
            assert transport.fetch(f"https://secure.example:{site.port}/a").body == b"fine"
    assert asked == [f"CONNECT secure.example:{site.port} HTTP/1.1".encode()]
    site.server.shutdown()


def _pass_on(here: socket.socket, there: socket.socket) -> None:
    try:
        while data := here.recv(65_536):
            there.sendall(data)
    except OSError:
        pass


def test_a_handshake_that_never_comes_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://news.example:{silent.getsockname()[1]}/"
        with (
            HttpTransport(
                AGENT, allow=["127.0.0.0/8"], resolver=resolver, read_seconds=0.3, total_seconds=1
            ) as transport,
            pytest.raises(TransientError) as caught,
        ):
            transport.fetch(url)
        assert caught.value.reason == "timeout"


def test_who_sends_without_a_pause_leaves_the_others_their_turn() -> None:
    order: list[str] = []
    allowance = Allowance()

    def read() -> None:
        executor.submit(order.append, "another call")
        allowance.start("http://p.example/", seconds=60, body_bytes=1_000_000)
        for _ in range(10):  # as after as many reads that had not to wait
            allowance.take(65_536)
        order.append("read")

    with Greenlets(2, "reading") as executor:
        executor.submit(read).result(60)
    assert order == ["another call", "read"]


def test_threads_share_a_transport(site: Site, transport: HttpTransport) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.3)
        handler.say(200, handler.path.encode())

    site.behaviours["/slow"] = slow
    bodies: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda n=n: bodies.update({n: transport.fetch(site.at(f"/slow?{n}")).body}))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == {n: b"/slow?%d" % n for n in range(6)}
