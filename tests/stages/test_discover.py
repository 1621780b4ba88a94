"""Discovering a site over a web that is one dictionary; robots rules and pacing are the real ones."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from pipeline.adapters.pacing import Pace
from pipeline.adapters.robots import RobotsRules
from pipeline.errors import RefusedError
from pipeline.protocols import Permit
from pipeline.records import FeedKind, Response, Validators
from pipeline.stages.discover import Discovery, discover, outlets_of_opml

SITE = "https://www.courier.example"
RSS = b"<rss version='2.0'><channel><item><title>One</title><link>/1</link></item></channel></rss>"
NEWS = (
    b'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://www.courier.example/2</loc>'
    b"<news:news><news:publication_date>2016-03-27</news:publication_date></news:news></url></urlset>"
)
PAGES: dict[str, bytes] = {
    f"{SITE}/": b'<html lang="en"><title>The Courier</title><link rel="alternate" type="application/rss+xml" href="/rss">'
    b'<link rel="alternate" type="application/rss+xml" href="/private/rss"></html>',
    f"{SITE}/robots.txt": b"User-agent: *\nDisallow: /private/\nDisallow: /feed/\nSitemap: /news.xml\n",
    f"{SITE}/rss": RSS,
    f"{SITE}/feed.xml": RSS,
    f"{SITE}/private/rss": RSS,
    f"{SITE}/news.xml": NEWS,
}


class Web:
    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.pace: Pace | None = None

    def fetch(
        self, url: str, *, validators: Validators | None = None, permit: Permit | None = None
    ) -> Response:
        assert validators is None
        assert permit is not None or url.endswith("robots.txt")
        with nullcontext() if self.pace is None else self.pace.departing(url):
            self.asked.append(url)
        body = self.pages.get(url)
        return Response(
            url=url,
            final_url=url,
            status=404 if body is None else 200,
            headers=(),
            body=body or b"",
            fetched_at=self.now(),
        )

    def now(self) -> datetime:
        return datetime(2016, 3, 27, tzinfo=UTC)


class Slept:
    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def found(web: Web) -> tuple[Discovery, float]:
    slept = Slept()
    pace = web.pace = Pace(clock=slept.clock, sleep=slept.sleep)
    robots = RobotsRules(web, "Wirewatch/1", web)
    return discover(f"{SITE}/", transport=web, robots=robots, pace=pace), slept.seconds


def test_feeds_and_sitemaps_become_a_proposal() -> None:
    discovery, _ = found(Web(PAGES))
    outlet = discovery.outlet
    assert (outlet.outlet_id, outlet.name, outlet.language) == ("courier", "The Courier", "en")
    assert outlet.watched_from is None
    assert [(feed.feed_id, feed.url, feed.kind) for feed in outlet.feeds] == [
        ("courier/rss", f"{SITE}/rss", FeedKind.SYNDICATION),
        ("courier/news", f"{SITE}/news.xml", FeedKind.SITEMAP),
    ]


def test_it_asks_as_politely_as_collecting() -> None:
    web = Web(PAGES)
    discovery, seconds = found(web)
    assert f"{SITE}/private/rss" not in web.asked
    assert f"{SITE}/feed/" not in web.asked
    assert dict(discovery.failures)[f"{SITE}/private/rss"].startswith("robots")
    assert seconds >= len(web.asked) - 2


def test_a_site_that_forbids_its_home_page_is_not_searched() -> None:
    web = Web(PAGES | {f"{SITE}/robots.txt": b"User-agent: *\nDisallow: /"})
    with pytest.raises(RefusedError):
        found(web)
    assert web.asked == [f"{SITE}/robots.txt"]


OPML = b"""<opml><body><outline text="P world" xmlUrl="https://feeds.p.example/w" htmlUrl="https://p.example/" language="fr"/>
<outline text="P home" xmlUrl="https://feeds.p.example/h" htmlUrl="https://p.example/"/>
<outline text="Q" xmlUrl="https://q.example/rss"/></body></opml>"""


def test_an_opml_list_gives_an_outlet_a_site_without_those_known() -> None:
    one, other = outlets_of_opml(OPML, language="en", known_hosts=frozenset())
    assert (one.outlet_id, one.name, one.language, one.homepage) == (
        "p",
        "P",  # what the titles of its feeds share
        "fr",
        "https://p.example/",
    )
    assert [feed.feed_id for feed in one.feeds] == ["p/w", "p/h"]
    assert (other.outlet_id, other.language, other.homepage) == ("q", "en", "https://q.example/")
    assert [
        outlet.outlet_id
        for outlet in outlets_of_opml(OPML, language="en", known_hosts=frozenset({"p.example"}))
    ] == ["q"]


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (("The Courier: world", "The Courier: home"), "The Courier"),
        (("The Courier - World", "The Courier - World in brief"), "The Courier - World"),
        (("The Courier: world",), "The Courier: world"),
        (("World", "Home"), "World"),
    ],
)
def test_an_outlet_is_called_what_its_feeds_share(titles: tuple[str, ...], name: str) -> None:
    outlines = "".join(
        f'<outline text="{title}" xmlUrl="https://c.example/{number}"/>'
        for number, title in enumerate(titles)
    )
    (outlet,) = outlets_of_opml(
        f"<opml><body>{outlines}</body></opml>".encode(), language="en", known_hosts=frozenset()
    )
    assert outlet.name == name


def test_a_language_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="does not say its language"):
        list(outlets_of_opml(OPML, language=None, known_hosts=frozenset()))
