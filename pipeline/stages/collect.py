"""What did an outlet publish in an interval? Its feeds read, its new pages captured, all of it counted.

Live, pages not seen before (or changed since) are fetched politely. In a replay the archive stands in for
the network, the seen-state is neither read nor written, and what the interval holds decides alone; so
intervals may be replayed in any order. Either way the manifest is written last, and an interval that has
one is not collected again.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from pipeline import feeds
from pipeline.errors import (
    FetchError,
    NotArchivedError,
    OversizeError,
    RefusedError,
    TransientError,
)
from pipeline.interval import Interval
from pipeline.protocols import Archive, ArchiveWriter, Clock, Pace, Robots, SeenState, StateStore, Transport
from pipeline.records import (
    Capture,
    CaptureKind,
    Entry,
    Feed,
    FeedKind,
    FeedReading,
    FeedStatus,
    Gap,
    Manifest,
    Outlet,
    Reason,
    Reject,
    Response,
    Stage,
    Validators,
)
from pipeline.stages.asking import Asking
from pipeline.urls import canonical

_log = logging.getLogger("wirewatch.collect")

# How far before the last remembered capture a manifest may start that the state does not know of.
_LONGEST_INTERVAL = timedelta(days=2)
_BEGINNING = datetime(1991, 1, 1, tzinfo=UTC)
# Answers that will be the same tomorrow: asking for the page again would only be rude.
_FINAL = frozenset({Reason.FORBIDDEN_ADDRESS, Reason.REDIRECTS, Reason.OVERSIZE})
_GONE = ("status 404", "status 410")


def collect(
    outlet: Outlet,
    interval: Interval,
    *,
    transport: Transport,
    archive: Archive,
    state: StateStore,
    clock: Clock,
    robots: Robots,
    pace: Pace,
    live: bool,
) -> Manifest:
    """The interval's manifest: the one that stands, or that of collecting it now."""
    if (standing := _standing(outlet, interval, archive, live=live)) is not None:
        _log.info(
            "%s %s: collected before, %d captures", outlet.outlet_id, interval.name, len(standing.captures)
        )
        return standing
    memory = _remembered(outlet, archive, state) if live else SeenState(validators={}, seen={})
    with archive.writer(outlet.outlet_id, interval) as writer:
        run = _Run(outlet, interval, transport, writer, clock, robots, pace, memory, live=live)
        for feed in outlet.feeds:
            run.read(feed)
        writer.commit()
    manifest = run.manifest()
    archive.save_manifest(manifest)
    if live:
        state.save(outlet.outlet_id, run.memory())
    _log.info(
        "%s %s: %d captured, %d rejected, %d gaps",
        *(outlet.outlet_id, interval.name, manifest.new_count, len(manifest.rejects), len(manifest.gaps)),
    )
    return manifest


def _standing(outlet: Outlet, interval: Interval, archive: Archive, *, live: bool) -> Manifest | None:
    """The manifest of exactly this interval; in a replay also those of its parts, read as one."""
    if (manifest := archive.manifest(outlet.outlet_id, interval)) is not None or live:
        return manifest
    parts = archive.manifests(outlet.outlet_id, interval)
    if not parts:
        return None
    return Manifest(
        outlet_id=outlet.outlet_id,
        interval=interval,
        captures=tuple(item for part in parts for item in part.captures),
        entries=tuple(item for part in parts for item in part.entries),
        readings=tuple(item for part in parts for item in part.readings),
        rejects=tuple(item for part in parts for item in part.rejects),
        gaps=tuple(item for part in parts for item in part.gaps),
    )


def _remembered(outlet: Outlet, archive: Archive, state: StateStore) -> SeenState:
    """The saved state, caught up with manifests that a killed run wrote and did not live to remember."""
    saved = state.load(outlet.outlet_id)
    since = max(saved.seen.values(), default=_BEGINNING + _LONGEST_INTERVAL) - _LONGEST_INTERVAL
    seen = dict(saved.seen)
    for manifest in archive.manifests(outlet.outlet_id, Interval(since, datetime.max.replace(tzinfo=UTC))):
        for capture in manifest.captures:
            if capture.kind is CaptureKind.PAGE:
                for url in {capture.url, canonical(capture.final_url)}:
                    seen[url] = max(capture.fetched_at, seen.get(url, capture.fetched_at))
        for reject in manifest.rejects:
            if reject.at is not None and _is_final(reject):
                seen[reject.key] = max(reject.at, seen.get(reject.key, reject.at))
    return SeenState(validators=dict(saved.validators), seen=seen)


