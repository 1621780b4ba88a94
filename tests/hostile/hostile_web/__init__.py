"""A web that misbehaves on purpose, and what collecting must make of it: the cases, class by class."""

from __future__ import annotations

from hostile_web import addresses, answers, feeds, packing, pages, robots, sitemaps, transport
from hostile_web.case import Case, Kind

CASES: tuple[Case, ...] = (
    *addresses.CASES,
    *transport.CASES,
    *packing.CASES,
    *answers.CASES,
    *robots.CASES,
    *feeds.CASES,
    *sitemaps.CASES,
    *pages.CASES,
)

__all__ = ["CASES", "Case", "Kind"]
