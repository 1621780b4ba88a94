"""Which plots and tables tell of a period? Each with its numbers, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.adapters.reader import Reader
from pipeline.adapters.tables import Table

_TOP = 15  # bars of a plot
_BEFORE = "before"  # bars that stand for comparison
_LINES = 6  # sources that are drawn over time
# What can become of an outlet's day, from good to bad: the scale of the health plot.
_VERDICTS = ("ok", "silent", "undated", "no articles", "losses", "lost")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A heading, what it shows, perhaps a plot, and the numbers behind it."""

    key: str
    title: str
    question: str
    table: Table
    if_none: str  # what it means that there are no rows
    plot: Mapping[str, Any] | None = None  # traces and layout, as Plotly takes them; colours by the page


def sections(reader: Reader, start: date, end: date) -> tuple[Mapping[str, int], tuple[Section, ...]]:
    """The counts of the days, both included, and the report's sections."""
    period = {"start": start, "end": end, "outlets": None, "languages": None, "sources": None}
    with reader.snapshot() as snapshot:
        counts = snapshot.ask("overview_counts", period)
        output = snapshot.ask("overview_attention", period)
        rising = snapshot.ask("overview_rising_sources", period)
        top = snapshot.ask("overview_top_sources", period)
        gaps = snapshot.ask("overview_gaps", period)

    def trend(name: str, **params: str) -> Table:
        return reader.trend(name, params, start=start, end=end)

    return dict(zip(counts.columns, counts.rows[0], strict=True)), (
        _attention(trend("attention", top=str(_LINES))),
        _output(output),
        _top(top),
        _rising(rising),
        _health(reader.named("report/outlet_days", {"start": start, "end": end})),
        _syndication(trend("syndication", top=str(_TOP))),
        Section(
            key="figures",
            title="Figures that differ",
            question="Where do sources give different numbers of the same thing on the same day?",
            table=trend("conflicting_figures"),
            if_none="No two sources gave different numbers of the same thing.",
        ),
        Section(
            key="gaps",
            title="Missing",
            question="What do we know that we do not have?",
            table=gaps,
            if_none="Nothing is known to be missing.",
        ),
    )


def _attention(table: Table) -> Section:
    series: dict[str, tuple[list[str], list[float]]] = {}
    for row in _rows(table):
        days, counts = series.setdefault(row["source"], ([], []))
        days.append(row["day"].isoformat())
        counts.append(row["attributions"])
    return Section(
        key="attention",
        title="Attention",
        question="Whom do the outlets cite each day?",
        table=table,
        if_none="Nobody was cited.",
        plot={
            "traces": [
                {"type": "scatter", "mode": "lines+markers", "name": _label(name), "x": days, "y": counts}
                for name, (days, counts) in series.items()
            ],
            "layout": {
                "yaxis": {"title": {"text": "statements"}, "rangemode": "tozero"},
                "hovermode": "x unified",
            },
        },
    )


def _output(table: Table) -> Section:
    rows = _rows(table)
    days = [row["day"].isoformat() for row in rows]
    return Section(
        key="output",
        title="Articles and statements",
        question="How much was published each day, and how much of it is attributed to somebody?",
        table=table,
        if_none="No article is of these days.",
        plot={
            "traces": [
                {
                    "type": "bar",
                    "name": "articles",
                    "x": days,
                    "y": [row["articles"] for row in rows],
                    "muted": True,
                },
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": "statements",
                    "x": days,
                    "y": [row["attributions"] for row in rows],
                    "yaxis": "y2",
                },
            ],
            "layout": {
                "yaxis": {"title": {"text": "articles"}, "rangemode": "tozero"},
                "yaxis2": {
                    "title": {"text": "statements"},
                    "overlaying": "y",
                    "side": "right",
                    "rangemode": "tozero",
                    "showgrid": False,
                    "tickmode": "auto",
                    "nticks": 6,
                },
                "hovermode": "x unified",
            },
        },
    )


