"""Many calls in one thread, each waiting as if it were alone."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import ContextVar

import pytest

from pipeline.adapters import waiting
from pipeline.adapters.greenlets import Greenlets


@pytest.fixture
def greenlets() -> Greenlets:
    return Greenlets(50, "test")


def test_calls_go_on_while_others_wait_for_a_socket_a_moment_or_a_thread(greenlets: Greenlets) -> None:
    here, there = socket.socketpair()
    order: list[str] = []
    thread: set[int] = set()

    def read() -> bytes:
        thread.add(threading.get_ident())
        here.setblocking(False)
        waiting.until_ready(here, waiting.READ, 60)
        order.append("read")
        return here.recv(10)

    def write() -> None:
        thread.add(threading.get_ident())
        waiting.sleep(0.01)
        waiting.aside(lambda: order.append("aside"))
        order.append("write")
        there.sendall(b"news")

    with greenlets, here, there:
        reading, writing = greenlets.submit(read), greenlets.submit(write)
        assert reading.result(60) == b"news"
        writing.result(60)
    assert order == ["aside", "write", "read"]
    assert len(thread) == 1


def test_a_wait_ends_with_its_time(greenlets: Greenlets) -> None:
    here, there = socket.socketpair()

    def read() -> None:
        waiting.until_ready(here, waiting.READ, 0.01)

    def hear() -> None:
        waiting.result(Future(), 0.01)

    with greenlets, here, there:
        for call in (read, hear):
            with pytest.raises(TimeoutError):
                greenlets.submit(call).result(60)
            with pytest.raises(TimeoutError):
                call()  # in a thread of its own it is the same


def test_what_came_before_we_looked_is_no_timeout(greenlets: Greenlets) -> None:
    here, there = socket.socketpair()

    def read() -> bytes:
        waiting.until_ready(here, waiting.READ, 0.05)
        return here.recv(10)

    def compute() -> None:
        there.sendall(b"news")
        stop = threading.Event()
        stop.wait(0.2)  # the whole thread is busy, longer than the reader's time

    def begin() -> Future[bytes]:
        """Both before the loop looks again: one waits, and the other is busy, before its time can be over."""
        reading = greenlets.submit(read)
        greenlets.submit(compute)
        return reading

    with greenlets, here, there:
        assert greenlets.submit(begin).result(60).result(60) == b"news"


def test_no_more_than_so_many_go_on_at_once() -> None:
    going: list[int] = []
    most = 0
    are_three: Future[None] = Future()

    def call(number: int) -> int:
        nonlocal most
        going.append(number)
        most = max(most, len(going))
        if most == 3 and not are_three.done():
            are_three.set_result(None)
        waiting.result(are_three)
        waiting.sleep(0.001)
        going.remove(number)
        return number

    with Greenlets(3, "test") as few:
        assert list(few.map(call, range(20))) == list(range(20))
    assert most == 3


def test_a_call_that_fails_tells_who_asked_and_ends_no_other(greenlets: Greenlets) -> None:
    def fail() -> None:
        waiting.sleep(0.001)
        raise ValueError("bad page")

    with greenlets:
        failing, fine = greenlets.submit(fail), greenlets.submit(lambda: waiting.sleep(0.01))
        with pytest.raises(ValueError, match="bad page"):
            failing.result(60)
        fine.result(60)


def test_where_the_loop_itself_fails_nobody_waits_for_it_for_ever() -> None:
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        waiting.result(Future())

    broken = Greenlets(1, "test")
    going, unbegun = broken.submit(wait), broken.submit(wait)
    assert begun.wait(60)
    broken._told.append(None)  # type: ignore[arg-type]
    broken._wake()
    for future in (going, unbegun):
        with pytest.raises(AttributeError):
            future.result(60)
    with pytest.raises(RuntimeError):
        broken.submit(wait)
    broken.shutdown()


def test_ending_lets_those_finish_that_have_begun(greenlets: Greenlets) -> None:
    begun, go = threading.Event(), Future[str]()

    def call() -> str:
        begun.set()
        return waiting.result(go)

    only_one = Greenlets(1, "test")
    first, second = only_one.submit(call), only_one.submit(call)
    assert begun.wait(60)
    only_one.shutdown(wait=False, cancel_futures=True)
    go.set_result("done")
    assert first.result(60) == "done"
    assert second.cancelled()
    with pytest.raises(RuntimeError):
        only_one.submit(call)
    greenlets.shutdown()  # one that was never used


variable: ContextVar[int] = ContextVar("variable", default=0)


def test_what_a_call_notes_for_itself_no_other_sees(greenlets: Greenlets) -> None:
    def call(number: int) -> int:
        variable.set(number)
        waiting.sleep(0.001)
        return variable.get()

    with greenlets:
        assert list(greenlets.map(call, range(20))) == list(range(20))


@pytest.mark.parametrize("kind", ["threads", "greenlets"])
def test_a_lock_is_held_by_one_at_a_time_in_the_order_of_asking(kind: str) -> None:
    lock, held, order = waiting.Lock(), 0, list[int]()

    def call(number: int) -> None:
        nonlocal held
        with lock:
            held += 1
            assert held == 1
            waiting.sleep(0.001)
            order.append(number)
            held -= 1

    executor: Executor = Greenlets(10, "test") if kind == "greenlets" else ThreadPoolExecutor(10)
    with executor:
        list(executor.map(call, range(10)))
    assert sorted(order) == list(range(10))
    if kind == "greenlets":  # threads ask in an order of their own
        assert order == list(range(10))
