"""What do RSS, Atom, RDF and JSON Feed documents list?

feedparser reads every XML dialect, where the usual one is not enough. It keeps the text raw, so titles, authors, dates and addresses are
made plain here; and where a document breaks off, the entries before the break are kept and the loss told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax import SAXException

import feedparser
from bs4 import BeautifulSoup

from pipeline.feeds import common_rss
from pipeline.feeds.dates import instant
from pipeline.feeds.parsed import Hints, Parsed, failed, gathered
from pipeline.records import Entry, Feed, FeedStatus
from pipeline.text import clean_line
from pipeline.urls import canonical

# Entities that pull in files or multiply: '<!ENTITY b "&a;&a;">', '<!ENTITY f SYSTEM "file:…">'; not
# '<!ENTITY nbsp "&#160;">', which old feeds declare in good faith.
_HOSTILE_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s*)?\S+\s+(?:SYSTEM|PUBLIC|\"[^\"]*[&%][^#]|'[^']*[&%][^#])")
# The first element of a web page: "<!doctype html>", "<html lang=en>"; not "<htmlfeed>".
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{")
# "desk@paper.example (Ann Lee)" holds a name after the address, "Ann Lee <ann@paper.example>" before it.
_NAME_AFTER = re.compile(r"\s*\S+@\S+\s*\((?P<name>[^)]+)\)\s*")
_NAME_BEFORE = re.compile(r"(?P<name>[^<(@]*[^<(@\s])\s*[<(]\s*\S+@\S+[>)]\s*")
# "<skipHours><hour>3</hour></skipHours>", which feedparser leaves out; its hours are of GMT.
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*([01]?\d|2[0-4])\s*</hour>", re.IGNORECASE)
_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_MARKUP = re.compile(r"[<&]")
# "<item>" opens, "</item>" closes; "<link/>" and "<br>" do neither.
_TAG = re.compile(rb"<(?!(?:br|hr|img|input|wbr)[\s>])(/?)[A-Za-z][^<>]*?(/?)>")
# feedparser's time grows with the square of the depth; feeds go ten deep, and markup that someone forgot to
# close a little deeper.
_DEEPEST = 5_000


def parse(body: bytes, feed: Feed, *, base_url: str, content_type: str | None, timezone: str) -> Parsed:
    """The entries of a feed document; never raises, whatever the bytes."""
    if _HTML.match(body):
        return failed(FeedStatus.NOT_A_FEED, "a web page in place of a feed")
    if _JSON.match(body):
        return _json_feed(body, feed, base_url, timezone)
    if _HOSTILE_ENTITY.search(body.replace(b"\0", b"")):  # without its zeros, UTF-16 markup reads as ASCII
        return failed(FeedStatus.MALFORMED, "declares entities that multiply or read files: refused")
    if _is_deep(body):
        return failed(FeedStatus.MALFORMED, f"nests more than {_DEEPEST} elements: refused")
    if (common := common_rss.read(body, content_type or "")) is not None:
        entries = (_entry(item, feed, base_url, timezone, is_atom=False) for item in common.items)
        return gathered(feed, entries, hints=_hints(common.channel, body))
    headers = {"content-location": base_url, "content-type": content_type or "application/xml"}
    try:
        read = feedparser.parse(
            body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # it meets the open web with asserts, recursion and index errors of its own
        return failed(FeedStatus.MALFORMED, f"unreadable: {type(error).__name__}: {error}")
    problem = read.get("bozo_exception")
    # A wrong content type or charset header is no loss: feedparser found the right one by itself.
    loss = f"not well-formed: {_reason(problem)}" if isinstance(problem, SAXException) else ""
    if not read.entries and not read.version:
        return failed(FeedStatus.NOT_A_FEED, loss or "neither RSS, Atom nor JSON Feed")
    is_atom = read.version.startswith("atom")
    entries = (_entry(item, feed, base_url, timezone, is_atom=is_atom) for item in read.entries)
    return gathered(feed, entries, loss=loss, hints=_hints(read.feed, body))


def _is_deep(body: bytes) -> bool:
    depth = 0
    for tag in _TAG.finditer(body):
        depth += 0 if tag[2] else -1 if tag[1] else 1
        if depth > _DEEPEST:
            return True
    return False


def _hints(channel: Mapping[str, Any], body: bytes) -> Hints:
    """What the publisher says of how often to come: <ttl>, sy:updatePeriod, <skipHours>."""
    minutes = [int(ttl)] if (ttl := str(channel.get("ttl", ""))).isdecimal() and len(ttl) < 7 else []
    period = _PERIOD_MINUTES.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    times = str(channel.get("sy_updatefrequency", "1")).strip()
    if period is not None and times.isdecimal() and 0 < int(times) <= period:
        minutes.append(period // int(times))
    skipped = _SKIP_HOURS.search(body)
    hours = {int(hour) % 24 for hour in _HOUR.findall(skipped[1])} if skipped else set()
    return Hints(ttl_minutes=max(minutes, default=None), skip_hours=tuple(sorted(hours)))


def _reason(problem: SAXException) -> str:
    line = getattr(problem, "getLineNumber", lambda: None)()
    return problem.getMessage() + (f" in line {line}" if line else "")


def _entry(item: Mapping[str, Any], feed: Feed, base_url: str, timezone: str, *, is_atom: bool) -> Entry:
    published = item.get("published") or item.get("created")
    updated = item.get("updated") if "updated" in item else None
    if published is None and not is_atom:  # RSS 1.0 dates its items with dc:date alone
        published, updated = updated, None
    # Feed proxies keep the outlet's own address beside theirs.
    link = item.get("feedburner_origlink") or item.get("link") or ""
    return Entry(
        feed_id=feed.feed_id,
        url=canonical(link, base_url) if link else "",
        entry_id=item.get("id") or None,
        title=plain(item.get("title")),
        summary=plain(item.get("summary")),
        authors=_authors(item),
        published_at=instant(published, timezone),
        updated_at=instant(updated, timezone),
    )


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    raw = item.get("author") or ""
    # feedparser cuts addresses in two where it does not know their last label.
    listed = (
        [raw] if "@" in raw else [author.get("name") or "" for author in item.get("authors", ())] or [raw]
    )
    names = (plain(_name(text)) for text in listed)
    return tuple(dict.fromkeys(name for name in names if name))


def _name(text: str) -> str:
    if named := _NAME_AFTER.fullmatch(text) or _NAME_BEFORE.fullmatch(text):
        return named["name"]
    return "" if "@" in text else text


def plain(text: str | None) -> str | None:
    """One line of text out of what may be markup, escaped once more than it should be; None where empty."""
    if not text:
        return None
    if _MARKUP.search(text):
        text = BeautifulSoup(f"<p>{text}", "lxml").get_text(" ")
    return clean_line(text) or None


def _json_feed(body: bytes, feed: Feed, base_url: str, timezone: str) -> Parsed:
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return failed(FeedStatus.MALFORMED, f"not well-formed JSON: {error}")
    items = document.get("items")
    if not str(document.get("version", "")).startswith("https://jsonfeed.org/") or not isinstance(
        items, list
    ):
        return failed(FeedStatus.NOT_A_FEED, "a JSON document, and no JSON Feed")
    return gathered(feed, _json_entries(items, feed, base_url, timezone))


def _json_entries(items: list[object], feed: Feed, base_url: str, timezone: str) -> Iterator[Entry]:
    for item in items:
        if not isinstance(item, dict):
            yield Entry(feed_id=feed.feed_id, url="")
            continue
        link = _string(item, "url")
        authors = item.get("authors")
        names = [
            plain(_string(author, "name"))
            for author in (authors if isinstance(authors, list) else [item.get("author")])
            if isinstance(author, dict)
        ]
        yield Entry(
            feed_id=feed.feed_id,
            url=canonical(link, base_url) if link else "",
            entry_id=_string(item, "id"),
            title=plain(_string(item, "title")),
            summary=plain(_string(item, "summary")),
            authors=tuple(dict.fromkeys(name for name in names if name)),
            published_at=instant(_string(item, "date_published"), timezone),
            updated_at=instant(_string(item, "date_modified"), timezone),
        )


def _string(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value else None
