"""Keeping requests to one host apart."""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.greenlets import Greenlets
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


def ask(pace: Pace, url: str, seconds: float) -> None:
    with pace.turn(url, seconds), pace.departing(url):
        """The request leaves."""


def test_the_first_request_waits_for_nothing_and_the_next_for_its_turn() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    ask(pace, "https://p.example/a", 2.0)
    assert clock.at == 100.0
    ask(pace, "https://www.p.example/b", 2.0)
    assert clock.at == 102.0
    ask(pace, "https://q.example/", 2.0)
    assert clock.at == 102.0


def test_time_that_passed_anyway_is_not_waited_for_again() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    ask(pace, "https://p.example/a", 2.0)
    clock.at += 5
    ask(pace, "https://p.example/b", 2.0)
    assert clock.at == 105.0


def test_a_request_that_leaves_late_is_counted_from_when_it_left() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    with pace.turn("https://p.example/a", 2.0):
        clock.at += 1.5  # others had the processor
        with pace.departing("https://p.example/a"):
            clock.at += 0.25  # and again
    ask(pace, "https://p.example/b", 2.0)
    assert clock.at == 103.75


def test_one_who_was_outrun_waits_once_more(tmp_path: Path) -> None:
    clock = Time()
    slow, fast = (Pace(tmp_path, clock=clock.now, sleep=clock.sleep) for _ in range(2))
    with slow.turn("https://p.example/a", 2.0):
        ask(fast, "https://p.example/b", 2.0)
        with slow.departing("https://p.example/a"):
            assert clock.at == pytest.approx(102.0)


def test_a_host_that_nobody_named_a_distance_for_keeps_the_usual_one() -> None:
    clock = Time()
    pace = Pace(clock=clock.now, sleep=clock.sleep)
    for _ in range(3):  # as where robots.txt of several hosts redirect to one
        with pace.departing("https://p.example/"):
            """It leaves."""
    assert clock.at == 102.0


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
        ask(pace, f"https://{name}.example/", seconds)
        if name in last:
            at, apart = last[name]
            assert clock.at >= at + apart - 1e-9
        last[name] = (clock.at, seconds)


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


class Time:
    at = float(sys.argv[2])

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.at += seconds


clock = Time()
pace = Pace(Path(sys.argv[1]), clock=clock.now, sleep=clock.sleep)
for _ in range(4):
    with pace.turn("https://p.example/", 0.5), pace.departing("https://p.example/"):
        print(clock.at)
"""


def test_processes_share_one_budget_of_a_host(tmp_path: Path) -> None:
    """Each with a clock that only its sleep moves, so that none is late or early by itself."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), "1000.0"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    told = [child.communicate(timeout=200)[0] for child in children]
    left = sorted(float(line) for text in told for line in text.split())
    assert len(left) == 12
    assert all(after - before >= 0.5 - 1e-5 for before, after in pairwise(left))


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
    ask(pace, "https://p.example/", 60.0)
    threading.Timer(0.05, pace.stop).start()
    with pytest.raises(StoppedError):
        pace.wait("https://p.example/", 60.0)
    with pytest.raises(StoppedError):
        pace.wait("https://q.example/", 0.0)


@pytest.mark.parametrize("kind", ["threads", "greenlets"])
def test_stopping_ends_the_wait_for_a_host_that_another_process_holds(tmp_path: Path, kind: str) -> None:
    left: list[str] = []

    def leave() -> None:
        with pace.departing("https://p.example/"):
            left.append("p")

    pace = Pace(tmp_path)
    executor = Greenlets(3, "leaving") if kind == "greenlets" else ThreadPoolExecutor(3)
    with (tmp_path / "p.example").open("w") as held, executor:
        fcntl.flock(held, fcntl.LOCK_EX)
        leaving = [executor.submit(leave) for _ in range(3)]
        pace.stop()
        for one in leaving:
            with pytest.raises(StoppedError):
                one.result(60)
    with pytest.raises(StoppedError):
        leave()
    assert left == []


# Asks one host from several threads and greenlets at once, while others of its threads only compute.
ASKING = """
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.adapters.http import HttpTransport
from pipeline.adapters.pacing import Pace
from pipeline.adapters.greenlets import Greenlets

folder, port, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.setswitchinterval(0.02)
pace = Pace(folder)
transport = HttpTransport(
    "Wirewatch/1",
    allow=["127.0.0.0/8"],
    resolver=lambda host, port: ["127.0.0.1"],
    departing=pace.departing,
)
is_over = threading.Event()


def compute():
    while not is_over.is_set():
        sum(range(10_000))


def ask(number):
    url = f"http://p.example:{port}/{number}"
    with pace.turn(url, 0.1):
        transport.fetch(url)


for _ in range(2):
    threading.Thread(target=compute).start()
executor = Greenlets(4, "asking") if kind == "greenlets" else ThreadPoolExecutor(4)
for asked in [executor.submit(ask, number) for number in range(6)]:
    asked.result()
executor.shutdown()
is_over.set()
"""
# Linux: when a packet came, by the kernel, however late the program is that reads it.
_SO_TIMESTAMPNS = 35


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel when packets came")
def test_a_server_sees_the_distance_however_busy_we_are(tmp_path: Path) -> None:
    came: list[float] = []

    def serve(line: socket.socket) -> None:
        with line:
            while True:
                data, told, _, _ = line.recvmsg(65_536, 128)
                if not data:
                    return
                seconds, nanoseconds = next(
                    struct.unpack("qq", value) for _, kind, value in told if kind == _SO_TIMESTAMPNS
                )
                came.append(seconds + nanoseconds / 1e9)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def accept() -> None:
        with suppress(OSError):  # closed at the end
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        threading.Thread(target=accept, daemon=True).start()
        port = str(listening.getsockname()[1])
        children = [
            subprocess.Popen([sys.executable, "-c", ASKING, str(tmp_path), port, kind])
            for kind in ("threads", "greenlets")
        ]
        assert [child.wait(timeout=200) for child in children] == [0, 0]
    came.sort()
    assert len(came) == 12
    assert min(after - before for before, after in pairwise(came)) >= 0.099
