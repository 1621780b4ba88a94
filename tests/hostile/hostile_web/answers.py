"""Statuses that lie, walls, validators that break the next request, and demands for patience."""

from __future__ import annotations

from hostile_web.case import ARTICLE, Case, Kind, Outcome, article, bad_feed, bad_page, rss, status
from hostile_web.server import HOSTILE, Behaviour, Handler
from pipeline.records import FeedStatus, Reason


def _case(name: str, server: str, behaviour: Behaviour, reason: Reason | None) -> Case:
    return bad_page(name, Kind.ANSWERS, server, behaviour, reason)


def _twice(name: str, server: str, feed: Behaviour, second: Outcome) -> Case:
    """A feed read in two runs, since its validators are sent back in the second."""
    return Case(
        name=name,
        kind=Kind.ANSWERS,
        server=server,
        paths={"/feed.xml": feed, "/one": article, "/two": article},
        outcomes=(Outcome(kept=("/one",)), second),
    )


def _tagged(etag: str) -> Behaviour:
    """A feed with this validator, longer by one page when it is asked again."""

    def feed(handler: Handler) -> None:
        again = handler.web.asked.count(f"{HOSTILE}/feed.xml") > 1
        handler.say(200, rss("/one", "/two") if again else rss("/one"), ETag=etag)

    return feed


def _folded(handler: Handler) -> None:
    body = rss("/one")
    handler.end(
        b'HTTP/1.1 200 OK\r\nETag: "a\r\n b"\r\nLast-Modified: \x01\x02\r\nContent-Length: %d\r\n\r\n'
        % len(body)
        + body
    )


CASES = (
    _case("no content", "says 204", status(204), Reason.HTTP_ERROR),
    _case("a part", "says 206 with a part of the page", status(206, ARTICLE[:80]), Reason.HTTP_ERROR),
    _case("gone", "says 410", status(410), Reason.HTTP_ERROR),
    _case("broken inside", "says 500", status(500, b"oops"), Reason.HTTP_ERROR),
    _case("status of its own", "says 999", status(999, b"no"), Reason.HTTP_ERROR),
    _case("unchanged unasked", "says 304 for a page never asked for before", status(304), Reason.HTTP_ERROR),
    _case("forbidden", "says 403", status(403, b"no"), Reason.BLOCKED),
    _case("by law", "says 451", status(451), Reason.BLOCKED),
    _case(
        "challenge",
        "says 202 with a bot wall's header",
        status(202, x_amzn_waf_action="challenge"),
        Reason.BLOCKED,
    ),
    _case(
        "challenge as a page",
        "says 403 with a bot wall's page",
        status(403, b"<script>window._cf_chl_opt={}</script>"),
        Reason.BLOCKED,
    ),
    _case(
        "wait a year",
        "says 503 and asks for a year of patience",
        status(503, Retry_After="31536000"),
        Reason.OVERLOADED,
    ),
    _case(
        "wait for nonsense",
        'says 429 and asks to wait until "soon"',
        status(429, Retry_After="soon"),
        Reason.OVERLOADED,
    ),
    _case(
        "wait for ever",
        "says 503 and asks to wait 10³⁰⁰ seconds",
        status(503, Retry_After="1" + "0" * 300),
        Reason.OVERLOADED,
    ),
    bad_feed(
        "feed unchanged unasked",
        Kind.ANSWERS,
        "says 304 for a feed never asked for before",
        status(304),
        FeedStatus.HTTP_ERROR,
        lost=(("/feed.xml", Reason.HTTP_ERROR),),
    ),
    bad_feed(
        "feed gone",
        Kind.ANSWERS,
        "says 404 for its feed",
        status(404),
        FeedStatus.HTTP_ERROR,
        lost=(("/feed.xml", Reason.HTTP_ERROR),),
    ),
    bad_feed(
        "feed behind a wall",
        Kind.ANSWERS,
        "says 403 for its feed",
        status(403),
        FeedStatus.REFUSED,
        lost=(("/feed.xml", Reason.BLOCKED),),
    ),
    _twice(
        "validator of 60,000 letters",
        "gives an ETag of 60,000 letters",
        _tagged('"' + "e" * 60_000 + '"'),
        Outcome(kept=("/two",)),
    ),
    _twice(
        "validator in two lines",
        "gives an ETag folded over two lines and control characters as a date",
        _folded,
        Outcome(),
    ),
)
