"""Collecting from a web that misbehaves on purpose, beside two outlets that do not.

Every case is a whole run over real sockets. The hostile outlet's losses are recorded for their reason, its
other pages and the other outlets are untouched, and neither memory nor bytes read get out of hand. That it
ends at all is what the runner's own time limit watches over.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile_web import CASES, Case, table
from hostile_web.case import ARTICLE, article, listing, status
from hostile_web.server import HOSTILE, Web

from pipeline import bundled
from pipeline.adapters.addresses import Allowance
from pipeline.adapters.batches import Batches
from pipeline.adapters.http import HttpTransport
from pipeline.adapters.robots import RobotsRules
from pipeline.adapters.state import StateFiles
from pipeline.adapters.warc import WarcArchive
from pipeline.attribution import FILES, Lexicon, parse_lexicon, read
from pipeline.extract import extract
from pipeline.interval import HOUR, Interval
from pipeline.records import Article, CaptureKind, Feed, FeedKind, FeedStatus, Manifest, Outlet, OutletKind
from pipeline.stages.collect import collect
from pipeline.stages.process import process

START = datetime(2016, 3, 27, 5, tzinfo=UTC)
RUNS = tuple(Interval(START + n * HOUR, START + (n + 1) * HOUR) for n in range(3))
AGENT = "Wirewatch/1 (+https://monitor.example/contact)"
CALM = ("calm.example", "fair.example")

MAX_BYTES = 1_000_000
# What a case may cost: the body's cap in its buffers and copies; and what the kernel takes from a server that
# sends without being read: 6 MB of a receiving buffer, by its defaults, and the sending one.
MAX_MEMORY = 96_000_000
MAX_SENT = MAX_BYTES + 8_000_000


class Clock:
    """Moves a second whenever it is looked at, from the hour it is set to."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=10)
        return self.at


class Waits:
    """A pace that only counts."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    @contextmanager
    def turn(self, url: str, seconds: float) -> Iterator[None]:
        self.wait(url, seconds)
        yield

    def wait(self, url: str, seconds: float) -> None:  # noqa: ARG002, a pace's shape
        self.seconds.append(seconds)

    def hold(self, url: str, seconds: float) -> None:  # noqa: ARG002, a pace's shape
        self.seconds.append(seconds)


class Names:
    """A resolver: some names point inside, one changes its mind, the others are this machine."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __call__(self, host: str, _port: int) -> list[str]:
        try:
            return [str(ipaddress.ip_address(host.strip("[]")))]
        except ValueError:
            pass
        if host.isdigit():  # as the system's resolver reads it
            return [socket.inet_ntoa(int(host).to_bytes(4, "big"))]
        if host == "nowhere.example":
            raise socket.gaierror(-2, "Name or service not known")
        again = host in self.asked
        self.asked.add(host)
        inside = host == "inside.example" or (host == "rebinding.example" and again)
        return ["10.0.0.7" if inside else "127.0.0.1"]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web(tmp_path_factory.mktemp("certificates"))
    yield web
    web.close()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    lexicon = parse_lexicon({name: bundled.text(f"catalog/{name}.toml") for name in FILES})
    # What reading any first page loads is not what a hostile one costs.
    extracted = extract(ARTICLE, "https://calm.example/1")
    assert isinstance(extracted, Article)
    read(extracted.body, lexicon=lexicon)
    return lexicon


class Hurry(Allowance):
    """What nothing but a deadline ends is soon over; all else has time to spare, however busy the machine."""

    def __init__(self, case: Case, web: Web) -> None:
        self._case, self._silent = case, web.silent("/")

    def start(self, url: str, *, seconds: float, body_bytes: int) -> None:
        is_endless = self._case.is_endless(urlsplit(url).path) or url.startswith(self._silent)
        super().start(url, seconds=1.6 if is_endless else seconds, body_bytes=body_bytes)


class Newsroom:
    """The hostile outlet between two calm ones, and all it takes to collect them at once."""

    def __init__(self, case: Case, web: Web, folder: Path) -> None:
        self.case, self.web, self.clock = case, web, Clock()
        self.transport = HttpTransport(
            AGENT,
            connect_seconds=100,
            read_seconds=100,
            total_seconds=200,
            max_bytes=MAX_BYTES,
            max_redirects=6,
            allow=["127.0.0.0/8"],
            ca_file=str(web.authorities),
            resolver=Names(),
            clock=self.clock,
        )
        self.transport._gate.allowance = Hurry(case, web)
        self.archive = WarcArchive(folder / "archive")
        self.state = StateFiles(folder / "state")
        self.batches = Batches(folder / "batches")
        self.robots = RobotsRules(self.transport, AGENT, self.clock)
        self.pace = Waits()
        hostile = Feed(
            feed_id="hostile/feed", url=web.at(case.feed_path), kind=case.feed_kind, selector=case.selector
        )
        self.outlets = (
            _outlet("calm", _feed("calm", web)),
            _outlet("hostile", hostile),
            _outlet("fair", _feed("fair", web)),
        )

    def run(self, interval: Interval) -> dict[str, Manifest]:
        self.clock.at = max(self.clock.at, interval.start)

        def one(outlet: Outlet) -> Manifest:
            return collect(
                outlet,
                interval,
                transport=self.transport,
                archive=self.archive,
                state=self.state,
                clock=self.clock,
                robots=self.robots,
                pace=self.pace,
                live=True,
                force=True,  # every feed in every run
            )

        with ThreadPoolExecutor(len(self.outlets)) as pool:
            return {manifest.outlet_id: manifest for manifest in pool.map(one, self.outlets)}


