"""Feeds of every kind, and what passes for them in the field."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds import Bounds, Child, Hints, Parsed, parse
from pipeline.feeds.sitemap import stream
from pipeline.records import Feed, FeedKind, FeedStatus

SY = "http://purl.org/rss/1.0/modules/syndication/"
BASE = "https://www.paper.example/feeds/world.xml"


def read(
    body: bytes | str,
    *,
    kind: FeedKind = FeedKind.SYNDICATION,
    selector: str | None = None,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    content_type: str | None = "application/rss+xml",
    timezone: str = "UTC",
) -> Parsed:
    feed = Feed(feed_id="p/world", url=BASE, kind=kind, selector=selector, include=include, exclude=exclude)
    payload = body.encode() if isinstance(body, str) else body
    return parse(payload, feed, base_url=BASE, content_type=content_type, timezone=timezone)


def rss(*items: str) -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{inner}</channel></rss>'


def test_rss_items_become_entries() -> None:
    parsed = read(
        rss(
            "<title>Bridge &amp;amp; road &lt;b&gt;open&lt;/b&gt;</title><link>/world/1?utm_source=rss</link>"
            "<guid isPermaLink='false'>n-1</guid><pubDate>Sun, 27 Mar 2016 10:15:00 +0300</pubDate>"
            "<author>desk@paper.example (Ann Lee)</author><description>&lt;p&gt;It is open.&lt;/p&gt;</description>"
        )
    )
    assert parsed.status is FeedStatus.OK
    (entry,) = parsed.entries
    assert entry.url == "https://www.paper.example/world/1"
    assert entry.title == "Bridge & road open"
    assert entry.summary == "It is open."
    assert entry.entry_id == "n-1"
    assert entry.authors == ("Ann Lee",)
    assert entry.published_at == datetime(2016, 3, 27, 7, 15, tzinfo=UTC)


def test_atom_entries_keep_both_dates_and_all_authors() -> None:
    parsed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>P</title><entry><id>tag:1</id>'
        '<title>One</title><link rel="alternate" href="https://www.paper.example/1"/>'
        "<author><name>Ann Lee</name></author><author><name>Bo Ek</name></author>"
        "<published>2016-03-27T10:00:00Z</published><updated>2016-03-28T11:00:00Z</updated></entry></feed>"
    )
    (entry,) = parsed.entries
    assert entry.authors == ("Ann Lee", "Bo Ek")
    assert entry.published_at == datetime(2016, 3, 27, 10, tzinfo=UTC)
    assert entry.updated_at == datetime(2016, 3, 28, 11, tzinfo=UTC)


def test_rdf_items_are_dated_by_dublin_core() -> None:
    parsed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://www.paper.example/1">'
        "<title>One</title><link>https://www.paper.example/1</link><dc:date>2016-03-27T10:00</dc:date>"
        "</item></rdf:RDF>",
        timezone="Europe/Moscow",
    )
    (entry,) = parsed.entries
    assert entry.published_at == datetime(2016, 3, 27, 7, tzinfo=UTC)
    assert entry.updated_at is None


def test_json_feed_items_become_entries() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "url": "/1",
                "title": "One",
                "authors": [{"name": "Ann Lee"}, 7],
                "date_published": 5,
            },
            {"id": "2", "url": "/2", "author": {"name": "Bo Ek"}, "date_modified": "2016-03-27T10:00:00Z"},
            "noise",
        ],
    }
    parsed = read(json.dumps(document))
    assert [entry.url for entry in parsed.entries] == [
        "https://www.paper.example/1",
        "https://www.paper.example/2",
    ]
    assert [entry.authors for entry in parsed.entries] == [("Ann Lee",), ("Bo Ek",)]
    assert parsed.entries[0].published_at is None
    assert parsed.detail == "entries without a web address: 1"


def test_dates_without_a_zone_are_read_in_the_outlets() -> None:
    body = rss("<link>/1</link><pubDate>Sun, 27 Mar 2016 10:00:00</pubDate>")
    (entry,) = read(body, timezone="Asia/Damascus").entries
    assert entry.published_at == datetime(2016, 3, 27, 7, tzinfo=UTC)  # summer time since the 25th


def test_an_absurd_date_costs_the_date_and_not_the_entry() -> None:
    (entry,) = read(rss("<link>/1</link><pubDate>Sun, 27 Mar 2016 25:61:00 GMT</pubDate>")).entries
    assert entry.published_at is None


def test_links_that_are_no_web_address_are_told_and_not_followed() -> None:
    parsed = read(rss("<link>javascript:alert(1)</link>", "<title>no link</title>", "<link>/1</link>"))
    assert [entry.url for entry in parsed.entries] == ["https://www.paper.example/1"]
    assert parsed.detail == "entries without a web address: 2"


def test_a_permalink_guid_stands_in_for_a_link() -> None:
    (entry,) = read(rss("<guid>https://www.paper.example/9</guid>")).entries
    assert entry.url == "https://www.paper.example/9"


def test_one_page_listed_twice_is_one_entry_with_its_newest_change() -> None:
    parsed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a</id><title>One</title><link href="/1#x"/>'
        "<updated>2016-03-27T10:00:00Z</updated></entry><entry><id>b</id><title>Uno</title>"
        '<link href="/1?utm_medium=y"/><updated>2016-03-28T10:00:00Z</updated></entry></feed>'
    )
    (entry,) = parsed.entries
    assert (entry.title, entry.entry_id) == ("One", "tag:a")
    assert entry.updated_at == datetime(2016, 3, 28, 10, tzinfo=UTC)


def test_patterns_leave_out_and_count() -> None:
    body = rss(*(f"<link>/{path}</link>" for path in ("world/1", "world/2", "sport/3", "world/live/4")))
    parsed = read(body, include=(r"/world/",), exclude=(r"/live/",))
    assert [entry.url[-2:] for entry in parsed.entries] == ["/1", "/2"]
    assert parsed.skipped_count == 2
    assert parsed.status is FeedStatus.OK


@pytest.mark.parametrize("kind", list(FeedKind))
@pytest.mark.parametrize("body", [b"", b"  \n", b"\xef\xbb\xbf", b"\0\0"])
def test_an_empty_document_is_a_loss_and_not_an_empty_feed(kind: FeedKind, body: bytes) -> None:
    parsed = read(body, kind=kind, selector="a")
    assert parsed.status is FeedStatus.MALFORMED
    assert parsed.status.is_loss
    assert parsed.detail == "an empty document"


def test_a_feed_without_items_is_empty() -> None:
    assert read(rss()).status is FeedStatus.EMPTY
    assert read(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', kind=FeedKind.SITEMAP
    ).status is (FeedStatus.EMPTY)


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body><a href='/1'>One</a></body></html>",
        "\n<!-- cached --><HTML lang=en><head></head></HTML>",
        "plain words",
        '{"error": "no such feed"}',
        "[1, 2]",
        "<opml version='2.0'><body/></opml>",
        "%PDF-1.4 \xff\xfe",
    ],
)
def test_what_is_no_feed_is_called_so(body: str) -> None:
    parsed = read(body)
    assert parsed.status is FeedStatus.NOT_A_FEED
    assert parsed.entries == ()
    assert parsed.detail


def test_a_feed_that_breaks_off_keeps_what_came_before_and_tells_the_loss() -> None:
    body = rss("<link>/1</link><title>One</title>", "<link>/2</link><title>Two</title>")
    parsed = read(body[: body.index("<link>/2") + 4])
    assert parsed.status is FeedStatus.MALFORMED
    assert [entry.title for entry in parsed.entries] == ["One"]
    assert parsed.detail.startswith("not well-formed")


def test_duplicate_attributes_and_bare_ampersands_keep_their_entries() -> None:
    parsed = read(rss("<link a='1' a='2'>/1</link><title>Salt & pepper</title>", "<link>/2</link>"))
    assert parsed.status is FeedStatus.MALFORMED
    assert len(parsed.entries) == 2
    assert parsed.entries[0].title == "Salt & pepper"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        "<!ENTITY % a SYSTEM 'http://evil.example/x.dtd'>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply_or_read_files_are_refused(declaration: str, encoding: str) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE rss [{declaration}]>" + rss(
        "<link>/1</link><title>&b;&a;</title>"
    ).removeprefix('<?xml version="1.0"?>')
    parsed = read(body.encode(encoding))
    assert parsed.status is FeedStatus.MALFORMED
    assert "refused" in parsed.detail
    assert parsed.entries == ()


def test_a_harmless_entity_is_read() -> None:
    body = (
        "<!DOCTYPE rss [<!ENTITY hellip '&#8230;'>]>" + rss("<link>/1</link><title>Wait&hellip;</title>")[21:]
    )
    assert read(body).entries[0].title == "Wait…"


def test_the_documents_own_encoding_wins_over_a_wrong_header() -> None:
    body = (
        "<?xml version='1.0' encoding='windows-1251'?>" + rss("<link>/1</link><title>Пальмира</title>")[21:]
    )
    parsed = read(body.encode("windows-1251"), content_type="text/html; charset=utf-8")
    assert parsed.entries[0].title == "Пальмира"


def test_deep_nesting_ends() -> None:
    parsed = read(rss("<link>/1</link><description>" + "<b>" * 5000))
    assert parsed.status is FeedStatus.MALFORMED


NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    "<url><image:image><image:loc>https://i.example/x.jpg</image:loc><image:title>A picture</image:title>"
    "</image:image><loc> https://www.paper.example/1?id=2&amp;fbclid=3 </loc><news:news><news:publication>"
    "<news:name>P</news:name></news:publication><news:publication_date>2016-03-27T10:00:00+03:00"
    "</news:publication_date><news:title>Bridge &amp; road</news:title></news:news>"
    "<lastmod>2016-03-28</lastmod></url><url><loc>/2</loc></url></urlset>"
)


def test_a_news_sitemap_titles_and_dates_its_pages() -> None:
    parsed = read(NEWS, kind=FeedKind.SITEMAP)
    first, second = parsed.entries
    assert parsed.status is FeedStatus.OK
    assert first.url == "https://www.paper.example/1?id=2"
    assert first.title == "Bridge & road"
    assert first.published_at == datetime(2016, 3, 27, 7, tzinfo=UTC)
    assert first.updated_at == datetime(2016, 3, 28, tzinfo=UTC)
    assert (second.url, second.title) == ("https://www.paper.example/2", None)


def test_a_gzipped_sitemap_is_unpacked() -> None:
    packed = gzip.compress(NEWS.encode())
    assert len(read(packed, kind=FeedKind.SITEMAP).entries) == 2
    assert read(packed[:-20], kind=FeedKind.SITEMAP).status is FeedStatus.MALFORMED
    assert read(b"\x1f\x8bnoise", kind=FeedKind.SITEMAP).status is FeedStatus.MALFORMED


def test_a_gzip_bomb_of_a_sitemap_is_refused() -> None:
    parsed = read(gzip.compress(b"<urlset>" + b" " * 280_000_000, 1), kind=FeedKind.SITEMAP)
    assert parsed.status is FeedStatus.MALFORMED
    assert "more than" in parsed.detail


def test_a_sitemap_that_breaks_off_keeps_its_pages() -> None:
    parsed = read(NEWS[: NEWS.rindex("<url>") + 8], kind=FeedKind.SITEMAP)
    assert parsed.status is FeedStatus.MALFORMED
    assert parsed.entries[0].title == "Bridge & road"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("<html><body>x</body></html>", "a web page"),
        (rss("<link>/1</link>"), "<rss>"),
        ("words", "no XML"),
    ],
)
def test_what_is_no_sitemap_is_called_so(body: str, detail: str) -> None:
    parsed = read(body, kind=FeedKind.SITEMAP)
    assert parsed.status is FeedStatus.NOT_A_FEED
    assert detail in parsed.detail


def test_an_index_names_its_sitemaps() -> None:
    body = (
        "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2016-03-27</lastmod></sitemap>"
        "<sitemap><loc>/b.xml.gz</loc></sitemap><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"
    )
    parsed = read(body, kind=FeedKind.SITEMAP)
    assert parsed.status is FeedStatus.OK
    assert parsed.children == (
        Child(url="https://www.paper.example/a.xml", updated_at=datetime(2016, 3, 27, tzinfo=UTC)),
        Child(url="https://www.paper.example/b.xml.gz"),
    )


def million(count: int) -> Iterator[bytes]:
    """A sitemap of old pages with one of today among each thousand, as it comes over the wire."""
    yield b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    for start in range(0, count, 1000):
        yield b"".join(
            b"<url><loc>https://p.example/story-%d</loc><lastmod>%s</lastmod></url>"
            % (number, b"2016-03-27T10:00:00Z" if number % 1000 == 0 else b"2011-05-02T10:00:00Z")
            for number in range(start, start + 1000)
        )
    yield b"</urlset>"


def test_a_long_sitemap_gives_its_first_new_page_at_once_and_keeps_none_of_the_old() -> None:
    feed = Feed(feed_id="p/all", url=BASE, kind=FeedKind.SITEMAP)
    bounds = Bounds(since=datetime(2016, 3, 26, tzinfo=UTC), limit=50)
    asked = 0

    def arriving() -> Iterator[bytes]:
        nonlocal asked
        for chunk in million(20_000):
            asked += 1
            yield chunk

    entries = stream(arriving(), feed, base_url=BASE, timezone="UTC", bounds=bounds)
    first = next(entry for entry in entries if entry is not None)
    assert first.url == "https://p.example/story-0"
    assert asked <= 2
    tracemalloc.start()
    parsed = parse(b"".join(million(20_000)), feed, base_url=BASE, bounds=bounds)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    few = parse(b"".join(million(5000)), feed, base_url=BASE, bounds=replace(bounds, limit=2))
    assert (len(few.entries), few.waiting_count, few.old_count) == (2, 3, 4995)
    assert (len(parsed.entries), parsed.old_count, parsed.waiting_count) == (20, 19_980, 0)
    assert "dated before the outlet is watched: 19980" in parsed.detail
    assert peak < 8_000_000  # the document itself, and nothing that grows with its entries


def test_pages_seen_before_are_counted_and_not_kept() -> None:
    feed = Feed(feed_id="p/all", url=BASE, kind=FeedKind.SITEMAP)
    bounds = Bounds(is_seen=lambda entry: entry.url.endswith("/2"))
    parsed = parse(NEWS.encode(), feed, base_url=BASE, bounds=bounds)
    assert [entry.url for entry in parsed.entries] == ["https://www.paper.example/1?id=2"]
    assert parsed.seen_count == 1


@pytest.mark.parametrize(
    ("channel", "hints"),
    [
        ("<ttl>30</ttl>", Hints(ttl_minutes=30)),
        ("<ttl>soon</ttl>", Hints()),
        ("<skipHours><hour>0</hour><hour>24</hour><hour>13</hour></skipHours>", Hints(skip_hours=(0, 13))),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Hints(ttl_minutes=15),
        ),
    ],
)
def test_what_a_publisher_says_of_how_often_to_come_is_read(channel: str, hints: Hints) -> None:
    parsed = read(
        f'<rss version="2.0" xmlns:sy="{SY}"><channel>{channel}<item><link>/1</link></item></channel></rss>'
    )
    assert parsed.hints == hints


def test_a_sitemap_never_reads_a_file() -> None:
    body = '<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/hostname">]><urlset><url><loc>http://p.example/&f;</loc></url></urlset>'
    parsed = read(body, kind=FeedKind.SITEMAP)
    assert [entry.url for entry in parsed.entries] == ["http://p.example/"]


LISTING = (
    '<html><head><base href="https://www.ministry.example/en/"></head><body><a href="/about">About</a>'
    '<ul class="releases"><li><a href="news/1">First <b>release</b></a></li>'
    '<li><h3><span>Two</span> <a href="news/2"> Second </a></h3></li><li>none</li></ul></body></html>'
)


def test_a_listing_gives_the_links_its_selector_chooses() -> None:
    parsed = read(LISTING, kind=FeedKind.LISTING, selector="ul.releases li", content_type="text/html")
    assert [(entry.url, entry.title) for entry in parsed.entries] == [
        ("https://www.ministry.example/en/news/1", "First release"),
        ("https://www.ministry.example/en/news/2", "Second"),
    ]


def test_a_selector_that_chooses_nothing_is_a_loss() -> None:
    parsed = read(LISTING, kind=FeedKind.LISTING, selector="div.gone a")
    assert parsed.status is FeedStatus.MALFORMED
    assert "div.gone a" in parsed.detail


def test_a_listing_is_decoded_by_its_header() -> None:
    body = '<a href="/1">Пальмира</a>'.encode("koi8-r")
    parsed = read(body, kind=FeedKind.LISTING, selector="a", content_type="text/html; charset=koi8-r")
    assert parsed.entries[0].title == "Пальмира"


_scraps = st.lists(
    st.sampled_from(
        ["<rss version='2.0'>", "<channel>", "<item>", "<link>", "/1", "</item>", "<![CDATA[", "]]>", "&", "<!DOCTYPE x [",
         "<!ENTITY a 'b'>", "<entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<loc>", "<url>", "<urlset>", "\0", "é",
         "<link href='//", "<?xml version='1.0' encoding='x'?>", "<a href='http://[", "'>", "{", "<pubDate>1</pubDate>"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), _scraps.map(str.encode)), st.sampled_from(list(FeedKind)))
def test_no_bytes_make_reading_fail(body: bytes, kind: FeedKind) -> None:
    parsed = read(body, kind=kind, selector="a")
    assert len({entry.url for entry in parsed.entries}) == len(parsed.entries)
    assert all(entry.url.startswith("http") for entry in parsed.entries)
