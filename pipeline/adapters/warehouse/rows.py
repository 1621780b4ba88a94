"""What rows does a batch come to? The tables' columns, from the records that processing wrote.

They are made once, where a batch is written, and kept beside its records: loading takes whole columns. Rows that hang
on an article also carry its capture: until loading has seen what else is known of the page, it is open whether the
capture shows an article or only repeats one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

import pyarrow as pa

from pipeline.adapters.warehouse.schema import arrow_schemas
from pipeline.identity import key, number
from pipeline.interval import Interval
from pipeline.protocols import BatchRows
from pipeline.records import (
    Actor,
    Article,
    Attribution,
    Batch,
    Capture,
    Document,
    Manifest,
    Outlet,
    Reject,
)
from pipeline.text import Span, sentences_at

Row = dict[str, Any]

# Tables whose rows hang on an article; those that a batch has, each with the capture that holds it.
PARTS = ("authors", "attributions", "mentions", "figures", "signatures", "bands")
OF_BATCHES = (
    "captures",
    "readings",
    "rejects",
    "gaps",
    "articles",
    *(part for part in PARTS if part != "bands"),
)

# How far their clock may run ahead of ours before a publication date is not believed.
CLOCK_SKEW = timedelta(hours=1)
# No page is older than the web: 1970-01-01 is what a site prints whose date is unset.
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
# Between the parts of a content that a cue interrupts.
ELLIPSIS = " … "


def outlet_rows(outlets: Iterable[Outlet]) -> list[Row]:
    return [
        {
            "outlet_id": outlet.outlet_id,
            "name": outlet.name,
            "kind": outlet.kind,
            "homepage": outlet.homepage,
            "language": outlet.language,
            "country": outlet.country,
            "timezone": outlet.timezone,
            "watched_from": outlet.watched_from,
            "watched_until": outlet.watched_until,
            "sample": outlet.sample,
        }
        for outlet in outlets
    ]


def feed_rows(outlets: Iterable[Outlet]) -> list[Row]:
    return [
        {"feed_id": feed.feed_id, "outlet_id": outlet.outlet_id, "url": feed.url, "kind": feed.kind}
        for outlet in outlets
        for feed in outlet.feeds
    ]


def source_rows(actors: Iterable[Actor]) -> list[Row]:
    return [
        {
            "source_id": actor.source_id,
            "name": actor.name,
            "kind": actor.kind,
            "parent_id": actor.parent_id,
            "country": actor.country,
            "affiliation": actor.affiliation,
            "wikidata": actor.wikidata,
            "aliases": list(actor.aliases),
        }
        for actor in actors
    ]


def rows_of(batch: Batch) -> BatchRows:
    """All rows of a batch, by table."""
    items = tuple(item_rows(batch))
    tables = {
        name: as_table([row for rows in items for row in rows[name]], schema)
        for name, schema in row_schemas().items()
    }
    return BatchRows(outlet_id=batch.outlet_id, tables=tables)


def item_rows(batch: Batch) -> Iterator[Mapping[str, list[Row]]]:
    """For each manifest, then for each document: its rows by table; each capture and each page once."""
    captured: set[int] = set()
    processed: set[int] = set()
    for manifest in batch.manifests:
        rows: dict[str, list[Row]] = {name: [] for name in OF_BATCHES}
        _add_manifest(rows, manifest, captured)
        yield rows
    for document in batch.documents:
        rows = {name: [] for name in OF_BATCHES}
        capture = document.capture
        capture_key = capture.capture_key  # a hash, made anew whenever it is asked for
        capture_id = number(capture_key)
        if capture_id not in captured:  # processed under a manifest that is gone since
            captured.add(capture_id)
            rows["captures"].append(_capture_row(capture, capture_key, document.interval))
        if capture_id not in processed:
            processed.add(capture_id)
            _add_document(rows, document, capture_id)
        yield rows


def row_schemas() -> Mapping[str, pa.Schema]:
    """The columns of the rows of batches, by table."""
    schemas = arrow_schemas()
    return {name: schemas["held" if name in PARTS else "main", name] for name in OF_BATCHES}


def as_table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Rows as columns; in half of the time that ``Table.from_pylist`` takes."""
    if not rows:
        return schema.empty_table()
    if set(rows[0]) != set(schema.names):
        raise ValueError(f"{set(rows[0]) ^ set(schema.names)} is not a column of both")
    columns = zip(*map(itemgetter(*schema.names), rows), strict=True)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _add_manifest(rows: dict[str, list[Row]], manifest: Manifest, captured: set[int]) -> None:
    run = _bounds(manifest.interval)
    for capture in manifest.captures:
        capture_key = capture.capture_key
        if number(capture_key) not in captured:
            captured.add(number(capture_key))
            rows["captures"].append(_capture_row(capture, capture_key, manifest.interval))
    rows["readings"].extend(
        {
            "feed_id": reading.feed_id,
            "outlet_id": reading.outlet_id,
            "url": reading.url,
            "at": reading.at,
            "status": reading.status,
            "found": reading.found_count,
            "new": reading.new_count,
            "seen": reading.seen_count,
            "skipped": reading.skipped_count,
            "failed": reading.failed_count,
            "detail": reading.detail,
            **run,
        }
        for reading in manifest.readings
    )
    rows["rejects"].extend(_reject_row(reject, manifest.outlet_id, None, run) for reject in manifest.rejects)
    rows["gaps"].extend(
        {
            "outlet_id": gap.outlet_id,
            **_bounds(gap.interval),
            "reason": gap.reason,
            "key": gap.key,
            "detail": gap.detail,
            "run_start": manifest.interval.start,
            "run_end": manifest.interval.end,
        }
        for gap in manifest.gaps
    )


