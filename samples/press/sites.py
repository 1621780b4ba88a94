"""How does each sample outlet publish? Reads ``samples/templates/<outlet_id>/site.toml`` and the catalogue."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from press.prose import Story

FIRST_DAY = date(2016, 3, 21)
DAY_COUNT = 14
DAYS = tuple(FIRST_DAY + timedelta(days=number) for number in range(DAY_COUNT))


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """What a page's bytes are, and what its header and its own markup call them."""

    bytes: str
    header: str | None = None
    meta: str | None = None

    @property
    def is_mislabelled(self) -> bool:
        """True when the label a reader trusts first, the header's, is wrong, or there is none and the meta's is."""
        return (self.header or self.meta or self.bytes) != self.bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFeed:
    name: str
    url: str
    kind: str  # as in the catalogue: syndication, sitemap, listing
    template: str
    content_type: str
    encoding: str = "utf-8"
    sections: tuple[str, ...] = ()  # of its items; empty: all
    limit: int = 15
    tells_updates: bool = True
    broken_on: date | None = None  # that day its bytes end in the middle of the first entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Trap:
    """Something a feed links to that is no article."""

    outlet_id: str
    kind: str
    url: str
    title: str
    published: datetime
    expect: str  # the reason (a word of records.Reason) for which it must be rejected
    template: str | None = None  # None: it is never captured
    summary: str | None = None
    section: str | None = None
    status: str = "200 OK"
    content_type: str | None = None  # None: as the outlet's articles


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    outlet_id: str
    folder: Path
    name: str
    homepage: str
    language: str
    zone: ZoneInfo
    delay_seconds: float
    feeds: tuple[SiteFeed, ...]
    traps: tuple[Trap, ...]
    url: str  # pattern of an article's URL
    visit: time  # UTC
    server: str
    encodings: tuple[Encoding, ...]  # its articles take them in turn
    prints: frozenset[str]  # fields of an article that its pages really carry
    sections: dict[str, str]  # the name of a section in URLs, where its slug will not do
    lead_in: str | None = None
    byline: str = "By {authors}"
    conjunction: str = "and"
    validators: bool = True
    links_redirect: bool = False  # its feed leaves out the last slash, and its server puts it back

    def visits(self) -> tuple[datetime, ...]:
        """One a day; nobody is punctual, so minutes and seconds vary, though always in the same way."""
        return tuple(
            datetime.combine(day, self.visit, UTC)
            + timedelta(seconds=_number(f"{self.outlet_id} {day}", 3) * 3 // 5)
            for day in DAYS
        )

    def story_url(self, story: Story) -> str:
        section = story.section or "news"
        return self.url.format(
            slug=story.slug,
            day=story.day,
            month=f"{story.day:%b}".lower(),
            section=self.sections.get(section, section.lower().replace(" ", "-")),
            number=self.story_number(story),
        )

    def link(self, url: str) -> str:
        """The URL as its feeds print it."""
        return url.removesuffix("/") if self.links_redirect else url

    def story_number(self, story: Story) -> int:
        """The number its content system gave it."""
        return 10_000 + _number(f"{story.outlet_id}/{story.stem}", 5) * 9 // 10

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def story_byline(self, story: Story) -> str | None:
        if "byline" not in self.prints:
            return None
        if not story.byline and not story.authors:
            return None
        *others, last = story.authors or ("",)
        names = f"{', '.join(others)} {self.conjunction} {last}" if others else last
        opening = self.byline.partition("{")[0]
        if story.byline and (not story.authors or story.byline.startswith(opening)):
            return story.byline  # an agency's, or complete
        return self.byline.format(authors=story.byline or names)

    def story_lead_in(self, story: Story) -> str:
        """What stands before the first words of the body, such as "GENEVA, March 24 (Meridian Wire) — "."""
        if self.lead_in is None or ("{dateline}" in self.lead_in and not story.dateline):
            return ""
        published = self.local(story.published)
        lead_in = self.lead_in.format(dateline=story.dateline, month=f"{published:%B}", day=published.day)
        start = lead_in.split()[0].rstrip(",-").lower()
        return "" if story.blocks[0].text.lower().startswith(start) else lead_in


def read_all(templates: Path, catalog: Path) -> tuple[Site, ...]:
    return tuple(read(file.parent, catalog) for file in sorted(templates.glob("*/site.toml")))


def read(folder: Path, catalog: Path) -> Site:
    """One site: its own folder says how it prints, the catalogue what we know of it."""
    outlet = tomllib.loads((catalog / "outlets" / f"{folder.name}.toml").read_text(encoding="utf-8"))
    facts = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    known = {feed["name"]: feed for feed in outlet["feeds"]}
    described = facts.pop("feeds")
    if set(known) != set(described):
        raise ValueError(
            f"{folder}/site.toml: feeds: {sorted(described)}, but the catalogue has {sorted(known)}"
        )
    if unknown := {name for _, name, _, _ in Formatter().parse(facts["url"]) if name} - _URL_PARTS:
        raise ValueError(f"{folder}/site.toml: url: unknown parts {sorted(unknown)}")
    return Site(
        outlet_id=folder.name,
        folder=folder,
        name=outlet["name"],
        homepage=outlet["homepage"],
        language=outlet["language"],
        zone=ZoneInfo(outlet["timezone"]),
        delay_seconds=outlet["delay_seconds"],
        feeds=tuple(
            SiteFeed(
                name=name,
                url=known[name]["url"],
                kind=known[name]["kind"],
                sections=tuple(feed.pop("sections", ())),
                **feed,
            )
            for name, feed in described.items()
        ),
        traps=tuple(Trap(outlet_id=folder.name, **trap) for trap in facts.pop("traps", ())),
        encodings=tuple(Encoding(**encoding) for encoding in facts.pop("encodings")),
        prints=frozenset(facts.pop("prints")),
        sections=facts.pop("sections", {}),
        **facts,
    )


_URL_PARTS = {"slug", "day", "month", "section", "number"}


def _number(name: str, digits: int) -> int:
    """A number that depends on the name alone."""
    return int(sha256(name.encode()).hexdigest()[:12], 16) % int(10**digits)
