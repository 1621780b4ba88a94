"""What form has the article: one text, a live blog, a gallery's captions, one of several pages?

Such articles are kept and flagged: a live blog changes under its address, a part is not the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from pipeline.extract import structured
from pipeline.extract.page import Page
from pipeline.records import Form

# "/live-blog/", "/liveticker-", "/news-live-updates"; not "/lively-debate", "/live-music".
_LIVE_PATH = re.compile(
    r"(?:^|[/\-_])(?:live-?_?(?:blog|ticker|updates?|coverage|report)|news-?ticker|minute-by-minute|minuto-a-minuto"
    r"|en-direct|ao-vivo|diretta)(?:$|[/\-_.])|/live/",
    re.I,
)
# Posts of a live blog carry their own times: so many time elements in the text are no single article's.
_POSTS = 6
_POST = "article article time, [class*=live i] time, [class*=post i] time, [itemprop=liveBlogUpdate] time"
_GALLERIES = frozenset(("ImageGallery", "MediaGallery"))
# The number of a page in an address: "/story/2", "/story-3.html", "?page=2"; not "/story-2016".
_PAGE_IN_PATH = re.compile(r"[/\-_,](?:page[/\-_]?|seite[/\-_]?|p)?(\d{1,2})(?=$|/$|\.\w{3,5}$)", re.I)
_PAGE_IN_QUERY = re.compile(r"(?:^|&)(?:page|p|pg|pagina|seite|part)=(\d{1,2})(?=$|&)", re.I)


def form_of(page: Page) -> Form:
    stated = {name for node in page.linked for name in structured.types(node)}
    if "LiveBlogPosting" in stated or (
        _LIVE_PATH.search(urlsplit(page.url).path) and len(page.tree.css(_POST)) >= _POSTS
    ):
        return Form.LIVE_BLOG
    if stated & _GALLERIES:
        return Form.GALLERY
    if _is_part(page):
        return Form.PART
    return Form.ARTICLE


def _is_part(page: Page) -> bool:
    """It names a next or previous page whose address is its own but for the number of the page."""
    own, number = _numbered(page.url)
    for url in _neighbours(page):
        base, other = _numbered(url)
        if base == own and other != number:
            return True
    return False


def _neighbours(page: Page) -> Sequence[str]:
    linked = [*page.head.links.get("next", ()), *page.head.links.get("prev", ())]
    printed = (element.attributes.get("href") for element in page.tree.css("a[rel~=next], a[rel~=prev]")[:4])
    found = []
    for text in (*linked, *printed):
        try:
            found.append(urljoin(page.url, text or ""))
        except ValueError:
            continue
    return found


def _numbered(url: str) -> tuple[str, int]:
    """An address without the number of its page, and that number; a first page has none, which is 1."""
    parts = urlsplit(url)
    if match := _PAGE_IN_QUERY.search(parts.query):
        return f"{parts.hostname}{parts.path.rstrip('/')}", int(match[1])
    if match := _PAGE_IN_PATH.search(parts.path):
        path = parts.path[: match.start()] + parts.path[match.end() :]
        return f"{parts.hostname}{path.rstrip('/')}", int(match[1])
    return f"{parts.hostname}{parts.path.rstrip('/')}", 1
