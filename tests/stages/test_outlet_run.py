"""Which feeds are due, how sitemap indexes are walked, and what is kept of pages that cannot be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import TransientError
from pipeline.interval import HOUR, Interval
from pipeline.records import Feed, FeedKind, FeedStatus, Reason

from .test_collect import FEED_URL, FIRST, SECOND, SITE, START, Answer, Desk, balanced, pages, rss

Answers = dict[str, Answer | list[Answer]]
INDEX = f"{SITE}/index.xml"
SITEMAP = [Feed(feed_id="p/map", url=INDEX, kind=FeedKind.SITEMAP)]


def hour(number: int) -> Interval:
    return Interval(START + number * HOUR, START + (number + 1) * HOUR)


def index(*children: str, dated: str = "") -> bytes:
    lastmod = f"<lastmod>{dated}</lastmod>" if dated else ""
    inner = "".join(f"<sitemap><loc>{child}</loc>{lastmod}</sitemap>" for child in children)
    return f"<sitemapindex>{inner}</sitemapindex>".encode()


def urlset(*paths: str, dated: str = "") -> bytes:
    lastmod = f"<lastmod>{dated}</lastmod>" if dated else ""
    return f"<urlset>{''.join(f'<url><loc>{path}</loc>{lastmod}</url>' for path in paths)}</urlset>".encode()


def some_pages(*paths: str) -> Answers:
    return {f"{SITE}{path}": f"<p>{path}</p>".encode() for path in paths}


# ---- due or not ----------------------------------------------------------------------------------


def test_a_feed_without_news_is_asked_less_and_less_and_says_when_it_is_not_due(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: rss("/1"), **some_pages("/1")})
    statuses = [desk.live(hour(number)).readings[0].status for number in range(12)]
    assert statuses[0] is FeedStatus.OK
    assert FeedStatus.NOT_DUE in statuses[3:]
    assert statuses.count(FeedStatus.NOT_DUE) >= 4
    assert len([url for url in desk.web.asked if url == FEED_URL]) == 12 - statuses.count(FeedStatus.NOT_DUE)


def test_a_feed_that_fails_for_days_is_disabled_seen_as_a_gap_and_comes_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: 404, **some_pages("/1")})
    manifests = [desk.live(hour(number)) for number in range(0, 24 * 8, 2)]
    last = manifests[-1]
    assert last.readings[0].status is FeedStatus.DISABLED
    assert last.gaps[0].reason is Reason.FEED_DISABLED
    asked = desk.web.asked.count(FEED_URL)
    assert asked == 10
    desk.web.answers[FEED_URL] = rss("/1")
    back = desk.live(hour(24 * 16))
    assert back.readings[0].status is FeedStatus.OK
    assert pages(back) == [f"{SITE}/1"]


def test_unchanged_is_not_believed_for_ever(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: (200, {"ETag": '"v1"'}, rss("/1")), **some_pages("/1", "/2")})
    desk.live(FIRST)
    desk.web.answers[FEED_URL] = 304
    assert desk.live(SECOND).readings[0].status is FeedStatus.UNCHANGED
    desk.web.answers[FEED_URL] = (200, {"ETag": '"v1"'}, rss("/1", "/2"))
    desk.web.validators.clear()
    assert pages(desk.live(hour(26))) == [f"{SITE}/2"]
    assert set(desk.web.validators) == {None}


# ---- sitemap indexes -----------------------------------------------------------------------------


def test_an_index_is_walked_and_each_sitemap_has_its_reading(tmp_path: Path) -> None:
    answers: Answers = {
        INDEX: index("/a.xml", "/b.xml"),
        f"{SITE}/a.xml": urlset("/1", "/2"),
        f"{SITE}/b.xml": urlset("/2", "/3"),
        **some_pages("/1", "/2", "/3"),
    }
    desk = Desk(tmp_path, answers, SITEMAP)
    manifest = desk.live()
    assert sorted(pages(manifest)) == [f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]
    assert {reading.url for reading in manifest.readings} == {INDEX, f"{SITE}/a.xml", f"{SITE}/b.xml"}
    assert sorted(pages(desk.replay(FIRST))) == sorted(pages(manifest))


def test_an_index_that_names_itself_and_its_like_ends(tmp_path: Path) -> None:
    answers: Answers = {
        INDEX: index(INDEX, "/other.xml"),
        f"{SITE}/other.xml": index(INDEX, "/other.xml", "/a.xml"),
        f"{SITE}/a.xml": urlset("/1"),
        **some_pages("/1"),
    }
    desk = Desk(tmp_path, answers, SITEMAP)
    assert pages(desk.live()) == [f"{SITE}/1"]
    assert desk.web.asked.count(INDEX) == 1


def test_an_index_without_end_is_left_at_a_depth(tmp_path: Path) -> None:
    answers: Answers = {f"{SITE}/{n}.xml": index(f"/{n + 1}.xml") for n in range(50)}
    desk = Desk(tmp_path, answers | {INDEX: index("/0.xml")}, SITEMAP)
    manifest = desk.live()
    assert len(desk.web.asked) <= 6
    assert "nested deeper" in manifest.gaps[0].detail


def test_the_sitemaps_of_a_long_index_take_several_runs_and_none_is_forgotten(tmp_path: Path) -> None:
    names = [f"/{number}.xml" for number in range(50)]
    answers: Answers = {INDEX: index(*names)}
    answers |= {f"{SITE}{name}": urlset(f"/page-of{name}") for name in names}
    answers |= {f"{SITE}/page-of{name}": b"<p>x</p>" for name in names}
    desk = Desk(tmp_path, answers, SITEMAP)
    runs = [pages(desk.live(hour(number))) for number in range(3)]
    assert [len(run) for run in runs] == [20, 20, 10]
    assert f"{SITE}/page-of/49.xml" in runs[0]  # the last listed come first
    assert len({page for run in runs for page in run}) == 50


def test_only_sitemaps_and_pages_that_changed_are_read_again(tmp_path: Path) -> None:
    answers: Answers = {
        INDEX: index("/a.xml", dated="2016-03-27T04:00:00Z"),
        f"{SITE}/a.xml": urlset("/1", dated="2016-03-27T04:00:00Z"),
        **some_pages("/1", "/2"),
    }
    desk = Desk(tmp_path, answers, SITEMAP)
    desk.live(FIRST)
    desk.web.asked.clear()
    desk.live(SECOND)
    assert [url for url in desk.web.asked if not url.endswith("robots.txt")] == [INDEX]
    answers[INDEX] = index("/a.xml", dated="2016-03-27T06:30:00Z")
    answers[f"{SITE}/a.xml"] = urlset("/1", "/2", dated="2016-03-27T04:00:00Z")
    assert pages(desk.live(hour(2))) == [f"{SITE}/2"]


def test_pages_dated_before_an_outlet_is_watched_are_counted_and_left(tmp_path: Path) -> None:
    answers: Answers = {
        INDEX: urlset("/old", dated="2011-05-02")[: -len("</urlset>")]
        + urlset("/1", dated="2016-03-27")[len("<urlset>") :],
        **some_pages("/old", "/1"),
    }
    desk = Desk(tmp_path, answers, SITEMAP)
    desk.outlet = replace(desk.outlet, watched_from=date(2016, 3, 27))
    manifest = desk.live()
    assert pages(manifest) == [f"{SITE}/1"]
    assert (manifest.readings[0].found_count, manifest.readings[0].skipped_count) == (2, 1)


def test_a_sitemap_that_cannot_be_had_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    answers: Answers = {
        INDEX: index("/a.xml", "/b.xml"),
        f"{SITE}/a.xml": urlset("/1"),
        f"{SITE}/b.xml": 500,
        **some_pages("/1"),
    }
    manifest = Desk(tmp_path, answers, SITEMAP).live()
    assert pages(manifest) == [f"{SITE}/1"]
    assert [(gap.key, gap.reason) for gap in manifest.gaps] == [(f"{SITE}/b.xml", Reason.HTTP_ERROR)]


# ---- identity ------------------------------------------------------------------------------------


def items(*entries: tuple[str, str]) -> bytes:
    inner = "".join(
        f"<item><title>T</title><link>{path}</link><guid isPermaLink='false'>{name}</guid></item>"
        for name, path in entries
    )
    return f"<rss version='2.0'><channel>{inner}</channel></rss>".encode()


def test_an_entry_that_moved_keeps_its_identity(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: items(("n1", "/1"), ("n2", "/2")), **some_pages("/1", "/2", "/1-new")})
    desk.live(FIRST)
    desk.web.answers[FEED_URL] = items(("n1", "/1-new"), ("n2", "/2"))
    assert pages(desk.live(SECOND)) == []


def test_one_id_for_all_entries_loses_none_of_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: items(("x", "/1"), ("x", "/2")), **some_pages("/1", "/2", "/3")})
    assert len(pages(desk.live(FIRST))) == 2
    desk.web.answers[FEED_URL] = items(("x", "/3"), ("x", "/2"))
    assert pages(desk.live(SECOND)) == [f"{SITE}/3"]


def test_the_editions_of_a_page_are_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: rss("/1"), **some_pages("/1")})
    desk.live(FIRST)
    desk.web.answers[FEED_URL] = rss("/1/", "/1/amp/", "http://m.p.example/1?utm_source=rss", "/1#top")
    manifest = desk.live(SECOND)
    assert pages(manifest) == []
    assert manifest.readings[0].seen_count == manifest.readings[0].found_count


# ---- what is left of a page that cannot be had ---------------------------------------------------


@pytest.mark.parametrize("answer", [410, TransientError("u", Reason.TIMEOUT, "too slow")])
def test_an_entry_outlives_its_page(tmp_path: Path, answer: Answer) -> None:
    desk = Desk(tmp_path, {FEED_URL: rss("/gone", "/1"), f"{SITE}/gone": answer, **some_pages("/1")})
    manifest = desk.live()
    assert [(entry.url, entry.title) for entry in manifest.feed_only] == [(f"{SITE}/gone", "About /gone")]
    (lost,) = (*manifest.gaps, *manifest.rejects)
    assert lost.detail.endswith("; the feed says: About /gone")
    assert desk.archive.manifest("p", FIRST) == manifest


def test_a_redirect_to_a_host_that_forbids_it_is_not_followed(tmp_path: Path) -> None:
    answers: Answers = {
        FEED_URL: rss("/away", "/1"),
        f"{SITE}/away": (200, {"Final": "https://q.example/secret"}, b"<p>secret</p>"),
        "https://q.example/robots.txt": b"User-agent: *\nDisallow: /secret",
        **some_pages("/1"),
    }
    desk = Desk(tmp_path, answers)
    manifest = balanced(desk.live())
    assert [(reject.key, reject.reason) for reject in manifest.rejects] == [(f"{SITE}/away", Reason.ROBOTS)]
    assert pages(manifest) == [f"{SITE}/1"]


def test_a_redirect_waits_for_the_time_of_its_host(tmp_path: Path) -> None:
    answers: Answers = {
        FEED_URL: rss("/away"),
        f"{SITE}/away": (200, {"Final": "https://q.example/open"}, b"<p>open</p>"),
    }
    desk = Desk(tmp_path, answers)
    desk.live()
    assert ("https://q.example/open", 2.0) in desk.waits.waited
    assert timedelta(0) < desk.clock.at - START


# ---- what is forgotten ---------------------------------------------------------------------------


def test_a_page_that_no_feed_lists_any_more_is_forgotten_after_half_a_year(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {FEED_URL: rss("/1", "/2"), **some_pages("/1", "/2", "/3")})
    desk.live(FIRST)
    desk.web.answers[FEED_URL] = rss("/2", "/3")
    desk.live(hour(24 * 100))
    assert {f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"} <= set(desk.state.load("p").seen)
    assert pages(desk.live(hour(24 * 200))) == []
    assert {f"{SITE}/2", f"{SITE}/3"} == set(desk.state.load("p").seen)
    assert desk.web.asked.count(f"{SITE}/2") == 1


def test_nothing_is_forgotten_by_a_run_that_could_not_read_everything(tmp_path: Path) -> None:
    other = Feed(feed_id="p/other", url=f"{SITE}/other.xml", kind=FeedKind.SYNDICATION)
    feeds = [Feed(feed_id="p/all", url=FEED_URL, kind=FeedKind.SYNDICATION), other]
    desk = Desk(tmp_path, {FEED_URL: rss("/1"), other.url: rss("/2"), **some_pages("/1", "/2")}, feeds)
    desk.live(FIRST)
    desk.web.answers[other.url] = 500
    desk.live(hour(24 * 200))
    assert {f"{SITE}/1", f"{SITE}/2"} == set(desk.state.load("p").seen)


def test_the_pages_of_a_sitemap_that_was_not_due_are_not_forgotten(tmp_path: Path) -> None:
    dated = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    answers: Answers = {
        INDEX: index("/a.xml", dated=dated),
        f"{SITE}/a.xml": urlset("/1"),
        **some_pages("/1"),
    }
    desk = Desk(tmp_path, answers, SITEMAP)
    desk.live(hour(1))
    desk.live(hour(24 * 200))
    assert f"{SITE}/1" in desk.state.load("p").seen