def _feed(name: str, web: Web) -> Feed:
    return Feed(feed_id=f"{name}/feed", url=web.at("/feed.xml", f"{name}.example"), kind=FeedKind.SYNDICATION)


def _outlet(name: str, feed: Feed) -> Outlet:
    return Outlet(
        outlet_id=name,
        name=name,
        kind=OutletKind.PAPER,
        homepage=f"http://{name}.example/",
        language="en",
        country=None,
        feeds=(feed,),
        delay_seconds=0.0,
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_server_that(case: Case, web: Web, tmp_path: Path, lexicon: Lexicon) -> None:
    calm = {"/feed.xml": listing("/a", "/b"), "/a": article, "/b": article}
    closing = {"/robots.txt": status(404, Connection="close")}  # so that the name is looked up again
    web.reset({**dict.fromkeys(CALM, calm), HOSTILE: case.paths, "rebinding.example": closing})
    room = Newsroom(case, web, tmp_path)
    grown = _growth()
    runs = [room.run(interval) for interval, _ in zip(RUNS, case.outcomes, strict=False)]
    memory = grown()
    room.transport.close()

    for number, (manifests, outcome) in enumerate(zip(runs, case.outcomes, strict=True)):
        hostile = manifests["hostile"]
        assert {
            "feed": [reading.status for reading in hostile.readings],
            "lost": {(urlsplit(item.key).path, item.reason) for item in (*hostile.gaps, *hostile.rejects)},
            "kept": [urlsplit(capture.url).path for capture in _pages(hostile)],
        } == {"feed": [outcome.status], "lost": set(outcome.lost), "kept": list(outcome.kept)}
        for reading in hostile.readings:
            counts = (reading.new_count, reading.seen_count, reading.skipped_count, reading.failed_count)
            assert reading.found_count == sum(counts)
        for name in ("calm", "fair"):
            _assert_untouched(manifests[name], new=0 if number else 2)
        for manifest in manifests.values():
            for capture in manifest.captures:
                assert len(room.archive.read(capture)) <= MAX_BYTES

    assert memory < MAX_MEMORY
    assert web.sent.get(HOSTILE, 0) < MAX_SENT * len(case.outcomes)
    assert max(room.pace.seconds, default=0.0) <= 60.0
    if case.verdicts is not None:
        _assert_verdicts(room, case, lexicon)


def _pages(manifest: Manifest) -> list[object]:
    return [capture for capture in manifest.captures if capture.kind is CaptureKind.PAGE]


def _assert_untouched(manifest: Manifest, *, new: int) -> None:
    (reading,) = manifest.readings
    assert (reading.status, reading.new_count, reading.found_count) == (FeedStatus.OK, new, 2)
    assert (manifest.gaps, manifest.rejects) == ((), ())


def _assert_verdicts(room: Newsroom, case: Case, lexicon: Lexicon) -> None:
    """What processing says of the captured pages."""
    grown = _growth()
    batch = process(room.outlets[1], RUNS[0], archive=room.archive, batches=room.batches, lexicon=lexicon)
    assert grown() < 2 * MAX_MEMORY
    verdicts = {
        urlsplit(document.capture.url).path: (
            None if isinstance(document.result, Article) else document.result.reason
        )
        for document in batch.documents
    }
    assert verdicts == case.verdicts


def _growth() -> Callable[[], int]:
    """Bytes by which this process has grown at its largest since now, where the system tells."""
    status = Path("/proc/self/status")
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return lambda: 0
    before = _kilobytes(status, "VmRSS")
    return lambda: 1024 * (_kilobytes(status, "VmHWM") - before)


def _kilobytes(status: Path, field: str) -> int:
    (line,) = (line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1])


def test_the_table_of_cases_is_current() -> None:
    text = (Path(__file__).parents[2] / "docs" / "hostile-web.md").read_text(encoding="utf-8")
    assert text == table.document(), "write it again with: python scripts/hostile_table.py"


def test_every_case_has_its_own_name_and_there_are_enough() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 60
