"""process: what do an outlet's archived pages of an interval say?"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from pipeline import attribution, dedup
from pipeline.attribution import Engine, Lexicon, Reading, trained
from pipeline.errors import ArchiveError
from pipeline.extract import extract
from pipeline.interval import Interval
from pipeline.protocols import Archive, BatchStore
from pipeline.records import (
    Article,
    Batch,
    Capture,
    CaptureKind,
    Document,
    Entry,
    Manifest,
    Outlet,
    Reason,
    Reject,
    Stage,
    Template,
)
from pipeline.urls import canonical

log = logging.getLogger("wirewatch.process")

# Pages in the wild break what reads them in ways no list foresees: the page is lost, the run is not.
_BREAKS = (ArithmeticError, LookupError, RuntimeError, ValueError, RecursionError, MemoryError)
_FAILED = "failed: "


class Extractor(Protocol):
    """Reads one page; ``extract`` itself, or a guard around it."""

    def __call__(
        self,
        html: bytes,
        url: str,
        *,
        outlet: Outlet | None = None,
        fetched_at: datetime | None = None,
        encoding: str | None = None,
        template: Template | None = None,
    ) -> Article | Reject: ...


def process(
    outlet: Outlet,
    interval: Interval,
    *,
    archive: Archive,
    batches: BatchStore,
    lexicon: Lexicon,
    engine: Engine | None = trained,
    extractor: Extractor = extract,
    template: Template | None = None,
    recipe: str = "",
    again: bool = False,
) -> Batch:
    """Read every page that the interval's manifests list, and write the outlet's batch.

    One bad page becomes a reject. The batch replaces any earlier one of the same outlet and interval, unless
    that one was made by the same ``recipe`` of the same manifests: it would come out the same, and is read only
    if ``again``. Of what the archive has let go, what was read of it stays. ``template``: what the outlet's
    earlier pages have taught.
    """
    standing = _standing(batches, outlet.outlet_id, interval)
    held = archive.manifests(outlet.outlet_id, interval)
    kept = let_go(standing, held) if standing is not None else ()
    for manifest in kept:
        log.warning(
            "%s, %s: the archive holds nothing of it any more; what was read then is kept",
            outlet.outlet_id,
            manifest.interval.name,
        )
    if standing is not None and kept and not held:
        return standing
    manifests = tuple(sorted((*kept, *held), key=_interval))
    unchanged = standing is not None and (standing.recipe, standing.manifests) == (recipe, manifests)
    if standing is not None and unchanged and recipe and not again:
        log.info("%s, %s: read before, and nothing has changed since", outlet.outlet_id, interval.name)
        return standing
    documents = tuple(
        document
        for manifest in manifests
        for document in (
            _read_before(standing, manifest)
            if standing is not None and manifest in kept
            else (
                _document(capture, manifest, outlet, archive, lexicon, engine, extractor, template)
                for capture in manifest.captures
                if capture.kind is CaptureKind.PAGE
            )
        )
    )
    batch = Batch(
        outlet_id=outlet.outlet_id,
        interval=interval,
        manifests=manifests,
        documents=documents,
        recipe=recipe,
    )
    batches.write(batch)
    _tell(batch)
    return batch


def let_go(batch: Batch, held: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The manifests that a batch was read of and that are not among those that the archive holds."""
    intervals = {manifest.interval for manifest in held}
    return tuple(manifest for manifest in batch.manifests if manifest.interval not in intervals)


def _read_before(batch: Batch, manifest: Manifest) -> Iterator[Document]:
    return (document for document in batch.documents if document.interval == manifest.interval)


def _interval(manifest: Manifest) -> Interval:
    return manifest.interval


def _standing(batches: BatchStore, outlet_id: str, interval: Interval) -> Batch | None:
    """The batch there is, if it can be read."""
    try:
        return batches.read(outlet_id, interval)
    except ArchiveError as error:
        log.info("%s", error)
        return None


