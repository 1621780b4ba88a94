from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.blocks import blocks_of
from pipeline.extract.dates import Dates, dates, parse
from pipeline.extract.page import read_page

FETCHED = datetime(2016, 3, 28, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def of(html: str, url: str = "https://courier.example/a") -> Dates:
    page = read_page(html.encode(), url)
    return dates(page, blocks_of(page.tree.body), zone=BERLIN, fetched_at=FETCHED)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2016-03-27T18:05:00+03:00", "2016-03-27T15:05:00+00:00"),
        ("2016-03-27T18:05:00.123Z", "2016-03-27T18:05:00+00:00"),
        ("2016-03-27 18:05", "2016-03-27T16:05:00+00:00"),
        ("20160327T1805Z", "2016-03-27T18:05:00+00:00"),
        ("Sun, 27 Mar 2016 18:05:00 GMT", "2016-03-27T18:05:00+00:00"),
        ("March 27, 2016, 6:05 p.m. EDT", "2016-03-27T22:05:00+00:00"),
        ("27 March 2016 - 19:20", "2016-03-27T17:20:00+00:00"),
        ("27.03.2016, 18:05 Uhr", "2016-03-27T16:05:00+00:00"),
        ("1459101900", "2016-03-27T18:05:00+00:00"),
    ],
)
def test_an_instant_is_read_as_it_is_written(text: str, wanted: str) -> None:
    found = parse(text, BERLIN)
    assert found is not None
    assert found[0].astimezone(UTC) == datetime.fromisoformat(wanted)


@pytest.mark.parametrize("text", ["soon", "2016", "2016-13-40", "99.99.2016", "March of 2016", "", "٢٠١٦"])
def test_what_is_no_day_is_no_instant(text: str) -> None:
    assert parse(text) is None


def test_structured_data_is_asked_before_metadata_and_metadata_before_the_url() -> None:
    linked = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2016-03-26T10:00:00Z"}</script>'
    meta = '<meta property="article:published_time" content="2016-03-25T10:00:00Z">'
    url = "https://courier.example/2016/03/24/road"
    assert [of(html, url).published.found_in for html in (linked + meta, meta, "<p>x</p>")] == [
        "json-ld",
        "meta",
        "url",
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "stated", ["2016-04-02T10:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01", "9999-12-31"]
)
def test_what_cannot_be_is_not_taken(stated: str) -> None:
    assert of(f'<meta property="article:published_time" content="{stated}"><body><p>x</p>').published is None


def test_a_change_before_the_publication_is_not_taken() -> None:
    found = of(
        '<meta property="article:published_time" content="2016-03-25T10:00:00Z"><meta property="article:modified_time" content="2016-03-24T10:00:00Z">'
    )
    assert found.modified is None


@given(st.text(max_size=60))
def test_reading_an_instant_never_fails(text: str) -> None:
    found = parse(text, BERLIN)
    assert found is None or found[0].tzinfo is not None
