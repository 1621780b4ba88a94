"""Feeds that multiply, read files, break off, lie about their encoding or change their minds."""

from __future__ import annotations

import json

from hostile_web.case import ARTICLE, Case, Kind, Outcome, article, bad_feed, rss, saying
from hostile_web.server import Behaviour, Handler
from pipeline.records import FeedKind, FeedStatus, Reason

_XML = "application/rss+xml"
_LOST = (("/feed.xml", Reason.FEED_MALFORMED),)


def _case(
    name: str, server: str, body: bytes | Behaviour, status: FeedStatus, *kept: str, content_type: str = _XML
) -> Case:
    behaviour = saying(body, content_type) if isinstance(body, bytes) else body
    return bad_feed(
        name, Kind.FEEDS, server, behaviour, status, kept=kept, lost=_LOST if status.is_loss else ()
    )


def _items(*items: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
        + "".join(f"<item>{item}</item>" for item in items)
        + "</channel></rss>"
    ).encode()


_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(9))
    + b']><rss version="2.0"><channel><item><title>&j;</title><link>/one</link></item></channel></rss>'
)
_SECRET = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY s SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><item><title>&s;</title><link>/one</link></item></channel></rss>'
)
_REMOTE = (
    b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://10.0.0.7/evil.dtd">'
    b'<rss version="2.0"><channel><item><title>t</title><link>/one</link></item></channel></rss>'
)
_QUADRATIC = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "' + b"a" * 50_000 + b'">]>'
    b'<rss version="2.0"><channel><item><title>'
    + b"&a;" * 5_000
    + b"</title><link>/one</link></item></channel></rss>"
)


def _changing_ids(handler: Handler) -> None:
    asked = len(handler.web.asked)
    handler.page(
        _items(*(f"<guid>id-{asked}-{n}</guid><link>/one?utm_source=r{asked}</link>" for n in range(3))), _XML
    )


def _said(path: str, date: str) -> str:
    return f"<title>t</title><link>{path}</link><pubDate>{date}</pubDate>"


