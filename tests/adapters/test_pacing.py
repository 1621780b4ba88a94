"""Keeping requests to one host apart."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.pacing import Pace
from pipeline.errors import StoppedError


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
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    pace.wait("https://p.example/a", 2.0)
    assert clock.at == 100.0
    pace.wait("https://www.p.example/b", 2.0)
    assert clock.at == 102.0
    pace.wait("https://q.example/", 2.0)
    assert clock.at == 102.0


def test_time_that_passed_anyway_is_not_waited_for_again() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    pace.wait("https://p.example/a", 2.0)
    clock.at += 5
    pace.wait("https://p.example/b", 2.0)
    assert clock.at == 105.0


def test_a_host_that_asks_for_peace_gets_it() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    pace.hold("https://p.example/a", 30.0)
    pace.hold("https://p.example/a", 5.0)
    pace.wait("https://p.example/a", 2.0)
    assert clock.at == 130.0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0.1, 5.0)), max_size=30))
def test_two_requests_to_a_host_are_never_closer_than_asked(requests: list[tuple[str, float]]) -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    last: dict[str, tuple[float, float]] = {}
    for name, seconds in requests:
        pace.wait(f"https://{name}.example/", seconds)
        if name in last:
            at, apart = last[name]
            assert clock.at >= at + apart - 1e-9
        last[name] = (clock.at, seconds)


def test_threads_take_turns() -> None:
    slept: list[float] = []
    pace = Pace(clock=lambda: 0.0, sleep=slept.append)
    threads = [threading.Thread(target=pace.wait, args=("https://p.example/", 1.0)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [1.0, 2.0, 3.0, 4.0]


def test_the_moment_outlives_the_process_and_a_wrong_clock_does_not_bind(tmp_path: Path) -> None:
    clock = Time()
    Pace(tmp_path, clock=clock.now, sleep=clock.sleep).hold("https://p.example/", 30.0)
    other = Pace(tmp_path, clock=clock.now, sleep=clock.sleep)
    other.wait("https://www.p.example/a", 2.0)
    assert clock.at == pytest.approx(130.0)
    (tmp_path / "p.example").write_text("99999999999999.0\n")
    before = clock.at
    other.wait("https://p.example/b", 2.0)
    assert clock.at == before
    (tmp_path / "p.example").write_text("noise")
    other.wait("https://p.example/c", 2.0)
    assert clock.at == before


CHILD = """
import sys
from pathlib import Path
from pipeline.adapters.pacing import Pace
pace = Pace(Path(sys.argv[1]), sleep=lambda seconds: None)
for _ in range(4):
    with pace.turn("https://p.example/", 0.1):
        pass
"""


def test_processes_share_one_budget_of_a_host(tmp_path: Path) -> None:
    later = time.time() + 3_600  # so that no clock has a say, only what the processes tell one another
    (tmp_path / "p.example").write_text(f"{later:.6f}")
    children = [subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)]) for _ in range(3)]
    assert [child.wait(timeout=200) for child in children] == [0, 0, 0]
    assert float((tmp_path / "p.example").read_text()) == pytest.approx(later + 12 * 0.1, abs=0.001)


def test_one_turn_at_a_host_at_a_time(tmp_path: Path) -> None:
    pace = Pace(tmp_path)
    going = most = 0
    lock = threading.Lock()

    def ask() -> None:
        nonlocal going, most
        with pace.turn("https://p.example/", 0.0):
            with lock:
                going += 1
                most = max(most, going)
            time.sleep(0.02)
            with lock:
                going -= 1

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_stopping_ends_a_wait_and_lets_nobody_begin() -> None:
    pace = Pace()
    pace.wait("https://p.example/", 60.0)
    threading.Timer(0.05, pace.stop).start()
    with pytest.raises(StoppedError):
        pace.wait("https://p.example/", 60.0)
    with pytest.raises(StoppedError):
        pace.wait("https://q.example/", 0.0)
