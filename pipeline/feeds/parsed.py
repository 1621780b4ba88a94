"""What reading a feed's document gives, whatever its format, and what its patterns leave out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.records import Entry, Feed, FeedStatus
from pipeline.urls import canonical, is_http


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A sitemap that a sitemap index names."""

    url: str
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What a document says about how often it is worth reading."""

    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()  # of the day, in GMT


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What of a long list is worth keeping; all the rest is only counted."""

    since: datetime | None = None  # entries dated before it are old
    is_seen: Callable[[Entry], bool] | None = None
    limit: int | None = None  # entries kept; what comes after them waits for another reading


NO_HINTS, NO_BOUNDS = Hints(), Bounds()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """One feed document, read: found = entries + skipped + seen + old + waiting, by distinct canonical URL.

    What ``Bounds`` keep out is counted line by line: telling a million URLs apart would mean keeping them.
    """

    status: FeedStatus
    entries: tuple[Entry, ...] = ()
    skipped_count: int = 0  # distinct URLs that the feed's patterns leave out
    seen_count: int = 0
    old_count: int = 0
    waiting_count: int = 0  # beyond the limit
    children: tuple[Child, ...] = ()  # of a sitemap index
    hints: Hints = Hints()
    detail: str = ""


def failed(status: FeedStatus, detail: str) -> Parsed:
    """A document that gives no entries, and why."""
    return Parsed(status=status, detail=detail)


def gathered(
    feed: Feed,
    entries: Iterable[Entry],
    *,
    loss: str = "",
    hints: Hints = NO_HINTS,
    bounds: Bounds = NO_BOUNDS,
) -> Parsed:
    """The distinct web pages among the entries, filtered; ``loss`` says what the document lost, if anything."""
    gathering = Gathering(feed, bounds)
    for entry in entries:
        gathering.add(entry)
    return gathering.parsed(loss=loss, hints=hints)


class Gathering:
    """Sorts entries as they come: wanted, left out, seen, old, or too many."""

    def __init__(self, feed: Feed, bounds: Bounds = NO_BOUNDS) -> None:
        self._feed, self._bounds = feed, bounds
        self._wanted: dict[str, Entry] = {}
        self._left_out: set[str] = set()
        self._seen = self._old = self._waiting = self._unusable = 0

    def add(self, entry: Entry) -> bool:
        """Whether the entry is a new one to keep."""
        if not is_http(entry.url):
            self._unusable += 1
            return False
        url = canonical(entry.url)
        if (earlier := self._wanted.get(url)) is not None:
            self._wanted[url] = _latest(earlier, entry)
            return False
        if not is_wanted(self._feed, url):
            self._left_out.add(url)
            return False
        return self._keep(replace(entry, url=url))

    def count_old(self) -> None:
        """Note an entry that is too old to be looked at."""
        self._old += 1

    def parsed(self, *, loss: str = "", hints: Hints = NO_HINTS, children: tuple[Child, ...] = ()) -> Parsed:
        any_page = self._wanted or self._left_out or self._seen or self._old or self._waiting
        notes = [loss] if loss else []
        if self._unusable:
            notes.append(f"entries without a web address: {self._unusable}")
        if self._old:
            notes.append(f"dated before the outlet is watched: {self._old}")
        if self._waiting:
            notes.append(f"left for the next run: {self._waiting}")
        return Parsed(
            status=FeedStatus.MALFORMED
            if loss
            else FeedStatus.OK
            if any_page or children
            else FeedStatus.EMPTY,
            entries=tuple(self._wanted.values()),
            skipped_count=len(self._left_out),
            seen_count=self._seen,
            old_count=self._old,
            waiting_count=self._waiting,
            children=children,
            hints=hints,
            detail="; ".join(notes),
        )

    def _keep(self, entry: Entry) -> bool:
        bounds = self._bounds
        dates = [at for at in (entry.published_at, entry.updated_at) if at is not None]
        if bounds.since is not None and dates and max(dates) < bounds.since:
            self._old += 1
        elif bounds.is_seen is not None and bounds.is_seen(entry):
            self._seen += 1
        elif bounds.limit is not None and len(self._wanted) >= bounds.limit:
            self._waiting += 1
        else:
            self._wanted[entry.url] = entry
            return True
        return False


def is_wanted(feed: Feed, url: str) -> bool:
    """What the feed's own include and exclude patterns say of a URL."""
    if feed.include and not any(re.search(pattern, url) for pattern in feed.include):
        return False
    return not any(re.search(pattern, url) for pattern in feed.exclude)


def _latest(earlier: Entry, later: Entry) -> Entry:
    """The first of two entries about one page, with the newer word on when it last changed."""
    changes = [at for entry in (earlier, later) for at in (entry.updated_at,) if at is not None]
    return replace(earlier, updated_at=max(changes, default=None))
