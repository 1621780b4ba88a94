"""How is one outlet read in one run: which of its documents, and what came of each?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from pipeline import feeds, polling
from pipeline.errors import FetchError, NotArchivedError, OversizeError, RefusedError, TransientError
from pipeline.feeds import Parsed
from pipeline.interval import Interval
from pipeline.protocols import ArchiveWriter, Clock, Pace, Robots, SeenState, Transport
from pipeline.records import (
    CaptureKind,
    Feed,
    FeedReading,
    FeedStatus,
    Manifest,
    Outlet,
    Reason,
    Response,
)
from pipeline.stages.asking import Asking
from pipeline.stages.feed_polls import FeedPolls
from pipeline.stages.forgetting import forgetting
from pipeline.stages.ledger import Ledger
from pipeline.stages.pages import Pages
from pipeline.urls import page_key

# Of a sitemap in one run: more new pages, or more sitemaps of an index, wait for the next.
_MAX_NEW_PAGES = 1_000
_MAX_SITEMAPS = 20
_MAX_DEPTH = 3
# How long before it is watched an outlet's pages may be dated: what a news sitemap holds.
_NEWS_LASTS = timedelta(days=2)


Parse = Callable[..., Parsed]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lost:
    """A feed's document that could not be read at all."""

    status: FeedStatus
    reason: Reason
    detail: str
    http_status: int | None = None
    retry_after: timedelta | None = None


