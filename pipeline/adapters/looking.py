"""What do the published tables and the search index show a watch?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.adapters.reader import Reader
from pipeline.adapters.search import Question, Searching
from pipeline.adapters.tables import Table
from pipeline.alerts import Alert, Evidence, Sighting, Threshold, Watch, WatchKind
from pipeline.text import clean_line

BY_NAME = "name:"  # what the key of a source that is not in the registry begins with
_EVIDENCE = 3  # articles of words


class Looking:
    """Rows and evidence for watches, from one reader and its index."""

    def __init__(self, reader: Reader, searching: Searching) -> None:
        self._reader = reader
        self._searching = searching

    def newest_day(self) -> date:
        return self._reader.newest_day()

    def sightings(self, watch: Watch, start: date, end: date) -> tuple[Sighting, ...]:
        """What there is to judge on these days, of any watch but one of words."""
        values: dict[str, Any] = {"start": start, "end": end, "outlets": list(watch.outlets) or None}
        if watch.kind is WatchKind.SOURCES:
            values["sources"] = [source.removeprefix(BY_NAME) for source in watch.sources] or None
        if watch.threshold in (Threshold.SPIKE, Threshold.FIRST_MENTION):
            values["least"] = watch.least
        if watch.threshold is Threshold.FIRST_MENTION:
            values["back"] = int(watch.over)
        table = self._reader.named(f"watches/{watch.threshold}_{watch.kind}", values)
        return tuple(Sighting(**_fields(row)) for row in _rows(table))

    def counts(self, watch: Watch, start: date, end: date) -> Mapping[date, int]:
        """Articles a day that hold the watch's words."""
        table = self._searching.counts(self._question(watch, start, end), "day")
        return {date.fromisoformat(day): count for day, count in table.rows}

    def news_days(self, watch: Watch, start: date, end: date) -> tuple[date, ...]:
        """Days that hold any article of the watch's outlets."""
        values = {"start": start, "end": end, "outlets": list(watch.outlets) or None}
        return tuple(day for (day,) in self._reader.named("watches/news_days", values).rows)

    def evidence(self, watch: Watch, alert: Alert) -> tuple[Evidence, ...]:
        """Articles that show it, each with a sentence."""
        if watch.kind is WatchKind.WORDS:
            return self._hits(watch, alert.day)
        values: dict[str, Any] = {"subject": alert.subject}
        if watch.kind is WatchKind.CLUSTERS:
            return _evidence(self._reader.named("watches/evidence_clusters", values))
        values["day"] = alert.day - timedelta(days=watch.threshold is Threshold.SILENT)
        if watch.kind is WatchKind.OUTLETS:
            return _evidence(self._reader.named("watches/evidence_outlets", values))
        values["outlets"] = list(watch.outlets) or None
        is_figure = watch.threshold is Threshold.CONFLICTING_FIGURES
        return _evidence(
            self._reader.named(
                "watches/evidence_figures" if is_figure else "watches/evidence_sources", values
            )
        )

    def _hits(self, watch: Watch, day: date) -> tuple[Evidence, ...]:
        found = self._searching.hits(self._question(watch, day, day))
        return tuple(
            Evidence(
                article_id=hit.article_id,
                outlet=hit.page.outlet_id,
                title=hit.page.title,
                url=hit.page.url,
                sentence=clean_line(hit.page.body[hit.snippet.start : hit.snippet.end]),
            )
            for hit in found.hits
        )

    def _question(self, watch: Watch, start: date, end: date) -> Question:
        return Question(
            words=watch.words or "",
            start=start,
            end=end,
            outlets=watch.outlets,
            languages=watch.languages,
            limit=_EVIDENCE,
        )


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    return (dict(zip(table.columns, row, strict=True)) for row in table.rows)


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "members": tuple(row.get("members") or ())}


def _evidence(table: Table) -> tuple[Evidence, ...]:
    return tuple(Evidence(**{**row, "sentence": row["sentence"] or ""}) for row in _rows(table))
