"""When was the article published and last changed, where does the page say so, and how exactly?

In order: structured data, metadata, time elements, the URL, the text near the headline, a labelled line,
htmldate. A time without an offset takes the offset with which the page states the same time elsewhere, else
it is read in the outlet's zone. What cannot be (before 1990, after the page was fetched) is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from htmldate import find_date

from pipeline.extract import structured, words
from pipeline.extract.blocks import Block
from pipeline.extract.instants import Instant, Refusal, Setting, parse, written
from pipeline.extract.page import Page
from pipeline.extract.surroundings import BIT
from pipeline.records import Precision

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
_TIMES = "[itemprop=datePublished], [property='dc:date'], time[pubdate], time[datetime], abbr.published"
_MOST_TIMES = 3
# "05:00 AM EST", "14:02 MEZ", "18:05 GMT"; not "05:00 AM", "14:02".
_SOME_ZONE = re.compile(r"\d\s*(?:[AaPp]\.?[Mm]\.?)?\s*[A-Z]{2,4}\s*$")
_APART = (
    BIT["footer"]
    | BIT["c_comment"]
    | BIT["c_related"]
    | BIT["c_footer"]
    | BIT["nav"]
    | BIT["figure"]
    | BIT["figcaption"]
)
_LINE_LIMIT = 160
_SHORT = 60
# A day in a path: "/2016/03/27/", "/2016-03-27-", "/20160327/"; not "/2016/palmyra".
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([/\-_.]?)(0?[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01]|[1-9])(?!\d)")
# What htmldate answers where it knows the year alone.
_YEAR_ALONE = "-01-01"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    instant: Instant
    found_in: str  # json-ld, meta, time, url, text, htmldate

    @property
    def at(self) -> datetime:
        return self.instant.at.astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    published: Found | None
    modified: Found | None
    refused: str | None = None  # why no stated date of publication was taken, where there is one


def dates(
    page: Page, top: Sequence[Block], *, zone: tzinfo, fetched_at: datetime | None, printed: str | None = None,
    blocks: Sequence[Block] = (),
) -> Dates:  # fmt: skip
    """Published and modified; ``top``: the blocks around the headline, ``printed``: what a selector chose."""
    language = page.head.language
    setting = Setting(
        zone=zone, language=language, month_first=(language or "").lower() in ("en-us", "en_us")
    )
    judge = _Judge(setting=setting, fetched_at=fetched_at)
    stated = list(judge.all(_published(page, printed)))
    published = (
        stated[0]
        if stated
        else judge.first(_changed_elements(page)) or judge.first([("url", _day_of_url(page.url))])
    )
    if published is None or published.instant.precision is Precision.DAY:
        # A short line is about its date; a long one may only mention it.
        in_text = list(judge.in_text(sorted([*top, *_labelled(blocks)], key=lambda b: len(b.text) > _SHORT)))
        published = published or (in_text[0] if in_text else None)
        stated += in_text
    if published is None and page.is_sane:
        published = judge.first([("htmldate", _by_htmldate(page))])
    modified = judge.first(_modified(page))
    if published:
        published = _sharper(published, stated)
        if modified and modified.at < published.at:
            modified = None
    return Dates(
        published=published, modified=modified, refused=judge.refusals[0] if judge.refusals and not published else None
    )  # fmt: skip


def zone_of(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _sharper(found: Found, others: Iterable[Found]) -> Found:
    """The same day with its time, the same time with its offset, where another statement knows it."""
    for other in others:
        mine, theirs = found.instant, other.instant
        if mine.precision is Precision.DAY and theirs.precision is not Precision.DAY:
            if theirs.at.astimezone(mine.at.tzinfo).date() == mine.at.date():
                found = other
        elif mine.precision is Precision.LOCAL and theirs.precision is Precision.INSTANT:
            apart = theirs.at.replace(tzinfo=UTC) - mine.at.replace(tzinfo=UTC)
            if abs(apart) < timedelta(minutes=1):
                found = other
    return found


Statement = tuple[str, str | None]  # where, and what it says


def _published(page: Page, printed: str | None) -> Iterator[Statement]:
    yield "time", printed
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield "json-ld", structured.first(page.article, key)
    for node in page.linked:
        if "WebPage" in structured.types(node) or structured.is_article(node):
            yield "json-ld", structured.first(node, "datePublished")
    for name in _PUBLISHED:
        yield "meta", page.head.first(name)
    yield from (("time", text) for text, changed in _time_elements(page) if not changed)


def _changed_elements(page: Page) -> Iterator[Statement]:
    """A page that prints one date only, and calls it an update: the best there is."""
    yield from (("time", text) for text, changed in _time_elements(page) if changed)


def _time_elements(page: Page) -> Iterator[tuple[str, bool]]:
    for element in page.tree.css(_TIMES)[:_MOST_TIMES]:
        attributes = element.attributes
        text = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
        names = f"{attributes.get('itemprop')} {attributes.get('class')}"
        around = element.parent.text(deep=True)[:120].strip() if element.parent else ""
        changed = "dateModified" in names or words.found("change", around[:80]) is not None
        printed = element.text()[:80]
        yield text or printed, changed
        if text and _SOME_ZONE.search(printed):
            yield printed, changed  # it may know the offset that the attribute leaves out


def _modified(page: Page) -> Iterator[Statement]:
    yield "json-ld", structured.first(page.article, "dateModified")
    for name in _MODIFIED:
        yield "meta", page.head.first(name)
    element = page.tree.css_first("[itemprop=dateModified]")
    if element is not None:
        yield (
            "time",
            element.attributes.get("datetime") or element.attributes.get("content") or element.text()[:80],
        )


def _is_caption(block: Block) -> bool:
    """A line under a picture may end in the day it was taken; the line of a date is little else."""
    parent = block.box.parent
    return bool((block.box.own | (parent.own if parent else 0)) & BIT["c_caption"])


def _labelled(blocks: Sequence[Block]) -> list[Block]:
    """Lines anywhere that say what they are: "Datum 28.04.2023"."""
    return [
        block
        for block in blocks
        if len(block.text) <= _SHORT
        and block.text[-1].isdigit()
        and words.begins("date_label", block.text)
        and not block.box.inside & _APART
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judge:
    """Reads statements and keeps what is possible; remembers why others were not."""

    setting: Setting
    fetched_at: datetime | None
    refusals: list[str] = field(default_factory=list)

    def all(self, stated: Iterable[Statement]) -> Iterator[Found]:
        for found_in, text in stated:
            if text and (found := self._judged(found_in, text, parse(text, self.setting))):
                yield found

    def first(self, stated: Iterable[Statement]) -> Found | None:
        return next(self.all(stated), None)

    def in_text(self, lines: Iterable[Block]) -> Iterator[Found]:
        for block in lines:
            if (
                len(block.text) <= _LINE_LIMIT
                and not block.box.inside & _APART
                and not words.begins("change", block.text)
                and not _is_caption(block)
                and (found := self._judged("text", block.text, written(block.text, self.setting)))
            ):
                yield found

    def _judged(self, found_in: str, text: str, read: Instant | Refusal | None) -> Found | None:
        if isinstance(read, Refusal):
            self.refusals.append(f"{found_in}: {text[:60]!r}: {read.reason}")
        elif read is not None and read.at < EARLIEST:
            self.refusals.append(f"{found_in}: {text[:60]!r}: before {EARLIEST:%Y}")
        elif read is not None and self.fetched_at is not None and read.at > self.fetched_at + _LATEST:
            self.refusals.append(f"{found_in}: {text[:60]!r}: after the page was fetched")
        elif read is not None:
            return Found(instant=read, found_in=found_in)
        return None


def _day_of_url(url: str) -> str | None:
    match = _URL_DAY.search(url.split("?")[0])
    return f"{match[1]}-{int(match[3]):02}-{int(match[4]):02}" if match else None


def _by_htmldate(page: Page) -> str | None:
    """A full day of what htmldate finds: where it knows the year alone it answers with January 1."""
    try:
        found = find_date(page.text, original_date=True, extensive_search=False, url=page.url)
    except Exception:  # whatever a page makes another parser raise, the date is only missing
        return None
    return found if found and not found.endswith(_YEAR_ALONE) else None
