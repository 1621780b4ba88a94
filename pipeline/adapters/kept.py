"""An engine kept open over the published file, so that what one question has read need not be read for the next.

It is kept for as long as that file is the published one. Who still asks the one before keeps it until the end;
its space on the disk is free again once the next question has come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import duckdb


class KeptEngine:
    """One engine at a time, and a connection of its own for everybody who asks."""

    def __init__(self, opened: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._engine: duckdb.DuckDBPyConnection | None = None
        self._of: Hashable = None

    @contextmanager
    def connection(self, published: Hashable) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to what is published; ``published`` differs whenever that does."""
        with self._lock:
            if self._engine is None or self._of != published:
                # Let go of the one before rather than closing it: that would close its connections in use too.
                self._engine, self._of = self._opened(), published
            connection = self._engine.cursor()
        try:
            yield connection
        finally:
            connection.close()
