"""Keeping requests to one host apart."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.pacing import Pace


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.at += seconds


def test_the_first_request_waits_for_nothing_and_the_next_for_its_turn() -> None:
    time = Time()
    pace = Pace(monotonic=time.now, sleep=time.sleep)
    pace.wait("https://p.example/a", 2.0)
    assert time.at == 100.0
    pace.wait("https://www.p.example/b", 2.0)
    assert time.at == 102.0
    pace.wait("https://q.example/", 2.0)
    assert time.at == 102.0


def test_time_that_passed_anyway_is_not_waited_for_again() -> None:
    time = Time()
    pace = Pace(monotonic=time.now, sleep=time.sleep)
    pace.wait("https://p.example/a", 2.0)
    time.at += 5
    pace.wait("https://p.example/b", 2.0)
    assert time.at == 105.0


def test_a_host_that_asks_for_peace_gets_it() -> None:
    time = Time()
    pace = Pace(monotonic=time.now, sleep=time.sleep)
    pace.hold("https://p.example/a", 30.0)
    pace.hold("https://p.example/a", 5.0)
    pace.wait("https://p.example/a", 2.0)
    assert time.at == 130.0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0.1, 5.0)), max_size=30))
def test_two_requests_to_a_host_are_never_closer_than_asked(requests: list[tuple[str, float]]) -> None:
    time = Time()
    pace = Pace(monotonic=time.now, sleep=time.sleep)
    last: dict[str, tuple[float, float]] = {}
    for name, seconds in requests:
        pace.wait(f"https://{name}.example/", seconds)
        if name in last:
            at, apart = last[name]
            assert time.at >= at + apart - 1e-9
        last[name] = (time.at, seconds)


def test_threads_take_turns() -> None:
    slept: list[float] = []
    pace = Pace(monotonic=lambda: 0.0, sleep=slept.append)
    threads = [threading.Thread(target=pace.wait, args=("https://p.example/", 1.0)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [1.0, 2.0, 3.0, 4.0]
