"""Sitemaps that circle, unpack without end, or are something else."""

from __future__ import annotations

import gzip

from hostile_web.case import ARTICLE, Case, Kind, bad_feed, saying
from hostile_web.packing import BOMB
from hostile_web.server import Behaviour
from pipeline.records import FeedKind, FeedStatus, Reason

_PATH = "/news.xml"
_LOST = ((_PATH, Reason.FEED_MALFORMED),)
_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(*inner: str, head: str = "") -> bytes:
    urls = "".join(f"<url>{text}</url>" for text in inner)
    return f'<?xml version="1.0"?>{head}<urlset xmlns="{_NS}">{urls}</urlset>'.encode()


def _case(
    name: str,
    server: str,
    body: bytes | Behaviour,
    status: FeedStatus,
    *kept: str,
    lost: tuple[tuple[str, Reason], ...] = (),
) -> Case:
    return bad_feed(
        name,
        Kind.SITEMAPS,
        server,
        saying(body, "application/xml") if isinstance(body, bytes) else body,
        status,
        kept=kept,
        lost=_LOST if status.is_loss else lost,
        path=_PATH,
        feed_kind=FeedKind.SITEMAP,
    )


_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(9))
    + "]>"
)
_SECRET = '<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]>'

CASES = (
    _case(
        "sitemap that laughs",
        "declares entities that multiply in a sitemap",
        urlset("<loc>/one</loc><title>&j;</title>", head=_LAUGHS),
        FeedStatus.MALFORMED,
    ),
    _case(
        "sitemap from a file",
        "declares an entity that reads a file into an address",
        urlset("<loc>/one</loc>", "<loc>/&s;</loc>", head=_SECRET),
        FeedStatus.OK,
        "/one",
        lost=(("/", Reason.HTTP_ERROR),),
    ),
    _case(
        "bomb as a sitemap file",
        "serves a gzip bomb as a file, not as packing",
        saying(BOMB, "application/gzip"),
        FeedStatus.NOT_A_FEED,
    ),
    _case(
        "sitemap cut in its gzip",
        "serves the first half of a packed sitemap",
        gzip.compress(urlset("<loc>/one</loc>"))[:60],
        FeedStatus.MALFORMED,
    ),
    _case(
        "sitemap that breaks off",
        "closes its sitemap in the middle of an address",
        urlset("<loc>/one</loc>", "<loc>/two</loc>")[:-30],
        FeedStatus.MALFORMED,
        "/one",
    ),
    _case(
        "page for a sitemap", "answers with a web page in a sitemap's place", ARTICLE, FeedStatus.NOT_A_FEED
    ),
    _case(
        "sitemap without addresses",
        "lists entries without an address",
        urlset("<lastmod>2016-03-27</lastmod>", "<loc></loc>", "<loc>/one</loc>"),
        FeedStatus.OK,
        "/one",
    ),
    _case(
        "sitemap of absurd dates",
        "dates its pages in the year 0000 and in month 77",
        urlset(
            "<loc>/one</loc><lastmod>0000-00-00</lastmod>",
            "<loc>/two</loc><lastmod>2016-77-01T99:99:99Z</lastmod>",
        ),
        FeedStatus.OK,
        "/one",
        "/two",
    ),
    _case("sitemap of nothing", "lists nothing", urlset(), FeedStatus.EMPTY),
)
