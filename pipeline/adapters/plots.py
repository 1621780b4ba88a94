"""How is a plot drawn where no browser draws it? As a PNG for a mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

_COLOURS = ("#1f6feb", "#d1495b", "#2a9d5c", "#b8860b", "#7b5ea7", "#4b5563")
_INK, _GRID = "#24292f", "#d0d7de"
_LONGEST_NAME = 32


def lines(title: str, series: Mapping[str, Sequence[tuple[date, float]]]) -> bytes:
    """A line a name over the days."""
    figure, axes = _figure(title, height=2.9)
    for (name, points), colour in zip(series.items(), _COLOURS, strict=False):
        axes.plot(
            np.array([day for day, _ in points], dtype="datetime64[D]"),
            [value for _, value in points],
            color=colour,
            label=_name(name),
            linewidth=1.8,
            marker="o",
            markersize=3,
        )
    days = sorted({day for points in series.values() for day, _ in points})
    axes.set_xticks(np.array(days[:: 1 + len(days) // 8], dtype="datetime64[D]"))
    axes.xaxis.set_major_formatter(DateFormatter("%d %b"))  # type: ignore[no-untyped-call]  # it has no types
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=_GRID, linewidth=0.7)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8)
    return _png(figure)


def bars(title: str, values: Sequence[tuple[str, float]]) -> bytes:
    """A bar a name, the first on top."""
    figure, axes = _figure(title, height=0.9 + 0.27 * len(values))
    places = range(len(values), 0, -1)
    drawn = axes.barh(places, [value for _, value in values], color=_COLOURS[0], height=0.7)
    axes.set_yticks(list(places), [_name(name) for name, _ in values])
    axes.bar_label(drawn, fmt="%g", padding=3, fontsize=8, color=_INK)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return _png(figure)


def _figure(title: str, *, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.2, height), dpi=110, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=10, color=_INK, fontweight="bold", parse_math=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8, colors=_INK, length=0)
    return figure, axes


def _png(figure: Figure) -> bytes:
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _name(text: str) -> str:
    """Short, and without what the library would read as a formula or as a label to leave out."""
    short = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$").lstrip("_")
