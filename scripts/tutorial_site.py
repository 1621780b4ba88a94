"""A small newspaper on this machine, for docs/tutorial.md: a feed of three articles dated today, and a place for alerts.

``python scripts/tutorial_site.py`` serves it on http://127.0.0.1:8765 until Ctrl-C; it needs nothing but Python. What
is POSTed to ``/alerts`` is printed. The paper and its people are our own invention.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "The Harbour Post"
PORT = 8765


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    slug: str
    title: str
    byline: str
    hours_ago: float
    text: str  # paragraphs between blank lines


STORIES = (
    Story(
        slug="quay-to-close",
        title="Old quay to close for repairs until spring",
        byline="Tilda Marsh",
        hours_ago=0.6,
        text="""\
The old quay will close to all traffic at the end of the month and stay shut until spring, the
harbour office announced, after divers found cracks in four of its piers.

"We would rather lose one season than one ferry," harbour master Ilse Varn told reporters. She said
the cracks had been found in October and had grown by a third since then.

The work will cost about 3 million crowns, according to Varn. The city council is to vote on the
money next week.

Ferry operator Northline said it would move its two morning departures to the coal pier. Its
spokesman, Odo Brandt, called the closure "late but right" and said that no sailing would be
cancelled.

The dockers' union warned that forty jobs depend on the quay. Nobody had spoken to its members,
union leader Petra Holm said.
""",
    ),
    Story(
        slug="forty-jobs",
        title="Union and harbour office differ over jobs at the quay",
        byline="Tilda Marsh",
        hours_ago=0.4,
        text="""\
A day after the closure of the old quay was announced, the harbour office and the dockers' union
gave different accounts of what it means for those who work there.

Harbour master Ilse Varn said that 12 workers would be moved to the coal pier and that nobody would
lose work. Petra Holm, who leads the union, put the number of jobs at risk at 40.

"Moving a crane is easy, moving a family is not," Holm said.

Varn said talks with the union would begin on Monday. The mayor, Anton Reyl, told the council that
he would not sign the contract before they had ended.

Northline, the ferry company, declined to say how many of its own staff work at the quay.
""",
    ),
    Story(
        slug="seals-return",
        title="Seals return to the outer bay after eleven years",
        byline="Bo Lindqvist",
        hours_ago=0.2,
        text="""\
Seals have been counted in the outer bay for the first time in eleven years, the marine institute
reported, and there are more of them than anybody expected.

Biologist Runa Eik said she had seen 31 animals in one morning. "They came back by themselves, we
only stopped chasing them away," she said.

The institute credits the ban on night fishing, which the council passed four years ago against the
votes of the harbour party.

Fishermen are less pleased. Each animal takes five kilos of fish a day, according to Jost Kaal, who
speaks for the fishing co-operative.

Eik said the count would be repeated in spring, when the pups are born.
""",
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=PORT)
    server = serving(parser.parse_args(arguments).port)
    print(f"{NAME} is at http://127.0.0.1:{server.server_port}/ (Ctrl-C stops it)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


def serving(port: int) -> ThreadingHTTPServer:
    """A server of the paper on that port of this machine, its stories dated by now; any free port for 0."""
    now = datetime.now(UTC).replace(microsecond=0)
    # Just after midnight they would be yesterday's.
    since_midnight = now - now.replace(hour=0, minute=0, second=0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]  # of an HTTP server
            pages = {"/": front(site), "/rss.xml": feed(site, dates)} | {
                f"/news/{story.slug}": page(site, story, dates[story.slug]) for story in STORIES
            }
            text = pages.get(self.path)
            kind = "application/rss+xml" if self.path == "/rss.xml" else "text/html"
            self.answer(404 if text is None else 200, text or "there is no such page", kind)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path != "/alerts":
                self.answer(404, "alerts go to /alerts", "text/plain")
                return
            print(f"an alert arrived: {told(body)}", flush=True)
            self.answer(200, "thank you", "text/plain")

        def answer(self, status: int, text: str, kind: str) -> None:
            payload = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None: ...

    dates = {story.slug: now - min(timedelta(hours=story.hours_ago), since_midnight) for story in STORIES}
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def told(body: bytes) -> str:
    """What a webhook of ours says, in a line a finding."""
    try:
        message = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")[:200]
    alerts = [
        f"\n  {alert['reason']}" + "".join(f"\n    “{one['sentence']}”" for one in alert["evidence"][:1])
        for alert in message.get("alerts", ())
    ]
    return "".join(alerts) or str(message.get("subject") or message.get("kind"))


def front(site: str) -> str:
    links = "".join(
        f'<li><a href="{site}/news/{story.slug}">{escape(story.title)}</a></li>' for story in STORIES
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{NAME}</title>'
        f'<link rel="alternate" type="application/rss+xml" title="{NAME}" href="{site}/rss.xml"></head>'
        f"<body><h1>{NAME}</h1><ul>{links}</ul></body></html>"
    )


def feed(site: str, dates: dict[str, datetime]) -> str:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{site}/news/{story.slug}</link>"
        f"<guid>{site}/news/{story.slug}</guid><pubDate>{format_datetime(dates[story.slug])}</pubDate></item>"
        for story in STORIES
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{NAME}</title><link>{site}/</link><description>News of a small harbour</description>"
        f"<language>en</language>{items}</channel></rss>"
    )


def page(site: str, story: Story, published_at: datetime) -> str:
    described = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.title,
            "datePublished": published_at.isoformat(),
            "author": {"@type": "Person", "name": story.byline},
            "publisher": {"@type": "Organization", "name": NAME},
        }
    )
    body = "".join(f"<p>{escape(text, quote=False)}</p>" for text in story.text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(story.title)} | {NAME}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(story.title)}">'
        f'<link rel="canonical" href="{site}/news/{story.slug}">'
        f'<script type="application/ld+json">{described}</script></head><body><header><a href="{site}/">{NAME}</a>'
        f'</header><article><h1>{escape(story.title)}</h1><p class="byline">By {escape(story.byline)}</p>{body}'
        "</article><footer><p>All of this is made up.</p></footer></body></html>"
    )


if __name__ == "__main__":
    main()
