"""Robots rules by RFC 9309, as hosts really serve them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.adapters.robots import RobotsRules
from pipeline.errors import FetchError, NotArchivedError, RefusedError, TransientError
from pipeline.records import Reason, Response, Validators

URL = "https://p.example/private/a"
NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)


class Host:
    """Answers every request alike, and counts them; its clock stands until moved."""

    def __init__(self, answer: bytes | int | FetchError) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def fetch(self, url: str, *, validators: Validators | None = None) -> Response:
        assert validators is None
        self.asked.append(url)
        if isinstance(self.answer, FetchError):
            raise self.answer
        status, body = (200, self.answer) if isinstance(self.answer, bytes) else (self.answer, b"")
        return Response(url=url, final_url=url, status=status, headers=(), body=body, fetched_at=self.at)


def rules_of(host: Host) -> RobotsRules:
    return RobotsRules(host, "Wirewatch/0.1 (+https://monitor.example)", host)


CASES: dict[str, tuple[bytes | int | FetchError, bool]] = {
    "a rule for all": (b"User-agent: *\nDisallow: /private/", False),
    "a rule for others": (b"User-agent: OtherBot\nDisallow: /", True),
    "a rule for us wins over one for all": (
        b"User-agent: *\nDisallow: /\n\nUser-agent: wirewatch\nAllow: /",
        True,
    ),
    "a rule against us": (b"User-agent: Wirewatch\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    "the longer rule wins": (b"User-agent: *\nDisallow: /\nAllow: /private/a", True),
    "wildcards": (b"User-agent: *\nDisallow: /*/a$", False),
    "a byte-order mark": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
    "old line ends": (b"User-agent: *\rDisallow: /", False),
    "Latin-1 comments": (b"# caf\xe9\nUser-agent: *\nDisallow: /", False),
    "nothing": (b"", True),
    "a web page": (b"<!DOCTYPE html><html>Disallow: /</html>", True),
    "not found": (404, True),
    "gone": (410, True),
    "a server error": (500, False),
    "a block": (RefusedError("u", Reason.BLOCKED), True),
    "too many redirects": (RefusedError("u", Reason.REDIRECTS), True),
    "overload": (TransientError("u", Reason.OVERLOADED), False),
    "no connection": (TransientError("u", Reason.UNREACHABLE), False),
    "not archived": (NotArchivedError("u", elsewhere=False), True),
}


@pytest.mark.parametrize(("answer", "allowed"), CASES.values(), ids=CASES.keys())
def test_what_a_host_answers_decides(answer: bytes | int | FetchError, allowed: bool) -> None:
    host = Host(answer)
    assert rules_of(host).rules(URL).allows(URL) is allowed
    assert host.asked == ["https://p.example/robots.txt"]


def test_rules_beyond_the_first_half_megabyte_are_not_read() -> None:
    filler = b"# " + b"x" * 600_000 + b"\n"
    host = Host(b"User-agent: *\nDisallow: /private/\n" + filler + b"Allow: /private/a")
    assert not rules_of(host).rules(URL).allows(URL)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        (b"Crawl-delay: 7", 7.0),
        (b"Crawl-delay: 0.5", 0.5),
        (b"Crawl-delay: 86400", 60.0),
        (b"Crawl-delay: soon", None),
    ],
)
def test_a_crawl_delay_is_kept_within_reason(line: bytes, seconds: float | None) -> None:
    assert rules_of(Host(b"User-agent: *\n" + line)).rules(URL).delay_seconds == seconds


def test_rules_are_kept_for_a_day_and_no_longer() -> None:
    host = Host(b"User-agent: *\nDisallow: /")
    robots = rules_of(host)
    first = robots.rules(URL)
    host.at += timedelta(hours=23)
    assert robots.rules("https://p.example/other") is first
    host.at += timedelta(hours=2)
    host.answer = b""
    assert robots.rules(URL).allows(URL)
    assert len(host.asked) == 2


def test_an_unreachable_host_is_asked_again_sooner() -> None:
    host = Host(503)
    robots = rules_of(host)
    assert not robots.rules(URL).allows(URL)
    host.answer = b""
    host.at += timedelta(hours=1)
    assert robots.rules(URL).allows(URL)


def test_every_host_scheme_and_port_has_its_own() -> None:
    host = Host(b"")
    robots = rules_of(host)
    for url in (
        "https://p.example/a",
        "http://p.example/a",
        "https://p.example:8443/a",
        "https://q.example/",
    ):
        robots.rules(url)
    assert host.asked[1:] == [
        "http://p.example/robots.txt",
        "https://p.example:8443/robots.txt",
        "https://q.example/robots.txt",
    ]


def test_the_response_is_there_to_be_archived() -> None:
    assert rules_of(Host(b"x")).rules(URL).response is not None
    assert rules_of(Host(404)).rules(URL).detail == "status 404"
