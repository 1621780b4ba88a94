"""What reading a feed's document gives, whatever its format, and what its patterns leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.records import Entry, Feed, FeedStatus
from pipeline.urls import canonical, is_http


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """One feed document, read: found = entries + skipped, by distinct canonical URL."""

    status: FeedStatus
    entries: tuple[Entry, ...] = ()
    skipped_count: int = 0  # distinct URLs that the feed's patterns leave out
    detail: str = ""


def failed(status: FeedStatus, detail: str) -> Parsed:
    """A document that gives no entries, and why."""
    return Parsed(status=status, detail=detail)


def gathered(feed: Feed, entries: Iterable[Entry], *, loss: str = "") -> Parsed:
    """The distinct web pages among the entries, filtered; ``loss`` says what the document lost, if anything."""
    distinct: dict[str, Entry] = {}
    unusable = 0
    for entry in entries:
        if not is_http(entry.url):
            unusable += 1
            continue
        url = canonical(entry.url)
        earlier = distinct.get(url)
        distinct[url] = replace(entry, url=url) if earlier is None else _latest(earlier, entry)
    wanted = tuple(entry for url, entry in distinct.items() if is_wanted(feed, url))
    status = FeedStatus.MALFORMED if loss else FeedStatus.OK if distinct else FeedStatus.EMPTY
    notes = [loss] if loss else []
    if unusable:
        notes.append(f"entries without a web address: {unusable}")
    return Parsed(
        status=status,
        entries=wanted,
        skipped_count=len(distinct) - len(wanted),
        detail="; ".join(notes),
    )


def is_wanted(feed: Feed, url: str) -> bool:
    """What the feed's own include and exclude patterns say of a URL."""
    if feed.include and not any(re.search(pattern, url) for pattern in feed.include):
        return False
    return not any(re.search(pattern, url) for pattern in feed.exclude)


def _latest(earlier: Entry, later: Entry) -> Entry:
    """The first of two entries about one page, with the newer word on when it last changed."""
    changes = [at for entry in (earlier, later) for at in (entry.updated_at,) if at is not None]
    return replace(earlier, updated_at=max(changes, default=None))
