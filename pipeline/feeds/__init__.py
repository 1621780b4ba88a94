"""What does this feed list? Bytes in, entries out, for every kind of feed."""

from __future__ import annotations

from pipeline.feeds import listing, sitemap, syndication
from pipeline.feeds.parsed import NO_BOUNDS, Bounds, Child, Hints, Parsed, failed
from pipeline.records import Feed, FeedKind, FeedStatus

__all__ = ["Bounds", "Child", "Hints", "Parsed", "parse"]


def parse(
    body: bytes,
    feed: Feed,
    *,
    base_url: str,
    content_type: str | None = None,
    timezone: str = "UTC",
    bounds: Bounds = NO_BOUNDS,
) -> Parsed:
    """What a feed's document lists, its links resolved against ``base_url``; never raises on bad bytes.

    A malformed document keeps the entries that could be read, and its status tells of the loss.
    ``timezone`` is the zone of dates that carry none; ``bounds`` keep long sitemaps short.
    """
    if not body.strip(b"\xef\xbb\xbf \t\r\n\0"):
        return failed(FeedStatus.MALFORMED, "an empty document")
    match feed.kind:
        case FeedKind.SYNDICATION:
            return syndication.parse(
                body, feed, base_url=base_url, content_type=content_type, timezone=timezone
            )
        case FeedKind.SITEMAP:
            return sitemap.parse(body, feed, base_url=base_url, timezone=timezone, bounds=bounds)
        case FeedKind.LISTING:
            return listing.parse(body, feed, base_url=base_url, content_type=content_type)
