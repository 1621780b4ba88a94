"""Which links of a listing page does the outlet's own CSS selector choose?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from pipeline.feeds.parsed import Parsed, failed, gathered
from pipeline.records import Entry, Feed, FeedStatus
from pipeline.text import clean_line
from pipeline.urls import canonical

# 'text/html; charset="windows-1251"' declares one; "text/html" does not.
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def parse(body: bytes, feed: Feed, *, base_url: str, content_type: str | None) -> Parsed:
    """The chosen links; a selector that chooses none is a loss, since listings are never empty."""
    if feed.selector is None:
        raise ValueError(f"{feed.feed_id}: a listing needs a selector")
    if b"\0" in body[:1024] or b"<" not in body:
        return failed(FeedStatus.NOT_A_FEED, "no web page")
    declared = _CHARSET.search(content_type or "")
    page = BeautifulSoup(body, "lxml", from_encoding=declared[1] if declared else None)
    base = page.find("base", href=True)
    if isinstance(base, Tag):
        base_url = canonical(str(base["href"]), base_url)
    entries = list(_entries(page, feed, feed.selector, base_url))
    if not entries:
        return failed(
            FeedStatus.MALFORMED, f"the selector {feed.selector!r} chooses no link: has the page changed?"
        )
    return gathered(feed, entries)


def _entries(page: BeautifulSoup, feed: Feed, selector: str, base_url: str) -> Iterator[Entry]:
    for chosen in page.select(selector):
        link = chosen if chosen.has_attr("href") else chosen.find("a", href=True)
        if isinstance(link, Tag) and (target := str(link["href"]).strip()):
            yield Entry(
                feed_id=feed.feed_id,
                url=canonical(target, base_url),
                title=clean_line(link.get_text(" ")) or None,
            )
