"""OPML, as other readers write it and as we do."""

from __future__ import annotations

import pytest

from pipeline.feeds.opml import OpmlError, parse, written
from pipeline.records import Feed, FeedKind, Outlet, OutletKind

LIST = b"""<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="World"><outline text="Paper &amp; Co" type="rss" xmlUrl="https://p.example/rss" htmlUrl="https://p.example/" language="en-gb"/>
<outline title="Other" xmlURL="https://q.example/atom"/></outline>
<outline text="again" xmlUrl="https://p.example/rss"/><outline text="no feed" htmlUrl="https://r.example/"/>
<outline xmlUrl="javascript:void(0)"/></body></opml>"""


def test_a_list_is_read_through_its_folders_each_feed_once() -> None:
    one, other = parse(LIST)
    assert (one.url, one.title, one.homepage, one.language) == (
        "https://p.example/rss",
        "Paper & Co",
        "https://p.example/",
        "en",
    )
    assert (other.url, other.title, other.homepage, other.language) == (
        "https://q.example/atom",
        "Other",
        None,
        None,
    )


@pytest.mark.parametrize("body", [b"", b"words", b"<html><outline xmlUrl='http://p.example/'/></html>"])
def test_what_is_no_opml_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(OpmlError):
        parse(body)


def test_a_list_reads_no_file() -> None:
    body = b'<!DOCTYPE o [<!ENTITY f SYSTEM "file:///etc/hostname">]><opml><body><outline text="&f;" xmlUrl="http://p.example/"/></body></opml>'
    assert [(outline.url, outline.title) for outline in parse(body)] in ([("http://p.example/", None)], [])


def test_what_is_written_is_read_again_and_sitemaps_have_no_place() -> None:
    outlet = Outlet(
        outlet_id="p",
        name='P "and" <Q> & Co',
        kind=OutletKind.PAPER,
        homepage="https://p.example/",
        language="fr",
        country=None,
        feeds=(
            Feed(feed_id="p/a", url="https://p.example/a?x=1&y=2", kind=FeedKind.SYNDICATION),
            Feed(feed_id="p/s", url="https://p.example/s.xml", kind=FeedKind.SITEMAP),
        ),
    )
    (outline,) = parse(written([outlet]).encode())
    assert (outline.url, outline.title) == ("https://p.example/a?x=1&y=2", 'P "and" <Q> & Co')
    assert (outline.homepage, outline.language) == ("https://p.example/", "fr")
