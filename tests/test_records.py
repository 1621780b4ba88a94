"""Records: the little they know by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.interval import Interval
from pipeline.records import Article, FeedStatus, Outlet, OutletKind, Response


def outlet(since: date | None, until: date | None) -> Outlet:
    return Outlet(
        outlet_id="anvil",
        name="Anvil",
        kind=OutletKind.ONLINE,
        homepage="https://anvil.example/",
        language="en",
        country=None,
        watched_from=since,
        watched_until=until,
    )


@pytest.mark.parametrize(
    ("since", "until", "watched"),
    [
        (None, None, False),
        (date(2016, 3, 27), None, True),
        (date(2016, 3, 28), None, False),
        (date(2016, 3, 1), date(2016, 3, 27), False),
        (date(2016, 3, 1), date(2016, 3, 28), True),
    ],
)
def test_an_outlet_is_watched_from_its_first_day_until_the_day_before_its_last(
    since: date | None, until: date | None, watched: bool
) -> None:
    assert outlet(since, until).watched_in(Interval.of_day(date(2016, 3, 27))) is watched


def test_headers_are_found_in_any_case() -> None:
    response = Response(
        url="https://anvil.example/",
        final_url="https://anvil.example/",
        status=200,
        headers=(("content-TYPE", "text/html"),),
        body=b"",
        fetched_at=datetime(2016, 3, 27, tzinfo=UTC),
    )
    assert response.header("Content-Type") == "text/html"
    assert response.header("ETag") is None


def test_a_feed_that_answered_is_no_loss() -> None:
    assert {status for status in FeedStatus if not status.is_loss} == {
        FeedStatus.OK,
        FeedStatus.UNCHANGED,
        FeedStatus.EMPTY,
        FeedStatus.NOT_DUE,
    }


def test_verbatim_copies_have_one_text_digest() -> None:
    def article(url: str, body: str) -> Article:
        return Article(url=url, canonical_url=url, title="Quarry reopens", body=body, language="en")

    original = article("https://anvil.example/1", "The quarry reopened.")
    assert original.text_digest == article("https://hammer.example/9", "The quarry reopened.").text_digest
    assert original.text_digest != article("https://anvil.example/1", "The quarry reopened!").text_digest
