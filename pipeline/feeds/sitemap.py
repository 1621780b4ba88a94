"""What does a sitemap list, a news sitemap above all?

It is read as a stream and no tree is built, so that a list of a million pages takes no more memory than one
of ten. A sitemap index gives the sitemaps it names.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import timedelta

from lxml import etree

from pipeline.feeds.dates import instant
from pipeline.feeds.parsed import NO_BOUNDS, Bounds, Child, Gathering, Parsed, failed
from pipeline.records import Entry, Feed, FeedStatus
from pipeline.text import clean_line
from pipeline.urls import canonical

# Unpacked. The protocol allows 50 MB a file; the field knows larger ones, and a stream can afford them.
_MAX_BYTES = 268_435_456
_MAX_CHILDREN = 50_000  # the protocol's own limit for an index
_MAX_TEXT = 4096
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"
_ROOTS = ("urlset", "sitemapindex")
_WANTED = frozenset({"loc", "lastmod", "publication_date", "title"})


class SitemapError(ValueError):
    """This is no sitemap, or it breaks off; entries read before stay read."""

    def __init__(self, status: FeedStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def parse(body: bytes, feed: Feed, *, base_url: str, timezone: str, bounds: Bounds = NO_BOUNDS) -> Parsed:
    """The entries of a sitemap, or the children of an index, gzipped or not; never raises, whatever the bytes."""
    gathering = Gathering(feed, bounds)
    children: dict[str, Child] = {}
    loss = ""
    try:
        for item in stream(_chunks(body), feed, base_url=base_url, timezone=timezone, bounds=bounds):
            match item:
                case Entry():
                    gathering.add(item)
                case Child() if len(children) < _MAX_CHILDREN:
                    children.setdefault(item.url, item)
                case None:
                    gathering.count_old()
    except SitemapError as error:
        if error.status is FeedStatus.NOT_A_FEED:
            return failed(error.status, str(error))
        loss = str(error)
    return gathering.parsed(loss=loss, children=tuple(children.values()))


def stream(
    chunks: Iterable[bytes], feed: Feed, *, base_url: str, timezone: str, bounds: Bounds = NO_BOUNDS
) -> Iterator[Entry | Child | None]:
    """Entries and children as their bytes arrive, None for one that is too old; SitemapError at what is lost."""
    # Dates are compared as text first: most of a long sitemap is old, and need not be understood.
    oldest = "" if bounds.since is None else (bounds.since - timedelta(days=2)).date().isoformat()
    reader = _Reader()
    parser = etree.XMLParser(
        target=reader, recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    problem, size = "", 0
    try:
        for text in _unpacked(chunks):
            parser.feed(text)
            size += len(text)
            # The parser would go on collecting what has no root; no prologue is that long.
            if reader.root not in _ROOTS and (reader.root is not None or size >= _CHUNK):
                break
            for is_page, values in reader.taken():
                if is_page and _is_before(values, oldest):
                    yield None
                else:
                    yield _item(is_page, values, feed, base_url, timezone)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        problem = f"not well-formed: {error}"
    except zlib.error as error:
        raise SitemapError(FeedStatus.MALFORMED, f"broken gzip: {error}") from error
    for is_page, values in reader.taken():
        yield _item(is_page, values, feed, base_url, timezone)
    if reader.root not in _ROOTS:
        what = (
            "a web page"
            if reader.root == "html"
            else f"a <{reader.root}> document"
            if reader.root
            else "no XML"
        )
        raise SitemapError(FeedStatus.NOT_A_FEED, f"{what} in place of a sitemap")
    if len(parser.error_log):
        problem = problem or f"not well-formed: {parser.error_log[0].message}"
    if not problem and not reader.is_whole:
        problem = "it breaks off"
    if problem:
        raise SitemapError(FeedStatus.MALFORMED, problem)


class _Reader:
    """What the parser calls: keeps the values of finished <url> and <sitemap> elements until they are taken."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._items: list[tuple[bool, dict[str, str]]] = []
        self._values: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._size = 0
        self._depth = 0

    @property
    def is_whole(self) -> bool:
        """Whether the root has ended."""
        return self.root is not None and self._depth == 0

    def taken(self) -> list[tuple[bool, dict[str, str]]]:
        """(is a page, its values) of what has ended since the last call."""
        items, self._items = self._items, []
        return items

    def start(self, tag: str, _attributes: object) -> None:
        namespace, name = _split(tag)
        self._depth += 1
        if self.root is None:
            self.root = name.lower()
        if name in ("url", "sitemap") and self._values is None:
            self._values = {}
        # <image:loc> and <video:title> are about what the page holds, not about the page.
        elif name in _WANTED and self._values is not None and not _is_media(namespace):
            self._text, self._size = [], 0

    def data(self, text: str) -> None:
        if self._text is not None and self._size < _MAX_TEXT:
            self._text.append(text)
            self._size += len(text)

    def end(self, tag: str) -> None:
        _, name = _split(tag)
        self._depth -= 1
        if self._text is not None and name in _WANTED and self._values is not None:
            self._values.setdefault(name, "".join(self._text)[:_MAX_TEXT].strip())
            self._text = None
        elif name in ("url", "sitemap") and self._values is not None:
            self._items.append((name == "url", self._values))
            self._values = None

    def close(self) -> None:
        """The parser has no more; an element that is still open is lost."""


def _split(tag: str) -> tuple[str, str]:
    namespace, brace, name = tag.rpartition("}")
    return (namespace, name) if brace else ("", tag.rpartition(":")[2])


def _is_media(namespace: str) -> bool:
    return bool({"image", "video"} & set(namespace.replace("-", "/").split("/"))) if namespace else False


def _is_before(values: dict[str, str], oldest: str) -> bool:
    """Whether all its dates are surely before a day; ISO dates sort as text."""
    dates = [values[name][:10] for name in ("lastmod", "publication_date") if values.get(name)]
    return bool(oldest and dates) and all(date < oldest and date[:2] in ("19", "20") for date in dates)


def _item(is_page: bool, values: dict[str, str], feed: Feed, base_url: str, timezone: str) -> Entry | Child:
    link = values.get("loc") or ""
    url = canonical(link, base_url) if link else ""
    updated_at = instant(values.get("lastmod"), timezone)
    if not is_page:
        return Child(url=url, updated_at=updated_at)
    return Entry(
        feed_id=feed.feed_id,
        url=url,
        title=clean_line(values.get("title", "")) or None,
        published_at=instant(values.get("publication_date"), timezone),
        updated_at=updated_at,
    )


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks as XML, however they are packed; SitemapError where there is too much of it."""
    unpacker: zlib._Decompress | None = None
    size = 0
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk.startswith(_GZIP):
            unpacker = zlib.decompressobj(31)
        waiting = chunk
        while waiting:
            text = waiting if unpacker is None else unpacker.decompress(waiting, _CHUNK)
            size += len(text)
            if size > _MAX_BYTES:
                raise SitemapError(FeedStatus.MALFORMED, f"unpacks to more than {_MAX_BYTES} bytes")
            if text:
                yield text
            waiting = b"" if unpacker is None or unpacker.eof else unpacker.unconsumed_tail
    if unpacker is not None and not unpacker.eof:
        raise SitemapError(FeedStatus.MALFORMED, "the gzip breaks off")
