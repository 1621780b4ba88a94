"""Is this an article at all, and if not, what is it?

Three looks, each cheaper to be wrong about than the next: at the bytes, at what the page says of itself,
and at what the body came to. A reason is given only with evidence for it; a page that nobody can name is
kept when it has an article's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.extract import structured, words
from pipeline.extract.blocks import Block, visual_size
from pipeline.extract.page import MOST_ATTRIBUTES, Page, has_overloaded_element
from pipeline.extract.surroundings import BIT
from pipeline.records import Reason
from pipeline.text import word_count
from pipeline.urls import canonical

SIZE_LIMIT = 10 * 1024 * 1024
DEPTH_LIMIT = 3000

_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"BM", b"RIFF", b"ID3", b"\x7fELF", b"OggS", b"\x00\x00\x00 ftyp",
          b"\x00\x00\x00\x18ftyp", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xd0\xcf\x11\xe0", b"wOFF", b"wOF2", b"MZ\x90", b"{\\rtf")  # fmt: skip
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_XML_FEED = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?[^>]*>\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex|svg|opml|error|\w+:?\w*Result)\b",
    re.S,
)
_TAGS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_UNNESTED = frozenset((
    "br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "param",
    "track", "p", "li", "dt", "dd", "option", "td", "tr", "th",
))  # fmt: skip
_LISTING_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "ProfilePage", "ItemList"))
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|mediathek|tv)(?:/|$)", re.I)
_GALLERY_PATH = re.compile(
    r"/(?:galler(?:y|ies)|photos?|slideshow|photo-gallery|pictures|fotogalerie|bildergalerie|diaporama)(?:/|$)",
    re.I,
)
_LISTING_PATH = re.compile(
    r"/(?:tags?|topics?|thema|themen|category|categories|author|authors|autor|search|archive|archives|section|rubrik|rubrique)s?/[^/]*/?$|/page/\d+/?$",
    re.I,
)
_FEW_WORDS = 60
_STRETCH = 8_192


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    reason: Reason
    detail: str


def of_bytes(payload: bytes) -> Verdict | None:
    """What the bytes alone rule out."""
    if not payload.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return Verdict(reason=Reason.EMPTY, detail="no bytes" if not payload else "nothing but white space")
    top = payload[:65536]
    if b"%PDF-" in top[:1024]:
        return Verdict(reason=Reason.PDF, detail="begins as a PDF document")
    if top.startswith(_MAGIC):
        return Verdict(reason=Reason.BINARY, detail=f"begins with {top[:4].hex(' ')}")
    wide = top.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        len(top) > 3 and (not any(top[1:200:2]) or not any(top[0:200:2]))
    )
    if not wide and len(top) - len(top.translate(None, _CONTROL)) > 0.02 * len(top) + 2:
        return Verdict(reason=Reason.BINARY, detail="control characters throughout")
    if len(payload) > SIZE_LIMIT:
        return Verdict(reason=Reason.OVERSIZE, detail=f"{len(payload)} bytes, the limit is {SIZE_LIMIT}")
    return None


def of_text(text: str) -> Verdict | None:
    """What the text rules out before anything parses it."""
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        return Verdict(reason=Reason.EMPTY, detail="nothing but white space")
    if start[0] in "[{" and _is_json(start):
        return Verdict(reason=Reason.JSON, detail="a JSON document")
    feed = _XML_FEED.match(start[:4000])
    if feed:
        return Verdict(reason=Reason.NOT_HTML, detail=f"an XML document: <{feed[1]}>")
    if _may_be_deep(text) and _depth(text) > DEPTH_LIMIT:
        return Verdict(reason=Reason.PARSER_FAILED, detail=f"nested deeper than {DEPTH_LIMIT} elements")
    if has_overloaded_element(text):
        return Verdict(
            reason=Reason.PARSER_FAILED, detail=f"an element has more than {MOST_ATTRIBUTES} attributes"
        )
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _may_be_deep(text: str) -> bool:
    """Whether some stretch opens so many more elements than it closes that counting one by one is worth it."""
    if text.count("<") <= DEPTH_LIMIT:
        return False
    opened = 0
    for start in range(0, len(text), _STRETCH):
        tags, closing = text.count("<", start, start + _STRETCH), text.count("</", start, start + _STRETCH)
        if opened + tags - closing > DEPTH_LIMIT:
            return True
        opened = max(0, opened + tags - 2 * closing)
    return False


def _depth(text: str) -> int:
    """How deep elements nest at most, by counting; those that close themselves do not count."""
    depth = deepest = 0
    for match in _TAGS.finditer(text):
        if match[3] or match[2].lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
        if deepest > DEPTH_LIMIT:
            break
    return deepest


def of_page(page: Page, blocks: Sequence[Block], body: str, title: str | None) -> Verdict | None:
    """What the page is, where it is no article; ``body``: what was chosen as its text."""
    whole = " ".join(block.text for block in blocks[:400])[:20_000]
    count = word_count(body) if body.isascii() else max(word_count(body), visual_size(body) // 6)
    name = title or page.head.title or ""
    for found in (
        _wall(name, page.head.title or "", whole, count),
        _error((name, page.head.title or ""), whole, count),
        _kind(page, blocks, count),
        _front(page, blocks, count),
    ):
        if found is not None:
            return found
    if count < _FEW_WORDS:
        return _without_text(page, whole, count, body)
    return None


def _wall(title: str, head_title: str, whole: str, count: int) -> Verdict | None:
    bot = words.found("bot_wall", f"{title} {head_title}")
    if (bot and count < 150) or (count < 120 and len(whole) < 3000 and words.count("bot_wall", whole) >= 2):
        return Verdict(reason=Reason.BOT_WALL, detail=bot if bot else "asks for proof of being human")
    if count < 60 or words.count("consent", whole[:4000]) * 60 > len(whole) / 6:
        asked = words.count("consent", whole)
        if asked >= 3:
            return Verdict(reason=Reason.CONSENT_WALL, detail=f"{asked} phrases of consent and little else")
    return None


def _error(titles: Sequence[str], whole: str, count: int) -> Verdict | None:
    named = next((title for title in titles if words.found("not_found", title)), None)
    if named and count < 150:
        return Verdict(reason=Reason.SOFT_404, detail=f"titled {named[:80]!r}")
    if count < _FEW_WORDS and len(whole) < 4000 and (said := words.found("not_found", whole)):
        return Verdict(reason=Reason.SOFT_404, detail=f"says {said!r}")
    return None


def _kind(page: Page, blocks: Sequence[Block], count: int) -> Verdict | None:
    """What its own metadata calls it."""
    stated = {name for node in page.linked for name in structured.types(node)}
    kind = (page.head.first("og:type") or "").lower()
    path = urlsplit(page.url).path
    article = bool(page.article) or kind == "article"
    if (
        ("VideoObject" in stated and not article)
        or kind.startswith("video")
        or (_VIDEO_PATH.search(path) and page.has_player)
    ) and count < 150:
        return Verdict(reason=Reason.VIDEO, detail="a video with little text")
    if (_GALLERY_PATH.search(path) or stated & {"ImageGallery", "MediaGallery"}) and count < 120:
        return Verdict(reason=Reason.GALLERY, detail="a gallery with little text")
    if not article and stated & _LISTING_TYPES and not _has_date(page):
        return Verdict(reason=Reason.LISTING, detail=f"states {', '.join(sorted(stated & _LISTING_TYPES))}")
    if _LISTING_PATH.search(path) and not article and _linked_headlines(blocks) >= 5:
        return Verdict(reason=Reason.LISTING, detail=f"the address of a list: {path}")
    return None


def _front(page: Page, blocks: Sequence[Block], count: int) -> Verdict | None:
    """Section fronts: many linked headlines, little text between them, and nothing that says "article"."""
    address = urlsplit(canonical(page.url))  # without what only tracks the reader
    path = address.path.strip("/")
    if page.article and _has_date(page):
        return None
    headlines = _linked_headlines(blocks)
    linked = sum(block.linked for block in blocks)
    plain = sum(block.size for block in blocks) - linked
    if not path and not address.query and headlines >= 3:
        return Verdict(reason=Reason.LISTING, detail="the front page of its host")
    dated = _has_date(page)
    if (
        headlines >= (30 if dated else 10)
        and count < (3 if _names_one(path) else 20) * headlines
        and linked > plain * 0.3
        and (page.head.first("og:type") or "").lower() != "article"
    ):
        return Verdict(reason=Reason.LISTING, detail=f"{headlines} linked headlines, {count} words of text")
    return None


# The number of an article: "/world-35910044", "id=97321"; not "/2016/".
_LONG_NUMBER = re.compile(r"\d{5,}")


def _names_one(path: str) -> bool:
    """An address that reads like one article's: its last step is a headline in words, or has a number."""
    last = path.rsplit("/", 1)[-1]
    return len(re.split(r"[-_]", last)) >= 5 or _LONG_NUMBER.search(last) is not None