CASES = (
    _case("billion laughs", "declares entities that multiply", _LAUGHS, FeedStatus.MALFORMED),
    _case(
        "blow-up by repetition",
        "repeats one long entity 5,000 times",
        _QUADRATIC,
        FeedStatus.MALFORMED,
        "/one",
    ),
    _case("entity from a file", "declares an entity that reads a file", _SECRET, FeedStatus.MALFORMED),
    _case(
        "document type from elsewhere",
        "takes its document type from 10.0.0.7",
        _REMOTE,
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "attribute twice",
        "gives an element one attribute twice",
        _items("<title a='1' a='2'>t</title><link>/one</link>", "<link>/two</link>"),
        FeedStatus.MALFORMED,
        "/one",
        "/two",
    ),
    _case(
        "breaks off",
        "closes its feed in the middle of an item",
        rss("/one", "/two")[:-40],
        FeedStatus.MALFORMED,
        "/one",
    ),
    _case(
        "wrong encoding",
        "declares UTF-8 over windows-1251",
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>Гавань</title><link>/one</link></item></channel></rss>'.encode(
            "windows-1251"
        ),
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "UTF-16 called UTF-8",
        "declares UTF-8 over UTF-16",
        rss("/one").replace(b'"1.0"', b'"1.0" encoding="utf-8"').decode().encode("utf-16"),
        FeedStatus.NOT_A_FEED,
    ),
    _case(
        "no such encoding",
        "declares an encoding that nobody knows",
        rss("/one").replace(b'"1.0"', b'"1.0" encoding="klingon"'),
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "control characters",
        "puts forbidden control characters into titles",
        _items("<title>\x01\x08 t</title><link>/one</link>"),
        FeedStatus.MALFORMED,
        "/one",
    ),
    _case("empty", "answers 200 with nothing", b"", FeedStatus.MALFORMED),
    _case("page for a feed", "answers with a web page", ARTICLE, FeedStatus.NOT_A_FEED),
    _case(
        "bytes for a feed",
        "answers with a picture",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        FeedStatus.NOT_A_FEED,
    ),
    _case(
        "deep XML",
        "nests 50,000 elements",
        b"<?xml version='1.0'?><rss version='2.0'><channel>"
        + b"<a>" * 50_000
        + b"</a>" * 50_000
        + b"<item><link>/one</link></item></channel></rss>",
        FeedStatus.MALFORMED,
    ),
    _case(
        "deep JSON",
        "nests 200,000 lists",
        b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 200_000,
        FeedStatus.MALFORMED,
        content_type="application/feed+json",
    ),
    _case(
        "odd JSON",
        "gives numbers, lists and nothing where texts belong",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [
                    7,
                    None,
                    {"url": 5},
                    {"url": "/one", "title": [], "date_published": {}, "authors": 3},
                ],
            }
        ).encode(),
        FeedStatus.OK,
        "/one",
        content_type="application/feed+json",
    ),
    _case(
        "number of a million digits",
        "gives a number of a million digits",
        b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":'
        + b"9" * 900_000
        + b',"url":"/one"}]}',
        FeedStatus.MALFORMED,
        content_type="application/feed+json",
    ),
    _case("no dates", "dates nothing", rss("/one", "/two"), FeedStatus.OK, "/one", "/two"),
    _case(
        "equal dates",
        "dates every item alike",
        _items(
            _said("/one", "Sun, 27 Mar 2016 05:00:00 GMT"), _said("/two", "Sun, 27 Mar 2016 05:00:00 GMT")
        ),
        FeedStatus.OK,
        "/one",
        "/two",
    ),
    _case(
        "absurd dates",
        "dates items 25:61, in the year 99999 and on a 31 February",
        _items(
            _said("/one", "27 Mar 2016 25:61:00 GMT"),
            _said("/two", "1 Jan 99999 00:00:00 GMT"),
            _said("/three", "31 Feb 2016 00:00:00 +9999"),
        ),
        FeedStatus.OK,
        "/one",
        "/two",
        "/three",
    ),
    _case(
        "links that are none",
        "links to scripts, mail, data and half an address",
        _items(
            "<link>javascript:alert(1)</link>",
            "<link>mailto:desk@hostile.example</link>",
            "<link>data:text/html,hi</link>",
            "<link>http://[half</link>",
            "<link>http://hostile.example:99999/x</link>",
            "<link>/one</link>",
        ),
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "two thousand times the same",
        "lists one page 2,000 times",
        rss(*["/one"] * 2_000),
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "title of half a megabyte",
        "gives a title of 500,000 open brackets",
        _items("<title>" + "&lt;b&gt;" * 55_000 + "</title><link>/one</link>"),
        FeedStatus.OK,
        "/one",
    ),
    Case(
        name="ids that change",
        kind=Kind.FEEDS,
        server="gives the same pages other ids and parameters in every run",
        paths={"/feed.xml": _changing_ids, "/one": article},
        outcomes=(Outcome(kept=("/one",)), Outcome()),
    ),
    Case(
        name="dates to come",
        kind=Kind.FEEDS,
        server="dates its items next year, in every run",
        paths={
            "/feed.xml": saying(_items(_said("/one", "Mon, 27 Mar 2017 05:00:00 GMT")), _XML),
            "/one": article,
        },
        outcomes=(Outcome(kept=("/one",)), Outcome()),
    ),
    Case(
        name="deep listing",
        kind=Kind.FEEDS,
        server="nests the links of its listing page 20,000 elements deep",
        paths={
            "/feed.xml": saying(b"<html><body>" + b"<div>" * 20_000 + b"<a href=/one>One</a>"),
            "/one": article,
        },
        outcomes=(Outcome(kept=("/one",)),),
        feed_kind=FeedKind.LISTING,
        selector="a",
    ),
    Case(
        name="listing without its links",
        kind=Kind.FEEDS,
        server="has redesigned its listing page",
        paths={"/feed.xml": saying(ARTICLE), "/one": article},
        outcomes=(Outcome(status=FeedStatus.MALFORMED, lost=_LOST),),
        feed_kind=FeedKind.LISTING,
        selector="ul.news a",
    ),
)
