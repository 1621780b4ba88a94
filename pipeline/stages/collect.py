"""What did an outlet publish in an interval? Its feeds read, its new pages captured, all of it counted.

Live, pages not seen before (or changed since) are fetched politely. In a replay the archive stands in for
the network, the seen-state is neither read nor written, and what the interval holds decides alone; so
intervals may be replayed in any order. Either way the manifest is written last, and an interval that has
one is not collected again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline import feeds
from pipeline.interval import Interval
from pipeline.protocols import Archive, Clock, Pace, Robots, SeenState, StateStore, Transport
from pipeline.records import CaptureKind, Manifest, Outlet, Reason
from pipeline.stages.outlet_run import OutletRun, Parse
from pipeline.stages.pages import is_final
from pipeline.urls import page_key

_log = logging.getLogger("wirewatch.collect")

# How far before the last remembered capture a manifest may start that the state does not know of.
_LONGEST_INTERVAL = timedelta(days=2)
_BEGINNING = datetime(1991, 1, 1, tzinfo=UTC)


def collect(
    outlet: Outlet,
    interval: Interval,
    *,
    transport: Transport,
    archive: Archive,
    state: StateStore,
    clock: Clock,
    robots: Robots,
    pace: Pace,
    live: bool,
    force: bool = False,
    parse: Parse = feeds.parse,
) -> Manifest:
    """The interval's manifest: the one that stands, or that of collecting it now.

    ``force``: read every feed, due or not. ``parse``: where another reads documents in the place of ``feeds``.
    """
    if (standing := _standing(outlet, interval, archive, live=live)) is not None:
        _log.info(
            "%s %s: collected before, %d captures", outlet.outlet_id, interval.name, len(standing.captures)
        )
        return standing
    memory = _remembered(outlet, archive, state) if live else SeenState(validators={}, seen={})
    with archive.writer(outlet.outlet_id, interval, revisits=live) as writer:
        run = OutletRun(
            outlet,
            interval,
            transport=transport,
            writer=writer,
            clock=clock,
            robots=robots,
            pace=pace,
            memory=memory,
            live=live,
            force=force,
            parse=parse,
        )
        for feed in outlet.feeds:
            run.read(feed)
        writer.commit()
    manifest = run.manifest()
    archive.save_manifest(manifest)
    if live:
        state.save(outlet.outlet_id, run.memory())
    _log.info(
        "%s %s: %d captured, %d rejected, %d gaps",
        *(outlet.outlet_id, interval.name, manifest.new_count, len(manifest.rejects), len(manifest.gaps)),
    )
    return manifest


def _standing(outlet: Outlet, interval: Interval, archive: Archive, *, live: bool) -> Manifest | None:
    """The manifest of exactly this interval; in a replay also those of its parts, read as one."""
    if (manifest := archive.manifest(outlet.outlet_id, interval)) is not None or live:
        return manifest
    parts = archive.manifests(outlet.outlet_id, interval)
    if not parts:
        return None
    return Manifest(
        outlet_id=outlet.outlet_id,
        interval=interval,
        captures=tuple(item for part in parts for item in part.captures),
        entries=tuple(item for part in parts for item in part.entries),
        feed_only=tuple(item for part in parts for item in part.feed_only),
        readings=tuple(item for part in parts for item in part.readings),
        rejects=tuple(item for part in parts for item in part.rejects),
        gaps=tuple(item for part in parts for item in part.gaps),
    )


def _remembered(outlet: Outlet, archive: Archive, state: StateStore) -> SeenState:
    """The saved state, caught up with manifests that a killed run wrote and did not live to remember."""
    saved = state.load(outlet.outlet_id)
    since = max(saved.seen.values(), default=_BEGINNING + _LONGEST_INTERVAL) - _LONGEST_INTERVAL
    seen = {page_key(url): at for url, at in saved.seen.items()}  # older states hold addresses
    barred = dict(saved.barred)
    for manifest in archive.manifests(outlet.outlet_id, Interval(since, datetime.max.replace(tzinfo=UTC))):
        for capture in manifest.captures:
            if capture.kind is CaptureKind.PAGE:
                for key in {page_key(capture.url), page_key(capture.final_url)}:
                    seen[key] = max(capture.fetched_at, seen.get(key, capture.fetched_at))
        for reject in manifest.rejects:
            if reject.at is None:
                continue
            key = page_key(reject.key)
            if is_final(reject):
                seen[key] = max(reject.at, seen.get(key, reject.at))
            elif reject.reason is Reason.FORBIDDEN_ADDRESS:
                barred[key] = reject.at
    barred = {key: at for key, at in barred.items() if at >= seen.get(key, at)}  # read since
    return replace(saved, seen=seen, barred=barred)
