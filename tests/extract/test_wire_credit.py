from __future__ import annotations

import json

import pytest

from pipeline.extract import extract
from pipeline.extract.agencies import agency_of_byline
from pipeline.records import Article

TITLE = "Harbour of Norvik closed after a storm"
TEXT = "".join(
    f"<p>The storm damaged crane {number} of the harbour on Monday, the harbour office said, and nobody was hurt.</p>"
    for number in range(1, 9)
)


def article(byline: str = "", *, author: object = None) -> Article:
    data = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    linked = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if author else ""
    html = f"<html><head>{linked}</head><body><article><h1>{TITLE}</h1><p>{byline}</p>{TEXT}</article></body></html>"
    found = extract(html.encode(), "https://quaypost.example/news/harbour-of-norvik-closed")
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("byline", "authors", "credit"),
    [
        ("By The Associated Press", (), "The Associated Press"),
        ("Par AFP", (), "AFP"),
        ("By Ann Lee, Associated Press", ("Ann Lee",), "Associated Press"),
        ("By Ann Lee of the Associated Press", ("Ann Lee",), "the Associated Press"),
        ("Von Ann Lee mit dpa", ("Ann Lee",), "dpa"),
        ("By Ann Lee (Reuters)", ("Ann Lee",), "Reuters"),
        ("By Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek"), None),
    ],
)
def test_a_byline_says_which_agency_supplied_the_copy(
    byline: str, authors: tuple[str, ...], credit: str | None
) -> None:
    found = article(byline)
    assert (found.byline, found.authors, found.wire_credit) == (byline, authors, credit)
    assert byline not in found.body


def test_the_data_say_it_where_nothing_is_printed() -> None:
    found = article(author=[{"@type": "Organization", "name": "Reuters"}])
    assert (found.authors, found.wire_credit) == ((), "Reuters")
    assert article(author={"@type": "Organization", "name": "The Quay Post"}).wire_credit is None


@pytest.mark.parametrize("line", ["Ria Lee", "Ria", "Ann Lee", "Reuters Lee", "The Quay Post"])
def test_people_and_outlets_are_no_agencies(line: str) -> None:
    assert agency_of_byline(line) is None
