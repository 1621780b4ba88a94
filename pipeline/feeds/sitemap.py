"""What does a sitemap list, a news sitemap above all?

It is read as a stream, element by element, so that a list of a million pages costs no tree.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from lxml import etree

from pipeline.feeds.dates import instant
from pipeline.feeds.parsed import Parsed, failed, gathered
from pipeline.records import Entry, Feed, FeedStatus
from pipeline.text import clean_line
from pipeline.urls import canonical

# The protocol's own limit for one sitemap, unpacked.
_MAX_BYTES = 52_428_800
_GZIP = b"\x1f\x8b"


def parse(body: bytes, feed: Feed, *, base_url: str, timezone: str) -> Parsed:
    """The entries of a sitemap, gzipped or not; never raises, whatever the bytes."""
    try:
        text = _unpacked(body)
    except ValueError as error:
        return failed(FeedStatus.MALFORMED, str(error))
    elements = etree.iterparse(
        io.BytesIO(text),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        entries = list(_entries(elements, feed, base_url, timezone))
    except etree.XMLSyntaxError as error:
        return failed(FeedStatus.MALFORMED, f"not well-formed: {error}")
    root = etree.QName(elements.root).localname if elements.root is not None else None
    if root == "sitemapindex":
        return failed(FeedStatus.NOT_A_FEED, "a sitemap index: name one of its sitemaps as the feed")
    if root != "urlset":
        what = "a web page" if str(root).lower() == "html" else f"a <{root}> document" if root else "no XML"
        return failed(FeedStatus.NOT_A_FEED, f"{what} in place of a sitemap")
    errors = elements.error_log
    return gathered(feed, entries, loss=f"not well-formed: {errors[0].message}" if len(errors) else "")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(body, _MAX_BYTES)
    except zlib.error as error:
        raise ValueError(f"broken gzip: {error}") from error
    if unpacker.unconsumed_tail:
        raise ValueError(f"unpacks to more than {_MAX_BYTES} bytes")
    if not unpacker.eof:
        raise ValueError("the gzip breaks off")
    return text


def _entries(elements: etree.iterparse, feed: Feed, base_url: str, timezone: str) -> Iterator[Entry]:
    for _, element in elements:
        if etree.QName(element).localname != "url":
            continue
        values: dict[str, str] = {}
        for child in element.iter(etree.Element):
            # <image:loc> and <video:title> are about what the page holds, not about the page.
            name = etree.QName(child)
            if not {"image", "video"} & set((name.namespace or "").replace("-", "/").split("/")):
                values.setdefault(name.localname, (child.text or "").strip())
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
        link = values.get("loc") or ""
        yield Entry(
            feed_id=feed.feed_id,
            url=canonical(link, base_url) if link else "",
            title=clean_line(values.get("title", "")) or None,
            published_at=instant(values.get("publication_date"), timezone),
            updated_at=instant(values.get("lastmod"), timezone),
        )
