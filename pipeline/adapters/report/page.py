"""How does the page hold together? Two scripts, named by their hashes: nothing else may run, and nothing load.

Styles may be inline: Plotly makes its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from html import escape
from importlib import resources
from string import Template

from pipeline.adapters.report.sections import Section
from pipeline.adapters.tables import Table, shown

_MOST_ROWS = 200  # of a table in the page


def written(
    counts: Mapping[str, int], parts: Iterable[Section], *, start: date, end: date, made_at: datetime
) -> str:
    """The whole page; texts of the web are text in it, in the tables and in the plots."""
    parts = list(parts)
    plotly = (resources.files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    style, script = _file("report.css"), _file("report.js")
    policy = (
        f"default-src 'none'; script-src {_hash(plotly)} {_hash(script)}; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    return Template(_file("report.html")).substitute(
        policy=escape(policy),
        title=escape(f"Wirewatch: {start} to {end}"),
        start=start,
        end=end,
        made_at=f"{made_at:%Y-%m-%d %H:%M} UTC",
        counts="".join(f"<li><b>{count:,}</b> {escape(name)}</li>" for name, count in counts.items()),
        contents="".join(f'<li><a href="#{part.key}">{escape(part.title)}</a></li>' for part in parts),
        sections="".join(map(_section, parts)),
        style=style,
        plotly=plotly,
        plots=_data({part.key: part.plot for part in parts if part.plot is not None and part.table.rows}),
        script=script,
    )


def _section(part: Section) -> str:
    heading = f'<section id="{part.key}"><h2>{escape(part.title)}</h2><p>{escape(part.question)}</p>'
    if not part.table.rows:
        return f'{heading}<p class="none">{escape(part.if_none)}</p></section>'
    table = _table(part.table)
    if part.plot is None:
        return f"{heading}{table}</section>"
    return (
        f'{heading}<div class="plot" id="plot-{part.key}" role="img" aria-label="{escape(part.title)}: '
        f'the numbers stand in the table below"></div><details><summary>The numbers</summary>{table}</details></section>'
    )


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(shown(value))}</td>" for value in row) + "</tr>"
        for row in table.rows[:_MOST_ROWS]
    )
    more = len(table.rows) - _MOST_ROWS
    rest = f'<p class="none">and {more} more rows</p>' if more > 0 else ""
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{rest}'


def _data(value: object) -> str:
    """JSON that ends no element, whatever stands in it."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    return (resources.files("pipeline.adapters.report") / name).read_text(encoding="utf-8")
