"""What does the warehouse ask of the place its tables are in, be it a file or a lake?"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

import duckdb

from pipeline.errors import WarehouseBusyError

T = TypeVar("T")

# Another process was faster: as SQLite says it, and of two that make a lake's catalogue in PostgreSQL at once.
_MET = re.compile(
    "database is locked|Failed to initialize DuckLake.*already exists|could not serialize access", re.DOTALL
)


class Store(Protocol):
    """Where the tables are: `PlainFile` or `Lake`; every statement of loading and checking runs on both."""

    @property
    def attempts(self) -> int:
        """How often a load that met another one is tried before it is given up."""
        ...

    def writing(self, *, threads: int | None = None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The build side with today's schema; WarehouseBusyError while another process has it."""
        ...

    def claimed(self, con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """A transaction for which others wait that claim too; it fails at its commit if one came between."""
        ...

    def publishing(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The build, to be made ready for readers; all of it is theirs, at once, when the block ends well.

        WarehouseError before the first load, WarehouseBusyError while something loaded is not checked.
        """
        ...


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the statements inside, or none."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def retried(work: Callable[[], T], attempts: int) -> T:
    """What the work comes to, done again while another process was faster; WarehouseBusyError in the end."""
    for left in reversed(range(attempts)):
        try:
            return work()
        except duckdb.Error as error:
            if not (isinstance(error, duckdb.TransactionException) or _MET.search(str(error))):
                raise
            if not left:
                raise WarehouseBusyError("other writers were faster; try again later") from error
            # So that two that met do not meet again.
            time.sleep(random.uniform(0.05, 0.5))  # noqa: S311
    raise ValueError("no attempt was allowed")


def refuse_unchecked(con: duckdb.DuckDBPyConnection) -> None:
    """WarehouseBusyError while something was loaded that no check has passed yet, by whichever run."""
    rows = con.execute(
        "select distinct strftime(interval_start, '%Y-%m-%d %H:%M') from unchecked order by all"
    ).fetchall()
    if rows:
        raise WarehouseBusyError(
            f"not published: what was loaded for {', '.join(name for (name,) in rows)} has not passed the "
            "checks; another run may be about to check it, else run `wirewatch check` for that day"
        )
