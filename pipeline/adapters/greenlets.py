"""How do many calls go on in one thread, each waiting as if it were alone?"""

from __future__ import annotations

import heapq
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from pipeline.adapters.waiting import READ, Call, Line

T = TypeVar("T")

# For what blocks whatever we do, such as a disk that is told to keep what it was given.
_THREADS_ASIDE = 8
# Waits that ended early leave their time behind; so many of them are kept before they are cleared away.
_STALE_TIMES = 1_000


class _Wait:
    """What a call waits for: over once, by what it waits for or by its time."""

    __slots__ = ("call", "came", "is_over")

    def __init__(self, call: Call) -> None:
        self.call, self.is_over, self.came = call, False, False


class Greenlets(Executor):
    """Runs calls beside each other in a thread of its own: while one waits, the others go on."""

    def __init__(self, at_once: int, name: str) -> None:
        self._at_once = max(at_once, 1)
        self._lock = threading.Lock()
        self._submitted: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._is_closed = False
        self._going: set[Future[Any]] = set()
        self._ready: deque[Call] = deque()
        self._times: list[tuple[float, int, _Wait]] = []
        self._order = itertools.count()
        self._selector = selectors.DefaultSelector()
        # What other threads have to tell the loop: waits that are over, and a byte that wakes it.
        self._told: deque[_Wait] = deque()
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._selector.register(self._ear, READ)
        self.threads = ThreadPoolExecutor(_THREADS_ASIDE, thread_name_prefix=f"{name} aside")
        self._thread = threading.Thread(target=self._run, name=name)

    # ---- an executor, from other threads -----------------------------------------------------------

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._submitted.append((future, lambda: fn(*args, **kwargs)))
            if self._thread.ident is None:
                self._thread.start()
        self._wake()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._is_closed = True
            if cancel_futures:
                while self._submitted:
                    self._submitted.popleft()[0].cancel()
        if self._thread.ident is not None:
            self._wake()
            if wait:
                self._thread.join()

    def _wake(self) -> None:
        with suppress(OSError):  # it has enough to hear, or has ended
            self._mouth.send(b"!")

    # ---- waiting, in a call ------------------------------------------------------------------------

    def until_ready(self, call: Call, line: Line, event: int, seconds: float) -> bool:
        wait = _Wait(call)
        self._selector.register(line, event, wait)
        try:
            return self._park(wait, seconds)
        finally:
            self._selector.unregister(line)

    def until_done(self, call: Call, future: Future[Any], seconds: float | None) -> bool:
        wait = _Wait(call)
        future.add_done_callback(lambda _: self._hear(wait))
        return self._park(wait, seconds)

    def sleep(self, call: Call, seconds: float) -> None:
        self._park(_Wait(call), seconds)

    def _park(self, wait: _Wait, seconds: float | None) -> bool:
        """Let others go on until the wait is over; False where its time was over first."""
        if seconds is not None:
            heapq.heappush(self._times, (time.monotonic() + seconds, next(self._order), wait))
        wait.call.parent.switch()
        return wait.came

    def _hear(self, wait: _Wait) -> None:
        if threading.get_ident() == self._thread.ident:
            self._end(wait, came=True)
        else:
            self._told.append(wait)
            self._wake()

    def _end(self, wait: _Wait, *, came: bool) -> None:
        if not wait.is_over:
            wait.is_over, wait.came = True, came
            self._ready.append(wait.call)

    # ---- the loop, in its thread -------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._loop()
        except BaseException as error:  # what waits can be woken no more: who asked must not wait for it
            self._give_up(error)
        finally:
            self.threads.shutdown()
            self._selector.close()
            self._ear.close()
            self._mouth.close()

    def _give_up(self, error: BaseException) -> None:
        with self._lock:
            self._is_closed = True
            unbegun = [future for future, _ in self._submitted if future.set_running_or_notify_cancel()]
            self._submitted.clear()
        begun, self._going = self._going, set()
        for future in (*begun, *unbegun):
            future.set_exception(error)

    def _loop(self) -> None:
        while self._begin() or self._going:
            for key, _ in self._selector.select(0.0 if self._ready else self._seconds_left()):
                if key.data is None:
                    self._ear.recv(4_096)
                else:
                    self._end(key.data, came=True)
            while self._told:
                self._end(self._told.popleft(), came=True)
            # Last: what came while we were busy did come, however late we look.
            now = time.monotonic()
            while self._times and self._times[0][0] <= now:
                self._end(heapq.heappop(self._times)[2], came=False)
            for _ in range(len(self._ready)):
                self._ready.popleft().switch()

    def _begin(self) -> bool:
        """Begin as many calls as may go on at once; whether there is or can be anything to do."""
        while len(self._going) < self._at_once:
            with self._lock:
                if not self._submitted:
                    return not self._is_closed
                future, call = self._submitted.popleft()
            if future.set_running_or_notify_cancel():
                self._going.add(future)
                self._ready.append(Call(self, partial(self._called, future, call)))
        return True

    def _called(self, future: Future[Any], call: Callable[[], Any]) -> None:
        try:
            outcome = call()
        except BaseException as error:
            if future in self._going:  # else it was given up
                self._going.remove(future)
                future.set_exception(error)
        else:
            self._going.remove(future)
            future.set_result(outcome)

    def _seconds_left(self) -> float | None:
        """Until the next wait's time is over; None where none has one."""
        if len(self._times) > _STALE_TIMES:
            self._times = [timed for timed in self._times if not timed[2].is_over]
            heapq.heapify(self._times)
        while self._times and self._times[0][2].is_over:
            heapq.heappop(self._times)
        return max(self._times[0][0] - time.monotonic(), 0.0) if self._times else None
