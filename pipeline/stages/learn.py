"""learn: what do an outlet's archived pages of before a day have in common?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from pipeline.errors import ArchiveError
from pipeline.extract.learning import reading_of
from pipeline.extract.template import Reading, learnt
from pipeline.interval import Interval
from pipeline.protocols import Archive
from pipeline.records import Article, Capture, CaptureKind, Outlet, Template
from pipeline.stages.process import Extractor, charset

log = logging.getLogger("wirewatch.learn")

# From so many days before, the newest pages, and no template from fewer articles.
WINDOW = timedelta(days=60)
_MOST_PAGES = 40
FEWEST = 5


def learn(outlet: Outlet, since: date, *, archive: Archive, extractor: Extractor) -> Template | None:
    """The template of an outlet from a day on; None where too few articles were archived before it.

    The same archive always teaches the same: only captures of before that day are read, each by itself.
    """
    readings: list[Reading] = []
    for capture in _newest(archive, outlet.outlet_id, since):
        if (reading := _reading(capture, outlet, archive, extractor)) is not None:
            readings.append(reading)
        if len(readings) == _MOST_PAGES:
            break
    if len(readings) < FEWEST:
        log.info(
            "%s: %d articles before %s, and %d teach nothing", outlet.outlet_id, len(readings), since, FEWEST
        )
        return None
    template = learnt(outlet.outlet_id, since, readings)
    log.info(
        "%s, from %s on: %d pages share %d lines of text, and their articles stand in %d styles of element",
        outlet.outlet_id,
        since,
        len(readings),
        len(template.lines),
        sum(habit.taken > habit.left for habit in template.habits),
    )
    return template


def _newest(archive: Archive, outlet_id: str, since: date) -> Iterator[Capture]:
    """The pages captured before a day, newest first; of one address only the newest capture."""
    end = datetime.combine(since, time(), UTC)
    pages = [
        capture
        for manifest in archive.manifests(outlet_id, Interval(end - WINDOW, end))
        for capture in manifest.captures
        if capture.kind is CaptureKind.PAGE and capture.status == 200 and capture.fetched_at < end
    ]
    seen = set()
    for capture in sorted(pages, key=lambda one: (one.fetched_at, one.capture_key), reverse=True):
        if capture.final_url not in seen:
            seen.add(capture.final_url)
            yield capture


def _reading(capture: Capture, outlet: Outlet, archive: Archive, extractor: Extractor) -> Reading | None:
    """What a page teaches: only one that came through the guarded extractor as an article is read here."""
    encoding = charset(capture.content_type)
    try:
        html = archive.read(capture)
        found = extractor(
            html, capture.final_url, outlet=outlet, fetched_at=capture.fetched_at, encoding=encoding
        )
        if not isinstance(found, Article):
            return None
        return reading_of(
            html,
            capture.final_url,
            digest=capture.digest,
            encoding=encoding,
            words=found.word_count,
            dated_by=found.published_from,
        )
    except (ArchiveError, ArithmeticError, LookupError, RuntimeError, ValueError) as error:
        log.warning("%s: teaches nothing: %r", capture.url, error)
        return None
