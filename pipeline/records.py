"""What the parts of the pipeline tell each other: one meaning, one frozen record.

``None`` means "looked for, not found". Instants are aware and in UTC. Spans are ``str`` offsets into
the article's body, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from pipeline.identity import digest, key, number
from pipeline.interval import Interval
from pipeline.text import Span, word_count

# ---- What we monitor -----------------------------------------------------------------------------


class FeedKind(StrEnum):
    SYNDICATION = "syndication"  # RSS or Atom
    SITEMAP = "sitemap"  # a news sitemap
    LISTING = "listing"  # an HTML page whose links are chosen by a CSS selector


class OutletKind(StrEnum):
    AGENCY = "agency"
    AGGREGATOR = "aggregator"
    BROADCASTER = "broadcaster"
    GOVERNMENT = "government"
    NGO = "ngo"
    ONLINE = "online"
    PAPER = "paper"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    feed_id: str  # unique among all feeds: "<outlet_id>/<name>"
    url: str
    kind: FeedKind
    selector: str | None = None  # listing: chooses the links
    include: tuple[str, ...] = ()  # regular expressions on the URL; empty: everything
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Selectors:
    """What an outlet's own file says about its pages: CSS selectors, None where the default will do."""

    body: str | None = None
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    drop: tuple[str, ...] = ()  # taken out of the page before anything is read


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """A publication we monitor, as ``catalog/outlets/<outlet_id>.toml`` describes it."""

    outlet_id: str
    name: str
    kind: OutletKind
    homepage: str
    language: str  # ISO 639-1
    country: str | None  # ISO 3166-1 alpha-2
    timezone: str = "UTC"  # IANA name: the zone of dates that carry none
    hosts: tuple[str, ...] = ()  # of its pages; the homepage's host is always among them
    aliases: tuple[str, ...] = ()  # how others and itself print its name
    feeds: tuple[Feed, ...] = ()
    delay_seconds: float = 1.0  # between two requests to it
    watched_from: date | None = None  # None: described, not collected
    watched_until: date | None = None  # the first day it is no longer collected
    sample: bool = False  # fictional, for demonstration
    selectors: Selectors = Selectors()
    unverified_certificates: bool = False  # whoever answers at its hosts is believed, and a log line says so

    def watched_in(self, interval: Interval) -> bool:
        """Whether it is collected in the interval, which belongs to the day it starts in."""
        day = interval.start.date()
        return (
            self.watched_from is not None
            and self.watched_from <= day
            and (self.watched_until is None or day < self.watched_until)
        )


# ---- Whom articles cite --------------------------------------------------------------------------


class ActorKind(StrEnum):
    PERSON = "person"
    INSTITUTION = "institution"  # states, their organs, international organisations
    AGENCY = "agency"  # news agencies
    OUTLET = "outlet"  # other publications
    GROUP = "group"  # armed groups, parties, movements
    NGO = "ngo"
    COMPANY = "company"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """An office someone held: "spokesman" of "kremlin", from a day to the day before another."""

    titles: tuple[str, ...]
    of: str  # source_id of the institution or place
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """One entry of the registry of actors, ``catalog/sources.toml``."""

    source_id: str
    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()  # places: "Russian"
    roles: tuple[Role, ...] = ()
    parent_id: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    gender: str | None = None  # "f" or "m", for pronouns; people only
    affiliation: str | None = None  # "state" where a state owns or runs it
    wikidata: str | None = None


