"""How does a digest read? What a day or a week came to, with plots, alerts and what is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from pipeline.alerts import Alert, Digest, Every, Message
from pipeline.identity import key
from pipeline.text import clean_line, number_of
from pipeline.watching.messages import anchor, article_link, coverage_link, page, shortened, slack_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a digest: rows under a heading, and perhaps a picture that shows them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    if_none: str  # what it means that there are no rows
    image: bytes | None = None


def period_start(every: Every, last_day: date) -> date:
    """The first day of the digest that ends with that day."""
    return last_day if every is Every.DAY else date.fromordinal(last_day.toordinal() - 6)


def digest_message(
    digest: Digest, last_day: date, parts: Sequence[Part], alerts: Sequence[Alert], *, site: str
) -> Message:
    """The digest; its id is of the digest and the period, so it is known again."""
    start = period_start(digest.every, last_day)
    period = f"{last_day}" if start == last_day else f"{start} to {last_day}"
    subject = shortened(f"{digest.title}: {period}", 120)
    link = coverage_link(site, view="overview", start=start, end=last_day)
    images = tuple((f"plot{at}", part.image) for at, part in enumerate(parts) if part.image is not None)
    html = "".join(
        [
            _alerts_html(alerts, site),
            *(_part_html(part, f"plot{at}") for at, part in enumerate(parts)),
            f"<p>{anchor(link, 'These days on the Coverage page')}</p>",
        ]
    )
    text = "\n\n".join(
        [
            subject,
            _alerts_text(alerts, site),
            *map(_part_text, parts),
            f"These days on the Coverage page: {link}",
        ]
    )
    return Message(
        message_id=key("digest", digest.digest_id, str(last_day)),
        subject=subject,
        text=text + "\n",
        html=page(subject, html),
        payload=json.dumps(
            {
                "kind": "digest",
                "digest_id": digest.digest_id,
                "start": str(start),
                "end": str(last_day),
                "parts": [
                    {"title": part.title, "columns": part.columns, "rows": part.rows} for part in parts
                ],
                "alert_ids": [str(alert.alert_id) for alert in alerts],
                "link": link,
            },
            ensure_ascii=False,
        ),
        slack=json.dumps(
            {
                "text": f"*{slack_text(subject)}*\n{number_of(len(alerts), 'alert', 'alerts')}\n"
                f"<{link}|These days on the Coverage page>"
            }
        ),
        images=images,
    )


def _alerts_html(alerts: Sequence[Alert], site: str) -> str:
    items = "".join(
        f"<li>{escape(alert.reason)}"
        + "".join(f" {anchor(article_link(site, one.article_id), 'article')}" for one in alert.evidence[:1])
        + "</li>"
        for alert in alerts
    )
    return _heading("Alerts") + (f"<ul>{items}</ul>" if items else "<p>No watch found anything.</p>")


def _part_html(part: Part, name: str) -> str:
    if not part.rows:
        return f"{_heading(part.title)}<p>{escape(part.if_none)}</p>"
    if part.image is not None:
        shown = shortened(f"{part.title}: {'; '.join(' '.join(row) for row in part.rows)}", 600)
        picture = f'<img src="cid:{name}" alt="{escape(shown)}" style="max-width:100%;height:auto">'
        return f"{_heading(part.title)}<p>{picture}</p>"
    cell = (
        'style="text-align:left;padding:.15em 1em .15em 0;border-bottom:1px solid #d0d7de;vertical-align:top"'
    )
    head = "".join(f"<th {cell}>{escape(column)}</th>" for column in part.columns)
    body = "".join(
        "<tr>" + "".join(f"<td {cell}>{escape(clean_line(value))}</td>" for value in row) + "</tr>"
        for row in part.rows
    )
    table = f'<table style="border-collapse:collapse;font-size:.9em"><tr>{head}</tr>{body}</table>'
    return f"{_heading(part.title)}{table}"


def _part_text(part: Part) -> str:
    lines = (
        [" | ".join(map(clean_line, row)) for row in (part.columns, *part.rows)]
        if part.rows
        else [part.if_none]
    )
    return "\n".join([part.title.upper(), *(f"  {line}" for line in lines)])


def _alerts_text(alerts: Sequence[Alert], site: str) -> str:
    lines = []
    for alert in alerts:
        lines.append(f"  * {alert.reason}")
        lines += [f"    {article_link(site, one.article_id)}" for one in alert.evidence[:1]]
    return "\n".join(["ALERTS", *(lines or ["  No watch found anything."])])


def _heading(text: str) -> str:
    return f'<h2 style="font-size:1.05em;margin:1.4em 0 .4em">{escape(text)}</h2>'
