"""What did a collector find on each day? Decides which responses the archive holds, and when they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from press.prose import ProseError, Story
from press.sites import Encoding, Site, SiteFeed, Trap


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """What a feed links to, in the state it was in at one moment."""

    url: str
    link: str  # as the feed prints it; where it is not the URL, it redirects there
    number: int
    title: str
    published: datetime  # local, as are all instants here
    updated: datetime | None
    summary: str | None
    section: str | None
    story: Story | None
    trap: Trap | None
    encoding: Encoding  # of its page

    @property
    def last(self) -> datetime:
        return self.updated or self.published

    @property
    def authors(self) -> tuple[str, ...]:
        return self.story.authors if self.story else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsFetch:
    url: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedFetch:
    url: str
    at: datetime
    feed: SiteFeed
    items: tuple[Item, ...]
    is_broken: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RedirectFetch:
    url: str
    at: datetime
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFetch:
    url: str
    at: datetime
    item: Item
    others: tuple[Item, ...]  # what the site links to beside it


Fetch = RobotsFetch | FeedFetch | RedirectFetch | PageFetch


def fetches(site: Site, stories: Sequence[Story]) -> Iterator[Fetch]:
    """Everything one outlet's archive holds, in time order; ProseError for an article it would miss."""
    states: dict[str, Item] = {}  # by URL: the state in which we have the page
    for visit in site.visits():
        at = visit
        pace = timedelta(seconds=ceil(site.delay_seconds) + 1)
        yield RobotsFetch(url=f"{site.homepage}robots.txt", at=at)
        items = _items(site, stories, visit)
        wanted: dict[str, Item] = {}
        for feed in site.feeds:
            at += pace
            is_broken = feed.broken_on == visit.date()
            listed = _listed(feed, items)
            yield FeedFetch(url=feed.url, at=at, feed=feed, items=listed, is_broken=is_broken)
            if not is_broken:
                wanted |= {item.url: item for item in listed if _is_wanted(item, states.get(item.url), feed)}
        for url, item in wanted.items():
            states[url] = item
            if item.trap and item.trap.template is None:
                continue
            at += pace
            if item.link != url:
                yield RedirectFetch(url=item.link, at=at, target=url)
                at += pace
            others = tuple(other for other in items if other.url != url and other.story)
            yield PageFetch(url=url, at=at, item=item, others=others)
    _check_nothing_missed(site, stories, states)


def _is_wanted(item: Item, had: Item | None, feed: SiteFeed) -> bool:
    """True where a collector cannot have the page yet in this state, and the feed tells it so."""
    return had is None or (feed.tells_updates and had != item)


def _items(site: Site, stories: Sequence[Story], moment: datetime) -> tuple[Item, ...]:
    """All that stands on the site at a moment, the newest change first."""
    corrected = {story.stem: story for story in stories if story.captured}
    items = []
    in_order = sorted((story for story in stories if not story.captured), key=lambda story: story.published)
    for turn, story in enumerate(in_order):
        later = corrected.get(story.stem)
        state = later if later and later.captured and later.captured <= moment.date() else story
        items.append(_story_item(site, state, site.encodings[turn % len(site.encodings)], moment))
    items += [_trap_item(site, trap) for trap in site.traps]
    visible = (item for item in items if item.published <= moment)
    return tuple(sorted(visible, key=lambda item: (item.last, item.url), reverse=True))


def _story_item(site: Site, story: Story, encoding: Encoding, moment: datetime) -> Item:
    updated = story.updated if story.updated and story.updated <= moment else None
    if story.captured and not updated and story.captured <= moment.date():
        raise ProseError(
            story.file, "updated", f"must be before the visit of {story.captured}, {moment:%H:%M} UTC"
        )
    return Item(
        url=site.story_url(story),
        link=site.link(site.story_url(story)),
        number=site.story_number(story),
        title=story.title,
        published=site.local(story.published),
        updated=site.local(updated) if updated else None,
        summary=story.summary,
        section=story.section,
        story=story,
        trap=None,
        encoding=encoding,
    )


def _trap_item(site: Site, trap: Trap) -> Item:
    return Item(
        url=trap.url,
        link=site.link(trap.url),
        number=0,
        title=trap.title,
        published=site.local(trap.published),
        updated=None,
        summary=trap.summary,
        section=trap.section,
        story=None,
        trap=trap,
        encoding=site.encodings[0],
    )


def _listed(feed: SiteFeed, items: Sequence[Item]) -> tuple[Item, ...]:
    """The last items of a feed; one that tells no updates keeps the order of publication."""
    chosen = [item for item in items if not feed.sections or item.section in feed.sections]
    if not feed.tells_updates:
        chosen.sort(key=lambda item: (item.published, item.url), reverse=True)
    return tuple(chosen[: feed.limit])


def _check_nothing_missed(site: Site, stories: Sequence[Story], states: dict[str, Item]) -> None:
    for story in stories:
        seen = next(
            (visit for visit in site.visits() if story.captured and visit >= (story.updated or visit)), None
        )
        if seen and seen.date() != story.captured:
            raise ProseError(
                story.file, "captured", f"the first visit after it was updated is on {seen.date()}"
            )
        item = states.get(site.story_url(story))
        if item is None:
            raise ProseError(
                story.file, "published", "no visit finds it: it is too late, or its feed too short"
            )
        if story.captured and (item.story is None or not item.story.captured):
            raise ProseError(
                story.file, "captured", "no visit finds the correction: its feed has forgotten it"
            )
    urls = [site.story_url(story) for story in stories if not story.captured]
    if len(set(urls)) != len(urls):
        raise ValueError(f"{site.outlet_id}: two articles share a URL; give one of them another slug")