def read_text(article: Article, lexicon: Lexicon, engine: Engine | None = trained) -> Reading:
    """Who is cited in an article, for what, and whom, where and how much it mentions.

    A text that breaks the reading is told of, and is then one that was not read: it stays an article.
    """
    try:
        return attribution.read(
            article.body,
            title=article.title,
            published_at=article.published_at,
            language=article.language,
            lexicon=lexicon,
            engine=engine,
        )
    except _BREAKS as error:
        log.warning("%s: who is cited in it could not be read: %r", article.url, error)
        return Reading(skipped_reason=f"{_FAILED}{type(error).__name__}")


def _document(
    capture: Capture,
    manifest: Manifest,
    outlet: Outlet,
    archive: Archive,
    lexicon: Lexicon,
    engine: Engine | None,
    extractor: Extractor,
    template: Template | None,
) -> Document:
    interval = manifest.interval
    try:
        result = extractor(
            archive.read(capture),
            capture.final_url,
            outlet=outlet,
            fetched_at=capture.fetched_at,  # bounds the page's dates
            encoding=charset(capture.content_type),
            template=template,
        )
    except ArchiveError as error:
        result = _failed(capture, Reason.ARCHIVE_DAMAGED, str(error))
    except _BREAKS as error:
        log.warning("%s: the parser failed: %r", capture.url, error)
        result = _failed(capture, Reason.PARSER_FAILED, f"{type(error).__name__}: {error}")
    if isinstance(result, Reject):
        located = replace(result, key=capture.url, outlet_id=outlet.outlet_id, at=capture.fetched_at)
        return Document(capture=capture, interval=interval, result=located)
    article = _completed(result, outlet, _entry(capture, manifest))
    reading = read_text(article, lexicon, engine)
    return Document(
        capture=capture,
        interval=interval,
        result=article,
        attributions=reading.attributions,
        mentions=reading.mentions,
        figures=reading.figures,
        signature=dedup.signature(article.body),
        attribution_skipped=reading.skipped_reason,
    )


def _failed(capture: Capture, reason: Reason, detail: str) -> Reject:
    return Reject(stage=Stage.PROCESS, key=capture.url, reason=reason, detail=detail)


def _entry(capture: Capture, manifest: Manifest) -> Entry | None:
    """What the feed said of the captured page."""
    wanted = {canonical(capture.url), canonical(capture.final_url)}
    return next((entry for entry in manifest.entries if canonical(entry.url) in wanted), None)


def _completed(article: Article, outlet: Outlet, entry: Entry | None) -> Article:
    """The article as its outlet's; what the page itself does not say, its feed may."""
    article = replace(article, outlet_id=outlet.outlet_id)
    if entry is None:
        return article
    if article.title is None:
        article = replace(article, title=entry.title)
    if not article.authors:
        article = replace(article, authors=entry.authors)
    if article.published_at is None and entry.published_at is not None:
        article = replace(article, published_at=entry.published_at, published_from="feed")
    return article


def charset(content_type: str | None) -> str | None:
    """The charset of a Content-Type header: "text/html; charset=utf-8" has one, "text/html" none."""
    for parameter in (content_type or "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip().strip("\"'")
    return None


def _tell(batch: Batch) -> None:
    articles = [document for document in batch.documents if isinstance(document.result, Article)]
    rejects = Counter(
        document.result.reason.value for document in batch.documents if isinstance(document.result, Reject)
    )
    log.info(
        "%s, %s: %d pages read from the archive: %d articles with %d attributions and %d figures",
        batch.outlet_id,
        batch.interval.name,
        len(batch.documents),
        len(articles),
        sum(len(document.attributions) for document in articles),
        sum(len(document.figures) for document in articles),
    )
    if rejects:
        named = ", ".join(f"{reason} {count}" for reason, count in sorted(rejects.items()))
        log.info("%s, %s: not articles: %s", batch.outlet_id, batch.interval.name, named)
    unread = sum((document.attribution_skipped or "").startswith(_FAILED) for document in articles)
    if unread:
        log.warning(
            "%s, %s: %d articles stay without attributions, since reading them failed; they are those whose"
            " attribution_skipped begins with 'failed'",
            batch.outlet_id,
            batch.interval.name,
            unread,
        )
