"""How do hundreds wait at once, in one thread?

Whoever must wait, for a socket, a moment or what another thread does, waits here. Of the calls that the executor of
``greenlets`` runs another one goes on meanwhile; anywhere else the thread waits, so that no caller need know which.
"""

from __future__ import annotations

import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import TracebackType
from typing import Any, Protocol, TypeVar

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped, unused-ignore]  # has no types

T = TypeVar("T")
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Line(Protocol):
    """A socket, or what stands for one."""

    def fileno(self) -> int: ...


class Loop(Protocol):
    """What lets other calls go on while one of them waits."""

    @property
    def threads(self) -> Executor:
        """For what blocks whatever we do."""
        ...

    def until_ready(self, call: Call, line: Line, event: int, seconds: float) -> bool:
        """False where it takes longer than that."""
        ...

    def until_done(self, call: Call, future: Future[Any], seconds: float | None) -> bool:
        """False where it takes longer than that."""
        ...

    def sleep(self, call: Call, seconds: float) -> None: ...


class Call(greenlet):  # type: ignore[misc]  # nor this
    """One call of a loop's while it goes on."""

    def __init__(self, loop: Loop, run: Callable[[], None]) -> None:
        super().__init__(run)
        self.loop = loop


def until_ready(line: Line, event: int, seconds: float) -> None:
    """Wait until a socket can be read (or written) at once; TimeoutError where it takes longer than that."""
    here = getcurrent()
    if isinstance(here, Call):
        is_ready = here.loop.until_ready(here, line, event, seconds)
    else:
        with selectors.DefaultSelector() as selector:
            selector.register(line, event)
            is_ready = bool(selector.select(max(seconds, 0.0)))
    if not is_ready:
        raise TimeoutError(f"nothing for {seconds:.0f} s")


def result(future: Future[T], seconds: float | None = None) -> T:
    """What a future comes to; TimeoutError where it takes longer than that."""
    here = getcurrent()
    if not isinstance(here, Call) or future.done():
        return future.result(seconds)
    if not here.loop.until_done(here, future, seconds):
        raise TimeoutError("timed out")
    return future.result()


def sleep(seconds: float) -> None:
    here = getcurrent()
    if isinstance(here, Call):
        here.loop.sleep(here, seconds)
    else:
        time.sleep(seconds)


def aside(work: Callable[..., T], *arguments: Any) -> T:
    """What a call returns that blocks, or computes for long; others go on meanwhile."""
    here = getcurrent()
    if isinstance(here, Call):
        return result(here.loop.threads.submit(work, *arguments))
    return work(*arguments)


class Lock:
    """Held by one at a time, in the order in which they asked."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._is_held = False
        self._queue: deque[Future[None]] = deque()

    def __enter__(self) -> None:
        with self._mutex:
            if not self._is_held:
                self._is_held = True
                return
            mine: Future[None] = Future()
            self._queue.append(mine)
        try:
            result(mine)
        except BaseException:
            with self._mutex:
                is_waiting = mine in self._queue
                if is_waiting:
                    self._queue.remove(mine)
            if not is_waiting:
                self._pass_on()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        with self._mutex:
            following = self._queue.popleft() if self._queue else None
            self._is_held = following is not None
        if following is not None:
            following.set_result(None)
