"""Which articles are meant, and which part of a long answer? What all calls have in common, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.dependencies.utils import get_flat_dependant

from pipeline.adapters.snapshot import Snapshot
from pipeline.errors import UsageError
from pipeline.wiring import Pipeline
from wirewatch_airflow.api.answers import Format

_USUAL_DAYS = 14
_MOST_DAYS = 36_525  # a hundred years: an answer has a row a day
_MOST_VALUES = 100  # of one filter
_MOST_ROWS = 500  # of a page
_MOST_DOWNLOADED = 10_000
_NO_DAY = date(1970, 1, 1)  # of a warehouse without articles
BY_NAME = "name:"  # what the key of a source that is not in the registry begins with

Word = Annotated[str, Query(min_length=1, max_length=300)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What narrows an answer; an empty one lets everything through."""

    start: date | None = None
    end: date | None = None
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def values(self, snapshot: Snapshot) -> dict[str, Any]:
        """As the questions take them; without days, the newest fortnight that ends on a day with articles."""
        start, end = self.period(snapshot)
        return {
            "start": start,
            "end": end,
            "outlets": list(self.outlets) or None,
            "languages": list(self.languages) or None,
            "sources": list(self.sources) or None,
        }

    def period(self, snapshot: Snapshot) -> tuple[date, date]:
        """The first and the last day that is meant."""
        if self.start and self.end:
            return self.start, self.end
        _, last = snapshot.days() or (_NO_DAY, _NO_DAY)
        end = self.end or max(last, self.start or last)
        start = self.start or date.fromordinal(max(1, end.toordinal() - _USUAL_DAYS + 1))
        _check_length(start, end)
        return start, end


def _check_length(start: date, end: date) -> None:
    if (end - start).days >= _MOST_DAYS:
        raise UsageError(f"from {start} to {end} are more than {_MOST_DAYS} days; ask for fewer")


def filters(
    start: Annotated[date | None, Query(description="The first day, in UTC.")] = None,
    end: Annotated[date | None, Query(description="The last day, included.")] = None,
    outlet: Annotated[list[Word] | None, Query(description="Only of these outlets, by id.")] = None,
    language: Annotated[list[Word] | None, Query(description="Only in these languages, as en.")] = None,
    source: Annotated[
        list[Word] | None, Query(description="Only what cites these sources: an id, or name: and a name.")
    ] = None,
) -> Filters:
    """The common filters of a call."""
    if start and end:
        if end < start:
            raise UsageError(f"the last day ({end}) lies before the first ({start}); turn them round")
        _check_length(start, end)
    for name, values in (("outlet", outlet), ("language", language), ("source", source)):
        if values and len(values) > _MOST_VALUES:
            raise UsageError(f"{name} is given {len(values)} times; at most {_MOST_VALUES} are taken")
    return Filters(
        start=start,
        end=end,
        outlets=tuple(outlet or ()),
        languages=tuple(language or ()),
        sources=tuple(source or ()),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """Which rows of a long answer, and how they are written."""

    limit: int
    offset: int
    format: Format

    def values(self) -> dict[str, Any]:
        return {"limit": self.limit, "offset": self.offset}


def paging(
    limit: Annotated[
        int | None, Query(ge=1, le=_MOST_DOWNLOADED, description="Rows: 50, to download 10000.")
    ] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Rows that are passed over.")] = 0,
    format: Annotated[Format, Query(description="How the table is written.")] = Format.JSON,  # noqa: A002 - as the parameter is named
) -> Paging:
    """The page that is asked for."""
    if limit is None:
        limit = 50 if format is Format.JSON else _MOST_DOWNLOADED
    if format is Format.JSON and limit > _MOST_ROWS:
        raise UsageError(
            f"limit is {limit}; a page has at most {_MOST_ROWS} rows, a download {_MOST_DOWNLOADED}"
        )
    return Paging(limit=limit, offset=offset, format=format)


def written_as(
    format: Annotated[Format, Query(description="How the table is written.")] = Format.JSON,  # noqa: A002 - as the parameter is named
) -> Format:
    """How a table is asked for."""
    return format


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One table of a view, or (without a name) all of the view as JSON."""

    name: str | None
    format: Format


def part(
    table: Annotated[str | None, Query(max_length=40, description="Only this table of the answer.")] = None,
    format: Annotated[Format, Query(description="How that table is written.")] = Format.JSON,  # noqa: A002 - as the parameter is named
) -> Part:
    """What of a view is asked for."""
    return Part(name=table, format=format)


def source_values(key: str) -> Mapping[str, Any]:
    """A source's key as the questions take it: an id of the registry, or a printed name."""
    if key.startswith(BY_NAME):
        return {"key": key, "source_id": None, "source_name": key.removeprefix(BY_NAME)}
    return {"key": key, "source_id": key, "source_name": None}


def only_known(request: Request) -> None:
    """Refuse a parameter that the call does not take: a misspelt filter would let everything through."""
    fields = get_flat_dependant(request.scope["route"].dependant).query_params
    known = sorted({field.alias for field in fields})
    if unknown := sorted(set(request.query_params) - set(known)):
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        raise UsageError(f"there is no parameter {', '.join(unknown)} here; {takes}")


def pipeline_of(request: Request) -> Pipeline:
    """The pipeline that answers."""
    line: Pipeline = request.app.state.build()
    return line


CHECKED: list[Any] = [Depends(only_known)]
Line = Annotated[Pipeline, Depends(pipeline_of)]
Filtered = Annotated[Filters, Depends(filters)]
Paged = Annotated[Paging, Depends(paging)]
Written = Annotated[Format, Depends(written_as)]
Parted = Annotated[Part, Depends(part)]
