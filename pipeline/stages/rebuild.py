"""rebuild: how is the whole warehouse made again from the archive alone?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from pipeline.errors import WarehouseError
from pipeline.interval import Interval
from pipeline.protocols import Finding, LoadCounts

log = logging.getLogger("wirewatch.rebuild")


def rebuild(
    days: Mapping[Interval, Sequence[str]],
    *,
    process: Callable[[str, Interval], object],
    load: Callable[[Interval, Sequence[str]], LoadCounts],
    check: Callable[[Interval], Sequence[Finding]],
) -> int:
    """Process, load and check every day that the archive has, with the outlets that it has then.

    The number of articles. WarehouseError, naming the day, where a check finds what must not be.
    """
    articles = 0
    for day, outlet_ids in sorted(days.items(), key=lambda item: item[0].start):
        for outlet_id in outlet_ids:
            process(outlet_id, day)
        articles += load(day, outlet_ids).articles
        wrong = sorted({finding.check for finding in check(day) if finding.severity == "error"})
        if wrong:
            raise WarehouseError(f"{day.name}: {', '.join(wrong)} found rows that must not be (logged above)")
        log.info("%s: %d outlets, %d articles so far", day.name, len(outlet_ids), articles)
    return articles
