"""Which news agencies does a text name? They are data: ``catalog/agencies.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline import bundled

# Between a byline's people and agencies: "Ann Lee, AP", "Ann Lee of the Associated Press", "Ann Lee (Reuters)".
_BETWEEN = re.compile(
    r"\s*[,;:|/•·&()\[\]،؛]\s*|\s[-–—]\s|\s(?:and|with|of|for|und|mit|von|et|avec|de|y|con|e|с|и)\s",
    re.I,
)
# What an agency's people are called beside its name: "Reuters Staff", "Associated Press Writer"; not "Reuters said".
_PEOPLE = re.compile(r"\s+(?:staff|writers?|reporters?|correspondents?)$", re.I)


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


def agency_of_byline(line: str) -> str | None:
    """The agency, as printed, that a byline names beside its people or alone.

    "Ann Lee, Associated Press", "Reuters Staff"; not "Ria Lee", nor "Ria", who may be somebody.
    """
    parts = (_PEOPLE.sub("", part.strip()) for part in _BETWEEN.split(line))
    return next((part for part in parts if agency_in(part) and not _may_be_somebody(part)), None)


def _may_be_somebody(name: str) -> bool:
    return len(name) <= 4 and name.istitle()
