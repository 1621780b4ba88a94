"""Collecting one outlet, over a web that is one dictionary; archive, state, robots rules are the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.adapters.replay import ReplayTransport
from pipeline.adapters.robots import RobotsRules
from pipeline.adapters.state import StateFiles
from pipeline.adapters.warc import WarcArchive
from pipeline.errors import FetchError, OversizeError, RefusedError, TransientError
from pipeline.interval import HOUR, Interval
from pipeline.protocols import Permit, SeenState
from pipeline.records import (
    CaptureKind,
    Feed,
    FeedKind,
    FeedStatus,
    Manifest,
    Outlet,
    OutletKind,
    Reason,
    Response,
    Validators,
)
from pipeline.stages.collect import collect
from pipeline.urls import canonical

SITE = "https://p.example"
FEED_URL = f"{SITE}/feed.xml"
START = datetime(2016, 3, 27, 5, tzinfo=UTC)
FIRST, SECOND, THIRD = (Interval(START + n * HOUR, START + (n + 1) * HOUR) for n in range(3))

Answer = bytes | int | FetchError | Callable[[str], Response] | tuple[int, dict[str, str], bytes]


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Waits:
    """A pace that only counts."""

    def __init__(self) -> None:
        self.waited: list[tuple[str, float]] = []
        self.held: list[float] = []

    @contextmanager
    def turn(self, url: str, seconds: float) -> Iterator[None]:
        self.wait(url, seconds)
        yield

    def wait(self, url: str, seconds: float) -> None:
        self.waited.append((url, seconds))

    def hold(self, url: str, seconds: float) -> None:  # noqa: ARG002, a pace's shape
        self.held.append(seconds)


class Web:
    """Answers by URL: bytes for a page, a status, a failure; remembers what it was asked."""

    def __init__(self, clock: Clock, answers: dict[str, Answer | list[Answer]]) -> None:
        self.clock, self.answers = clock, answers
        self.asked: list[str] = []
        self.validators: list[Validators | None] = []

    def fetch(
        self, url: str, *, validators: Validators | None = None, permit: Permit | None = None
    ) -> Response:
        self.asked.append(url)
        self.validators.append(validators)
        answer = self.answers.get(url, 404)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, FetchError):
            raise answer
        if callable(answer):
            return answer(url)
        if permit is not None and isinstance(answer, tuple) and "Final" in answer[1]:
            permit(answer[1]["Final"])
        status, headers, body = (
            answer
            if isinstance(answer, tuple)
            else (answer, {}, b"")
            if isinstance(answer, int)
            else (200, {"Content-Type": "text/html"}, answer)
        )
        self.clock.at += timedelta(seconds=1)
        return Response(
            url=url,
            final_url=headers.get("Final", url),
            status=status,
            headers=tuple((name, value) for name, value in headers.items() if name != "Final"),
            body=body,
            fetched_at=self.clock.at,
        )

    def pages_asked(self) -> list[str]:
        return [url for url in self.asked if not url.endswith(("feed.xml", "robots.txt"))]


def rss(*items: tuple[str, datetime | None] | str) -> bytes:
    listed = [item if isinstance(item, tuple) else (item, None) for item in items]
    inner = "".join(
        f"<item><title>About {path}</title><link>{path}</link>"
        + (f"<pubDate>{format_datetime(at)}</pubDate>" if at else "")
        + "</item>"
        for path, at in listed
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{inner}</channel></rss>'.encode()


class Desk:
    """One outlet and all it takes to collect it."""

    def __init__(
        self, folder: Path, answers: dict[str, Answer | list[Answer]], feeds: Sequence[Feed] = ()
    ) -> None:
        self.clock, self.waits = Clock(), Waits()
        self.web = Web(self.clock, answers)
        self.archive = WarcArchive(folder / "archive")
        self.state = StateFiles(folder / "state")
        self.folder = folder
        self.outlet = Outlet(
            outlet_id="p",
            name="P",
            kind=OutletKind.PAPER,
            homepage=f"{SITE}/",
            language="en",
            country=None,
            feeds=tuple(feeds) or (Feed(feed_id="p/all", url=FEED_URL, kind=FeedKind.SYNDICATION),),
            delay_seconds=2.0,
        )

    def live(self, interval: Interval = FIRST) -> Manifest:
        self.clock.at = max(self.clock.at, interval.start)
        manifest = collect(
            self.outlet,
            interval,
            transport=self.web,
            archive=self.archive,
            state=self.state,
            clock=self.clock,
            robots=RobotsRules(self.web, "Wirewatch/1", self.clock),
            pace=self.waits,
            live=True,
        )
        return balanced(manifest)

    def replay(self, interval: Interval, into: str = "replayed") -> Manifest:
        files = [self.folder / "archive"]
        past = Interval(datetime(1995, 1, 1, tzinfo=UTC), interval.end)
        manifest = collect(
            self.outlet,
            interval,
            transport=ReplayTransport(files, interval),
            archive=WarcArchive(self.folder / into),
            state=Untouchable(),
            clock=self.clock,
            robots=RobotsRules(ReplayTransport(files, past), "Wirewatch/1", self.clock),
            pace=self.waits,
            live=False,
        )
        return balanced(manifest)


class Untouchable:
    def load(self, outlet_id: str) -> SeenState:
        raise AssertionError(f"a replay reads no state of {outlet_id}")

    def save(self, outlet_id: str, state: SeenState) -> None:
        raise AssertionError(f"a replay writes no state of {outlet_id}: {state}")


def balanced(manifest: Manifest) -> Manifest:
    """Every reading adds up, and every failure is a gap or a reject."""
    for reading in manifest.readings:
        parts = reading.new_count + reading.seen_count + reading.skipped_count + reading.failed_count
        assert reading.found_count == parts, reading
    assert manifest.new_count == len(manifest.entries) == len(pages(manifest))
    lost_feeds = sum(reading.status.is_loss for reading in manifest.readings)
    failed = sum(reading.failed_count for reading in manifest.readings)
    assert failed + lost_feeds == len(manifest.gaps) + len(manifest.rejects)
    return manifest


def pages(manifest: Manifest) -> list[str]:
    return [capture.url for capture in manifest.captures if capture.kind is CaptureKind.PAGE]


@pytest.fixture
def answers() -> dict[str, Answer | list[Answer]]:
    return {
        f"{SITE}/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /private/"),
        FEED_URL: (200, {"ETag": '"v1"', "Content-Type": "application/rss+xml"}, rss("/1", "/2")),
        f"{SITE}/1": b"<p>one</p>",
        f"{SITE}/2": b"<p>two</p>",
        f"{SITE}/3": b"<p>three</p>",
    }


def test_new_pages_are_captured_with_their_entries(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    manifest = desk.live()
    assert pages(manifest) == [f"{SITE}/1", f"{SITE}/2"]
    assert [entry.title for entry in manifest.entries] == ["About /1", "About /2"]
    assert [capture.kind for capture in manifest.captures] == ["robots", "feed", "page", "page"]
    assert [desk.archive.read(capture) for capture in manifest.captures[2:]] == [b"<p>one</p>", b"<p>two</p>"]
    assert not manifest.gaps
    assert not manifest.rejects


def test_an_interval_is_collected_once(tmp_path: Path, answers: dict[str, Answer | list[Answer]]) -> None:
    desk = Desk(tmp_path, answers)
    manifest = desk.live()
    asked = len(desk.web.asked)
    assert desk.live() == manifest
    assert len(desk.web.asked) == asked


def test_a_second_run_asks_only_for_what_is_new(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    desk.web.asked.clear()
    answers[FEED_URL] = rss("/1", "/2?utm_source=rss", "/3")
    manifest = desk.live(SECOND)
    assert desk.web.pages_asked() == [f"{SITE}/3"]
    (reading,) = manifest.readings
    assert (reading.new_count, reading.seen_count) == (1, 2)


def test_an_unchanged_feed_is_asked_for_with_its_validators(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    answers[FEED_URL] = 304
    desk.web.validators.clear()
    manifest = desk.live(SECOND)
    assert Validators(etag='"v1"') in desk.web.validators
    assert manifest.readings[0].status is FeedStatus.UNCHANGED


def test_a_feed_whose_page_failed_is_read_in_full_next_time(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    answers[f"{SITE}/2"] = TransientError(f"{SITE}/2", Reason.TIMEOUT)
    first = desk.live()
    assert [gap.key for gap in first.gaps] == [f"{SITE}/2"]
    answers[f"{SITE}/2"] = b"<p>two</p>"
    desk.web.validators.clear()
    second = desk.live(SECOND)
    assert set(desk.web.validators) == {None}
    assert pages(second) == [f"{SITE}/2"]


def test_a_changed_entry_is_captured_again(tmp_path: Path, answers: dict[str, Answer | list[Answer]]) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    answers[FEED_URL] = rss(("/1", SECOND.start - timedelta(minutes=5)), ("/2", THIRD.end))
    desk.web.asked.clear()
    manifest = desk.live(SECOND)
    assert desk.web.pages_asked() == [f"{SITE}/1"]
    assert pages(manifest) == [f"{SITE}/1"]


def test_one_page_in_two_feeds_is_captured_once(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    feeds = [
        Feed(feed_id="p/a", url=FEED_URL, kind=FeedKind.SYNDICATION),
        Feed(feed_id="p/b", url=f"{SITE}/b/feed.xml", kind=FeedKind.SYNDICATION, exclude=("/3",)),
    ]
    answers[f"{SITE}/b/feed.xml"] = rss("/2", "/3")
    manifest = Desk(tmp_path, answers, feeds).live()
    assert pages(manifest) == [f"{SITE}/1", f"{SITE}/2"]
    second = manifest.readings[1]
    assert (second.seen_count, second.skipped_count) == (1, 1)


def test_two_entries_that_lead_to_one_page_are_one_capture(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/2"] = (200, {"Final": f"{SITE}/1"}, b"<p>one</p>")
    manifest = Desk(tmp_path, answers).live()
    assert pages(manifest) == [f"{SITE}/1"]
    assert manifest.readings[0].seen_count == 1


LOSSES: dict[str, tuple[Answer, str]] = {
    "gone": (404, "reject http_error"),
    "broken": (500, "reject http_error"),
    "unreachable": (TransientError("u", Reason.UNREACHABLE), "gap unreachable"),
    "too slow": (TransientError("u", Reason.TIMEOUT), "gap timeout"),
    "overloaded": (TransientError("u", Reason.OVERLOADED), "gap overloaded"),
    "blocked": (RefusedError("u", Reason.BLOCKED), "reject blocked"),
    "private": (RefusedError("u", Reason.FORBIDDEN_ADDRESS), "reject forbidden_address"),
    "too large": (OversizeError("u", Reason.OVERSIZE), "reject oversize"),
}


@pytest.mark.parametrize(("answer", "expected"), LOSSES.values(), ids=LOSSES.keys())
def test_one_bad_page_is_recorded_and_the_rest_goes_on(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]], answer: Answer, expected: str
) -> None:
    answers[FEED_URL] = rss("https://q.example/bad", "/1")
    answers["https://q.example/bad"] = answer
    manifest = Desk(tmp_path, answers).live()
    assert pages(manifest) == [f"{SITE}/1"]
    lost = [f"gap {gap.reason}" for gap in manifest.gaps] + [
        f"reject {reject.reason}" for reject in manifest.rejects
    ]
    assert lost == [expected]
    assert {gap.key for gap in manifest.gaps} | {reject.key for reject in manifest.rejects} == {
        "https://q.example/bad"
    }


FEED_LOSSES: dict[str, tuple[Answer, FeedStatus, Reason]] = {
    "gone": (404, FeedStatus.HTTP_ERROR, Reason.HTTP_ERROR),
    "too slow": (TransientError("u", Reason.TIMEOUT), FeedStatus.UNREACHABLE, Reason.TIMEOUT),
    "blocked": (RefusedError("u", Reason.BLOCKED), FeedStatus.REFUSED, Reason.BLOCKED),
    "too large": (OversizeError("u", Reason.OVERSIZE), FeedStatus.OVERSIZE, Reason.OVERSIZE),
    "a web page": (b"<html><body>down</body></html>", FeedStatus.NOT_A_FEED, Reason.FEED_MALFORMED),
    "empty": (b"", FeedStatus.MALFORMED, Reason.FEED_MALFORMED),
}


@pytest.mark.parametrize(("answer", "status", "reason"), FEED_LOSSES.values(), ids=FEED_LOSSES.keys())
def test_one_bad_feed_is_a_gap_and_the_others_go_on(
    tmp_path: Path,
    answers: dict[str, Answer | list[Answer]],
    answer: Answer,
    status: FeedStatus,
    reason: Reason,
) -> None:
    feeds = [
        Feed(feed_id="p/bad", url="https://q.example/feed.xml", kind=FeedKind.SYNDICATION),
        Feed(feed_id="p/all", url=FEED_URL, kind=FeedKind.SYNDICATION),
    ]
    answers["https://q.example/feed.xml"] = answer
    manifest = Desk(tmp_path, answers, feeds).live()
    assert [reading.status for reading in manifest.readings] == [status, FeedStatus.OK]
    assert [(gap.key, gap.reason) for gap in manifest.gaps] == [("https://q.example/feed.xml", reason)]
    assert len(pages(manifest)) == 2


def test_a_feed_that_breaks_off_gives_what_it_has_and_a_gap(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[FEED_URL] = rss("/1", "/2")[:-45]
    manifest = Desk(tmp_path, answers).live()
    assert f"{SITE}/1" in pages(manifest)
    assert manifest.readings[0].status is FeedStatus.MALFORMED
    assert manifest.gaps[0].reason is Reason.FEED_MALFORMED


def test_robots_rules_are_obeyed_live_and_in_replay(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    answers[FEED_URL] = rss("/private/x", "/1")
    answers[f"{SITE}/private/x"] = b"secret"
    live = desk.live()
    assert f"{SITE}/private/x" not in desk.web.asked
    assert [(reject.key, reject.reason) for reject in live.rejects] == [(f"{SITE}/private/x", Reason.ROBOTS)]
    assert [reject.reason for reject in desk.replay(FIRST).rejects] == [Reason.ROBOTS]


def test_a_host_whose_robots_txt_cannot_be_had_is_not_asked(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/robots.txt"] = 500
    desk = Desk(tmp_path, answers)
    manifest = desk.live()
    assert set(desk.web.asked) == {f"{SITE}/robots.txt"}
    assert manifest.readings[0].status is FeedStatus.UNREACHABLE
    assert "robots.txt cannot be had" in manifest.gaps[0].detail


def test_requests_keep_the_longer_of_the_two_delays(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    assert {seconds for _, seconds in desk.waits.waited} == {2.0}
    answers[f"{SITE}/robots.txt"] = b"User-agent: wirewatch\nCrawl-delay: 7"
    other = Desk(tmp_path / "other", answers)
    other.live()
    assert {seconds for url, seconds in other.waits.waited[1:]} == {7.0}  # the first is for robots.txt
    assert other.waits.held == [7.0]


def test_a_short_retry_after_is_waited_for_once(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/1"] = [TransientError(f"{SITE}/1", Reason.OVERLOADED, retry_after=30.0), b"<p>one</p>"]
    desk = Desk(tmp_path, answers)
    assert len(pages(desk.live())) == 2
    assert 30.0 in desk.waits.held


def test_a_long_retry_after_closes_the_host_for_the_run(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/1"] = TransientError(f"{SITE}/1", Reason.OVERLOADED, retry_after=3600.0)
    desk = Desk(tmp_path, answers)
    manifest = desk.live()
    assert desk.web.pages_asked() == [f"{SITE}/1"]
    assert [gap.reason for gap in manifest.gaps] == [Reason.OVERLOADED] * 2
    answers[f"{SITE}/1"] = b"<p>one</p>"
    assert len(pages(desk.live(SECOND))) == 2


def test_a_dead_host_is_given_up_after_three_failures(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    paths = [f"/{number}" for number in range(10, 20)]
    answers[FEED_URL] = rss(*paths)
    answers |= {f"{SITE}{path}": TransientError(f"{SITE}{path}", Reason.UNREACHABLE) for path in paths}
    desk = Desk(tmp_path, answers)
    manifest = desk.live()
    assert len(desk.web.pages_asked()) == 3
    assert len(manifest.gaps) == 10


def test_a_page_that_is_gone_is_not_asked_for_again(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/1"] = 410
    answers[f"{SITE}/2"] = 502
    desk = Desk(tmp_path, answers)
    desk.live()
    (tmp_path / "state" / "p.json").unlink()  # remembered from the manifests
    desk.web.asked.clear()
    desk.live(SECOND)
    assert desk.web.pages_asked() == [f"{SITE}/2"]


def test_a_page_of_a_refused_address_is_asked_for_again_after_a_day(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    answers[f"{SITE}/1"] = RefusedError(f"{SITE}/1", Reason.FORBIDDEN_ADDRESS)
    desk = Desk(tmp_path, answers)
    assert [reject.reason for reject in desk.live().rejects] == [Reason.FORBIDDEN_ADDRESS]
    answers[f"{SITE}/1"] = b"<p>one</p>"
    (tmp_path / "state" / "p.json").unlink()  # remembered from the manifests
    assert pages(desk.live(SECOND)) == []
    assert pages(desk.live(Interval(START + 25 * HOUR, START + 26 * HOUR))) == [f"{SITE}/1"]
    assert pages(desk.live(Interval(START + 50 * HOUR, START + 51 * HOUR))) == []


class Killed(BaseException):
    """What kill -9 does to a process, as far as one can be told."""


def kill(_: str) -> Response:
    raise Killed


def test_a_run_killed_while_fetching_asks_no_page_twice(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    answers[f"{SITE}/2"] = kill
    with pytest.raises(Killed):
        desk.live()
    assert desk.archive.manifest("p", FIRST) is None
    answers[f"{SITE}/2"] = b"<p>two</p>"
    desk.web.asked.clear()
    manifest = desk.live()
    assert desk.web.pages_asked() == [f"{SITE}/2"]
    assert pages(manifest) == [f"{SITE}/1", f"{SITE}/2"]
    assert all(desk.archive.read(capture) for capture in manifest.captures)


@pytest.mark.parametrize("when", ["before the manifest", "before the state"])
def test_a_run_killed_at_its_end_loses_and_doubles_nothing(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]], when: str
) -> None:
    desk = Desk(tmp_path, answers)
    whole = desk.live()
    (tmp_path / "state" / "p.json").unlink()
    if when == "before the manifest":
        (tmp_path / "archive" / "p" / f"{FIRST.name}.manifest.json").unlink()
    desk.web.asked.clear()
    again = desk.live()
    assert pages(again) == pages(whole)
    assert desk.web.pages_asked() == []
    answers[FEED_URL] = rss("/1", "/2", "/3")
    assert pages(desk.live(SECOND)) == [f"{SITE}/3"]


def test_replayed_intervals_give_the_same_in_any_order(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    live = [desk.live(FIRST)]
    answers[FEED_URL] = rss("/1", "/2", "/3")
    live.append(desk.live(SECOND))
    answers[FEED_URL] = rss("/3", ("/1", THIRD.start - timedelta(minutes=1)))
    live.append(desk.live(THIRD))
    onward = [desk.replay(interval, "onward") for interval in (FIRST, SECOND, THIRD)]
    backward = [desk.replay(interval, "backward") for interval in (THIRD, SECOND, FIRST)]
    assert [pages(manifest) for manifest in onward] == [pages(manifest) for manifest in live]
    for one, other in zip(onward, reversed(backward), strict=True):
        assert one == other
        assert one.readings == other.readings
    assert [reading.seen_count for reading in onward[1].readings] == [2]
    assert not any(manifest.gaps for manifest in onward)


def test_a_replay_waits_for_nobody_and_runs_once(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    desk.waits.waited.clear()
    first = desk.replay(FIRST)
    files = {path: path.read_bytes() for path in (tmp_path / "replayed").rglob("*") if path.is_file()}
    assert desk.replay(FIRST) == first
    assert {path: path.read_bytes() for path in (tmp_path / "replayed").rglob("*") if path.is_file()} == files
    assert desk.waits.waited == []


def test_a_page_the_archive_never_saw_is_a_gap(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    answers[f"{SITE}/2"] = TransientError(f"{SITE}/2", Reason.TIMEOUT)
    desk.live()
    manifest = desk.replay(FIRST)
    assert pages(manifest) == [f"{SITE}/1"]
    assert [(gap.key, gap.reason) for gap in manifest.gaps] == [(f"{SITE}/2", Reason.NOT_ARCHIVED)]


def test_a_link_of_a_listing_that_was_never_archived_is_skipped(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    feeds = [Feed(feed_id="p/list", url=f"{SITE}/list", kind=FeedKind.LISTING, selector="a")]
    answers[f"{SITE}/list"] = b"<a href='/1'>One</a><a href='/2'>Two</a>"
    answers[f"{SITE}/2"] = TransientError(f"{SITE}/2", Reason.TIMEOUT)
    desk = Desk(tmp_path, answers, feeds)
    desk.live()
    manifest = desk.replay(FIRST)
    assert (manifest.readings[0].new_count, manifest.readings[0].skipped_count) == (1, 1)
    assert not manifest.gaps


def test_a_feed_the_archive_never_saw_is_a_gap(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live()
    manifest = desk.replay(THIRD)
    assert manifest.readings[0].status is FeedStatus.NOT_ARCHIVED
    assert [gap.reason for gap in manifest.gaps] == [Reason.NOT_ARCHIVED]


def test_a_replayed_day_that_was_collected_by_the_hour_is_read_from_its_parts(
    tmp_path: Path, answers: dict[str, Answer | list[Answer]]
) -> None:
    desk = Desk(tmp_path, answers)
    desk.live(FIRST)
    answers[FEED_URL] = rss("/3")
    desk.live(SECOND)
    files = sorted(path.name for path in (tmp_path / "archive" / "p").iterdir())
    manifest = desk.replay(Interval.of_day(START.date()), "archive")
    assert pages(manifest) == [f"{SITE}/{number}" for number in (1, 2, 3)]
    assert sorted(path.name for path in (tmp_path / "archive" / "p").iterdir()) == files


def test_every_entry_names_its_capture(tmp_path: Path, answers: dict[str, Answer | list[Answer]]) -> None:
    answers[FEED_URL] = rss("/1?utm_source=x#top")
    manifest = Desk(tmp_path, answers).live()
    assert [entry.url for entry in manifest.entries] == pages(manifest) == [canonical(f"{SITE}/1")]
