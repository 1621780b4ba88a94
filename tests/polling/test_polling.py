"""When a feed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.polling import (
    DISABLED_WEIGHT,
    LONGEST,
    SHORTEST,
    Failure,
    after_failure,
    after_success,
    asks_in_full,
    due_children,
    failure_of,
    is_disabled,
    is_due,
    lifetime,
)
from pipeline.records import FeedStatus, Poll

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(*shares: float, minutes: float = 60) -> Poll:
    """The poll after hourly readings of which these shares were known."""
    poll = after_success(None, NOON, seen_share=0.0, in_full=True)
    for number, share in enumerate(shares, 1):
        poll = after_success(poll, NOON + number * minutes * MINUTE, seen_share=share, in_full=True)
    return poll


def test_a_feed_never_asked_is_due() -> None:
    assert is_due(None, NOON)
    assert asks_in_full(None, NOON)


def test_a_first_reading_says_nothing_of_the_pace() -> None:
    poll = after()
    assert poll.next_at == NOON + 30 * MINUTE
    assert not is_due(poll, NOON + 20 * MINUTE)
    assert is_due(poll, NOON + 28 * MINUTE)  # a little early is not too early


def test_a_feed_of_much_news_is_asked_sooner_down_to_ten_minutes() -> None:
    assert after(0.1).every_minutes == 15
    assert after(*[0.1] * 9).every_minutes == 10


def test_a_feed_of_no_news_is_asked_later_up_to_a_day() -> None:
    assert after(1.0).every_minutes == 45
    assert after(*[1.0] * 30).every_minutes == 24 * 60


def test_a_publishers_wish_is_kept_while_it_loses_nothing() -> None:
    calm = after_success(after(), NOON, seen_share=0.9, in_full=True, asked_for=timedelta(hours=2))
    assert calm.next_at == NOON + timedelta(hours=2)
    busy = after_success(after(), NOON, seen_share=0.3, in_full=True, asked_for=timedelta(hours=2))
    assert busy.next_at == NOON + 15 * MINUTE
    absurd = after_success(after(), NOON, seen_share=0.9, in_full=True, asked_for=timedelta(days=365))
    assert absurd.next_at == NOON + timedelta(hours=6)


def test_hours_to_skip_are_slept_through() -> None:
    poll = after_success(None, NOON, seen_share=1.0, in_full=True, skip_hours=(12, 13, 14))
    assert poll.next_at == NOON + timedelta(hours=3)
    every = after_success(None, NOON, seen_share=1.0, in_full=True, skip_hours=tuple(range(24)))
    assert every.next_at == NOON + 30 * MINUTE


def test_what_is_left_to_fetch_brings_us_back_soon() -> None:
    poll = after(*[1.0] * 30)
    again = after_success(poll, NOON, seen_share=0.99, in_full=True, comes_back=True)
    assert again.next_at == NOON + 30 * MINUTE


def test_heavier_failures_are_left_alone_for_longer() -> None:
    waits = [after_failure(None, NOON, failure).next_at - NOON for failure in Failure]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] == timedelta(hours=1)


def test_a_feed_that_fails_and_fails_is_disabled_then_tried_weekly_and_comes_back_at_once() -> None:
    poll, now, attempts = after(), NOON, 0
    while not is_disabled(poll):
        now = poll.next_at
        poll = after_failure(poll, now, Failure.HARD)
        attempts += 1
        assert poll.next_at - now <= timedelta(days=7)
    assert attempts == DISABLED_WEIGHT / Failure.HARD.value
    assert now - NOON > timedelta(days=5)
    assert poll.next_at - now == timedelta(days=7)
    assert not is_due(poll, now + timedelta(days=1))
    back = after_success(poll, poll.next_at, seen_share=0.0, in_full=True)
    assert not is_disabled(back)
    assert back.failure_weight == 0


def test_a_server_that_asks_for_peace_gets_it_for_a_day_at_most() -> None:
    assert after_failure(None, NOON, Failure.TEMPORARY, retry_after=timedelta(hours=5)).next_at == (
        NOON + timedelta(hours=5)
    )
    assert (
        after_failure(None, NOON, Failure.TEMPORARY, retry_after=timedelta(days=9)).next_at == NOON + LONGEST
    )


def test_unchanged_is_believed_for_a_day() -> None:
    poll = after_success(None, NOON, seen_share=0.0, in_full=True)
    unchanged = after_success(poll, NOON + timedelta(hours=23), seen_share=1.0, in_full=False)
    assert not asks_in_full(unchanged, NOON + timedelta(hours=23, minutes=59))
    assert asks_in_full(unchanged, NOON + timedelta(hours=24))


@pytest.mark.parametrize(
    ("status", "http_status", "found", "failure"),
    [
        (FeedStatus.OK, None, 3, None),
        (FeedStatus.UNCHANGED, None, 0, None),
        (FeedStatus.MALFORMED, None, 3, None),
        (FeedStatus.MALFORMED, None, 0, Failure.SOFT),
        (FeedStatus.HTTP_ERROR, 404, 0, Failure.HARD),
        (FeedStatus.HTTP_ERROR, 502, 0, Failure.SOFT),
        (FeedStatus.NOT_A_FEED, None, 0, Failure.HARD),
        (FeedStatus.REFUSED, None, 0, Failure.HARD),
        (FeedStatus.UNREACHABLE, None, 0, Failure.TEMPORARY),
    ],
)
def test_failures_are_weighed(
    status: FeedStatus, http_status: int | None, found: int, failure: Failure | None
) -> None:
    assert failure_of(status, http_status=http_status, found=found) is failure


@pytest.mark.parametrize(
    ("cache_control", "expires", "minutes"),
    [
        ("public, max-age=300", None, 5),
        ('max-age="60"', None, 1),
        ("s-maxage=300", None, None),
        ("no-cache, max-age=300", None, None),
        ("max-age=99999999", None, 1440),
        (None, NOON + 7 * MINUTE, 7),
        (None, NOON - MINUTE, None),
        (None, None, None),
    ],
)
def test_how_long_a_response_lasts(
    cache_control: str | None, expires: datetime | None, minutes: int | None
) -> None:
    expected = None if minutes is None else minutes * MINUTE
    assert lifetime(cache_control, expires, NOON) == expected


def test_the_sitemaps_of_an_index_come_by_what_is_likeliest_new() -> None:
    asked = Poll(asked_at=NOON, next_at=NOON + 30 * MINUTE, every_minutes=30)
    children = [
        ("old", NOON - timedelta(days=3)),
        ("changed", NOON + MINUTE),
        ("asked-and-same", NOON - timedelta(days=1)),
        ("undated-first", None),
        ("undated-last", None),
        ("undated-asked", None),
    ]
    polls = {"asked-and-same": asked, "undated-asked": asked}
    now = NOON + timedelta(hours=1)
    assert due_children(children, polls, now) == (
        "changed",
        "old",
        "undated-last",
        "undated-first",
        "undated-asked",
    )
    assert "undated-asked" not in due_children(children, polls, NOON + MINUTE)


def test_a_sitemap_that_failed_is_left_alone_for_a_while() -> None:
    failed = after_failure(None, NOON, Failure.HARD)
    assert due_children([("a", NOON)], {"a": failed}, NOON + MINUTE) == ()
    assert due_children([("a", NOON)], {"a": failed}, NOON + timedelta(hours=1)) == ("a",)


@given(
    st.lists(
        st.one_of(st.floats(0, 1), st.sampled_from(Failure)),
        max_size=40,
    ),
    st.sets(st.integers(0, 23), max_size=23),
)
def test_the_next_moment_always_comes_between_ten_minutes_and_a_week(
    outcomes: list[float | Failure], skipped: set[int]
) -> None:
    poll, now = None, NOON
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            poll = after_failure(poll, now, outcome)
        else:
            poll = after_success(poll, now, seen_share=outcome, in_full=True, skip_hours=tuple(skipped))
        assert SHORTEST <= poll.next_at - now <= timedelta(days=7)
        assert is_due(poll, poll.next_at)
        now = poll.next_at
