"""What do the tasks of `onboard_outlet` do? From an address to an outlet whose first articles are published."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import TransientError, UsageError
from pipeline.records import OutletKind, Reason
from wirewatch_airflow.stages import SHOWN_ROWS, RunError, TaskRun, plural, said

if TYPE_CHECKING:
    from pipeline.wiring import Pipeline

log = logging.getLogger(__name__)


def propose(pipeline: Pipeline, _run: TaskRun, url: str, outlet_id: str = "") -> dict[str, Any]:
    """Ask the site for its feeds, politely; the catalogue file that could be, which the log shows."""
    from pipeline.adapters.outlet_files import to_toml

    try:
        found = pipeline.discover(url)
    except TransientError as error:
        if error.reason != Reason.UNREACHABLE:
            raise
        # Somebody waits at the form: a mistyped address is said at once rather than tried for half an hour.
        raise RunError(
            f"{error}. Is the address right? Open it in a browser; if the site is away, clear this task when it is back."
        ) from error
    for one in found.tried:
        kind = "chosen" if one in found.chosen else "left out"
        entries = len(one.parsed.children) or len(one.parsed.entries)
        log.info(
            "%s: %s, %s, %s", kind, one.url, one.candidate.kind.value, plural(entries, "entry", "entries")
        )
    if not found.chosen:
        raise RunError(
            f"{url} has no feed or sitemap that could be read. Give the address of the feed's own page, or write "
            'catalog/outlets/ID.toml with a feed of kind "listing" and a CSS selector.'
        )
    if known := pipeline.catalog.of_url(found.outlet.homepage):
        raise UsageError(
            f"the catalogue has {found.outlet.homepage} already, as {known.outlet_id}: set watched_from in its file"
        )
    outlet = replace(found.outlet, outlet_id=outlet_id or found.outlet.outlet_id)
    if outlet_id:
        feeds = [
            replace(feed, feed_id=f"{outlet_id}/{feed.feed_id.partition('/')[2]}") for feed in outlet.feeds
        ]
        outlet = replace(outlet, feeds=tuple(feeds))
    text = to_toml(replace(outlet, watched_from=pipeline.clock.now().date()))
    for line in text.splitlines():
        log.info("  %s", line)
    doubt = "" if found.language_is_known else "; the page does not say its language"
    log.info("Approve it in this run's next task%s", doubt)
    return {
        "outlet_id": outlet.outlet_id,
        "name": outlet.name,
        "file": text,
        "doubt": doubt.removeprefix("; "),
    }


def adopt(
    pipeline: Pipeline, _run: TaskRun, proposal: Mapping[str, Any], answer: Mapping[str, Any]
) -> dict[str, str]:
    """Write the approved file into the catalogue, with what the approver filled in; the first day to collect."""
    from pipeline.adapters.catalog import parse
    from pipeline.adapters.outlet_files import to_toml

    given = {name: value for name, value in (answer.get("params_input") or {}).items() if value}
    today = pipeline.clock.now().date()
    outlet = parse(Path(f"{proposal['outlet_id']}.toml"), proposal["file"])
    outlet = replace(
        outlet,
        name=given.get("name", outlet.name),
        kind=OutletKind(given.get("kind", outlet.kind)),
        language=given.get("language", outlet.language),
        country=given.get("country", outlet.country),
        timezone=given.get("timezone", outlet.timezone),
        watched_from=today,
    )
    by = (answer.get("responded_by_user") or {}).get("name") or "somebody"
    adopted = pipeline.adopt(
        to_toml(outlet, heading=f"Proposed by onboard_outlet, approved by {by} on {today}.")
    )
    log.info("Written: %s", pipeline.settings.catalog / "outlets" / f"{adopted.outlet_id}.toml")
    return {"outlet_id": adopted.outlet_id, "day": today.isoformat()}


def first_articles(pipeline: Pipeline, run: TaskRun, outlet_id: str) -> dict[str, Any]:
    """The newest articles that readers see of the outlet now; RunError where there is none."""
    table = pipeline.reader.newest_articles(outlet_id, SHOWN_ROWS)
    for row in table.rows:
        log.info("%s", said(dict(zip(table.columns, row, strict=True))))
    if not table.rows:
        raise RunError(
            f"{outlet_id} is in the catalogue and will be collected every hour, but no article of it is published "
            f"yet: the log of `collect` says what its feeds gave on {run.interval.name}, that of `process` why a page "
            "was rejected. `wirewatch outlet check` shows both."
        )
    return {"outlet_id": outlet_id, "shown": len(table.rows)}
