"""Where a site keeps its feeds."""

from __future__ import annotations

import pytest

from pipeline.feeds import Parsed
from pipeline.feeds.discovery import (
    Candidate,
    Tried,
    chosen,
    distinct,
    feed_names,
    in_robots,
    on_page,
    outlet_id_of,
    site_words,
    usual_places,
)
from pipeline.records import Entry, FeedKind, FeedStatus

HOME = b"""<!doctype html><html lang="fr-CH"><head><title>La Une - Le Courrier</title>
<meta property="og:site_name" content="Le Courrier">
<link rel="alternate" type="application/rss+xml" title="Monde" href="/monde/rss.xml">
<link rel="alternate" type="application/atom+xml" href="//feeds.courrier.example/all.atom">
<link rel="alternate" type="application/rss+xml" href="/article-1/comments/feed/">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/css" href="/s.css">
<link rel="alternate" type="application/json+oembed" href="/oembed?x=1">
<link rel="alternate" type="application/rss+xml" href="javascript:void(0)"></head><body></body></html>"""


def tried(url: str, *pages: str, kind: FeedKind = FeedKind.SYNDICATION, ok: bool = True) -> Tried:
    entries = tuple(Entry(feed_id="d/f", url=page) for page in pages)
    status = FeedStatus.OK if ok else FeedStatus.NOT_A_FEED
    return Tried(
        candidate=Candidate(url=url, kind=kind, found="page"),
        url=url,
        parsed=Parsed(status=status, entries=entries),
    )


def test_a_page_announces_its_feeds_and_not_its_comments_styles_or_translations() -> None:
    found = on_page(HOME, "https://www.courrier.example/")
    assert [(one.url, one.title) for one in found] == [
        ("https://www.courrier.example/monde/rss.xml", "Monde"),
        ("https://feeds.courrier.example/all.atom", None),
    ]


def test_a_page_names_its_site_and_language() -> None:
    words = site_words(HOME)
    assert (words.name, words.language) == ("Le Courrier", "fr")
    bare = site_words(b"<html lang='klingon'><title> A  paper </title>")
    assert (bare.name, bare.language) == ("A paper", None)


def test_robots_rules_name_sitemaps_with_those_of_news_first() -> None:
    body = b"User-agent: *\nSitemap: /all.xml\n# Sitemap: /no.xml\nsitemap:https://p.example/news.xml\nSitemap: mailto:x"
    found = in_robots(body, "https://p.example/robots.txt")
    assert [one.url for one in found] == ["https://p.example/news.xml", "https://p.example/all.xml"]


def test_an_address_is_tried_once_and_no_site_is_asked_for_ever() -> None:
    places = usual_places("https://p.example/en/")
    first = Candidate(url="https://p.example/rss", kind=FeedKind.SYNDICATION, found="page")
    found = distinct([first, *places])
    assert found[0].found == "page"
    assert [one.url for one in found].count("https://p.example/rss") == 1
    many = [
        Candidate(url=f"https://p.example/{n}", kind=FeedKind.SITEMAP, found="robots.txt") for n in range(999)
    ]
    assert len(distinct(many)) == 40


def test_one_list_at_two_addresses_is_chosen_once_and_an_archive_only_where_there_is_no_news() -> None:
    archive = tried("https://p.example/sitemap.xml", "https://p.example/9", kind=FeedKind.SITEMAP)
    feed = tried("https://p.example/rss", "https://p.example/1")
    double = tried("https://p.example/feed/", "https://p.example/1")
    broken = tried("https://p.example/x", ok=False)
    assert chosen([archive, feed, double, broken]) == (feed,)
    assert chosen([archive, broken]) == (archive,)


def test_feeds_are_named_by_their_paths() -> None:
    found = [
        tried("https://p.example/world/rss.xml"),
        tried("https://q.example/world/rss.xml"),
        tried("https://p.example/"),
        tried("https://p.example/?feed=1", kind=FeedKind.SITEMAP),
    ]
    assert [feed.feed_id for feed in feed_names("p", found)] == [
        "p/world-rss",
        "p/world-rss-2",
        "p/feed",
        "p/sitemap",
    ]


@pytest.mark.parametrize(
    ("homepage", "outlet_id"),
    [
        ("https://www.paper.example/", "paper"),
        ("https://news.paper.co.example/", "paper-co"),
        ("https://localhost/", "localhost"),
        ("https://127.0.0.1/", "0-0"),
    ],
)
def test_an_id_comes_from_the_host(homepage: str, outlet_id: str) -> None:
    assert outlet_id_of(homepage) == outlet_id


def test_a_site_without_a_host_name_is_called_by_its_own() -> None:
    assert outlet_id_of("http://127.0.0.1:8765/", "The Harbour Post") == "the-harbour-post"
