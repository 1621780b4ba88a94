"""How long must the next request to a host wait?

The moment of a host's next request stands in a file of its own, so that all processes of a machine (or of a
shared volume) keep one budget; within a process only one request to a host goes on at a time.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import StoppedError
from pipeline.urls import host

# No host asks for more; a later moment than this was written by a clock that was wrong.
_LONGEST_SECONDS = 86_400.0
# Not worth the writing of a file: it is as long as a request takes to leave.
_NEGLIGIBLE_SECONDS = 0.002


class Pace:
    """One budget a host, shared by every feed, outlet, thread and process."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """``folder``: where the hosts' moments stand; None: for this process alone."""
        self._folder = None if folder is None else str(folder)
        self._clock = clock
        self._sleep = sleep or self._sleep_until_stopped
        # Held until we are stopped: waiting for it is a sleep that can be ended, and costs less than an event.
        self._going_on = threading.Lock()
        self._going_on.acquire()
        self._is_stopped = False
        self._lock = threading.Lock()
        # By host: the earliest start of its next request, as we know it; a file may know of a later one.
        self._next: dict[str, float] = {}
        self._turns: dict[str, threading.Lock] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def stop(self) -> None:
        """Wake everyone who waits here, and let nobody begin: their waits end in StoppedError."""
        with self._lock:
            if not self._is_stopped:
                self._is_stopped = True
                self._going_on.release()

    @contextmanager
    def turn(self, url: str, seconds: float) -> Iterator[None]:
        """Wait as ``wait`` does, and let no other turn at this host begin before this one has ended."""
        with self._turns.setdefault(host(url), threading.Lock()):
            self.wait(url, seconds)
            # A busy machine wakes us late; what follows keeps its distance from the moment we really begin.
            self.hold(url, seconds)
            yield

    def wait(self, url: str, seconds: float) -> None:
        """Sleep until this request may start, and keep the following one ``seconds`` away from it."""

        def booked(now: float, earliest: float) -> float:
            return max(now, earliest) + seconds

        wait = self._change(host(url), booked) - seconds - self._clock()
        if self._is_stopped:
            raise StoppedError("stopped")
        if wait > 0:
            self._sleep(wait)

    def hold(self, url: str, seconds: float) -> None:
        """Let no request to this host start sooner than in ``seconds``, as it asked."""
        name = host(url)
        # Moments only move on, so what we know is never too late.
        if self._next.get(name, 0.0) < self._clock() + seconds - _NEGLIGIBLE_SECONDS:
            self._change(name, lambda now, earliest: max(earliest, now + seconds))

    def _change(self, name: str, change: Callable[[float, float], float]) -> float:
        """Change a host's next moment, alone among all threads and processes; the new one is returned."""
        if self._folder is None:
            with self._lock:
                now = self._clock()
                self._next[name] = change(now, self._next.get(name, now))
                return self._next[name]
        handle = os.open(f"{self._folder}/{quote(name or '-', safe='')}", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            now = self._clock()
            moment = change(now, _moment(os.read(handle, 64), now))
            os.pwrite(handle, f"{moment:<20.6f}\n".encode(), 0)
            self._next[name] = moment
        finally:
            os.close(handle)
        return moment

    def _sleep_until_stopped(self, seconds: float) -> None:
        if self._going_on.acquire(timeout=seconds):
            self._going_on.release()  # wakes the next one who waits
            raise StoppedError("stopped")


def _moment(text: bytes, now: float) -> float:
    """The moment a file holds; now where it holds none that can be."""
    try:
        moment = float(text)
    except ValueError:
        return now
    return moment if moment <= now + _LONGEST_SECONDS else now
