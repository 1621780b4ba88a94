"""A day of many outlets that nobody wrote: catalogue and WARC files, the same from the same numbers.

For trying and measuring what the nine outlets of the samples are too few for.
"""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

DAY = date(2016, 4, 12)  # after the samples' last
_PEOPLE = (
    "Ann Harrow",
    "Tomas Weil",
    "Mara Lindqvist",
    "Jorge Almeida",
    "Ruth Okafor",
    "Peter Nowak",
    "Lena Fischer",
)
_OFFICES = ("mayor", "harbour master", "minister of transport", "police spokesman", "head of the water board")
_PLACES = ("Port Ellery", "Tarsia", "Northgate", "Halden", "Vesna", "Marrow Bay", "Old Quay", "Linden")
_THINGS = ("bridge", "ferry line", "school", "market hall", "road", "clinic", "railway station", "library")
_DOINGS = (
    "will open again",
    "is to be repaired",
    "was closed",
    "will cost more than planned",
    "was handed over",
)
_WHENS = ("on Friday", "next month", "before winter", "this week", "by the end of the year")
_CUES = ("said", "told reporters", "announced", "warned", "confirmed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """What was made."""

    catalog: Path
    warcs: Path
    outlet_ids: tuple[str, ...]
    day: date


def make(folder: Path, *, outlets: int, articles: int, day: date = DAY, beside: Path | None = None) -> Press:
    """Outlets with so many articles each on the day. ``beside``: a catalogue that they join."""
    catalog, warcs = folder / "catalog", folder / "warcs"
    for stale in (catalog, warcs):
        shutil.rmtree(stale, ignore_errors=True)
    if beside is not None:
        shutil.copytree(beside, catalog)
    (catalog / "outlets").mkdir(parents=True, exist_ok=True)
    warcs.mkdir(parents=True)
    names = tuple(f"made-{number:03}" for number in range(outlets))
    for number, name in enumerate(names):
        (catalog / "outlets" / f"{name}.toml").write_text(_outlet(name, day), encoding="utf-8")
        _write(warcs / f"{name}.warc.gz", _answers(name, number, articles, day))
    return Press(catalog=catalog, warcs=warcs, outlet_ids=names, day=day)


def _outlet(name: str, day: date) -> str:
    return (
        f'id = "{name}"\nname = "{name.title()}"\nkind = "online"\nhomepage = "http://{name}.example/"\n'
        f'language = "en"\nsample = true\nwatched_from = {day}\nwatched_until = {day + timedelta(days=1)}\n\n'
        f'[[feeds]]\nname = "news"\nkind = "syndication"\nurl = "http://{name}.example/rss.xml"\n'
    )


def _answers(name: str, number: int, articles: int, day: date) -> Iterator[tuple[str, str, str, datetime]]:
    """URL, content type, body and instant of everything that was asked."""
    morning = datetime.combine(day, time(6), UTC)
    site = f"http://{name}.example"
    yield f"{site}/robots.txt", "text/plain", "User-agent: *\nAllow: /\n", morning
    stories = [_story(number, story) for story in range(articles)]
    items = "".join(
        f"<item><title>{title}</title><link>{site}/{day:%Y/%m/%d}/story-{story}</link>"
        f"<pubDate>{morning - timedelta(minutes=story):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for story, (title, _) in enumerate(stories)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    yield f"{site}/rss.xml", "application/rss+xml", feed, morning
    for story, (title, text) in enumerate(stories):
        at = morning + timedelta(seconds=30 + story)
        published = (morning - timedelta(minutes=story)).isoformat()
        body = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - {name.title()}</title>'
            f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
            f'<meta property="article:published_time" content="{published}"></head><body>'
            '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
            f"<main><article><h1>{title}</h1>{text}</article></main><footer><p>All rights kept.</p></footer></body></html>"
        )
        yield f"{site}/{day:%Y/%m/%d}/story-{story}", "text/html; charset=utf-8", body, at


def _story(outlet: int, story: int) -> tuple[str, str]:
    draw = random.Random(outlet * 100_000 + story)  # noqa: S311 - prose and no secret
    place, thing = draw.choice(_PLACES), draw.choice(_THINGS)
    title = f"{place}: the {thing} {draw.choice(_DOINGS)} {draw.choice(_WHENS)}"
    paragraphs = []
    for _ in range(9):
        person, office = draw.choice(_PEOPLE), draw.choice(_OFFICES)
        what = f"the {draw.choice(_THINGS)} in {draw.choice(_PLACES)} {draw.choice(_DOINGS)} {draw.choice(_WHENS)}"
        count = draw.randrange(12, 900)
        paragraphs.append(
            f"<p>{what.capitalize()}, {person}, the {office}, {draw.choice(_CUES)} in {place}. “We have {count} people at "
            f"work there, and {draw.randrange(2, 40)} more will come {draw.choice(_WHENS)},” {person.split()[-1]} said.</p>"
        )
    return title, "".join(paragraphs)


def _write(file: Path, answers: Iterator[tuple[str, str, str, datetime]]) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, content_type, text, at in answers:
            body = text.encode()
            headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
                )
            )