def _add_document(rows: dict[str, list[Row]], document: Document, capture_id: int) -> None:
    capture, article = document.capture, document.result
    if isinstance(article, Reject):
        rows["rejects"].append(
            _reject_row(article, capture.outlet_id, capture_id, _bounds(document.interval))
        )
        return
    held = {"holding_capture_id": capture_id}
    article_key = document.article_key  # a hash, as the capture's
    article_id = number(article_key)
    dated_at = dated(article, capture)
    attribution_ids = _attribution_ids(article_key, document.attributions)
    rows["articles"].append(_article_row(document, article, dated_at, article_key, capture_id))
    rows["authors"].extend(
        {**held, "article_id": article_id, "position": position, "name": name}
        for position, name in enumerate(article.authors, start=1)
    )
    of_article = {
        **held,
        "article_id": article_id,
        "outlet_id": capture.outlet_id,
        "day": dated_at.date(),
    }
    rows["attributions"].extend(
        _attribution_rows(article.body, document.attributions, attribution_ids, of_article)
    )
    rows["mentions"].extend(
        {
            **held,
            "article_id": article_id,
            "day": dated_at.date(),
            "source_id": mention.source_id,
            "name": mention.name,
            "kind": mention.kind,
            "start": mention.start,
            "end": mention.end,
        }
        for mention in document.mentions
    )
    rows["figures"].extend(
        {
            **held,
            "article_id": article_id,
            "day": dated_at.date(),
            "attribution_id": None if figure.attribution is None else attribution_ids[figure.attribution],
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "qualifier": figure.qualifier,
            "unit": figure.unit,
            "counted": figure.counted,
            "start": figure.start,
            "end": figure.end,
            "period": figure.period,
            "period_start": figure.period_start,
            "period_end": figure.period_end,
        }
        for figure in document.figures
    )
    if document.signature is not None:
        rows["signatures"].append(
            {**held, "article_id": article_id, "day": dated_at.date(), "signature": document.signature}
        )


def dated(article: Article, capture: Capture) -> datetime:
    """When an article counts for: its publication, unless that is unknown or cannot be."""
    published = article.published_at
    if published is None or not OLDEST <= published <= capture.fetched_at + CLOCK_SKEW:
        return capture.fetched_at
    return published