def _top(table: Table) -> Section:
    rows = _rows(table)[:_TOP]
    return Section(
        key="top",
        title="Most cited",
        question="Who is cited most, and by how many outlets?",
        table=table,
        if_none="Nobody was cited.",
        plot=_bars(
            [row["source_name"] for row in rows],
            {"statements": [row["attributions"] for row in rows]},
            [f"{row['articles']} articles, {row['outlets']} outlets" for row in rows],
        ),
    )


def _rising(table: Table) -> Section:
    rows = _rows(table)[:_TOP]
    return Section(
        key="rising",
        title="Rising",
        question="Who is cited more than in the same number of days before?",
        table=table,
        if_none="Nobody is cited more than before, or nothing is known of the days before.",
        plot=_bars(
            [row["source_name"] for row in rows],
            {_BEFORE: [row["before"] for row in rows], "now": [row["now"] for row in rows]},
            None,
        ),
    )


def _health(table: Table) -> Section:
    rows = _rows(table)
    days = sorted({row["day"] for row in rows})
    outlets = sorted({row["outlet"] for row in rows}, reverse=True)
    by_place = {(row["outlet"], row["day"]): row for row in rows}
    verdicts, told = [], []
    for outlet in outlets:
        found = [by_place.get((outlet, day)) for day in days]
        verdicts.append([None if row is None else _VERDICTS.index(row["verdict"]) for row in found])
        told.append(
            [
                ""
                if row is None
                else f"{row['verdict']}: {row['articles']} articles, {row['rejected']} rejects"
                for row in found
            ]
        )
    return Section(
        key="health",
        title="Outlet health",
        question="Did each outlet's day come in whole?",
        table=table,
        if_none="Nothing was collected.",
        plot={
            "traces": [
                {
                    "type": "heatmap",
                    "x": [day.isoformat() for day in days],
                    "y": [_label(outlet) for outlet in outlets],
                    "z": verdicts,
                    "text": told,
                    "zmin": 0,
                    "zmax": len(_VERDICTS) - 1,
                    "xgap": 2,
                    "ygap": 2,
                    "hovertemplate": "%{y}<br>%{x}<br>%{text}<extra></extra>",
                    "scale": "verdicts",
                }
            ],
            "layout": {"height": 90 + 28 * len(outlets)},
            "legend": list(_VERDICTS),
        },
    )


def _syndication(table: Table) -> Section:
    rows = _rows(table)
    return Section(
        key="syndication",
        title="Who runs whose copy",
        question="Which outlet ran texts that another had first, and how soon?",
        table=table,
        if_none="No outlet ran another's text.",
        plot=_bars(
            [f"{row['first_outlet']} → {row['outlet']}" for row in rows],
            {"copies": [row["copies"] for row in rows]},
            [f"{row['verbatim']} word for word; after {row['median_lag_hours']} h" for row in rows],
        ),
    )


def _bars(
    names: Sequence[str], values: Mapping[str, Sequence[float]], told: Sequence[str] | None
) -> dict[str, Any]:
    """Bars that lie, the first on top. Names are places on the axis, so that two alike stay two."""
    places = list(range(len(names)))
    return {
        "traces": [
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "x": list(numbers),
                "y": places,
                "text": list(numbers),
                "textposition": "outside",
                "cliponaxis": False,
                "muted": name == _BEFORE,
                "customdata": list(told or [""] * len(places)),
                "hovertemplate": "%{x} " + name + "<br>%{customdata}<extra></extra>",
            }
            for name, numbers in values.items()
        ],
        "layout": {
            "height": 110 + 26 * len(names) * max(1, len(values) * 0.8),
            "barmode": "group",
            "yaxis": {
                "autorange": "reversed",
                "tickvals": places,
                "ticktext": [_label(name) for name in names],
                "automargin": True,
                "showgrid": False,
            },
            "xaxis": {"visible": False, "rangemode": "tozero"},
            "showlegend": len(values) > 1,
        },
    }


def _label(name: str) -> str:
    """A name as Plotly draws it: its own small markup is taken for what it is, text."""
    short = name if len(name) <= 40 else f"{name[:39]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
