"""Which picture does the page lead with?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from pipeline.extract import structured
from pipeline.extract.page import Page

_META = ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "parsely-image-url")  # fmt: skip
# What a site shows where an article has no picture: "/img/default-share.png", "logo_1200.jpg"; not "/catalogo/".
_STANDS_IN = re.compile(
    r"(?:^|[/_\-.])(?:logo|default|placeholder|fallback|no[-_]?image|blank|og[-_]?image|share[-_]?image|favicon|icon)"
    r"(?:[/_\-.\d]|$)",
    re.I,
)
_LIMIT = 2000


def lead_image(page: Page) -> str | None:
    """The address of the picture that the page names as its own; none that stands in for a missing one."""
    for stated in _stated(page):
        try:
            url = urljoin(page.url, stated.strip())
            parts = urlsplit(url)
            named = bool(parts.hostname) and parts.scheme in ("http", "https")
        except ValueError:
            continue
        if (
            named
            and len(url) <= _LIMIT
            and not any(map(str.isspace, url))
            and not _STANDS_IN.search(parts.path)
        ):
            return url
    return None


def _stated(page: Page) -> Iterator[str]:
    for name in _META:
        yield from page.head.all(name)
    images = page.article.get("image")
    for image in images if isinstance(images, list) else [images]:
        if isinstance(image, str):
            yield image
        elif isinstance(image, Mapping) and (
            url := structured.first(image, "url", "contentUrl", "thumbnailUrl")
        ):
            yield url
