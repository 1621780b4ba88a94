"""Whose turn is it to write a lake? One process's at a time, on one machine or many, by a lock that ends with it.

Beside a SQLite catalogue the lock is a file's, `<catalogue>.<turn>.lock`, which stays there empty; in a PostgreSQL
catalogue it is an advisory lock.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

import duckdb

from pipeline.errors import WarehouseBusyError

_LOOK_SECONDS = 2  # so often a wait can be interrupted, and comes to its end

log = logging.getLogger(__name__)


class Turn(Enum):
    """What there are turns for, with the number of PostgreSQL's lock."""

    MAKING = 7_101  # the lake's tables
    LOADING = 7_102  # their rows


@contextmanager
def waited_for(turn: Turn, taking: Callable[[], bool], patience_seconds: float) -> Iterator[None]:
    """Runs the block once ``taking`` has taken the lock; WarehouseBusyError after so long in vain."""
    until, told = time.monotonic() + patience_seconds, False
    while not taking():
        if time.monotonic() > until:
            raise WarehouseBusyError(
                f"another process has been {turn.name.lower()} the lake for {patience_seconds / 60:.0f} minutes; "
                "try again later, or end that process if it hangs"
            )
        if not told:
            log.info("Waits for its turn: another process is %s the lake", turn.name.lower())
            told = True
    yield


@contextmanager
def locked_file(database: str, turn: Turn) -> Iterator[Callable[[], bool]]:
    path = Path(f"{database}.{turn.name.lower()}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:

        def taking() -> bool:
            until = time.monotonic() + _LOOK_SECONDS
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > until:
                        return False
                    time.sleep(0.02)
                else:
                    return True

        yield taking


@contextmanager
def locked_session(con: duckdb.DuckDBPyConnection, database: str, turn: Turn) -> Iterator[Callable[[], bool]]:
    """The lock is a transaction's at the server, which lasts as long as this one's."""
    waiting = con.cursor()  # with a transaction of its own, and so a session of its own at the server
    try:
        waiting.execute(
            f"attach if not exists '{database.replace(chr(39), chr(39) * 2)}' as turns (type postgres)"
        )

        def taking() -> bool:
            waiting.execute("begin")
            try:
                waiting.execute(
                    f"call postgres_execute('turns', 'set local lock_timeout = ''{_LOOK_SECONDS}s''')"
                )
                waiting.execute(
                    f"call postgres_execute('turns', 'select pg_advisory_xact_lock({turn.value})')"
                )
            except duckdb.Error as error:
                waiting.execute("rollback")
                if "lock timeout" not in str(error):
                    raise
                return False
            return True

        yield taking
    finally:
        # A server may have ended a session that was idle for so long; what was to be done is done.
        with suppress(duckdb.Error):
            waiting.execute("rollback")
        waiting.close()
