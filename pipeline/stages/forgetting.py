"""What need an outlet's memory no longer hold? It is read and written in every run, and must not grow for ever."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.protocols import SeenState
from pipeline.stages.pages import BARRED_FOR

# Feeds bring nothing back after so long; sitemaps and listings do, and what they still list is kept.
_KEPT_FOR = timedelta(days=180)


def forgetting(
    memory: SeenState, now: datetime, *, listed: AbstractSet[str], all_was_read: bool
) -> SeenState:
    """The memory without old pages that no feed lists any more, and without feeds long given up.

    ``listed``: keys of all pages that this run's documents list; where one of them could not be read, or said
    "unchanged", ``all_was_read`` is False, and no page is forgotten.
    """
    before = now - _KEPT_FOR
    barred = {key: at for key, at in memory.barred.items() if now < at + BARRED_FOR}
    polls = {url: poll for url, poll in memory.polls.items() if poll.next_at >= before}
    validators = {url: kept for url, kept in memory.validators.items() if url in polls}
    if not all_was_read:
        return replace(memory, polls=polls, validators=validators, barred=barred)
    seen = {key: at for key, at in memory.seen.items() if at >= before or key in listed}
    ids = {name: key for name, key in memory.ids.items() if key in seen}
    return SeenState(validators=validators, seen=seen, polls=polls, ids=ids, barred=barred)
