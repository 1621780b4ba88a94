"""Where might a site keep its feeds? What its pages and robots rules say, and where others keep theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline.feeds.parsed import Parsed
from pipeline.records import Feed, FeedKind, FeedStatus
from pipeline.text import clean_line
from pipeline.urls import canonical, host, is_http

# Types by which pages announce feeds: "application/rss+xml"; not "application/json+oembed".
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml|application/feed\+json|text/xml", re.IGNORECASE)
# Feeds of one article's comments: "/story/comments/feed/", "?feed=comments-rss2"; not "/commentary/feed".
_COMMENTS = re.compile(r"(?:^|[/?=&-])comments(?:[/?=&-]|$)", re.IGNORECASE)
# "Sitemap: https://p.example/news.xml" in robots.txt; not "# Sitemap:".
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# "news-sitemap.xml", "sitemap_news.xml"; not "sitemap.xml".
_NEWS = re.compile(r"news", re.IGNORECASE)
_SYNDICATION_PATHS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_index.xml", "/sitemap.xml")
_MAX_CANDIDATES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An address that may be a feed, and who says so."""

    url: str
    kind: FeedKind
    found: str  # "page", "robots.txt" or "usual place"
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteWords:
    """What a home page says of its site."""

    name: str | None
    language: str | None


def on_page(html: bytes, base_url: str) -> tuple[Candidate, ...]:
    """The feeds that a page announces in its head."""
    page = BeautifulSoup(html, "lxml")
    found = []
    for link in page.find_all(
        "link", rel=lambda value: bool(value) and "alternate" in value.lower(), href=True
    ):
        if isinstance(link, Tag) and _FEED_TYPE.match(str(link.get("type", "")).strip()):
            url = canonical(str(link["href"]), base_url)
            title = clean_line(str(link.get("title", ""))) or None
            if is_http(url) and not _COMMENTS.search(url):
                found.append(Candidate(url=url, kind=FeedKind.SYNDICATION, found="page", title=title))
    return tuple(found)


def in_robots(body: bytes, base_url: str) -> tuple[Candidate, ...]:
    """The sitemaps that robots rules name, news sitemaps first."""
    text = body.decode("utf-8-sig", "replace")
    urls = [canonical(line, base_url) for line in _SITEMAP_LINE.findall(text)]
    ordered = sorted(filter(is_http, urls), key=lambda url: not _NEWS.search(url))
    return tuple(Candidate(url=url, kind=FeedKind.SITEMAP, found="robots.txt") for url in ordered)


def usual_places(homepage: str) -> tuple[Candidate, ...]:
    """Where feeds and sitemaps are kept by custom."""
    parts = urlsplit(homepage)
    root = f"{parts.scheme}://{parts.netloc}"
    kinds = ((FeedKind.SYNDICATION, _SYNDICATION_PATHS), (FeedKind.SITEMAP, _SITEMAP_PATHS))
    return tuple(
        Candidate(url=root + path, kind=kind, found="usual place") for kind, paths in kinds for path in paths
    )


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each address once, the first word on it kept; no more than are polite to try."""
    by_url: dict[str, Candidate] = {}
    for candidate in candidates:
        by_url.setdefault(canonical(candidate.url), candidate)
    return tuple(by_url.values())[:_MAX_CANDIDATES]


def site_words(html: bytes) -> SiteWords:
    """The name and language of a site, by its home page."""
    page = BeautifulSoup(html, "lxml")
    named = page.find("meta", property="og:site_name", content=True)
    name = str(named["content"]) if isinstance(named, Tag) else page.title.get_text() if page.title else ""
    root = page.find("html")
    language = str(root.get("lang", "")) if isinstance(root, Tag) else ""
    code = language.partition("-")[0].partition("_")[0].strip().lower()
    return SiteWords(name=clean_line(name) or None, language=code if re.fullmatch("[a-z]{2}", code) else None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """A candidate as it was read."""

    candidate: Candidate
    url: str  # where it answered
    parsed: Parsed

    @property
    def is_good(self) -> bool:
        return self.parsed.status is FeedStatus.OK

    @property
    def has_news(self) -> bool:
        """Whether it lists pages by when they were published, or is a feed at all."""
        return self.candidate.kind is FeedKind.SYNDICATION or any(
            entry.published_at is not None for entry in self.parsed.entries
        )


def chosen(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """Those worth collecting: each list of pages once; sitemaps of everything only where no feed has news."""
    good: list[Tried] = []
    lists: set[frozenset[str]] = set()
    for one in tried:
        pages = frozenset(entry.url for entry in one.parsed.entries) or frozenset({one.url})
        if one.is_good and pages not in lists:
            lists.add(pages)
            good.append(one)
    news = tuple(one for one in good if one.has_news)
    return news or tuple(good)


def feed_names(outlet_id: str, found: Iterable[Tried]) -> Iterator[Feed]:
    """Feeds of an outlet, each with a name of its own by its title or path."""
    taken: set[str] = set()
    for one in found:
        path = urlsplit(one.url).path.rpartition(".")[0] or urlsplit(one.url).path
        name = _slug(path) or ("sitemap" if one.candidate.kind is FeedKind.SITEMAP else "feed")
        number = 1
        unique = name
        while unique in taken:
            number += 1
            unique = f"{name}-{number}"
        taken.add(unique)
        yield Feed(feed_id=f"{outlet_id}/{unique}", url=one.url, kind=one.candidate.kind)


def outlet_id_of(homepage: str, name: str | None = None) -> str:
    """An id by the site's host, or by its name where the host is a number: "news.paper.co.example" is "paper-co"."""
    labels = host(homepage).split(".")
    if labels[-1].isdigit() and name and _slug(name):
        return _slug(name)
    return (
        _slug(
            "-".join(labels[-3:-1] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:-1] or labels)
        )
        or "outlet"
    )


# What an id is not made of: "/world/News!" gives "world-news".
_NO_WORD = re.compile(r"[^a-z0-9]+")


def _slug(text: str) -> str:
    return _NO_WORD.sub("-", text.lower()).strip("-")[:40].strip("-")
