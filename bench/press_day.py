"""A day of the invented press as processing hands it on: batches of documents, for what measures loading."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from pipeline import dedup
from pipeline.identity import digest
from pipeline.interval import Interval
from pipeline.records import (
    Article,
    Attribution,
    AttributionKind,
    Batch,
    Capture,
    CaptureKind,
    Document,
    Manifest,
    Outlet,
    OutletKind,
    SourceKind,
)

_WORDS = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("l", "n", "rt", "s", "m")]


def batch(outlet_id: str, interval: Interval, size: int) -> Batch:
    """A day of an outlet: stories of its own, and every twentieth one that another outlet has too."""
    documents = tuple(document(outlet_id, interval, number) for number in range(size))
    manifest = Manifest(
        outlet_id=outlet_id, interval=interval, captures=tuple(one.capture for one in documents)
    )
    return Batch(outlet_id=outlet_id, interval=interval, manifests=(manifest,), documents=documents)


def document(outlet_id: str, interval: Interval, number: int) -> Document:
    url = f"https://{outlet_id}.example/{interval.name}/{number}"
    shared = number % 20 == 0
    random = Random(f"{interval.name}-{number}" if shared else url)  # noqa: S311
    lines = [f"The {' '.join(random.choices(_WORDS, k=9))}, the office said." for _ in range(25)]
    body = "\n\n".join(" ".join(lines[at : at + 5]) for at in range(0, 25, 5))
    at = interval.start + timedelta(seconds=number % 86_400)
    capture = Capture(
        outlet_id=outlet_id,
        kind=CaptureKind.PAGE,
        url=url,
        final_url=url,
        status=200,
        fetched_at=at,
        digest=digest(url.encode()),
        warc_file=f"{outlet_id}/{interval.name}.warc.gz",
        warc_offset=number,
    )
    article = Article(
        url=url,
        canonical_url=url,
        title=f"Report {number} of {outlet_id}",
        body=body,
        language="en",
        outlet_id=outlet_id,
        published_at=at,
        published_from="meta",
    )
    return Document(
        capture=capture,
        interval=interval,
        result=article,
        attributions=tuple(said(body, line) for line in lines[:5]),
        signature=dedup.signature(body),
    )


def said(body: str, line: str) -> Attribution:
    start = body.index(line)
    comma = start + line.index(",")
    return Attribution(
        source=((comma + 2, comma + 12),),
        cue=((comma + 13, comma + 17),),
        content=((start, comma),),
        kind=AttributionKind.INDIRECT,
        source_kind=SourceKind.ROLE,
        name=None,
        source_id=None,
        parent_source_id=None,
        via=None,
        rule="role",
        inside=None,
        confidence=0.9,
    )


def outlet(outlet_id: str) -> Outlet:
    return Outlet(
        outlet_id=outlet_id,
        name=outlet_id,
        kind=OutletKind.PAPER,
        homepage=f"https://{outlet_id}.example/",
        language="en",
        country=None,
        feeds=(),
    )
