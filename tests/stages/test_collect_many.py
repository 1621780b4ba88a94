"""Many outlets at once, and ending early."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date

import pytest

from pipeline.adapters.greenlets import Greenlets
from pipeline.adapters.pacing import Pace
from pipeline.errors import ArchiveError, StoppedError, WirewatchError
from pipeline.interval import Interval
from pipeline.records import Manifest
from pipeline.stages.collect_many import Outcome, collect_many

DAY = Interval.of_day(date(2016, 3, 27))


def manifest(outlet_id: str) -> Manifest:
    return Manifest(outlet_id=outlet_id, interval=DAY)


def never() -> None:
    raise AssertionError("nothing interrupts this")


def test_outlets_wait_beside_each_other_and_come_back_in_order() -> None:
    together = threading.Barrier(4, timeout=120)

    def one(outlet_id: str) -> Manifest:
        together.wait()
        return manifest(outlet_id)

    told: list[str] = []
    outcomes = collect_many(
        "dbca", one, executor=ThreadPoolExecutor(4), stop=never, on_done=lambda name, _: told.append(name)
    )
    assert list(outcomes) == list("dbca")
    assert sorted(told) == list("abcd")


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(2), lambda: Greenlets(2, "collect")])
def test_an_outlet_that_fails_leaves_the_others_alone(make: Callable[[], Executor]) -> None:
    def one(outlet_id: str) -> Manifest:
        if outlet_id == "b":
            raise ArchiveError("its file is taken")
        return manifest(outlet_id)

    outcomes: dict[str, Outcome] = collect_many("abc", one, executor=make(), stop=never)
    assert isinstance(outcomes["b"], ArchiveError)
    assert outcomes["a"] == manifest("a")
    assert outcomes["c"] == manifest("c")


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(2), lambda: Greenlets(2, "collect")])
def test_an_error_that_nobody_thought_of_is_one_outlet_s(make: Callable[[], Executor]) -> None:
    def one(outlet_id: str) -> Manifest:
        return manifest(outlet_id) if outlet_id != "b" else manifest("abc"[99])

    outcomes = collect_many("abc", one, executor=make(), stop=never)
    assert isinstance(outcomes["b"], WirewatchError)
    assert str(outcomes["b"]) == "IndexError: string index out of range"
    assert isinstance(outcomes["b"].__cause__, IndexError)
    assert (outcomes["a"], outcomes["c"]) == (manifest("a"), manifest("c"))


@pytest.mark.parametrize("kind", ["threads", "greenlets"])
def test_an_interruption_wakes_those_who_wait_and_starts_no_other(kind: str) -> None:
    pace = Pace()
    executor = Greenlets(2, "collect") if kind == "greenlets" else ThreadPoolExecutor(2)
    started: list[str] = []

    def one(outlet_id: str) -> Manifest:
        started.append(outlet_id)
        for _ in range(2):
            pace.wait(f"https://{outlet_id}.example/", 3600)
            with pace.departing(f"https://{outlet_id}.example/"):
                """It leaves."""
        return manifest(outlet_id)

    def interrupt() -> None:
        if len(started) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        collect_many("abcdef", one, executor=executor, stop=pace.stop, on_look=interrupt)
    assert sorted(started) == ["a", "b"]
    with pytest.raises(StoppedError):
        pace.wait("https://a.example/", 0)
