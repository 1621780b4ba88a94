"""The words of watching: what a person asks to be told of, what was seen, and what is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class WatchKind(StrEnum):
    """What a watch looks at."""

    WORDS = "words"
    SOURCES = "sources"
    OUTLETS = "outlets"
    CLUSTERS = "clusters"


class Threshold(StrEnum):
    """What must happen; the watch's number ``over`` says how much of it."""

    SPIKE = "spike"  # a robust z over that
    FIRST_MENTION = "first_mention"  # not once in that many days before
    CONFLICTING_FIGURES = "conflicting_figures"  # the highest over that many times the lowest
    SILENT = "silent"  # no article for more days than that
    COPIES = "copies"  # more copies of a story than that


# What each kind can be watched for, and the number where the file names none.
THRESHOLDS: dict[WatchKind, tuple[Threshold, ...]] = {
    WatchKind.WORDS: (Threshold.SPIKE, Threshold.FIRST_MENTION),
    WatchKind.SOURCES: (Threshold.SPIKE, Threshold.FIRST_MENTION, Threshold.CONFLICTING_FIGURES),
    WatchKind.OUTLETS: (Threshold.SPIKE, Threshold.SILENT),
    WatchKind.CLUSTERS: (Threshold.COPIES,),
}
USUAL_OVER: dict[Threshold, float] = {
    Threshold.SPIKE: 3.0,
    Threshold.FIRST_MENTION: 90.0,
    Threshold.CONFLICTING_FIGURES: 1.0,
    Threshold.SILENT: 2.0,
    Threshold.COPIES: 3.0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A file of ``catalog/watches/``."""

    watch_id: str
    title: str
    kind: WatchKind
    threshold: Threshold
    over: float
    least: int  # mentions, articles or sources: fewer are no finding
    words: str | None = None  # as typed into a search
    sources: tuple[str, ...] = ()  # ids, or name: and the name of those without; empty: all
    outlets: tuple[str, ...] = ()  # ids; empty: all
    languages: tuple[str, ...] = ()
    deliver: tuple[str, ...] = ()  # names of channels; empty: alerts are kept, and sent nowhere
    is_active: bool = True


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A file of ``catalog/digests/``: what a day or week came to, sent when it is over."""

    digest_id: str
    title: str
    every: Every
    deliver: tuple[str, ...]  # names of channels; empty: it is sent nowhere


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One row that a watch judges: a subject, a day, and how much of it there was."""

    subject: str  # source key, outlet id, cluster id, thing counted, the words
    name: str  # of the subject, for people
    day: date
    value: float
    usual: float | None = None
    deviation: float | None = None  # median absolute deviation of the days before
    known_days: int = 0  # of those before, that hold any article
    last_day: date | None = None  # on which it was seen before
    count: int = 0  # of what ``least`` bounds, where that is not the value
    detail: str = ""
    members: tuple[int, ...] = ()  # articles of the cluster


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """An article that shows it, and the sentence."""

    article_id: int
    outlet: str
    title: str | None
    url: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """One finding of a watch; its id is the finding's, so the same one is never told twice."""

    alert_id: int
    watch_id: str
    subject: str
    day: date
    reason: str  # a sentence for people
    value: float
    usual: float | None
    evidence: tuple[Evidence, ...] = ()
    found_at: datetime | None = None  # our clock; None: not recorded yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What goes through a channel: for people as text and HTML, for programs as JSON."""

    message_id: str
    subject: str
    text: str
    html: str
    payload: str  # JSON, for a webhook
    slack: str  # JSON, as Slack's incoming webhooks take it
    images: tuple[tuple[str, bytes], ...] = ()  # PNGs by the name that the HTML calls them
