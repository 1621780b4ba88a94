"""When may the next request to a host leave?

The moment from which on it may stands in a file of each host's own, so that all processes of a machine (or of a
shared volume) keep one budget. It is counted from when the last one really left, however late a busy machine let it
go: whoever sends holds the file meanwhile. Machines that share it need clocks that agree and a file system that
honours flock.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.adapters import waiting
from pipeline.adapters.files import is_locked
from pipeline.errors import StoppedError, TransientError
from pipeline.records import Reason
from pipeline.urls import host

# No host asks for more; a later moment than this was written by a clock that was wrong.
_LONGEST_SECONDS = 86_400.0
# Others hold a host's moment for as long as it takes to send a request: looked for soon, then less often.
_LOOK_SECONDS = 0.002
_LONGEST_LOOK_SECONDS = 0.1
# As long as two requests may take at most; who holds it longer hangs.
_PATIENCE_SECONDS = 120.0
# Kept from a host that nobody has named a distance for, as one that a robots.txt redirects to.
_USUAL_SECONDS = 1.0


@dataclass(slots=True)
class _Host:
    """From when on a request may leave for it."""

    free_at: float


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
        self._sleep = sleep or self.pause
        self._is_stopped = False
        self._lock = threading.Lock()
        self._sleepers: set[Future[None]] = set()
        self._turns: dict[str, waiting.Lock] = {}
        self._apart: dict[str, float] = {}  # by host: the longest distance that anyone here keeps
        self._locks: dict[str, waiting.Lock] = {}
        # Where there is no folder.
        self._hosts: dict[str, _Host] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def stop(self) -> None:
        """Wake everyone who waits here, and let nobody begin: their waits end in StoppedError."""
        with self._lock:
            self._is_stopped = True
            sleepers, self._sleepers = self._sleepers, set()
        for sleeper in sleepers:
            sleeper.set_result(None)

    @contextmanager
    def turn(self, url: str, seconds: float) -> Iterator[None]:
        """Wait as ``wait`` does, and let no other turn at this host begin before this one has ended."""
        with self._turns.setdefault(host(url), waiting.Lock()):
            self.wait(url, seconds)
            yield

    def wait(self, url: str, seconds: float) -> None:
        """Sleep until this request may leave, and keep ``seconds`` between it and the following ones."""
        name = host(url)
        self._apart[name] = max(seconds, self._apart.get(name, 0.0))
        while (early := self._free_at(name) - self._clock()) > 0 and not self._is_stopped:
            self._sleep(early)
        if self._is_stopped:
            raise StoppedError("stopped")

    @contextmanager
    def departing(self, url: str) -> Iterator[None]:
        """Let a request leave: alone, and not before the host's time, which then counts from the moment it is gone."""
        name = host(url)
        while True:
            with self._alone(url) as found:
                if self._is_stopped:
                    raise StoppedError("stopped")
                early = found.free_at - self._clock()
                if early <= 0:
                    try:
                        yield
                    finally:
                        found.free_at = max(
                            found.free_at, self._clock() + self._apart.get(name, _USUAL_SECONDS)
                        )
                    return
            self._sleep(early)  # another process was faster

    def hold(self, url: str, seconds: float) -> None:
        """Let no request to this host leave sooner than in ``seconds``, as it asked."""
        with self._alone(url) as found:
            found.free_at = max(found.free_at, self._clock() + seconds)

    def pause(self, seconds: float) -> None:
        """Sleep; StoppedError where this is stopped before it is over."""
        sleeper: Future[None] = Future()
        with self._lock:
            if self._is_stopped:
                raise StoppedError("stopped")
            self._sleepers.add(sleeper)
        try:
            waiting.result(sleeper, seconds)
        except TimeoutError:
            return
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)
        raise StoppedError("stopped")

    def _free_at(self, name: str) -> float:
        if self._folder is None:
            return self._hosts[name].free_at if name in self._hosts else 0.0
        try:
            handle = os.open(self._file(name), os.O_RDONLY)
        except FileNotFoundError:
            return 0.0
        try:
            return _moment(os.read(handle, 64), self._clock())
        finally:
            os.close(handle)

    @contextmanager
    def _alone(self, url: str) -> Iterator[_Host]:
        """What is known of a host, to read and to change, alone among all threads and processes."""
        name = host(url)
        with self._locks.setdefault(name, waiting.Lock()):  # of each process one waits for the others
            if self._folder is None:
                yield self._hosts.setdefault(name, _Host(0.0))
            else:
                with self._file_alone(name, url) as found:
                    yield found

    @contextmanager
    def _file_alone(self, name: str, url: str) -> Iterator[_Host]:
        handle = os.open(self._file(name), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            look, until = _LOOK_SECONDS, time.monotonic() + _PATIENCE_SECONDS
            while not is_locked(handle):
                if time.monotonic() > until:
                    told = (
                        f"another process has held {self._file(name)} for {_PATIENCE_SECONDS:.0f} s: end it"
                    )
                    raise TransientError(url, Reason.TIMEOUT, told)
                self.pause(look)
                look = min(look * 1.5, _LONGEST_LOOK_SECONDS)
            found = _Host(_moment(os.read(handle, 64), self._clock()))
            try:
                yield found
            finally:
                os.pwrite(handle, f"{found.free_at:<20.6f}\n".encode(), 0)
        finally:
            os.close(handle)

    def _file(self, name: str) -> str:
        return f"{self._folder}/{quote(name or '-', safe='')}"


def _moment(text: bytes, now: float) -> float:
    """The moment a file holds; now where it holds none that can be."""
    try:
        moment = float(text)
    except ValueError:
        return now
    return moment if moment <= now + _LONGEST_SECONDS else now