def _is_final(reject: Reject) -> bool:
    gone = reject.reason is Reason.HTTP_ERROR and reject.detail.startswith(_GONE)
    return gone or reject.reason in _FINAL


class _Run:
    """One outlet's collecting while it goes on: what it has, and which hosts still answer."""

    def __init__(
        self,
        outlet: Outlet,
        interval: Interval,
        transport: Transport,
        writer: ArchiveWriter,
        clock: Clock,
        robots: Robots,
        pace: Pace,
        memory: SeenState,
        *,
        live: bool,
    ) -> None:
        self._outlet, self._interval, self._live = outlet, interval, live
        self._writer, self._clock, self._started_at = writer, clock, clock.now()
        self._asking = Asking(
            transport,
            robots,
            pace if live else None,
            delay_seconds=outlet.delay_seconds,
            on_rules=self._keep_rules,
        )
        self._validators, self._seen = dict(memory.validators), dict(memory.seen)
        self._adopted = {
            capture.url: capture for capture in writer.adopted if capture.kind is CaptureKind.PAGE
        }
        self._asked: set[str] = set()  # URLs that an entry of this run has dealt with
        self._captures: list[Capture] = []
        self._entries: list[Entry] = []
        self._readings: list[FeedReading] = []
        self._rejects: list[Reject] = []
        self._gaps: list[Gap] = []

    def manifest(self) -> Manifest:
        return Manifest(
            outlet_id=self._outlet.outlet_id,
            interval=self._interval,
            captures=tuple(self._captures),
            entries=tuple(self._entries),
            readings=tuple(self._readings),
            rejects=tuple(self._rejects),
            gaps=tuple(self._gaps),
        )

    def memory(self) -> SeenState:
        return SeenState(validators=self._validators, seen=self._seen)

    # ---- a feed ----------------------------------------------------------------------------------

    def read(self, feed: Feed) -> None:
        """Read one feed and capture its new pages; whatever happens ends in its reading."""
        try:
            response = self._asking.fetch(feed.url, self._validators.get(feed.url))
        except FetchError as error:
            self._lose_feed(feed, _feed_status(error), Reason(error.reason), error.detail)
            return
        if response.status == 304:
            self._note(feed, FeedStatus.UNCHANGED, response.fetched_at)
            return
        self._captures.append(self._writer.write(response, CaptureKind.FEED))
        if response.status != 200:
            self._lose_feed(feed, FeedStatus.HTTP_ERROR, Reason.HTTP_ERROR, f"status {response.status}")
            return
        parsed = feeds.parse(
            response.body,
            feed,
            base_url=response.final_url,
            content_type=response.header("Content-Type"),
            timezone=self._outlet.timezone,
        )
        if parsed.status.is_loss:
            self._gap(Reason.FEED_MALFORMED, feed.url, parsed.detail)
        reading = self._pages(feed, parsed, response.fetched_at)
        # A server that answers "unchanged" next time would keep what failed today from us for good.
        if reading.status is FeedStatus.OK and not reading.failed_count:
            self._validators[feed.url] = Validators(
                etag=response.header("ETag"), last_modified=response.header("Last-Modified")
            )
        else:
            self._validators.pop(feed.url, None)

    def _pages(self, feed: Feed, parsed: feeds.Parsed, at: datetime) -> FeedReading:
        outcomes = [self._page(feed, entry) for entry in parsed.entries]
        return self._note(
            feed,
            parsed.status,
            at,
            parsed.detail,
            found_count=len(outcomes) + parsed.skipped_count,
            new_count=outcomes.count("new"),
            seen_count=outcomes.count("seen"),
            skipped_count=outcomes.count("skipped") + parsed.skipped_count,
            failed_count=outcomes.count("failed"),
        )

    def _lose_feed(self, feed: Feed, status: FeedStatus, reason: Reason, detail: str) -> None:
        self._validators.pop(feed.url, None)
        self._gap(reason, feed.url, detail)
        self._note(feed, status, self._now(), detail)

    def _note(
        self, feed: Feed, status: FeedStatus, at: datetime, detail: str = "", **counts: int
    ) -> FeedReading:
        reading = FeedReading(
            feed_id=feed.feed_id,
            outlet_id=self._outlet.outlet_id,
            url=feed.url,
            at=at,
            status=status,
            detail=detail,
            **counts,
        )
        self._readings.append(reading)
        told = ", ".join(
            f"{number} {name.removesuffix('_count')}" for name, number in counts.items() if number
        )
        level = logging.WARNING if status.is_loss else logging.INFO
        _log.log(
            level, "%s: %s%s", feed.feed_id, status, "".join(f"; {text}" for text in (told, detail) if text)
        )
        return reading

    # ---- a page ----------------------------------------------------------------------------------

    def _page(self, feed: Feed, entry: Entry) -> str:
        """What became of one entry: new, seen, skipped or failed."""
        if entry.url in self._asked or self._is_seen(entry):
            return "seen"
        self._asked.add(entry.url)
        if (adopted := self._adopted.get(entry.url)) is not None:
            return self._keep(entry, adopted)
        try:
            response = self._asking.fetch(entry.url)
        except NotArchivedError as error:
            if error.elsewhere:
                return "seen"
            if feed.kind is FeedKind.LISTING:  # it dates no link, so this one may be older than the archive
                return "skipped"
            self._gap(Reason.NOT_ARCHIVED, entry.url, error.detail)
            return "failed"
        except TransientError as error:
            self._gap(Reason(error.reason), entry.url, error.detail)
            return "failed"
        except FetchError as error:
            return self._reject(entry.url, Reason(error.reason), error.detail)
        if canonical(response.final_url) != entry.url and canonical(response.final_url) in self._asked:
            return "seen"  # another entry led to the same page
        return self._keep(entry, self._writer.write(response, CaptureKind.PAGE))

    def _is_seen(self, entry: Entry) -> bool:
        """Captured before, and not said to have changed since."""
        captured_at = self._seen.get(entry.url)
        if captured_at is None:
            return False
        changes = (at for at in (entry.updated_at, entry.published_at) if at is not None)
        # A change that is still to come is a wrong clock, and would be fetched again in every run.
        return not any(captured_at < at <= self._clock.now() for at in changes)

    def _keep(self, entry: Entry, capture: Capture) -> str:
        if capture.status != 200:
            return self._reject(entry.url, Reason.HTTP_ERROR, f"status {capture.status}", capture.fetched_at)
        self._captures.append(capture)
        self._entries.append(entry)
        for url in {entry.url, canonical(capture.final_url)}:
            self._asked.add(url)
            self._seen[url] = capture.fetched_at
        return "new"

    def _reject(self, url: str, reason: Reason, detail: str, at: datetime | None = None) -> str:
        when = at or self._now()
        reject = Reject(
            stage=Stage.COLLECT,
            key=url,
            reason=reason,
            detail=detail,
            outlet_id=self._outlet.outlet_id,
            at=when,
        )
        self._rejects.append(reject)
        if _is_final(reject):
            self._seen[url] = when
        return "failed"

    def _gap(self, reason: Reason, key: str, detail: str) -> None:
        self._gaps.append(
            Gap(
                outlet_id=self._outlet.outlet_id,
                interval=self._interval,
                reason=reason,
                key=key,
                detail=detail,
            )
        )

    def _keep_rules(self, rules: Response) -> None:
        """Archive the robots.txt that a host was asked by, where it belongs to this run."""
        if rules.fetched_at >= self._started_at if self._live else rules.fetched_at in self._interval:
            self._captures.append(self._writer.write(rules, CaptureKind.ROBOTS))

    def _now(self) -> datetime:
        """The time of what has no response to date it: in a replay the interval alone decides."""
        return self._clock.now() if self._live else self._interval.start


def _feed_status(error: FetchError) -> FeedStatus:
    match error:
        case NotArchivedError():
            return FeedStatus.NOT_ARCHIVED
        case OversizeError():
            return FeedStatus.OVERSIZE
        case RefusedError():
            return FeedStatus.REFUSED
    return FeedStatus.UNREACHABLE
