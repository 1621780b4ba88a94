"""What stands in a digest? The answers of a few trends over its days, two of them drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from pipeline.watching.digest import Part

_SHOWN = 8  # rows of a part
_DRAWN_DAYS = 14  # of the attention plot, however short the digest's period


class Answer(Protocol):
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> tuple[tuple[Any, ...], ...]: ...


class Ask(Protocol):
    def __call__(
        self, name: str, *, start: date, end: date, params: Mapping[str, str] | None = None
    ) -> Answer: ...


Lines = Callable[[str, Mapping[str, Sequence[tuple[date, float]]]], bytes]
Bars = Callable[[str, Sequence[tuple[str, float]]], bytes]


def parts_of(start: date, end: date, *, ask: Ask, lines: Lines, bars: Bars) -> tuple[Part, ...]:
    """The parts of the digest of these days, both included."""
    return (
        _collected(ask("collecting", start=start, end=end)),
        _attention(ask("attention", start=min(start, end - timedelta(days=_DRAWN_DAYS - 1)), end=end), lines),
        _most_cited(ask("share_of_voice", start=start, end=end), bars),
        _table(
            "Cited more than before",
            ask("risers", start=start, end=end, params={"top": str(_SHOWN)}),
            ("source", "articles", "articles_before"),
            "No source rose.",
        ),
        _table(
            "Figures that differ",
            ask("conflicting_figures", start=start, end=end, params={"top": str(_SHOWN)}),
            ("day", "counted", "lowest", "highest", "given"),
            "No two sources gave different numbers of the same thing.",
        ),
        _table(
            "Outlets",
            ask("outlet_health", start=start, end=end),
            ("outlet", "latest", "articles", "rejected", "gaps"),
            "Nothing was collected.",
            most=None,
        ),
        _table(
            "Missing",
            ask("coverage_gaps", start=start, end=end),
            ("day", "outlet", "reason", "example"),
            "Nothing is known to be missing.",
            most=None,
        ),
    )


def _collected(answer: Answer) -> Part:
    names = ("found", "new", "articles", "attributions", "rejected", "gaps")
    totals = [sum(int(row[answer.columns.index(name)] or 0) for row in answer.rows) for name in names]
    return Part(
        title="Collected",
        columns=names,
        rows=(tuple(map(str, totals)),) if answer.rows else (),
        if_none="Nothing was collected.",
    )


def _attention(answer: Answer, lines: Lines) -> Part:
    day, source, attributions = (answer.columns.index(name) for name in ("day", "source", "attributions"))
    series: dict[str, list[tuple[date, float]]] = {}
    for row in answer.rows:
        series.setdefault(str(row[source]), []).append((row[day], float(row[attributions])))
    rows = tuple((name, f"{sum(count for _, count in points):g}") for name, points in series.items())
    return Part(
        title="Attention",
        columns=("source", "statements in these days"),
        rows=rows,
        if_none="Nobody was cited.",
        image=lines("Statements a day, by source", series) if rows else None,
    )


def _most_cited(answer: Answer, bars: Bars) -> Part:
    source, kind, count = (answer.columns.index(name) for name in ("source", "kind", "attributions"))
    values = [(str(row[source]), float(row[count])) for row in answer.rows if row[kind] is not None][:_SHOWN]
    return Part(
        title="Most cited",
        columns=("source", "statements"),
        rows=tuple((name, f"{value:g}") for name, value in values),
        if_none="Nobody was cited.",
        image=bars("Statements, by source", values) if values else None,
    )


def _table(
    title: str, answer: Answer, columns: tuple[str, ...], if_none: str, *, most: int | None = _SHOWN
) -> Part:
    places = [answer.columns.index(name) for name in columns]
    return Part(
        title=title,
        columns=tuple(name.replace("_", " ") for name in columns),
        rows=tuple(tuple(_said(row[place]) for place in places) for row in answer.rows[:most]),
        if_none=if_none,
    )


def _said(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
