"""The guard: a page that kills its parser is a reject, and the next page is read."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from pipeline.adapters.guard import Guard, Limits
from pipeline.records import Article, Reason, Reject

SMALL = Limits(memory_bytes=200 << 20, cpu_seconds=1, wall_seconds=60.0, pages=5)


def read(what: str, size: int = 0) -> Article:
    """A parser that does what the page says."""
    if what == "abort":
        os.abort()
    if what == "crash":
        ctypes.string_at(0)
    if what == "leave":
        os._exit(3)
    if what == "spin":
        while True:
            size += 1
    if what == "sleep":
        time.sleep(60)
    if what == "hoard":
        bytearray(1 << 30)
    if what == "raise":
        raise ValueError("a tag without an end")
    return Article(
        url="https://anvil.example/quarry",
        canonical_url=None,
        language=None,
        title=str(os.getpid()),
        body=what + "x" * size,
        extractor="test",
        extractor_version="1",
    )


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard(read, SMALL)
    yield guard
    guard.close()


def answered(guard: Guard, *args: object) -> Article:
    result = guard(*args)
    assert isinstance(result, Article)
    return result


def test_pages_are_read_in_one_child_that_is_not_this_process(guard: Guard) -> None:
    first, second = answered(guard, "one"), answered(guard, "two")
    assert (first.body, second.body) == ("one", "two")
    assert first.title == second.title != str(os.getpid())


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("abort", "ended by SIGABRT"),
        ("crash", "ended by SIGSEGV"),
        ("leave", "ended with code 3"),
        ("spin", "more than 1 seconds of processor time"),
        ("hoard", "more memory than a page may have"),
        ("raise", "ValueError: a tag without an end"),
    ],
)
def test_what_kills_the_parser_is_a_reject_with_its_reason_and_the_next_page_is_read(
    guard: Guard, deed: str, said: str
) -> None:
    result = guard(deed)
    assert isinstance(result, Reject)
    assert result.reason is Reason.PARSER_FAILED
    assert said in result.detail
    assert answered(guard, "after").body == "after"


def test_a_crash_ends_the_child_though_the_parent_handles_that_signal() -> None:
    before = signal.signal(signal.SIGSEGV, lambda *_: None)  # returns to what failed, for ever
    try:
        guard = Guard(read, SMALL)
        result = guard("crash")
        guard.close()
    finally:
        signal.signal(signal.SIGSEGV, before)
    assert isinstance(result, Reject)
    assert "ended by SIGSEGV" in result.detail


def test_a_child_that_sleeps_is_ended_and_the_next_page_is_read() -> None:
    guard = Guard(read, Limits(wall_seconds=0.3))
    result = guard("sleep")
    assert isinstance(result, Reject)
    assert result.detail == "the parser gave no answer in 0.3 seconds"
    guard._limits = SMALL  # a busy machine may need longer than that to begin a child
    assert answered(guard, "after").body == "after"
    guard.close()


def test_questions_and_answers_larger_than_a_pipe_pass(guard: Guard) -> None:
    found = answered(guard, "a" * 3_000_000, 5_000_000)
    assert len(found.body) == 8_000_000


def test_a_new_child_begins_after_its_share_of_pages(guard: Guard) -> None:
    children = [answered(guard, "page").title for _ in range(11)]
    assert len(set(children)) == 3


def test_a_process_that_inherits_a_guard_begins_a_child_of_its_own(guard: Guard) -> None:
    ours = answered(guard, "ours").title

    def other(results: multiprocessing.SimpleQueue[str | None]) -> None:
        results.put(answered(guard, "theirs").title)

    context = multiprocessing.get_context("fork")
    results: multiprocessing.SimpleQueue[str | None] = context.SimpleQueue()
    # A daemon may have no children by multiprocessing; the pools that run our tasks make daemons.
    worker = context.Process(target=other, args=(results,), daemon=True)
    worker.start()
    theirs = results.get()
    worker.join()
    assert theirs != ours
    assert answered(guard, "ours again").title == ours


def test_threads_take_turns(guard: Guard) -> None:
    bodies: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: bodies.append(answered(guard, f"page {n}").body))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bodies) == [f"page {n}" for n in range(8)]


def test_no_child_is_left_when_the_guard_is_closed() -> None:
    guard = Guard(read, SMALL)
    child = int(answered(guard, "page").title or 0)
    guard.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_child_keeps_none_of_its_parents_open_files(guard: Guard) -> None:
    reading, writing = os.pipe()
    answered(guard, "page")
    os.close(writing)
    assert os.read(reading, 1) == b""  # no one else holds the other end
    os.close(reading)


def test_a_child_whose_parent_was_killed_ends() -> None:
    def parent(results: multiprocessing.SimpleQueue[str | None]) -> None:
        results.put(answered(Guard(read), "page").title)
        time.sleep(60)

    context = multiprocessing.get_context("fork")
    results: multiprocessing.SimpleQueue[str | None] = context.SimpleQueue()
    process = context.Process(target=parent, args=(results,))
    process.start()
    child = int(results.get() or 0)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    deadline = time.monotonic() + 120
    while _is_alive(child):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.05)


def _is_alive(process_id: int) -> bool:
    """An orphan that has ended but whom nobody has collected yet still has a name."""
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
