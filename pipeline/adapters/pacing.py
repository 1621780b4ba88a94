"""How long must the next request to a host wait?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pipeline.urls import host


class Pace:
    """One budget a host, shared by every feed, outlet and thread of this process."""

    def __init__(
        self, *, monotonic: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}  # by host: the earliest start of its next request

    def wait(self, url: str, seconds: float) -> None:
        """Sleep until this request may start, and keep the following one ``seconds`` away from it."""
        name = host(url)
        with self._lock:
            now = self._monotonic()
            start = max(now, self._next.get(name, now))
            self._next[name] = start + seconds
        if start > now:
            self._sleep(start - now)

    def hold(self, url: str, seconds: float) -> None:
        """Let no request to this host start sooner than in ``seconds``, as it asked."""
        name = host(url)
        with self._lock:
            self._next[name] = max(self._next.get(name, 0.0), self._monotonic() + seconds)
