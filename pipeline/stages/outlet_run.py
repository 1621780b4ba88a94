"""How is one outlet read in one run: which of its feeds are due, what do they list, what of it is new?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from pipeline import feeds, polling
from pipeline.errors import FetchError, NotArchivedError, OversizeError, RefusedError, TransientError
from pipeline.feeds import Parsed
from pipeline.interval import Interval
from pipeline.protocols import ArchiveWriter, Clock, Pace, Robots, SeenState, Transport
from pipeline.records import (
    Capture,
    CaptureKind,
    Entry,
    Feed,
    FeedKind,
    FeedReading,
    FeedStatus,
    Manifest,
    Outlet,
    Reason,
    Reject,
    Response,
    Validators,
)
from pipeline.stages.asking import Asking
from pipeline.stages.forgetting import forgetting
from pipeline.stages.ledger import Ledger
from pipeline.urls import page_key

# Answers that will be the same tomorrow: asking for the page again would only be rude.
_FINAL = frozenset({Reason.FORBIDDEN_ADDRESS, Reason.REDIRECTS, Reason.OVERSIZE})
_GONE = ("status 404", "status 410")
_LONGEST_VALIDATOR = 1_000
# Of a sitemap in one run: more new pages, or more sitemaps of an index, wait for the next.
_MAX_NEW_PAGES = 1_000
_MAX_SITEMAPS = 20
_MAX_DEPTH = 3
# How long before it is watched an outlet's pages may be dated: what a news sitemap holds.
_NEWS_LASTS = timedelta(days=2)


def is_final(reject: Reject) -> bool:
    """Whether what was rejected need not be asked for again."""
    gone = reject.reason is Reason.HTTP_ERROR and reject.detail.startswith(_GONE)
    return gone or reject.reason in _FINAL


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
    ) -> None:
        """``force``: read every feed, due or not."""
        self._outlet, self._interval, self._live, self._force = outlet, interval, live, force
        self._writer, self._clock, self._started_at = writer, clock, clock.now()
        self._asking = Asking(
            transport,
            robots,
            pace if live else None,
            delay_seconds=outlet.delay_seconds,
            on_rules=self._keep_rules,
        )
        self._validators, self._polls = dict(memory.validators), dict(memory.polls)
        self._seen, self._ids = dict(memory.seen), dict(memory.ids)
        self._adopted = {
            capture.url: capture for capture in writer.adopted if capture.kind is CaptureKind.PAGE
        }
        self._asked: set[str] = set()  # keys of pages that an entry of this run has dealt with
        self._listed: set[str] = set()  # keys of pages seen before that are still listed
        self._sitemaps: dict[str, set[str]] = {}  # by feed: the sitemaps read in this run
        self._ledger = Ledger(outlet, interval)

    def manifest(self) -> Manifest:
        return self._ledger.manifest()

    def memory(self) -> SeenState:
        """What the next run should know, without what it need not."""
        memory = SeenState(validators=self._validators, seen=self._seen, polls=self._polls, ids=self._ids)
        readings = self._ledger.readings
        # A sitemap index lists no page itself, and not all that it names is read in a run.
        all_was_read = len(readings) == len(self._outlet.feeds) and all(
            reading.status is FeedStatus.OK and reading.found_count for reading in readings
        )
        return forgetting(memory, self._now(), listed=self._listed | self._asked, all_was_read=all_was_read)

    # ---- a feed ----------------------------------------------------------------------------------

    def read(self, feed: Feed) -> None:
        """Read one feed, if it is due, and capture its new pages; whatever happens ends in its reading."""
        poll = self._polls.get(feed.url)
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
        poll = self._polls.get(url)
        in_full = polling.asks_in_full(poll, self._now())
        asked_with = None if in_full else self._validators.get(url)
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
            self._succeed(url, response, None, seen_share=1.0, in_full=False)
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
        parsed = feeds.parse(
            response.body,
            feed,
            base_url=response.final_url,
            content_type=response.header("Content-Type"),
            timezone=self._outlet.timezone,
            bounds=self._bounds(),
        )
        if parsed.status.is_loss:
            self._ledger.gap(Reason.FEED_MALFORMED, url, parsed.detail)
        reading = self._pages(feed, url, parsed, response.fetched_at)
        if failure := polling.failure_of(reading.status, found=reading.found_count):
            self._fail(url, failure)
        else:
            listed = reading.found_count - reading.skipped_count
            self._succeed(
                url,
                response,
                parsed,
                seen_share=reading.seen_count / listed if listed else 1.0,
                in_full=True,
                comes_back=bool(reading.failed_count or parsed.waiting_count),
            )
        is_complete = self._read_children(feed, url, parsed, depth=depth)
        # A server that answers "unchanged" next time would keep what failed today from us for good.
        if reading.status is FeedStatus.OK and not reading.failed_count and is_complete:
            self._validators[url] = Validators(
                etag=_validator(response, "ETag"), last_modified=_validator(response, "Last-Modified")
            )
        else:
            self._validators.pop(url, None)

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
        for child_url in polling.due_children(recent, self._polls if self._live else {}, self._now()):
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
            is_seen=lambda entry: page_key(entry.url) in self._asked or self._is_seen(entry),
            limit=_MAX_NEW_PAGES if self._live else None,
        )

    def _pages(self, feed: Feed, url: str, parsed: Parsed, at: datetime) -> FeedReading:
        names = _distinct_ids(feed, parsed.entries)
        outcomes = Counter(self._page(feed, entry, names.get(entry.url)) for entry in parsed.entries)
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

    # ---- how a feed fares ------------------------------------------------------------------------

    def _succeed(
        self,
        url: str,
        response: Response,
        parsed: Parsed | None,
        *,
        seen_share: float,
        in_full: bool,
        comes_back: bool = False,
    ) -> None:
        now = self._now()
        hints = feeds.Hints() if parsed is None else parsed.hints
        asked_for = [
            wait
            for wait in (
                polling.lifetime(response.header("Cache-Control"), _date(response.header("Expires")), now),
                None if hints.ttl_minutes is None else timedelta(minutes=hints.ttl_minutes),
            )
            if wait is not None
        ]
        self._polls[url] = polling.after_success(
            self._polls.get(url),
            now,
            seen_share=seen_share,
            in_full=in_full,
            asked_for=max(asked_for, default=None),
            skip_hours=hints.skip_hours,
            comes_back=comes_back,
        )

    def _fail(self, url: str, failure: polling.Failure, retry_after: timedelta | None = None) -> None:
        self._polls[url] = polling.after_failure(
            self._polls.get(url), self._now(), failure, retry_after=retry_after
        )

    def _lose(self, feed: Feed, url: str, lost: _Lost) -> None:
        self._validators.pop(url, None)
        self._ledger.gap(lost.reason, url, lost.detail)
        self._ledger.note(feed, url, lost.status, self._now(), lost.detail)
        if failure := polling.failure_of(lost.status, http_status=lost.http_status):
            self._fail(url, failure, lost.retry_after)

    # ---- a page ----------------------------------------------------------------------------------

    def _page(self, feed: Feed, entry: Entry, name: str | None) -> str:
        """What became of one entry: new, seen, skipped or failed; ``name``: what its feed knows it by."""
        key = page_key(entry.url)
        if key in self._asked or self._is_seen(entry, name):
            return "seen"
        self._asked.add(key)
        outcome = self._captured(feed, entry)
        if name is not None and outcome in ("new", "seen"):
            self._ids[name] = key
        return outcome

    def _captured(self, feed: Feed, entry: Entry) -> str:
        if (adopted := self._adopted.get(entry.url)) is not None:
            return self._keep(entry, adopted)
        try:
            response = self._asking.fetch(entry.url)
        except NotArchivedError as error:
            if error.elsewhere:
                return "seen"
            # These need not date their links, so this one may be older than the archive.
            undated = entry.published_at is None and entry.updated_at is None
            if feed.kind is FeedKind.LISTING or (feed.kind is FeedKind.SITEMAP and undated):
                return "skipped"
            self._ledger.gap(Reason.NOT_ARCHIVED, entry.url, error.detail, entry)
            return "failed"
        except TransientError as error:
            self._ledger.gap(Reason(error.reason), entry.url, error.detail, entry)
            return "failed"
        except FetchError as error:
            return self._reject(entry, Reason(error.reason), error.detail)
        final_key = page_key(response.final_url)
        if final_key != page_key(entry.url) and final_key in self._asked:
            return "seen"  # another entry led to the same page
        return self._keep(entry, self._writer.write(response, CaptureKind.PAGE))

    def _is_seen(self, entry: Entry, name: str | None = None) -> bool:
        """Captured before, under this address or this name, and not said to have changed since."""
        captured_at = self._seen.get(page_key(entry.url))
        if captured_at is None and name is not None and (moved_from := self._ids.get(name)) is not None:
            captured_at = self._seen.get(moved_from)
        if captured_at is None:
            return False
        self._listed.update((page_key(entry.url), self._ids.get(name, "") if name is not None else ""))
        changes = (at for at in (entry.updated_at, entry.published_at) if at is not None)
        # A change that is still to come is a wrong clock, and would be fetched again in every run.
        return not any(captured_at < at <= self._clock.now() for at in changes)

    def _keep(self, entry: Entry, capture: Capture) -> str:
        if capture.status != 200:
            return self._reject(entry, Reason.HTTP_ERROR, f"status {capture.status}", capture.fetched_at)
        self._ledger.captures.append(capture)
        self._ledger.entries.append(entry)
        for key in {page_key(entry.url), page_key(capture.final_url)}:
            self._asked.add(key)
            self._seen[key] = capture.fetched_at
        return "new"

    def _reject(self, entry: Entry, reason: Reason, detail: str, at: datetime | None = None) -> str:
        when = at or self._now()
        if is_final(self._ledger.reject(reason, entry.url, detail, when, entry)):
            self._seen[page_key(entry.url)] = when
        return "failed"

    def _keep_rules(self, rules: Response) -> None:
        """Archive the robots.txt that a host was asked by, where it belongs to this run."""
        if rules.fetched_at >= self._started_at if self._live else rules.fetched_at in self._interval:
            self._ledger.captures.append(self._writer.write(rules, CaptureKind.ROBOTS))

    def _now(self) -> datetime:
        """The time of what has no response to date it: in a replay the interval alone decides."""
        return self._clock.now() if self._live else self._interval.start


def _distinct_ids(feed: Feed, entries: Iterable[Entry]) -> dict[str, str]:
    """By URL: the name of an entry in its feed, where its id names it alone and is not its address.

    Feeds exist that give every entry the same id; there, as everywhere else, the address decides.
    """
    counts = Counter(entry.entry_id for entry in entries)
    return {
        entry.url: f"{feed.feed_id} {entry.entry_id}"
        for entry in entries
        if entry.entry_id and counts[entry.entry_id] == 1 and page_key(entry.entry_id) != page_key(entry.url)
    }


def _validator(response: Response, name: str) -> str | None:
    """A header that can be sent back as it came: printable, and no longer than a request may be."""
    value = response.header(name)
    usable = (
        value is not None and value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
    )
    return value if usable else None


def _date(value: str | None) -> datetime | None:
    """An HTTP date; None where there is none, or "0" and other ways to say "expired"."""
    try:
        at = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return None if at is None else at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


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
