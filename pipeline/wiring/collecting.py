"""How are outlets collected? From the network while it is their day, from an archive ever after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.interval import HOUR, Interval
from pipeline.protocols import Transport
from pipeline.records import Feed, Manifest

if TYPE_CHECKING:
    from pipeline.feeds import Parsed
    from pipeline.stages.collect_many import Outcome
    from pipeline.wiring import Pipeline

# Outlets collected at once. Nearly all of that time goes by waiting, for servers and for politeness.
_MOST_AT_ONCE = 256
_LONG = 500_000  # bytes of a feed: reading more takes a tenth of a second

_BEGINNING = datetime(1995, 1, 1, tzinfo=UTC)  # before any archive


@dataclass(frozen=True, slots=True)
class _Moment:
    """The clock of a replay: always the moment it replays."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def collect_many(
    work: Pipeline,
    outlet_ids: Sequence[str],
    interval: Interval,
    *,
    force: bool = False,
    on_done: Callable[[str, Outcome], None] | None = None,
    on_look: Callable[[], None] | None = None,
) -> dict[str, Outcome]:
    """What collecting the outlets brings, many at a time where servers are waited for."""
    from pipeline.adapters.files import allow_open_files
    from pipeline.adapters.greenlets import Greenlets
    from pipeline.stages.collect_many import collect_many

    live = work.is_live(interval)
    allow_open_files()
    if live and outlet_ids:
        # Made here, once: what fails fails before anything is asked.
        _ = work.catalog, work.archive, work.network_robots, work.pace
    return collect_many(
        outlet_ids,
        lambda outlet_id: collect(work, outlet_id, interval, force=force),
        executor=Greenlets(_MOST_AT_ONCE if live else 1, "collect"),
        stop=work.pace.stop,
        on_done=on_done,
        on_look=on_look,
    )


def collect(work: Pipeline, outlet_id: str, interval: Interval, *, force: bool = False) -> Manifest:
    """See ``Pipeline.collect``."""
    from pipeline.adapters.replay import ReplayTransport
    from pipeline.adapters.robots import RobotsRules
    from pipeline.adapters.state import StateFiles
    from pipeline.stages.collect import collect

    live = work.is_live(interval)
    if live and work.clock.now() in interval:
        interval = _hour_of(work.clock.now())
    transport: Transport
    if live:
        transport, robots = work.network, work.network_robots
    else:
        transport = ReplayTransport(work.settings.replay, interval)
        # Rules that were archived on an earlier day still bind.
        until_then = ReplayTransport(work.settings.replay, Interval(_BEGINNING, interval.end))
        robots = RobotsRules(until_then, work.settings.user_agent, _Moment(interval.start))
    state = StateFiles(work.settings.data / "state")
    with state.alone(outlet_id, pause=work.pace.pause):
        return collect(
            work.catalog.outlet(outlet_id),
            interval,
            transport=transport,
            archive=work.archive,
            state=state,
            clock=work.clock,
            robots=robots,
            pace=work.pace,
            live=live,
            force=force,
            parse=_parsed,
        )


def _parsed(body: bytes, feed: Feed, **more: Any) -> Parsed:
    """What a feed lists, others going on meanwhile where it lists much."""
    from pipeline import feeds
    from pipeline.adapters.waiting import aside

    return (
        aside(partial(feeds.parse, body, feed, **more))
        if len(body) > _LONG
        else feeds.parse(body, feed, **more)
    )


def _hour_of(instant: datetime) -> Interval:
    start = instant.replace(minute=0, second=0, microsecond=0)
    return Interval(start, start + HOUR)
