"""Which feeds does a site have, and what would collecting it bring?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline import feeds
from pipeline.errors import FetchError
from pipeline.feeds import discovery, opml
from pipeline.feeds.discovery import Candidate, Tried
from pipeline.protocols import Pace, Robots, Transport
from pipeline.records import Feed, FeedKind, FeedStatus, Outlet, OutletKind
from pipeline.stages.asking import Asking
from pipeline.urls import canonical, host

_log = logging.getLogger("wirewatch.discover")

_DELAY_SECONDS = 1.0
_MAX_LISTED = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """What was found at a site: the outlet as it could be catalogued, and everything that was tried."""

    outlet: Outlet
    tried: tuple[Tried, ...]
    chosen: tuple[Tried, ...]
    failures: tuple[tuple[str, str], ...]  # (URL, what was wrong)
    language_is_known: bool


def discover(url: str, *, transport: Transport, robots: Robots, pace: Pace) -> Discovery:
    """Ask a site for its feeds, politely; a FetchError where its home page cannot be had."""
    asking = Asking(transport, robots, pace, delay_seconds=_DELAY_SECONDS, on_rules=lambda _: None)
    home = asking.fetch(canonical(url))
    root = urlsplit(home.final_url)
    homepage = home.final_url
    rules = robots.rules(homepage).response
    candidates = discovery.distinct(
        (
            *discovery.on_page(home.body, homepage),
            *(discovery.in_robots(rules.body, homepage) if rules and rules.status == 200 else ()),
            *discovery.usual_places(f"{root.scheme}://{root.netloc}/"),
        )
    )
    tried: list[Tried] = []
    failures: list[tuple[str, str]] = []
    for candidate in candidates:
        try:
            tried.append(_tried(candidate, asking))
        except FetchError as error:
            failures.append((candidate.url, f"{error.reason} {error.detail}".strip()))
    words = discovery.site_words(home.body)
    outlet_id = discovery.outlet_id_of(homepage, words.name)
    found = discovery.chosen(tried)
    return Discovery(
        outlet=Outlet(
            outlet_id=outlet_id,
            name=words.name or host(homepage),
            kind=OutletKind.ONLINE,
            homepage=homepage,
            hosts=(host(homepage),),
            language=words.language or "en",
            country=None,
            feeds=tuple(discovery.feed_names(outlet_id, found)),
        ),
        tried=tuple(tried),
        chosen=found,
        failures=tuple(failures),
        language_is_known=words.language is not None,
    )


def outlets_of_opml(body: bytes, *, language: str | None, known_hosts: frozenset[str]) -> Iterator[Outlet]:
    """The outlets of an OPML list, by the host of their pages, without those of known hosts.

    An outline that says no language is in ``language``; ValueError where that is not given either.
    """
    grouped: dict[str, list[opml.Outline]] = {}
    for outline in opml.parse(body):
        name = host(outline.homepage or outline.url)
        if name not in known_hosts and host(outline.url) not in known_hosts:
            grouped.setdefault(name, []).append(outline)
    taken: set[str] = set()
    for name, outlines in grouped.items():
        spoken = next((outline.language for outline in outlines if outline.language), language)
        if spoken is None:
            raise ValueError(f"{outlines[0].url}: the list does not say its language")
        outlet_id = discovery.outlet_id_of(f"http://{name}/")
        if outlet_id in taken:
            outlet_id = name.replace(".", "-")
        taken.add(outlet_id)
        home = next((outline.homepage for outline in outlines if outline.homepage), None)
        parts = urlsplit(outlines[0].url)
        found = [
            Tried(
                candidate=Candidate(url=outline.url, kind=FeedKind.SYNDICATION, found="OPML"),
                url=outline.url,
                parsed=feeds.Parsed(status=FeedStatus.OK),
            )
            for outline in outlines
        ]
        yield Outlet(
            outlet_id=outlet_id,
            name=opml.shared_title(outlines) or name,
            kind=OutletKind.ONLINE,
            homepage=home or f"{parts.scheme}://{parts.netloc}/",
            hosts=(name,),
            language=spoken,
            country=None,
            feeds=tuple(discovery.feed_names(outlet_id, found)),
        )


def _tried(candidate: Candidate, asking: Asking) -> Tried:
    response = asking.fetch(candidate.url)
    if response.status != 200:
        raise FetchError(candidate.url, "http_error", f"status {response.status}")
    feed = Feed(feed_id="discovered/feed", url=response.final_url, kind=candidate.kind)
    parsed = feeds.parse(
        response.body,
        feed,
        base_url=response.final_url,
        content_type=response.header("Content-Type"),
        bounds=feeds.Bounds(limit=_MAX_LISTED),
    )
    _log.info("%s: %s, %d entries", candidate.url, parsed.status, len(parsed.entries))
    return Tried(candidate=candidate, url=canonical(response.final_url), parsed=parsed)
