"""Which page is this URL? Its canonical form, the key of its page, and the host that names its outlet.

``canonical`` is one spelling of an address, the one we store and fetch. ``page_key`` also joins the editions of
a page (mobile, AMP, http and https): two URLs with the same key are the same page, and were seen before
together. Both are their own fixed points; the rules are the table of ``rules``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urljoin

from pipeline.urls.address import REMEMBERED, Address, read, trimmed
from pipeline.urls.rules import EDITION, SPELLING, edition_host

__all__ = ["canonical", "host", "is_http", "page_key"]

# "https://p.example/a", which no base can change; not "https:/a", "//p.example/a".
_WITH_HOST = re.compile(r"https?://", re.IGNORECASE)


def canonical(url: str, base: str | None = None) -> str:
    """The one spelling of a page's URL, resolved against ``base``; what is no web address is only trimmed.

    It never raises, and is its own fixed point.
    """
    text = trimmed(url)
    if base is not None and not _WITH_HOST.match(text):
        with suppress(ValueError):  # one of them is like "http://[half"; the other may still be whole
            text = trimmed(urljoin(trimmed(base), text))
    return _canonical(text)


@lru_cache(maxsize=REMEMBERED)
def page_key(url: str) -> str:
    """What all addresses of one page share; an address itself, though none to fetch."""
    address = read(trimmed(url))
    if address is None:
        return trimmed(url)
    address = _spelled(address)
    while (changed := _of_edition(address)) != address:  # taking off "/amp" may bare an "index.html"
        address = changed
    return address.text


@lru_cache(maxsize=REMEMBERED)
def host(url: str) -> str:
    """The host that tells outlets apart: without the www., m. or amp. of an edition; "" where there is none."""
    address = read(trimmed(url))
    return "" if address is None else edition_host(address).host


@lru_cache(maxsize=REMEMBERED)
def is_http(url: str) -> bool:
    """True for an absolute http or https address with a host that can be one."""
    return read(trimmed(url)) is not None


@lru_cache(maxsize=REMEMBERED)
def _canonical(text: str) -> str:
    address = read(text)
    return text if address is None else _spelled(address).text


@lru_cache(maxsize=REMEMBERED)
def _spelled(address: Address) -> Address:
    for rule in SPELLING:
        address = rule.change(address)
    return address


def _of_edition(address: Address) -> Address:
    for rule in EDITION:
        address = rule.change(address)
    return address
