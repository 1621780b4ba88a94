"""What is on this page, read once for everyone who asks?

The tree is lexbor's; the head is read by BeautifulSoup up to ``</head>``, scripts taken out; JSON-LD by
a regular expression, for it may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from selectolax.lexbor import LexborHTMLParser

from pipeline.extract import structured
from pipeline.extract.blocks import UNSEEN
from pipeline.extract.decoding import Decoded, decode
from pipeline.extract.markup import without_scripts
from pipeline.text import clean_line

_HEAD_LIMIT = 400_000
# The end of the head, or the start of the body where nobody wrote it.
_HEAD_END = re.compile(r"</head\s*>|<body\b", re.I)

# Links that nobody here asks for, which are nearly all: `<link rel="preload" …>`; not `<link rel="canonical" …>`.
_SPARE_LINK = re.compile(
    r"<link\b(?![^<>]{0,2000}?\brel\s*=\s*[\"']?[^\"'>]{0,40}?(?:canonical|next|prev))[^<>]{0,2000}>", re.I
)

# Metadata of no use here, which are half of all: `<meta name="viewport" …>`; not `<meta name="author" …>`.
_SPARE_META = re.compile(
    r"<meta\b[^<>]{0,200}?\b(?:name|property)\s*=\s*[\"']?(?:viewport|robots|googlebot|theme-color|generator|referrer|format-detection"
    r"|fb:|msapplication|msvalidate|al:(?!ios:app_name)|apple-(?!mobile-web-app-title)|[^\"'<>\s]{0,60}verif|og:locale|og:video"
    r"|og:image:(?:width|height|type|alt)|twitter:(?:card|app|url|domain|description|creator[\"']|image:(?:alt|width|height)))"
    r"[^<>]{0,2000}>",
    re.I,
)

# The parser's time grows with the square of one element's attributes: 80,000 cost two minutes. Long tags are
# "<div a0=b a1=b …>", and the harmless "<img src='data:…'>", whose one value is left out of the count.
_LONG_TAG = 20_000
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
MOST_ATTRIBUTES = 2_000

# A third of a page's elements stand in its menus. What holds one of these is no menu, or one that nobody closed.
_NO_MENU = "nav h1, nav article, nav main, nav p + p"

_SANE_MARKUP = 3_000_000
_SANE_ATTRIBUTES = 200_000
# A span of columns that no table has: `colspan="9000000000000000"`; not `colspan="12"`.
_INSANE_SPAN = re.compile(r"(?:col|row)span\s*=\s*[\"']?\d{4,}", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """Title, metadata by lower-case name, links to the page itself and its neighbours by relation, and the language of the html element."""

    title: str | None
    meta: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    language: str | None

    def first(self, *names: str) -> str | None:
        """The first value of the first of these names that has one."""
        return next((values[0] for name in names if (values := self.meta.get(name))), None)

    def all(self, *names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in self.meta.get(name, ()))


@dataclass(frozen=True, kw_only=True)
class Page:
    url: str
    text: str  # the markup
    encoding: str
    tree: LexborHTMLParser  # without menus and what no reader sees: scripts, styles, drawings
    has_player: bool
    trail: tuple[str, ...]  # the printed steps from the front page to here
    head: Head
    linked: tuple[structured.Node, ...]  # JSON-LD
    article: structured.Node  # the one of them the page is about; empty where none is

    @property
    def is_sane(self) -> bool:
        """True where slower parsers will not choke on the page."""
        text = self.text
        return (
            len(text) <= _SANE_MARKUP
            and text.count("=") <= _SANE_ATTRIBUTES
            and not _INSANE_SPAN.search(text)
        )


def read_page(payload: bytes, url: str, encoding: str | None = None) -> Page:
    return page_of(decode(payload, encoding), url)


def has_overloaded_element(text: str) -> bool:
    """True where an element has more than ``MOST_ATTRIBUTES``: parsers compare each with all the others."""
    for start in _lonely(text):
        end = text.find("<", start + 1)
        tag = text[start + 1 : end if end >= 0 else None].partition(">")[0]
        if (
            len(tag) > _LONG_TAG
            and tag[0].isalpha()
            and len(_VALUE.sub(" ", tag).split()) > MOST_ATTRIBUTES
            and not _is_script(text, start)
        ):
            return True
    return False


def _lonely(text: str) -> Iterator[int]:
    """Each "<" that no other follows within ``_LONG_TAG``; in leaps from one to the last within its reach."""
    place = text.find("<")
    while place >= 0:
        last = text.rfind("<", place + 1, place + _LONG_TAG + 2)
        if last < 0:
            yield place
            last = text.find("<", place + 1)
        place = last


def _is_script(text: str, place: int) -> bool:
    """In a script "i<e" compares, and opens no element."""
    return text.rfind("<script", 0, place) > text.rfind("</script", 0, place)


def page_of(decoded: Decoded, url: str) -> Page:
    text = decoded.text
    linked = structured.nodes(text)
    none: dict[str, Any] = {}
    tree = LexborHTMLParser(decoded.utf8 or text.encode("utf-8", "replace"))
    has_player = tree.css_matches("video, iframe[src*=player]")
    trail = _trail(tree)
    tree.strip_tags(list(UNSEEN))
    if not tree.css_matches(_NO_MENU):
        tree.strip_tags(["nav"])
    return Page(
        url=url,
        text=text,
        encoding=decoded.encoding,
        tree=tree,
        has_player=has_player,
        trail=trail,
        head=_head(text),
        linked=linked,
        article=structured.main_article(linked, url) or none,
    )


def _trail(tree: LexborHTMLParser) -> tuple[str, ...]:
    trail = tree.css_first("nav[aria-label=breadcrumb i], [class*=breadcrumb i], [id*=breadcrumb i]")
    if trail is None:
        return ()
    steps = trail.css("a, [aria-current]") or trail.css("li")
    return tuple(step.text() for step in steps[:8])


def _head(text: str) -> Head:
    end = _HEAD_END.search(text)
    source = without_scripts(text[: min(end.start() if end else _HEAD_LIMIT, _HEAD_LIMIT)])
    soup = BeautifulSoup(_SPARE_META.sub("", _SPARE_LINK.sub("", source)), "lxml")
    meta: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    for tag in soup.descendants:
        if not isinstance(tag, Tag):
            continue
        if tag.name == "meta":
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
            content = clean_line(str(tag.get("content") or ""))
            if name and content:
                meta.setdefault(str(name).strip().lower(), []).append(content)
        elif tag.name == "link" and tag.get("href"):
            for relation in tag.get_attribute_list("rel"):
                links.setdefault(str(relation).lower(), []).append(str(tag["href"]).strip())
    title = clean_line(soup.title.get_text()) if soup.title else ""
    language = soup.html.get("lang") or soup.html.get("xml:lang") if soup.html else None
    return Head(
        title=title or None,
        meta={name: tuple(values) for name, values in meta.items()},
        links={name: tuple(values) for name, values in links.items()},
        language=str(language).strip() if language else None,
    )
