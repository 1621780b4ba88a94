"""Robots rules that cannot be had, cannot be read, or cost more to match than they forbid."""

from __future__ import annotations

import time

from hostile_web.case import ARTICLE, Case, Kind, Outcome, article, listing, raw, saying, status
from hostile_web.packing import BOMB
from hostile_web.server import Behaviour, Handler
from pipeline.records import FeedStatus, Reason

_TEXT = "text/plain"
_ALL = Outcome(kept=("/one", "/bad"))
_NO_BAD = Outcome(kept=("/one",), lost=(("/bad", Reason.ROBOTS),))
_NOTHING = Outcome(status=FeedStatus.UNREACHABLE, lost=(("/feed.xml", Reason.UNREACHABLE),))
_RULES = b"User-agent: *\nDisallow: /bad\n"


def _case(name: str, server: str, rules: Behaviour, outcome: Outcome, endless: tuple[str, ...] = ()) -> Case:
    return Case(
        name=name,
        kind=Kind.ROBOTS,
        server=server,
        paths={"/robots.txt": rules, "/feed.xml": listing("/one", "/bad"), "/one": article, "/bad": article},
        outcomes=(outcome,),
        endless=endless,
    )


def _drip(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    for _ in range(40):
        time.sleep(0.1)
        handler.send(b"#")


CASES = (
    _case(
        "rules behind a mark",
        "starts its rules with a byte order mark",
        saying(b"\xef\xbb\xbf" + _RULES, _TEXT),
        _NO_BAD,
    ),
    _case(
        "rules in UTF-16",
        "writes its rules in UTF-16",
        saying(_RULES.decode().encode("utf-16"), _TEXT),
        _NO_BAD,
    ),
    _case(
        "rules between zeros", "puts zero bytes before its rules", saying(b"\0\0\n" + _RULES, _TEXT), _NO_BAD
    ),
    _case("page for rules", "serves a web page in their place", saying(ARTICLE), _ALL),
    _case("rules broken inside", "says 500 for its rules", status(500), _NOTHING),
    _case(
        "rules overloaded",
        "says 503 with a bot wall's page for its rules",
        status(503, b"<script>window._cf_chl_opt={}</script>"),
        _NOTHING,
    ),
    _case("rules that drip", "sends a byte of its rules every 0.1 s", _drip, _NOTHING, ("/robots.txt",)),
    _case(
        "bomb for rules",
        "serves a gzip bomb as its rules",
        saying(BOMB, _TEXT, Content_Encoding="gzip"),
        _NOTHING,
    ),
    _case("rules reset", "closes when asked for its rules", raw(b""), _NOTHING),
    _case("rules refused", "says 403 for its rules", status(403), _ALL),
    _case(
        "rules going in circles",
        "redirects its rules to themselves",
        status(302, Location="/robots.txt"),
        _ALL,
    ),
    _case(
        "costly pattern",
        "forbids a pattern of 60 wildcards",
        saying(b"User-agent: *\nDisallow: /" + b"*a" * 60 + b"*b$\nDisallow: /bad\n", _TEXT),
        _NO_BAD,
    ),
    _case(
        "half a megabyte of rules",
        "hides its rule behind 400,000 bytes of others",
        saying(b"User-agent: *\n" + b"Disallow: /x*y$\n" * 25_000 + b"Disallow: /bad\n", _TEXT),
        _NO_BAD,
    ),
    _case(
        "delay of a thousand years",
        "asks for 31,536,000,000 seconds between requests",
        saying(b"User-agent: *\nCrawl-delay: 31536000000\nDisallow: /bad\n", _TEXT),
        _NO_BAD,
    ),
    _case(
        "delay that is no number",
        'asks for a delay of "nan"',
        saying(b"User-agent: *\nCrawl-delay: nan\nDisallow: /bad\n", _TEXT),
        _NO_BAD,
    ),
    _case(
        "delay below zero",
        "asks for a delay of -9",
        saying(b"User-agent: *\nCrawl-delay: -9\nDisallow: /bad\n", _TEXT),
        _NO_BAD,
    ),
)
