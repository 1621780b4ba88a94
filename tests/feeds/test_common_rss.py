"""The fast reading of common RSS is feedparser's reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax import SAXException
from xml.sax.saxutils import escape

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds import common_rss
from pipeline.urls import canonical

BASE = "https://p.example/feeds/world.xml"
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
_FIELDS = (
    "title",
    "link",
    "id",
    "summary",
    "published",
    "updated",
    "created",
    "author",
    "feedburner_origlink",
)
_texts = st.one_of(
    st.sampled_from(["", " Bridge open ", "<b>Bold</b>", "a &amp; b", "cafÃ©", "café", "&#8220;", "a\n b"]),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24FF), max_size=12),
)
_links = st.sampled_from(
    [
        "https://p.example/1",
        "http://q.example/2?a=1&b=2",
        "https://p.example/3?",
        "https://p.example/4#c",
        "https://p.example/5?a=1&b;=2",
        "/relative",
        "javascript:alert(1)",
        "https://пример.example/ё",
        " https://p.example/6 ",
        "",
    ]
)


def _tag(name: str, texts: st.SearchStrategy[str], attributes: str = "") -> st.SearchStrategy[str]:
    return texts.map(lambda text: f"<{name}{attributes}>{escape(text)}</{name}>")


_parts = st.one_of(
    _tag("title", _texts),
    _tag("link", _links),
    _tag("guid", st.one_of(_links, _texts)),
    _tag("guid", st.one_of(_links, _texts), ' isPermaLink="false"'),
    _tag("guid", _links, ' isPermaLink="true"'),
    _tag("description", _texts),
    _tag("pubDate", st.sampled_from(["Sun, 27 Mar 2016 10:15:00 +0300", "yesterday", ""])),
    _tag("dc:creator", st.sampled_from(["Ann Lee", "ann@p.example (Ann Lee)", "(Ann)", ""])),
    _tag("author", st.just("desk@p.example (Bo Ek)")),
    _tag("dc:date", st.just("2016-03-27")),
    _tag("category", _texts),
    _tag("content:encoded", _texts),
    _tag("slash:comments", st.just("3")),
    st.sampled_from(
        [
            '<media:content url="https://p.example/a.jpg" medium="image"/>',
            '<media:content url="https://p.example/a.jpg"><media:title>Photo</media:title></media:content>',
            '<media:thumbnail url="https://p.example/b.jpg"/>',
            '<enclosure url="https://p.example/c.mp3" type="audio/mpeg"/>',
            "<title>Bridge <em>open</em></title>",
            "<!-- note -->",
            '<atom:link href="https://p.example/9"/>',
            '<source url="https://q.example/feed">Q</source>',
        ]
    ),
)
_usual = st.tuples(
    _tag("title", _texts),
    _tag("link", st.sampled_from(["https://p.example/1", "http://q.example/2?a=1&b=2"])),
    _tag("description", _texts),
).map("".join)
_items = st.tuples(st.one_of(_usual, st.just("")), st.lists(_parts, max_size=5).map("".join)).map("".join)


def _document(items: list[str], head: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {_NAMESPACES}><channel><title>P</title>{head}{listed}</channel></rss>'


def _values(item: Mapping[str, Any]) -> dict[str, str]:
    """What an entry is made of; addresses as they come to be spelled."""
    plain = dict(item.items())  # feedparser's own get answers to other names too
    values = {name: plain.get(name) for name in _FIELDS}
    return {
        name: canonical(value, BASE) if name == "link" else value for name, value in values.items() if value
    }


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_items, min_size=1, max_size=3),
    st.sampled_from(
        ["", "<ttl>30</ttl>", "<ttl>5</ttl><ttl>9</ttl>", "<sy:updatePeriod>daily</sy:updatePeriod>"]
    ),
    st.sampled_from(["application/rss+xml", "text/xml", "text/xml; charset=utf-8"]),
)
def test_what_is_read_fast_is_what_feedparser_reads(items: list[str], head: str, content_type: str) -> None:
    body = _document(items, head).encode()
    fast = common_rss.read(body, content_type)
    if fast is None:
        return
    slow = feedparser.parse(
        body,
        response_headers={"content-location": BASE, "content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    assert not isinstance(slow.get("bozo_exception"), SAXException)
    assert [_values(item) for item in fast.items] == [_values(item) for item in slow.entries]
    for item in slow.entries:
        assert [author.get("name") for author in item.get("authors", ()) if author] in (
            [],
            [item.get("author")],
        )
    assert fast.channel == {name: slow.feed[name] for name in fast.channel}


def test_the_usual_feed_is_read_fast() -> None:
    item = (
        "<title>Bridge open</title><link>https://p.example/1</link><dc:creator><![CDATA[Ann Lee]]></dc:creator>"
        "<pubDate>Sun, 27 Mar 2016 10:15:00 +0300</pubDate><category>World</category>"
        '<guid isPermaLink="false">https://p.example/?p=1</guid><description><![CDATA[It is.]]></description>'
        "<content:encoded><![CDATA[<p>It is open.</p>]]></content:encoded><slash:comments>3</slash:comments>"
    )
    read = common_rss.read(_document([item], "<ttl>30</ttl>").encode(), "application/rss+xml")
    assert read is not None
    assert read.channel == {"ttl": "30"}
    assert read.items == (
        {
            "title": "Bridge open",
            "link": "https://p.example/1",
            "author": "Ann Lee",
            "published": "Sun, 27 Mar 2016 10:15:00 +0300",
            "id": "https://p.example/?p=1",
            "summary": "It is.",
        },
    )


@pytest.mark.parametrize(
    "body",
    [
        _document(["<link>https://p.example/1</link>"]).encode("utf-16"),
        b'<?xml version="1.0" encoding="windows-1251"?>' + _document([]).encode(),
        b"<!DOCTYPE rss>" + _document([]).encode(),
        _document(["<link>https://p.example/1</link>"]).encode()[:-9],
        _document(["<link>https://p.example/1</link><unknown>x</unknown>"]).encode(),
        _document(["<link>https://p.example/1</link><title>a</title><title>b</title>"]).encode(),
        _document(["<link>/1</link>"]).encode(),
        b"<feed/>",
        b"<rss><channel/><item><link>https://p.example/1</link></item></rss>",
    ],
)
def test_anything_else_is_left_to_feedparser(body: bytes) -> None:
    assert common_rss.read(body, "application/rss+xml") is None
