"""What one hostile case is: what the server does, and what a collecting run must make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hostile_web.server import Behaviour, Handler, Web
from pipeline.records import FeedKind, FeedStatus, Reason


class Kind(StrEnum):
    ADDRESSES = "addresses and redirects"
    TRANSPORT = "transport"
    PACKING = "compression and encodings"
    ANSWERS = "status and validators"
    ROBOTS = "robots"
    FEEDS = "feeds and XML"
    SITEMAPS = "sitemaps"
    PAGES = "HTML that kills parsers"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the manifest of one run says of the hostile outlet."""

    status: FeedStatus = FeedStatus.OK
    kept: tuple[str, ...] = ()  # paths of the pages captured, in order
    lost: tuple[tuple[str, Reason], ...] = ()  # gaps and rejects: path and reason

    def __str__(self) -> str:
        losses = ", ".join(f"`{path}` {reason.value}" for path, reason in self.lost)
        kept = ", ".join(f"`{path}`" for path in self.kept)
        return (
            f"feed {self.status.value}"
            + (f"; lost {losses}" if losses else "")
            + (f"; kept {kept}" if kept else "")
        )


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    kind: Kind
    server: str  # what it does, as a sentence about it
    paths: Mapping[str, Behaviour]  # how the hostile host answers; 404 elsewhere
    outcomes: tuple[Outcome, ...]  # of one run after the other
    feed_path: str = "/feed.xml"
    feed_kind: FeedKind = FeedKind.SYNDICATION
    selector: str | None = None
    verdicts: Mapping[str, Reason | None] | None = None  # of the processed pages; None: an article
    endless: tuple[str, ...] = ()  # paths that are, beside those that are lost to a deadline

    def is_endless(self, path: str) -> bool:
        """Whether nothing but a deadline ends its answer."""
        return path in self.endless or any(
            (path, Reason.TIMEOUT) in outcome.lost for outcome in self.outcomes
        )


def rss(*links: str) -> bytes:
    items = "".join(f"<item><title>About {link[-8:]}</title><link>{link}</link></item>" for link in links)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    )


_SENTENCES = (
    "The harbour master said on Monday that both piers would open again before the end of the month.",
    "Divers inspected the northern wall for three days and found no cracks below the water line.",
    "Fishing crews had asked for an earlier date because the herring season begins in two weeks.",
    '"We will not open a pier that we would not stand on ourselves," the harbour master told reporters.',
    "The town council set aside 40 thousand crowns for the repairs and expects to spend less than that.",
)
ARTICLE = (
    "<!doctype html><html lang=en><head><title>Both piers to open again</title>"
    "<meta property=og:type content=article></head><body><article><h1>Both piers to open again</h1>"
    + "".join(f"<p>{sentence} {_SENTENCES[-1 - index]}</p>" for index, sentence in enumerate(_SENTENCES))
    + "</article></body></html>"
).encode()


def article(handler: Handler) -> None:
    handler.page(ARTICLE)


def listing(*links: str | Callable[[Web], str]) -> Behaviour:
    """A feed of these links; those that depend on the server's ports are worked out when asked."""

    def feed(handler: Handler) -> None:
        handler.page(
            rss(*(link if isinstance(link, str) else link(handler.web) for link in links)),
            "application/rss+xml",
        )

    return feed


def bad_page(
    name: str,
    kind: Kind,
    server: str,
    behaviour: Behaviour,
    reason: Reason | None,
    *,
    link: str | Callable[[Web], str] = "/bad",
    verdict: Reason | None = None,
    **others: Behaviour,
) -> Case:
    """A feed in order, one good page, and one bad: lost for a reason, or kept where None."""
    return Case(
        name=name,
        kind=kind,
        server=server,
        paths={
            "/feed.xml": listing("/one", link),
            "/one": article,
            "/bad": behaviour,
            **{f"/{path}": other for path, other in others.items()},
        },
        outcomes=(
            Outcome(kept=("/one",), lost=(("/bad", reason),))
            if reason is not None
            else Outcome(kept=("/one", "/bad")),
        ),
        verdicts={"/one": None, "/bad": verdict} if kind is Kind.PAGES else None,
    )


def bad_feed(
    name: str,
    kind: Kind,
    server: str,
    behaviour: Behaviour,
    status: FeedStatus,
    *,
    kept: tuple[str, ...] = (),
    lost: tuple[tuple[str, Reason], ...] = (),
    path: str = "/feed.xml",
    feed_kind: FeedKind = FeedKind.SYNDICATION,
    **others: Behaviour,
) -> Case:
    """A feed that misbehaves, over pages that are in order."""
    return Case(
        name=name,
        kind=kind,
        server=server,
        paths={
            **{f"/{page}": article for page in ("one", "two", "three")},
            **{f"/{other}": behaviour_ for other, behaviour_ in others.items()},
            path: behaviour,
        },
        outcomes=(Outcome(status=status, kept=kept, lost=lost),),
        feed_path=path,
        feed_kind=feed_kind,
    )


def saying(payload: bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> Behaviour:
    return lambda handler: handler.page(payload, content_type, **headers)


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    return lambda handler: handler.say(code, body, **headers)


def raw(payload: bytes) -> Behaviour:
    return lambda handler: handler.end(payload)