# ---- What collecting brings ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a feed says of one page."""

    feed_id: str
    url: str
    entry_id: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """One answer of a server, or of the archive in its place. 304 has an empty body."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # decoded from its transfer and content encodings
    fetched_at: datetime
    # Headers of the request, none of them secret; of an archived response they stay in the archive.
    asked_with: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in any case."""
        wanted = name.lower()
        return next((value for key_, value in self.headers if key_.lower() == wanted), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """When one feed was asked, and when it is worth asking again."""

    asked_at: datetime
    next_at: datetime
    every_minutes: float  # between two readings, while nothing fails
    failure_weight: float = 0.0  # of the failures since it last gave entries; see ``pipeline.polling``
    full_at: datetime | None = None  # when it was last asked for without "has it changed?"


class CaptureKind(StrEnum):
    ROBOTS = "robots"
    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One fetched response, kept verbatim in the archive; ``warc_file`` is relative to its root."""

    outlet_id: str
    kind: CaptureKind
    url: str
    final_url: str
    status: int
    fetched_at: datetime
    digest: str  # sha256:… of the decoded body
    warc_file: str
    warc_offset: int
    content_type: str | None = None  # the header, with its charset

    @property
    def capture_key(self) -> str:
        return key("capture", self.outlet_id, self.url, self.fetched_at.isoformat(), self.digest)

    @property
    def capture_id(self) -> int:
        return number(self.capture_key)


class FeedStatus(StrEnum):
    """How one feed's reading ended."""

    OK = "ok"
    UNCHANGED = "unchanged"  # the server says so (304)
    EMPTY = "empty"  # well formed, no entries
    MALFORMED = "malformed"
    NOT_A_FEED = "not_a_feed"  # such as HTML in place of XML
    HTTP_ERROR = "http_error"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # robots rules, or a block
    OVERSIZE = "oversize"
    NOT_ARCHIVED = "not_archived"  # replaying, and the archive has no capture in the interval
    NOT_DUE = "not_due"  # read lately, or left alone for a while after failures
    DISABLED = "disabled"  # failed for so long that it is only tried once a week

    @property
    def is_loss(self) -> bool:
        return self not in (FeedStatus.OK, FeedStatus.UNCHANGED, FeedStatus.EMPTY, FeedStatus.NOT_DUE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReading:
    """What reading one feed once came to: found = new + seen + skipped + failed."""

    feed_id: str
    outlet_id: str
    url: str
    at: datetime
    status: FeedStatus
    found_count: int = 0  # distinct URLs among its entries
    new_count: int = 0  # fetched and archived now
    seen_count: int = 0  # archived before, or through another feed of this run
    skipped_count: int = 0  # left out by the feed's own patterns, older than it is watched, or left for later
    failed_count: int = 0  # wanted, and not got: each is a gap or a reject
    detail: str = ""


class Stage(StrEnum):
    COLLECT = "collect"
    PROCESS = "process"
    LOAD = "load"


class Reason(StrEnum):
    """Why one item did not become an article, or why a stretch of collecting was lost."""

    # the response
    EMPTY = "empty"
    BINARY = "binary"
    PDF = "pdf"
    JSON = "json"
    NOT_HTML = "not_html"
    OVERSIZE = "oversize"
    HTTP_ERROR = "http_error"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    OVERLOADED = "overloaded"  # 429, 503
    ROBOTS = "robots"
    BLOCKED = "blocked"
    FORBIDDEN_ADDRESS = "forbidden_address"
    REDIRECTS = "redirects"
    NOT_ARCHIVED = "not_archived"
    # the page
    LISTING = "listing"
    VIDEO = "video"
    GALLERY = "gallery"
    SOFT_404 = "soft_404"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    PAYWALL_STUB = "paywall_stub"
    SCRIPT_SHELL = "script_shell"
    NO_BODY = "no_body"
    PARSER_FAILED = "parser_failed"
    ARCHIVE_DAMAGED = "archive_damaged"  # the page was captured, and its bytes cannot be read again
    # the repetition
    UNCHANGED = "unchanged"  # the same text under the same URL, captured again
    # the feed
    FEED_MALFORMED = "feed_malformed"
    FEED_DISABLED = "feed_disabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """One item that did not become an article, and why."""

    stage: Stage
    key: str  # the URL or file it is about
    reason: Reason
    detail: str = ""
    outlet_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Something an outlet published, or may have, that we do not have. ``key``: the feed or URL."""

    outlet_id: str
    interval: Interval
    reason: Reason
    key: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What collecting one outlet in one interval brought; written last, so it is true or absent."""

    outlet_id: str
    interval: Interval
    captures: tuple[Capture, ...] = ()
    entries: tuple[Entry, ...] = ()  # those of the captured pages, to date and title them
    feed_only: tuple[Entry, ...] = ()  # those whose page could not be had: all there is of their articles
    readings: tuple[FeedReading, ...] = ()
    rejects: tuple[Reject, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def found_count(self) -> int:
        return sum(reading.found_count for reading in self.readings)

    @property
    def new_count(self) -> int:
        return sum(reading.new_count for reading in self.readings)


# ---- What processing makes of a page -------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a page states an instant."""

    INSTANT = "instant"  # with its offset from UTC
    LOCAL = "local"  # a time of day without an offset: read in the outlet's zone
    DAY = "day"  # no time of day: the first moment of the day in the outlet's zone


class Form(StrEnum):
    """What kind of page an article's text came from."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"  # posts one after the other; it grows under its address
    GALLERY = "gallery"  # pictures with text between them
    PART = "part"  # one of several pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """The extracted record of one page."""

    url: str
    canonical_url: str
    title: str | None
    body: str
    language: str | None  # ISO 639-1, detected on the body
    language_confidence: float | None = None  # 0..1; None where it is only stated
    byline: str | None = None  # as printed
    authors: tuple[str, ...] = ()  # people
    dateline: str | None = None  # the place, as printed
    wire_credit: str | None = None  # the agency that supplied the copy, as printed
    site_name: str | None = None  # how the page names its own outlet
    outlet_id: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_from: str | None = None  # json-ld, meta, time, url, text, feed, htmldate
    published_precision: Precision | None = None
    published_offset: int | None = None  # minutes east of UTC, as stated
    published_refused: str | None = None  # why a stated date was not taken, where none was
    modified_at: datetime | None = None
    modified_from: str | None = None  # json-ld, meta, time
    image_url: str | None = None  # the picture that the page leads with
    notes: tuple[str, ...] = ()  # of corrections and changes, as printed
    paywalled: bool = False
    form: Form = Form.ARTICLE
    known_share: float | None = None  # of the text: in elements where the outlet's template has articles
    extractor: str = "wirewatch"
    extractor_version: str = "1"  # with the day of the outlet's template, where one was used: "1+2016-03-28"

    @property
    def word_count(self) -> int:
        return word_count(self.body)

    @property
    def text_digest(self) -> str:
        """The name of exactly this title and body: equal for verbatim copies."""
        return digest(f"{self.title or ''}\n{self.body}".encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """How the text in elements of one style was judged on an outlet's pages, in characters."""

    style: str  # the tags and classes of the element and of the one around it
    taken: int  # for article
    left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """What the pages of an outlet have in common, learnt from pages captured before a day."""

    outlet_id: str
    since: date  # the first day whose pages are read with it
    version: str  # of how it was learnt
    learnt_from: tuple[str, ...] = ()  # digests of the pages, which say what it must come to
    lines: tuple[str, ...] = ()  # marks of the lines that many of them share: no article's own
    habits: tuple[Habit, ...] = ()
    median_words: int = 0  # of their articles
    dated_by: str | None = None  # where most of them state when they were published


class AttributionKind(StrEnum):
    DIRECT = "direct"  # all of the content stands in quotation marks
    MIXED = "mixed"  # part of it
    INDIRECT = "indirect"  # none of it


class SourceKind(StrEnum):
    """How the text names the source here."""

    NAMED = "named"
    ROLE = "role"  # "the Kremlin spokesman"
    PRONOUN = "pronoun"
    ORGANISATION = "organisation"
    DOCUMENT = "document"
    OUTLET = "outlet"
    ANONYMOUS = "anonymous"  # "a senior official"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who said what, by which words of the body. Each role may be in several parts, or none."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: AttributionKind
    source_kind: SourceKind
    name: str | None  # of whoever is meant, where resolved
    source_id: str | None  # in the registry of actors
    parent_source_id: str | None  # the institution it speaks for
    via: str | None  # the agency or outlet it was told to or reported by, as named
    rule: str  # what resolved the source
    inside: int | None  # index of the attribution whose content holds this one
    confidence: float  # 0..1
    joint: tuple[str, ...] = ()  # the others who say it too: "X and Y said" is X's, with Y


class MentionKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    name: str
    kind: MentionKind
    source_id: str | None  # in the registry, where known
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number with what it counts: "over 80 militants" is value 80, low 80, high None."""

    value: float
    low: float | None
    high: float | None
    qualifier: str | None  # over, at least, nearly, up to, between, about
    unit: str | None  # %, km, USD; None for a plain count
    counted: str | None  # "militants"
    attribution: int | None  # index of the attribution that gives it
    start: int
    end: int
    period: str | None = None  # over which it was counted, in the article's words: "in the last 24 hours"
    period_start: date | None = None  # first day of it, where the article's day tells
    period_end: date | None = None  # last day


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One captured page, processed: an article with what it holds, or a reject."""

    capture: Capture
    interval: Interval  # the collecting run it belongs to
    result: Article | Reject
    attributions: tuple[Attribution, ...] = ()
    mentions: tuple[Mention, ...] = ()
    figures: tuple[Figure, ...] = ()
    signature: bytes | None = None  # MinHash of the body, as pipeline.dedup writes it
    attribution_skipped: str | None = (
        None  # why no attribution was read: "language: pl", "failed: OverflowError"
    )

    @property
    def article_key(self) -> str:
        """An article is an outlet's page in one state of its bytes."""
        capture = self.capture
        return key("article", capture.outlet_id, capture.url, capture.digest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """All that one outlet and one interval come to after processing."""

    outlet_id: str
    interval: Interval
    manifests: tuple[Manifest, ...]
    documents: tuple[Document, ...]
    recipe: str = ""  # what read the pages: equal recipes read equal pages alike; "": not known


# ---- What loading compares -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """What deciding near-duplicates needs to know of one article."""

    article_id: int
    at: datetime  # published, else collected
    text_digest: str
    signature: bytes | None  # None: too short to compare but by its digest
    seen_at: datetime | None = None  # our clock, at the capture; None: as ``at``
    word_count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """One article's place in a cluster of near-duplicates; ``cluster_id`` is its first article's id."""

    cluster_id: int
    article_id: int
    similarity: float  # to the first article of the cluster, 0..1
    is_first: bool
    lag: timedelta  # from the first article of the cluster
    is_first_seen: bool = False  # whether we had it before all others, whatever dates they state
    seen_lag: timedelta = timedelta()  # from the one first seen
    own_share: float = 1.0  # estimated share of its shingles that the first article does not have, 0..1
