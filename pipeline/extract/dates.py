"""When was the article published and last changed, and where does the page say so?

In order: structured data, metadata, time elements, the URL, the text near the headline, htmldate. An
instant without a zone is read in the outlet's; what cannot be (before 1990, after the page was fetched)
is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date

from pipeline.extract import structured
from pipeline.extract.blocks import Block
from pipeline.extract.page import Page

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = timedelta(days=1)

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date", "dcterms.date", "publish-date", "publish_date", "pubdate",
    "publishdate", "publication_date", "article.published", "date", "article_date_original", "cxenseparse:recs:publishtime",
    "displaydate", "datecreated", "ptime", "published_time", "og:published_time", "originalpublicationdate", "prism.publicationdate",
    "citation_publication_date", "rnews:datepublished", "shareaholic:article_published_time", "dc.date.created", "bt:pubdate",
    "last-published", "published",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified", "lastmod", "last-modified",
    "revision_date", "updated_time", "dc.date.modified", "article:modified", "date.updated",
)  # fmt: skip

# "2016-03-27T18:05:00+03:00", "2016-03-27 18:05", "20160327T1805Z", "2016-03-27"; not "2016-3".
_ISO = re.compile(
    r"^\s*(\d{4})-?/?(\d{1,2})-?/?(\d{1,2})(?:[T\s,]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:]\d+)?)?\s*"
    r"(Z|UTC|GMT|[+\-−]\d{2}:?\d{2}|[+\-−]\d{1,2}\b|[A-Z]{3,4})?)?",
)
# A day in a path: "/2016/03/27/", "/2016-03-27-", "/20160327/"; not "/2016/palmyra".
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([/\-_.]?)(0?[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01]|[1-9])(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# "March 27, 2016", "Mar. 27 2016"; not "March of 2016".
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})\b", re.I)
# "27 March 2016", "27th of March, 2016"; not "27 people in March 2016".
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?,?\s+((?:19|20)\d{{2}})\b", re.I
)
# "27.03.2016", "27/03/2016" (the day first, as most of the world writes); not "3.5.16".
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./\-])(\d{1,2})\2((?:19|20)\d{2})(?!\d)")
# "6:05 p.m. EDT", "18:05 GMT", "18.05 Uhr"; not "3-4".
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})[:.h](\d{2})(?::\d{2})?\s*([ap]\.?m\b\.?)?\s*(GMT|UTC|BST|CEST|CET|MSK|EDT|EST|ET|CDT|CST|PDT|PST|PT|IST|[+\-]\d{2}:?\d{2})?", re.I
)  # fmt: skip
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240,
    "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "IST": 330, "JST": 540, "KST": 540,
}  # fmt: skip
_REGIONS = {"ET": "America/New_York", "PT": "America/Los_Angeles"}
# What stands before the date of a change: "Updated:", "Stand:"; not "update your settings".
_CHANGE = re.compile(
    r"\b(?:updated|modified|last\s+updated?|edited|aktualisiert|mis à jour|actualizado|aggiornato|обновлено)\b",
    re.I,
)
_NEAR_TOP = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Instant:
    at: datetime
    found_in: str  # json-ld, meta, time, url, text, htmldate
    has_time: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    published: Instant | None
    modified: Instant | None


def dates(
    page: Page, top: Sequence[Block], *, zone: tzinfo, fetched_at: datetime | None, printed: str | None = None
) -> Dates:
    """Published and modified; ``top``: the blocks around the headline, ``printed``: what a selector chose."""
    bounds = _Bounds(zone, fetched_at)
    published = bounds.first(_published(page, printed))
    if published is not None and not published.has_time:
        # The day stands; another statement of the same day may know the time.
        timed = (
            found
            for found in bounds.all(_published(page, None))
            if found.has_time and found.at.astimezone(zone).date() == published.at.astimezone(zone).date()
        )
        published = next(timed, published)
    if published is None:
        published = _in_text(top, bounds) or bounds.first([("url", _day_of_url(page.url))])
    if published is None and page.is_sane:
        published = bounds.first([("htmldate", _by_htmldate(page))])
    modified = bounds.first(_modified(page))
    if published and modified and modified.at < published.at:
        modified = None
    return Dates(published=published, modified=modified)


def zone_of(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _published(page: Page, printed: str | None) -> Iterator[tuple[str, str | None]]:
    yield "time", printed
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield "json-ld", structured.first(page.article, key)
    for node in page.linked:
        if "WebPage" in structured.types(node) or structured.is_article(node):
            yield "json-ld", structured.first(node, "datePublished")
    for name in _PUBLISHED:
        yield "meta", page.head.first(name)
    for place, element in enumerate(
        page.tree.css(
            "[itemprop=datePublished], [property='dc:date'], time[pubdate], time[datetime], abbr.published"
        )
    ):
        if place >= 3:
            break
        attributes = element.attributes
        stated = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
        names = f"{attributes.get('itemprop')} {attributes.get('class')}"
        if not (
            "dateModified" in names
            or _CHANGE.search(element.parent.text(deep=True)[:80] if element.parent else "")
        ):
            yield "time", stated or element.text()[:80]


def _modified(page: Page) -> Iterator[tuple[str, str | None]]:
    yield "json-ld", structured.first(page.article, "dateModified")
    for name in _MODIFIED:
        yield "meta", page.head.first(name)
    element = page.tree.css_first("[itemprop=dateModified]")
    if element is not None:
        yield (
            "time",
            element.attributes.get("datetime") or element.attributes.get("content") or element.text()[:80],
        )


@dataclass(frozen=True, slots=True)
class _Bounds:
    zone: tzinfo
    fetched_at: datetime | None

    def all(
        self, stated: Iterator[tuple[str, str | None]] | Sequence[tuple[str, str | None]]
    ) -> Iterator[Instant]:
        for found_in, text in stated:
            parsed = parse(text, self.zone) if text else None
            if parsed is not None and self.possible(parsed[0]):
                yield Instant(at=parsed[0].astimezone(UTC), found_in=found_in, has_time=parsed[1])

    def first(
        self, stated: Iterator[tuple[str, str | None]] | Sequence[tuple[str, str | None]]
    ) -> Instant | None:
        return next(self.all(stated), None)

    def possible(self, at: datetime) -> bool:
        return at >= EARLIEST and (self.fetched_at is None or at <= self.fetched_at + _LATEST)


def parse(text: str, zone: tzinfo = UTC) -> tuple[datetime, bool] | None:
    """The instant a text states, and whether it states a time of day; None where it states no day."""
    text = text.strip()[:120]
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC), True
    match = _ISO.match(text)
    if match:
        year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups()[:6])
        return _built(year, month, day, (hour, minute, second) if match[4] else None, match[7], zone)
    if "," in text[:5]:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            at = None
        if at is not None:
            return (at if at.tzinfo else at.replace(tzinfo=zone)), True
    return _written(text, zone)


def _written(text: str, zone: tzinfo) -> tuple[datetime, bool] | None:
    if match := _MONTH_FIRST.search(text):
        month, day, year = _MONTHS[match[1].lower()], int(match[2]), int(match[3])
    elif match := _DAY_FIRST.search(text):
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
    elif match := _NUMERIC.search(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if month > 12:
            day, month = month, day
    else:
        return None
    clock = _TIME.search(text[: match.start()]) or _TIME.search(text[match.end() :])
    if clock is None:
        return _built(year, month, day, None, None, zone)
    hour = int(clock[1]) % 12 + (12 if clock[3][0] in "pP" else 0) if clock[3] else int(clock[1])
    return _built(year, month, day, (hour, int(clock[2]), 0), clock[4], zone)


def _built(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None, offset: str | None, zone: tzinfo
) -> tuple[datetime, bool] | None:
    try:
        at = datetime(year, month, day, *(clock or (0, 0, 0)), tzinfo=_offset(offset, zone))
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at, clock is not None


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    text = text.upper().replace("−", "-")
    if text in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text]))
    if text in _REGIONS:
        return ZoneInfo(_REGIONS[text])
    if text[0] in "+-":
        digits = text[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    return zone


def _in_text(top: Sequence[Block], bounds: _Bounds) -> Instant | None:
    for block in top[: 2 * _NEAR_TOP]:
        if len(block.text) > 160 or _CHANGE.match(block.text):
            continue
        parsed = _written(block.text, bounds.zone)
        if parsed is not None and bounds.possible(parsed[0]):
            return Instant(at=parsed[0].astimezone(UTC), found_in="text", has_time=parsed[1])
    return None


def _day_of_url(url: str) -> str | None:
    match = _URL_DAY.search(url.split("?")[0])
    return f"{match[1]}-{int(match[3]):02}-{int(match[4]):02}" if match else None


def _by_htmldate(page: Page) -> str | None:
    if len(page.text) > 3_000_000:
        return None
    try:
        return find_date(page.text, original_date=True, extensive_search=True, url=page.url)
    except Exception:  # whatever a page makes another parser raise, the date is only missing
        return None
