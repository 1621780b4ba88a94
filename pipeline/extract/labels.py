"""Which section did the outlet put the article in, which tags did it give it, and how does it name itself?"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.extract import structured
from pipeline.extract.features import squeezed
from pipeline.extract.page import Page
from pipeline.records import Outlet
from pipeline.text import clean_line

_MAX_TAGS = 40
# What some pages state for a section is the kind of page.
_KINDS = frozenset(("article", "articles", "story", "stories", "post", "posts", "page"))
# Several sections in one: "Property,Home Page"; not "Arts, Culture", nor "1,000 Words".
_SEVERAL = re.compile(r"[,;](?=[^\s\d])|\s*[|>]\s*")
# A registered name stands before one ending, or before two: "post.example", "post.co.example".
_SECOND_ENDINGS = frozenset(("ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"))
# The first step of many breadcrumbs, which is no section.
_TOP = frozenset(
    (
        "home",
        "startseite",
        "accueil",
        "inicio",
        "start",
        "homepage",
        "news",
        "главная",
        "anasayfa",
        "início",
        "forside",
        "hem",
    )
)


def section(page: Page, title: str | None = None) -> str | None:
    """The section as the page states it; of a trail from the front page the last step before the headline."""
    stated = [
        structured.first(page.article, "articleSection"),
        page.head.first(
            "article:section",
            "og:article:section",
            "section",
            "parsely-section",
            "cxenseparse:recs:category",
            "sailthru.section",
        ),
        *(element.text() for element in page.tree.css("[itemprop=articleSection]")[:1]),
        _last_step(_trail(page), title),
        _last_step(page.trail, title),
    ]
    for text in stated:
        line = _SEVERAL.split(clean_line(html.unescape(text or "")))[0]
        if line and len(line) < 60 and "://" not in line and squeezed(line) not in {*_KINDS, *_own(page.url)}:
            return line
    return None


def _own(url: str) -> tuple[str, str]:
    """The names of a page's host, squeezed, which some pages give for a section: "quaypost.example", "quaypost".

    Not what stands before them: sport.quaypost.example may well have a section "Sport".
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = host.split(".")[:-1]
    if len(names) > 1 and names[-1] in _SECOND_ENDINGS:
        names.pop()
    return squeezed(host), squeezed(names[-1] if names else "")


def _last_step(trail: Sequence[str], title: str | None) -> str | None:
    key = squeezed(title or "")
    steps = [step for text in trail if (step := clean_line(text).strip(" /|>›»"))]
    steps = [
        step for step in steps if squeezed(step) not in _TOP and not (key and squeezed(step)[:20] == key[:20])
    ]
    return steps[-1] if steps else None


def _trail(page: Page) -> list[str]:
    for node in page.linked:
        items = node.get("itemListElement")
        if "BreadcrumbList" in structured.types(node) and isinstance(items, list):
            return [name for item in items if isinstance(item, dict) and (name := _step(item))]
    return []


def _step(item: structured.Node) -> str | None:
    inner = item.get("item")
    return structured.first(item, "name") or (
        structured.first(inner, "name") if isinstance(inner, dict) else None
    )


def tags(page: Page) -> tuple[str, ...]:
    """The tags of structured data, else of the metadata; each once, as printed first."""
    structured_tags = [text for key in ("keywords",) for text in structured.strings(page.article.get(key))]
    listed = structured_tags or list(page.head.all("article:tag", "og:article:tag"))
    if not listed:
        listed = list(page.head.all("news_keywords", "keywords", "parsely-tags", "sailthru.tags")[:1])
    if len(listed) <= 2:
        listed = [part for text in listed for part in text.replace(";", ",").split(",")]
    seen: dict[str, str] = {}
    for text in listed:
        line = clean_line(html.unescape(text)).strip(" .,#")
        if line and len(line) < 80 and ":" not in line[:20]:
            seen.setdefault(squeezed(line), line)
    return tuple(seen.values())[:_MAX_TAGS]


def site_name(page: Page) -> str | None:
    """How the page names its own outlet."""
    publisher = page.article.get("publisher")
    stated = page.head.first(
        "og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name"
    )
    for text in (stated, *structured.strings(publisher)):
        line = clean_line(html.unescape(text or ""))
        if line and len(line) < 80 and "://" not in line:
            return line
    return None


def site_names(page: Page, outlet: Outlet | None) -> tuple[str, ...]:
    """Every name by which the outlet may stand in a title or byline."""
    host = page.url.split("://")[-1].split("/")[0].removeprefix("www.")
    own = [
        site_name(page),
        host,
        host.split(".")[0],
        *page.head.all("og:site_name", "twitter:site", "application-name"),
    ]
    known = [outlet.name, *outlet.aliases] if outlet else []
    stated = structured.strings(page.article.get("publisher"))
    for node in page.linked:
        if any(name.endswith("Organization") or name == "WebSite" for name in structured.types(node)):
            stated += structured.strings(node.get("name"))
    # Some pages give their headline as the name of an application.
    headlines = {page.head.title, page.head.first("og:title"), structured.first(page.article, "headline")}
    return tuple(
        dict.fromkeys(
            name.strip(" @")
            for name in [*known, *own, *stated]
            if name and name.strip(" @") and name not in headlines
        )
    )
