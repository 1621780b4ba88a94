from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import EXTRACTOR, EXTRACTOR_VERSION, extract
from pipeline.records import Article, Outlet, OutletKind, Reason, Reject, Selectors, Stage

URL = "https://courier.example/world/2016/03/27/road-reopens"
SENTENCES = (
    "Engineers reopened the road to the old city on Sunday morning, two weeks after a bridge had given way.",
    "The governor's office said the repair had cost less than planned and that buses would run again by Monday.",
    "Shopkeepers along the river waited for the first lorries, which arrived before noon with flour and fuel.",
    '"We counted every day," said Mira Halloway, who runs a bakery near the bridge. "Nobody could reach us."',
    "A second bridge, closed since last winter, is to be examined next month, according to the transport ministry.",
)
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
OUTLET = Outlet(
    outlet_id="courier",
    name="The Courier",
    kind=OutletKind.PAPER,
    homepage="https://courier.example/",
    language="en",
    country=None,
    timezone="Europe/Berlin",
)


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


def whole_page(body: str = PROSE, head: str = "") -> bytes:
    return page(
        "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav></header>"
        f"<main><article><h1>Road to the old city reopens</h1><p class='byline'>By Ann Lee</p><div class='article-body'>{body}</div></article></main>"
        "<aside class='related'><h2>Related</h2><ul><li><a href='/a'>Ferry strike ends after a week of talks</a></li></ul></aside>"
        "<footer><p>© The Courier. All rights reserved.</p></footer>",
        "<title>Road to the old city reopens | The Courier</title><meta property='og:site_name' content='The Courier'>"
        + head,
    )


def article(html: bytes, **options: object) -> Article:
    result = extract(html, URL, **options)  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result


def reject(payload: bytes) -> Reject:
    result = extract(payload, URL)
    assert isinstance(result, Reject), result
    return result


def test_the_article_is_taken_and_what_surrounds_it_is_not() -> None:
    found = article(whole_page())
    assert found.body.split("\n\n") == list(SENTENCES)
    assert found.title == "Road to the old city reopens"
    assert found.authors == ("Ann Lee",)
    assert found.byline == "By Ann Lee"
    assert found.language == "en"
    assert (found.extractor, found.extractor_version) == (EXTRACTOR, EXTRACTOR_VERSION)


def test_a_selector_of_the_outlet_wins_over_the_scorer() -> None:
    outlet = Outlet(outlet_id="c", name="C", kind=OutletKind.PAPER, homepage="https://courier.example/", language="en", country=None,
                    selectors=Selectors(body=".story", drop=(".promo",)))  # fmt: skip
    html = page(
        f"<div>{PROSE}</div><div class='story'><p>Only this line is the story, the outlet's own file says so, whatever else the page may hold around it.</p><p class='promo'>Buy the book.</p></div>"
    )
    assert article(html, outlet=outlet).body.startswith("Only this line")
    assert "Buy the book" not in article(html, outlet=outlet).body


def test_what_json_ld_says_of_instants_and_people_is_read() -> None:
    stated = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline": "Road to the old city reopens",
              "datePublished": "2016-03-27T12:30:00+03:00", "dateModified": "2016-03-27T14:00:00+03:00",
              "author": [{"@type": "Person", "name": "Bo Ek"}, {"@type": "Organization", "name": "The Courier"}]}]}  # fmt: skip
    found = article(whole_page(head=f"<script type='application/ld+json'>{json.dumps(stated)}</script>"))
    assert found.published_at == datetime(2016, 3, 27, 9, 30, tzinfo=UTC)
    assert found.modified_at == datetime(2016, 3, 27, 11, 0, tzinfo=UTC)
    assert found.published_from == "json-ld"
    assert found.authors == ("Bo Ek",)


def test_the_seal_of_a_reject_names_stage_page_and_outlet() -> None:
    result = extract(b"", URL, outlet=OUTLET, fetched_at=datetime(2016, 3, 28, tzinfo=UTC))
    assert isinstance(result, Reject)
    assert (result.stage, result.key, result.outlet_id, result.reason) == (
        Stage.PROCESS,
        URL,
        "courier",
        Reason.EMPTY,
    )


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t ", Reason.EMPTY),
        (b"%PDF-1.7\n1 0 obj", Reason.PDF),
        (b'{"title": "a", "list": [1, 2]}', Reason.JSON),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), Reason.BINARY),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", Reason.NOT_HTML),
        (b"word", Reason.NOT_HTML),
        (b"<html>" + b" " * (11 * 1024 * 1024), Reason.OVERSIZE),
        (page("<div>" * 50_000 + "x"), Reason.PARSER_FAILED),
        (page("<h1>Page not found</h1><p>Sorry.</p>", "<title>404</title>"), Reason.SOFT_404),
        (page("<h1>Just a moment...</h1><p>Checking your browser before you go on.</p>"), Reason.BOT_WALL),
        (page("<div id='root'></div><script>a()</script><script>b()</script><script>c()</script>"), Reason.SCRIPT_SHELL),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_what_is_no_article_is_rejected_by_name(payload: bytes, reason: Reason) -> None:
    assert reject(payload).reason is reason


def test_ten_megabytes_of_random_bytes_are_binary() -> None:
    assert reject(random.Random(1).randbytes(10_000_000)).reason is Reason.BINARY  # noqa: S311


@pytest.mark.parametrize(
    "bait",
    [
        "<p>" + "A" * 200_000,
        "<p>" + "Aa " * 60_000,
        "<p>Aa-" * 20_000,
        "<p>" + "(" * 100_000,
        "<script type='application/ld+json'>" * 3000,
        "<meta " * 20_000,
        "<table><td colspan=9000000000000000>x</td></table>",
        "<!--" * 50_000,
        "<p " + "a=b " * 100_000 + ">x</p>",
        "<style>" * 5_000,
    ],
    ids=lambda bait: bait[:16],
)  # fmt: skip
def test_bait_for_slow_parsers_comes_to_an_end(bait: str) -> None:
    assert isinstance(extract(page(PROSE + bait, bait[:50_000]), URL), Article | Reject)
    assert isinstance(extract(page(bait), URL), Article | Reject)


def test_a_plain_text_is_an_article_without_a_title() -> None:
    found = article(
        (
            "Harborline-Transport Minister Ilse Marrow has praised the crews who reopened the bridge to the old city this weekend.\n"
            + "\n".join(SENTENCES)
        ).encode()
    )
    assert found.site_name == "Harborline"
    assert found.body.startswith("Transport Minister Ilse Marrow")
    assert found.title is None
    assert found.published_at is None
    assert found.language == "en"
    assert len(found.body.split("\n\n")) == 6


def test_a_compound_is_no_outlet() -> None:
    found = article(
        (
            "Russian-Syrian talks on the bridge went on for a third day, officials of both sides said on Sunday.\n"
            + "\n".join(SENTENCES)
        ).encode()
    )
    assert found.site_name is None
    assert found.body.startswith("Russian-Syrian talks")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_come_to_an_article_or_a_reject(payload: bytes) -> None:
    assert isinstance(extract(payload, URL), (Article, Reject))
    assert isinstance(extract(b"<html><body>" + payload, URL), (Article, Reject))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_a_body_holds_no_character_that_cannot_be_printed(text: str) -> None:
    result = extract(page(PROSE + f"<p>{text}</p>"), URL)
    if isinstance(result, Article):
        assert "\x00" not in result.body
        assert "\u200b" not in result.body
        assert result.body == result.body.strip()
        result.body.encode("utf-8")
