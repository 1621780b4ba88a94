"""How do alerts read in a mail, in a chat, and to a program?

All that comes from the web is text: escaped in HTML and in Slack's markup, and one line in a subject.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from pipeline.alerts import Alert, Evidence, Message, Watch
from pipeline.identity import key
from pipeline.text import clean_line

_LONGEST_SUBJECT = 120
_LONGEST_SENTENCE = 400
_MOST_BLOCKS = 20  # alerts that a chat shows in full


def alerts_message(watch: Watch, alerts: Sequence[Alert], *, site: str) -> Message:
    """One message of a watch's alerts; ``site``: where Coverage is, as http://127.0.0.1:8080."""
    many = f"{alerts[0].reason} (and {len(alerts) - 1} more)" if len(alerts) > 1 else alerts[0].reason
    subject = shortened(f"{watch.title}: {many}", _LONGEST_SUBJECT)
    link = coverage_link(site, view="watches", watch=watch.watch_id)
    return Message(
        message_id=key("message", *sorted(str(alert.alert_id) for alert in alerts)),
        subject=subject,
        text="\n\n".join(
            [
                clean_line(watch.title),
                *(_text(alert, site) for alert in alerts),
                f"All alerts of this watch: {link}",
            ]
        )
        + "\n",
        html=page(
            watch.title,
            "".join(_html(alert, site) for alert in alerts)
            + f"<p>{anchor(link, 'All alerts of this watch')}</p>",
        ),
        payload=json.dumps(
            {
                "kind": "alerts",
                "watch": {"watch_id": watch.watch_id, "title": watch.title, "threshold": watch.threshold},
                "alerts": [_plain(alert, site) for alert in alerts],
            },
            ensure_ascii=False,
        ),
        slack=json.dumps({"text": _slack(watch, alerts, site)}, ensure_ascii=False),
    )


def text_message(subject: str, text: str, *, identity: str) -> Message:
    """A message of plain words, such as a test or a day that is late."""
    subject = shortened(subject, _LONGEST_SUBJECT)
    return Message(
        message_id=key("message", identity),
        subject=subject,
        text=text + "\n",
        html=page(subject, f"<p>{escape(text)}</p>"),
        payload=json.dumps({"kind": "note", "subject": subject, "text": text}, ensure_ascii=False),
        slack=json.dumps({"text": f"*{slack_text(subject)}*\n{slack_text(text)}"}, ensure_ascii=False),
    )


def coverage_link(site: str, **state: object) -> str:
    """An address of the Coverage page in a state of it."""
    return f"{site.rstrip('/')}/plugin/coverage?{urlencode(state)}"


def article_link(site: str, article_id: int) -> str:
    return coverage_link(site, view="article", article=article_id)


def page(title: str, body: str) -> str:
    """A whole HTML document for a mail: styles inline, nothing loaded."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(clean_line(title))}</title></head>"
        '<body style="font-family:system-ui,sans-serif;line-height:1.45;max-width:44em;margin:1.5em auto;padding:0 1em">'
        f'<h1 style="font-size:1.3em">{escape(clean_line(title))}</h1>{body}</body></html>'
    )


def anchor(href: str, text: str) -> str:
    return f'<a href="{escape(href)}">{escape(text)}</a>'


def shortened(text: str, most: int) -> str:
    text = clean_line(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _sentence(one: Evidence) -> str:
    return shortened(one.sentence or one.title or "", _LONGEST_SENTENCE)


def _source(one: Evidence) -> str:
    return clean_line(f"{one.outlet}: {one.title}" if one.title else one.outlet)


def _text(alert: Alert, site: str) -> str:
    lines = [f"* {alert.reason}"]
    for one in alert.evidence:
        lines += [
            f"    “{_sentence(one)}”",
            f"    {_source(one)}",
            f"    {article_link(site, one.article_id)}",
        ]
    return "\n".join(lines)


def _html(alert: Alert, site: str) -> str:
    shown = "".join(
        f'<blockquote style="margin:.5em 0 .5em 1em;padding-left:.8em;border-left:3px solid #8a8">{escape(_sentence(one))}'
        f"<br>{anchor(article_link(site, one.article_id), _source(one))}</blockquote>"
        for one in alert.evidence
    )
    return f"<p><strong>{escape(alert.reason)}</strong></p>{shown}"


def _plain(alert: Alert, site: str) -> dict[str, object]:
    return {
        "alert_id": str(alert.alert_id),
        "day": alert.day.isoformat(),
        "subject": alert.subject,
        "reason": alert.reason,
        "value": alert.value,
        "usual": alert.usual,
        "evidence": [
            {
                "article_id": str(one.article_id),
                "outlet": one.outlet,
                "title": one.title,
                "url": one.url,
                "sentence": one.sentence,
                "link": article_link(site, one.article_id),
            }
            for one in alert.evidence
        ],
    }


def _slack(watch: Watch, alerts: Sequence[Alert], site: str) -> str:
    lines = [f"*{slack_text(watch.title)}*"]
    for alert in alerts[:_MOST_BLOCKS]:
        lines.append(f"• {slack_text(alert.reason)}")
        lines += [
            f"> {slack_text(_sentence(one))}\n> <{article_link(site, one.article_id)}|{slack_text(_source(one))}>"
            for one in alert.evidence[:1]
        ]
    if len(alerts) > _MOST_BLOCKS:
        lines.append(f"and {len(alerts) - _MOST_BLOCKS} more")
    link = coverage_link(site, view="watches", watch=watch.watch_id)
    return "\n".join([*lines, f"<{link}|All alerts of this watch>"])


def slack_text(text: str) -> str:
    """Without Slack's control letters; "|" would end a link's address."""
    line = clean_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return line.replace("|", "¦")