class OutletRun:
    """One outlet's collecting while it goes on."""

    def __init__(
        self,
        outlet: Outlet,
        interval: Interval,
        *,
        transport: Transport,
        writer: ArchiveWriter,
        clock: Clock,
        robots: Robots,
        pace: Pace,
        memory: SeenState,
        live: bool,
        force: bool = False,
        parse: Parse = feeds.parse,
    ) -> None:
        """``force``: read every feed, due or not. ``parse``: where another reads documents in our place."""
        self._parse = parse
        self._outlet, self._interval, self._live, self._force = outlet, interval, live, force
        self._writer, self._clock, self._started_at = writer, clock, clock.now()
        self._asking = Asking(
            transport,
            robots,
            pace if live else None,
            delay_seconds=outlet.delay_seconds,
            on_rules=self._keep_rules,
        )
        self._ledger = Ledger(outlet, interval)
        self._polls = FeedPolls(memory, self._now)
        self._pages = Pages(
            memory, asking=self._asking, writer=writer, ledger=self._ledger, clock=clock, now=self._now
        )
        self._sitemaps: dict[str, set[str]] = {}  # by feed: the sitemaps read in this run

    def manifest(self) -> Manifest:
        return self._ledger.manifest()

    def memory(self) -> SeenState:
        """What the next run should know, without what it need not."""
        pages, polls = self._pages, self._polls
        memory = SeenState(
            validators=polls.validators,
            seen=pages.seen,
            polls=polls.by_url,
            ids=pages.ids,
            barred=pages.barred,
        )
        readings = self._ledger.readings
        # A sitemap index lists no page itself, and not all that it names is read in a run.
        all_was_read = len(readings) == len(self._outlet.feeds) and all(
            reading.status is FeedStatus.OK and reading.found_count for reading in readings
        )
        return forgetting(memory, self._now(), listed=pages.listed, all_was_read=all_was_read)

    # ---- a feed ----------------------------------------------------------------------------------

    def read(self, feed: Feed) -> None:
        """Read one feed, if it is due, and capture its new pages; whatever happens ends in its reading."""
        poll = self._polls.of(feed.url)
        if not self._live or self._force or polling.is_due(poll, self._now()):
            self._read(feed, feed.url, depth=0)
            return
        until = "" if poll is None else f"{poll.next_at:%Y-%m-%d %H:%M}"
        if polling.is_disabled(poll):
            detail = f"disabled after failing again and again; tried again at {until}, or with --now"
            self._ledger.gap(Reason.FEED_DISABLED, feed.url, detail)
            self._ledger.note(feed, feed.url, FeedStatus.DISABLED, self._now(), detail)
        else:
            failing = "failed last time; " if poll is not None and poll.failure_weight else ""
            self._ledger.note(feed, feed.url, FeedStatus.NOT_DUE, self._now(), f"{failing}due at {until}")

    def _read(self, feed: Feed, url: str, *, depth: int) -> None:
        """Read one document of a feed: the feed itself, or a sitemap that its index names."""
        asked_with = self._polls.asked_with(url)
        try:
            response = self._asking.fetch(url, asked_with)
        except NotArchivedError as error:
            if depth == 0:  # a sitemap that the replayed run did not read is no loss of its
                self._lose(
                    feed,
                    url,
                    _Lost(status=FeedStatus.NOT_ARCHIVED, reason=Reason.NOT_ARCHIVED, detail=error.detail),
                )
            return
        except FetchError as error:
            self._lose(feed, url, _lost(error))
            return
        if response.status == 304 and asked_with is not None:
            self._ledger.captures.append(self._writer.write(response, CaptureKind.FEED))
            self._ledger.note(feed, url, FeedStatus.UNCHANGED, response.fetched_at)
            self._polls.succeeded(url, response, None, seen_share=1.0)
            return
        self._ledger.captures.append(self._writer.write(response, CaptureKind.FEED))
        if response.status != 200:
            detail = f"status {response.status}"
            self._lose(
                feed,
                url,
                _Lost(
                    status=FeedStatus.HTTP_ERROR,
                    reason=Reason.HTTP_ERROR,
                    detail=detail,
                    http_status=response.status,
                ),
            )
            return
        self._take(feed, url, response, depth=depth)

    def _take(self, feed: Feed, url: str, response: Response, *, depth: int) -> None:
        """Parse a document, capture what it lists, and remember how that went."""
        parsed = self._parse(
            response.body,
            feed,
            base_url=response.final_url,
            content_type=response.header("Content-Type"),
            timezone=self._outlet.timezone,
            bounds=self._bounds(),
        )
        if parsed.status.is_loss:
            self._ledger.gap(Reason.FEED_MALFORMED, url, parsed.detail)
        reading = self._entries(feed, url, parsed, response.fetched_at)
        if failure := polling.failure_of(reading.status, found=reading.found_count):
            self._polls.failed(url, failure)
        else:
            listed = reading.found_count - reading.skipped_count
            self._polls.succeeded(
                url,
                response,
                parsed,
                seen_share=reading.seen_count / listed if listed else 1.0,
                comes_back=bool(reading.failed_count or parsed.waiting_count),
            )
        is_complete = self._read_children(feed, url, parsed, depth=depth)
        # A server that answers "unchanged" next time would keep what failed today from us for good.
        if reading.status is FeedStatus.OK and not reading.failed_count and is_complete:
            self._polls.believe(url, response)
        else:
            self._polls.doubt(url)

    def _read_children(self, feed: Feed, url: str, parsed: Parsed, *, depth: int) -> bool:
        """Read the sitemaps of an index that may hold news; False where that is not all there is to say."""
        done = self._sitemaps.setdefault(feed.feed_id, set())
        done.add(page_key(url))
        if not parsed.children:
            return not parsed.waiting_count
        if depth >= _MAX_DEPTH:
            self._lose(
                feed,
                url,
                _Lost(
                    status=FeedStatus.MALFORMED,
                    reason=Reason.FEED_MALFORMED,
                    detail=f"an index nested deeper than {_MAX_DEPTH}",
                ),
            )
            return False
        since = self._bounds().since
        recent = [
            (child.url, child.updated_at)
            for child in parsed.children
            if since is None or child.updated_at is None or child.updated_at >= since
        ]
        for child_url in polling.due_children(recent, self._polls.by_url if self._live else {}, self._now()):
            if len(done) > _MAX_SITEMAPS and self._live:
                return False
            if page_key(child_url) not in done:  # a cycle, or a second mention
                self._read(feed, child_url, depth=depth + 1)
        # An index without dates stays the same whatever its sitemaps do.
        return all(changed_at is not None for _, changed_at in recent)

    def _bounds(self) -> feeds.Bounds:
        first = self._outlet.watched_from
        return feeds.Bounds(
            since=None if first is None else datetime.combine(first, time(), UTC) - _NEWS_LASTS,
            is_seen=self._pages.is_known,
            limit=_MAX_NEW_PAGES if self._live else None,
        )

    def _entries(self, feed: Feed, url: str, parsed: Parsed, at: datetime) -> FeedReading:
        outcomes = self._pages.take(feed, parsed.entries)
        skipped = parsed.skipped_count + parsed.old_count + parsed.waiting_count
        return self._ledger.note(
            feed,
            url,
            parsed.status,
            at,
            parsed.detail,
            found_count=outcomes.total() + parsed.seen_count + skipped,
            new_count=outcomes["new"],
            seen_count=outcomes["seen"] + parsed.seen_count,
            skipped_count=outcomes["skipped"] + skipped,
            failed_count=outcomes["failed"],
        )

    def _lose(self, feed: Feed, url: str, lost: _Lost) -> None:
        self._polls.doubt(url)
        self._ledger.gap(lost.reason, url, lost.detail)
        self._ledger.note(feed, url, lost.status, self._now(), lost.detail)
        if failure := polling.failure_of(lost.status, http_status=lost.http_status):
            self._polls.failed(url, failure, lost.retry_after)

    # ---- what belongs to no feed -------------------------------------------------------------------

    def _keep_rules(self, rules: Response) -> None:
        """Archive the robots.txt that a host was asked by, where it belongs to this run."""
        if rules.fetched_at >= self._started_at if self._live else rules.fetched_at in self._interval:
            self._ledger.captures.append(self._writer.write(rules, CaptureKind.ROBOTS))

    def _now(self) -> datetime:
        """The time of what has no response to date it: in a replay the interval alone decides."""
        return self._clock.now() if self._live else self._interval.start


def _lost(error: FetchError) -> _Lost:
    retry_after = error.retry_after if isinstance(error, TransientError) else None
    status = FeedStatus.UNREACHABLE
    if isinstance(error, OversizeError):
        status = FeedStatus.OVERSIZE
    elif isinstance(error, RefusedError):
        status = FeedStatus.REFUSED
    return _Lost(
        status=status,
        reason=Reason(error.reason),
        detail=error.detail,
        retry_after=None if retry_after is None else timedelta(seconds=retry_after),
    )
