"""Which news agencies does a text name? They are data: ``catalog/agencies.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline import bundled


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    name: str
    aliases: tuple[str, ...]


@cache
def agencies() -> tuple[Agency, ...]:
    rows = tomllib.loads(bundled.text("catalog/agencies.toml"))["agency"]
    return tuple(Agency(name=row["name"], aliases=tuple(row.get("aliases", ()))) for row in rows)


@cache
def _by_spelling() -> dict[str, Agency]:
    return {spelling.lower(): agency for agency in agencies() for spelling in (agency.name, *agency.aliases)}


def agency_in(text: str) -> Agency | None:
    """The agency that a text is the name of: "AP", "the Associated Press"; not "AP Smith"."""
    name = text.strip(" .()[]–—-").lower().removeprefix("the ")
    return _by_spelling().get(name) or _by_spelling().get(f"the {name}")