def _linked_headlines(blocks: Sequence[Block]) -> int:
    return sum(
        1
        for block in blocks
        if block.size >= 25
        and block.linked > 0.8 * block.size
        and not block.box.inside & (BIT["nav"] | BIT["footer"])
    )


def _has_date(page: Page) -> bool:
    return bool(
        structured.first(page.article, "datePublished")
        or page.head.first(
            "article:published_time",
            "og:article:published_time",
            "datepublished",
            "pubdate",
            "publishdate",
            "date",
            "dc.date",
            "parsely-pub-date",
        )
    )


def _without_text(page: Page, whole: str, count: int, body: str) -> Verdict | None:
    if words.found("paywall", whole) and (count < 25 or words.found("paywall", body)):
        return Verdict(reason=Reason.PAYWALL_STUB, detail="a prompt to subscribe and no text")
    if len(whole) < 600 and (
        words.found("script_shell", page.text[:60_000]) or page.text.count("<script") >= 3
    ):
        return Verdict(reason=Reason.SCRIPT_SHELL, detail="its text would be made by scripts")
    if count < 12:
        return Verdict(reason=Reason.NO_BODY, detail=f"{count} words that could be an article")
    return None


def is_paywalled(page: Page, whole: str, count: int) -> bool:
    """The page says that the article is not free, and shows less than an article's length of it."""
    free = page.article.get("isAccessibleForFree")
    closed = free is False or (isinstance(free, str) and free.strip().lower() in ("false", "no", "0"))
    tier = (page.head.first("article:content_tier") or "").lower() in ("locked", "metered")
    return (closed or tier) if count >= 250 else closed or tier or words.found("paywall", whole) is not None
