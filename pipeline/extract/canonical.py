"""Under which URL does the page itself want to be known?

Believed only where it is plausible: on a host of the same site, of the same depth of meaning. Some sites
name their front page, or one page for all, as every page's canonical URL.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from pipeline.extract import structured
from pipeline.extract.page import Page
from pipeline.records import Outlet


def canonical_url(page: Page, outlet: Outlet | None = None) -> str:
    """The page's own statement if it is plausible, else the URL it was fetched under."""
    stated = [
        *page.head.links.get("canonical", ()),
        *page.head.all("og:url"),
        *filter(None, [structured.first(page.article, "url")]),
    ]
    for text in stated:
        url = urljoin(page.url, text.strip()).split("#")[0]
        if plausible(url, page.url, outlet):
            return url
    return page.url


def plausible(url: str, fetched: str, outlet: Outlet | None = None) -> bool:
    """Http, the same site, and an article's address where the page has one."""
    try:
        stated, own = urlsplit(url), urlsplit(fetched)
        _ = stated.port
    except ValueError:
        return False
    if stated.scheme not in ("http", "https") or not stated.hostname or any(c.isspace() for c in url):
        return False
    hosts = set(outlet.hosts) if outlet else set()
    if own.hostname and not _same_site(stated.hostname, own.hostname) and stated.hostname not in hosts:
        return False
    own_path = own.path.strip("/")
    return not (own_path or own.query) or bool(stated.path.strip("/") or stated.query)


def _same_site(one: str, other: str) -> bool:
    """The same host but for "www.", "m.", "amp."; or one below the other."""
    bare_one, bare_other = _bare(one), _bare(other)
    return (
        bare_one == bare_other or bare_one.endswith("." + bare_other) or bare_other.endswith("." + bare_one)
    )


def _bare(host: str) -> str:
    host = host.lower().rstrip(".")
    for prefix in ("www.", "m.", "mobile.", "amp.", "edition."):
        host = host.removeprefix(prefix)
    return host