def _article_row(
    document: Document, article: Article, dated_at: datetime, article_key: str, capture_id: int
) -> Row:
    capture = document.capture
    return {
        "article_id": number(article_key),
        "article_key": article_key,
        "page_id": number(key("page", capture.outlet_id, article.canonical_url)),
        "capture_id": capture_id,
        "outlet_id": capture.outlet_id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "byline": article.byline,
        "dateline": article.dateline,
        "wire_credit": article.wire_credit,
        "site_name": article.site_name,
        "section": article.section,
        "tags": list(article.tags),
        "language": article.language,
        "language_confidence": article.language_confidence,
        "published_at": article.published_at,
        "published_from": article.published_from,
        "published_precision": article.published_precision,
        "published_offset": article.published_offset,
        "published_refused": article.published_refused,
        "modified_at": article.modified_at,
        "modified_from": article.modified_from,
        "collected_at": capture.fetched_at,
        "dated_at": dated_at,
        "day": dated_at.date(),
        "body": article.body,
        "word_count": article.word_count,
        "text_digest": article.text_digest,
        "image_url": article.image_url,
        "notes": list(article.notes),
        "paywalled": article.paywalled,
        "form": article.form,
        "known_share": article.known_share,
        "is_revision_of": None,
        "extractor": article.extractor,
        "extractor_version": article.extractor_version,
        "attribution_skipped": document.attribution_skipped,
        **_bounds(document.interval),
    }


def _attribution_rows(
    body: str, attributions: Sequence[Attribution], attribution_ids: Sequence[int], of_article: Row
) -> Iterator[Row]:
    anchors = (next(iter((*said.cue, *said.content, *said.source)), (0, 0)) for said in attributions)
    placed = zip(attributions, sentences_at(body, (start for start, _ in anchors)), strict=True)
    for ordinal, (attribution, sentence) in enumerate(placed, start=1):
        yield {
            **of_article,
            "attribution_id": attribution_ids[ordinal - 1],
            "ordinal": ordinal,
            "source_id": attribution.source_id,
            "source_name": attribution.name,
            "joint_names": list(attribution.joint),
            "source_surface": _words(body, attribution.source),
            "source_kind": attribution.source_kind,
            "parent_source_id": attribution.parent_source_id,
            "via": attribution.via,
            "cue": _words(body, attribution.cue),
            "content": _words(body, attribution.content),
            "kind": attribution.kind,
            **_ends("source", attribution.source[:1]),
            **_ends("cue", attribution.cue[:1]),
            **_ends("content", attribution.content),
            "source_spans": [list(span) for span in attribution.source],
            "cue_spans": [list(span) for span in attribution.cue],
            "content_spans": [list(span) for span in attribution.content],
            "sentence": body[slice(*sentence)],
            "sentence_start": sentence[0],
            "sentence_end": sentence[1],
            "inside_id": None if attribution.inside is None else attribution_ids[attribution.inside],
            "rule": attribution.rule,
            "confidence": attribution.confidence,
        }


def _attribution_ids(article_key: str, attributions: Sequence[Attribution]) -> list[int]:
    """An id for each attribution, from its article and spans, so that it outlives a change elsewhere."""
    ids: list[int] = []
    for attribution in attributions:
        spans = repr((attribution.source, attribution.cue, attribution.content))
        attribution_id = number(key("attribution", article_key, spans))
        repeated = 0
        while attribution_id in ids:  # the same words read in two ways
            repeated += 1
            attribution_id = number(key("attribution", article_key, spans, str(repeated)))
        ids.append(attribution_id)
    return ids


def _capture_row(capture: Capture, capture_key: str, interval: Interval) -> Row:
    return {
        "capture_id": number(capture_key),
        "capture_key": capture_key,
        "outlet_id": capture.outlet_id,
        "kind": capture.kind,
        "url": capture.url,
        "final_url": capture.final_url,
        "status": capture.status,
        "content_type": capture.content_type,
        "fetched_at": capture.fetched_at,
        "digest": capture.digest,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        **_bounds(interval),
    }


def _reject_row(reject: Reject, outlet_id: str, capture_id: int | None, run: Row) -> Row:
    return {
        "stage": reject.stage,
        "key": reject.key,
        "outlet_id": reject.outlet_id or outlet_id,
        "reason": reject.reason,
        "detail": reject.detail,
        "at": reject.at,
        "capture_id": capture_id,
        **run,
    }


def _bounds(interval: Interval) -> dict[str, datetime]:
    return {"interval_start": interval.start, "interval_end": interval.end}


def _words(body: str, spans: Sequence[Span]) -> str | None:
    return ELLIPSIS.join(body[start:end] for start, end in spans) or None


def _ends(role: str, spans: Sequence[Span]) -> dict[str, int | None]:
    """Where a role starts and where it ends, over all the given spans."""
    return {
        f"{role}_start": spans[0][0] if spans else None,
        f"{role}_end": spans[-1][1] if spans else None,
    }
