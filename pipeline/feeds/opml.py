"""Which feeds does an OPML list name, and how is one written? Other readers' way to pass on what they follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.records import Feed, FeedKind, Outlet
from pipeline.text import clean_line
from pipeline.urls import canonical, is_http

# What stands between the name of an outlet and that of its feed: "The Courier: world", "The Courier - home".
_MARKS_BETWEEN = " :-|/>\u00b7\u00bb\u2013\u2014"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """One feed of a list."""

    url: str
    title: str | None
    homepage: str | None
    language: str | None


class OpmlError(ValueError):
    """This is no OPML."""


def parse(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a list, in its order, each address once; OpmlError where there is no list to read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise OpmlError(f"not well-formed: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise OpmlError("no <opml> document")
    outlines: dict[str, Outline] = {}
    for element in root.iter("outline"):
        values = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        url = canonical(values.get("xmlurl", ""))
        homepage = canonical(values.get("htmlurl", ""))
        if is_http(url):
            outline = Outline(
                url=url,
                title=clean_line(values.get("title") or values.get("text") or "") or None,
                homepage=homepage if is_http(homepage) else None,
                language=(values.get("language") or "").partition("-")[0].strip().lower() or None,
            )
            outlines.setdefault(url, outline)
    return tuple(outlines.values())


def shared_title(outlines: Sequence[Outline]) -> str | None:
    """What an outlet is called whose feeds these are: of "The Courier: world" and "The Courier: home", The Courier."""
    titles = [outline.title.split() for outline in outlines if outline.title]
    if not titles:
        return None
    words = [same[0] for same in takewhile(lambda same: len(set(same)) == 1, zip(*titles, strict=False))]
    return " ".join(words).rstrip(_MARKS_BETWEEN) or " ".join(titles[0])


def written(outlets: Iterable[Outlet]) -> str:
    """OPML of the outlets' RSS and Atom feeds, a folder an outlet; sitemaps and listings have no place in it."""
    return "\n".join(_lines(outlets)) + "\n"


def _lines(outlets: Iterable[Outlet]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "  <head><title>Wirewatch outlets</title></head>"
    yield "  <body>"
    for outlet in outlets:
        feeds = [feed for feed in outlet.feeds if feed.kind is FeedKind.SYNDICATION]
        if feeds:
            yield f"    <outline text={quoteattr(outlet.name)}>"
            yield from (f"      {_outline(outlet, feed, alone=len(feeds) == 1)}" for feed in feeds)
            yield "    </outline>"
    yield "  </body>"
    yield "</opml>"


def _outline(outlet: Outlet, feed: Feed, *, alone: bool) -> str:
    name = outlet.name if alone else f"{outlet.name}: {feed.feed_id.partition('/')[2]}"
    return (
        f'<outline type="rss" text={quoteattr(name)} xmlUrl={quoteattr(feed.url)}'
        f" htmlUrl={quoteattr(outlet.homepage)} language={quoteattr(outlet.language)}/>"
    )
