"""What does the whole sample archive hold? Brings prose, sites and visits together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from press import prose, sites
from press.editions import Fetch, PageFetch, fetches
from press.prose import Story
from press.render import Answer, answer
from press.sites import Site

SAMPLES = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Visited:
    """One outlet over all days: what was asked of it, and what it answered."""

    site: Site
    stories: tuple[Story, ...]
    exchanges: tuple[tuple[Fetch, Answer], ...]

    @property
    def pages(self) -> tuple[tuple[PageFetch, Answer], ...]:
        return tuple((fetch, got) for fetch, got in self.exchanges if isinstance(fetch, PageFetch))


def visit_all(samples: Path = SAMPLES) -> tuple[Visited, ...]:
    """Every sample outlet, from the sources alone."""
    stories = prose.read_all(samples / "articles")
    known = sites.read_all(samples / "templates", samples.parent / "catalog")
    if homeless := {story.outlet_id for story in stories} - {site.outlet_id for site in known}:
        raise ValueError(f"{samples}/articles: {sorted(homeless)} have no templates/<outlet_id>/site.toml")
    return tuple(
        _visit(site, [story for story in stories if story.outlet_id == site.outlet_id]) for site in known
    )


def _visit(site: Site, stories: Sequence[Story]) -> Visited:
    exchanges = tuple((fetch, answer(site, fetch)) for fetch in fetches(site, stories))
    return Visited(site=site, stories=tuple(stories), exchanges=exchanges)
