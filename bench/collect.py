"""Is collecting polite, complete, and as fast as politeness allows? Scrapy crawls the same web beside it.

A web of many hosts on loopback, each with robots rules, a feed and its articles, each answering after a latency
of its own. One request to a host every 0.25 s and one at a time; so the slowest host alone bounds the time of
any crawler that behaves. What is reported comes from the server's own log, not from what crawlers say.

    bench/collect.py                                    200 outlets of 25 articles
    bench/collect.py --scrapy-python VENV/bin/python    the peer from an environment that has it

Without --scrapy-python an environment with Scrapy is made beside the bench's own folder; where that is not
possible the table says that the peer is missing. Wall time means little while others use the machine: beside it
stand the CPU time of each crawler, that of the server, the load, and what a fixed piece of work takes
(reference_ms, 6 to 7 on an idle machine of 2.5 GHz).
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import gc
import gzip
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import venv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

AGENT = "Wirewatch/bench (+https://monitor.example/contact)"
WORDS = [
    "harbour",
    "council",
    "bridge",
    "ferry",
    "report",
    "minister",
    "spokesman",
    "convoy",
    "border",
    "market",
    "winter",
    "school",
    "river",
]

# ---- the web -------------------------------------------------------------------------------------


def host_of(number: int) -> str:
    return f"site-{number:03}.example"


def latency_of(number: int, outlets: int) -> float:
    """50 to 300 ms, spread evenly over the hosts."""
    return 0.05 + 0.25 * number / max(outlets - 1, 1)


def page(number: int, story: int) -> bytes:
    draw = random.Random(number * 1000 + story)  # noqa: S311, prose and no secret
    said = "".join(
        f"<p>{' '.join(draw.choices(WORDS, k=60)).capitalize()}, the spokesman said.</p>" for _ in range(12)
    )
    return f"<html><head><title>Story {story} of {number}</title></head><body><article>{said}</article></body></html>".encode()


def feed(number: int, articles: int, port: int) -> bytes:
    items = "".join(
        f"<item><title>Story {story}</title><link>http://{host_of(number)}:{port}/story-{story}</link></item>"
        for story in range(articles)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'.encode()


class Site(asyncio.Protocol):
    """Answers after the host's latency, keeps connections open, and logs who came when."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            path, host = first.split(" ")[1], headers.get("host", "").partition(":")[0]
            number = int(host[5:8]) if host.startswith("site-") else None
            if number is None:
                self.answer(self.web.control(path))
                continue
            self.web.log.append((time.monotonic(), host, path, 1))
            delay = self.web.latency(number)
            asyncio.get_running_loop().call_later(
                delay, self.reply, host, path, self.web.answer(number, path, headers)
            )

    def reply(self, host: str, path: str, answer: bytes) -> None:
        self.web.log.append((time.monotonic(), host, path, -1))
        self.answer(answer)

    def answer(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)  # type: ignore[attr-defined]  # asyncio gives a plain one


class Web:
    def __init__(self, outlets: int, articles: int, latency_scale: float) -> None:
        self.outlets, self.articles, self.scale = outlets, articles, latency_scale
        # Made beforehand: a crawler is to wait for latency and not for us.
        self.stories = {
            (number, f"/story-{story}"): said(200, page(number, story), "text/html; charset=utf-8")
            for number in range(outlets)
            for story in range(articles)
        }
        self.log: list[tuple[float, str, str, int]] = []
        self.port = 0

    def latency(self, number: int) -> float:
        return latency_of(number, self.outlets) * self.scale

    def answer(self, number: int, path: str, headers: dict[str, str]) -> bytes:
        if path == "/robots.txt":
            return said(200, b"User-agent: *\nDisallow: /private/\n", "text/plain")
        if path == "/feed.xml":
            if headers.get("if-none-match") == '"1"':
                return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
            return said(200, feed(number, self.articles, self.port), "application/rss+xml", 'ETag: "1"\r\n')
        return self.stories.get((number, path)) or said(404, b"", "text/html")

    def control(self, path: str) -> bytes:
        if path == "/clear":
            self.log.clear()
        if path == "/cpu":
            return said(200, json.dumps(time.process_time()).encode(), "application/json")
        return said(200, json.dumps(self.log).encode(), "application/json")


def said(status: int, body: bytes, kind: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def serve(outlets: int, articles: int, latency_scale: float) -> None:
    web = Web(outlets, articles, latency_scale)
    server = await asyncio.get_running_loop().create_server(lambda: Site(web), "127.0.0.1", 0, backlog=1024)
    web.port = server.sockets[0].getsockname()[1]
    print(web.port, flush=True)
    await server.serve_forever()


# ---- ours ----------------------------------------------------------------------------------------


def write_catalog(folder: Path, outlets: int, port: int, delay: float) -> None:
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    for number in range(outlets):
        (folder / "outlets" / f"site-{number:03}.toml").write_text(
            f'id = "site-{number:03}"\nname = "Site {number}"\nkind = "online"\n'
            f'homepage = "http://{host_of(number)}:{port}/"\nlanguage = "en"\ndelay_seconds = {delay}\n'
            f'watched_from = 2016-01-01\n[[feeds]]\nname = "all"\nkind = "syndication"\n'
            f'url = "http://{host_of(number)}:{port}/feed.xml"\n'
        )


class Clock:
    """The real one, begun early in an hour and moved on by whole hours, so that runs have their own."""

    def __init__(self, hours: int) -> None:
        now = datetime.now(UTC)
        self.offset = now.replace(minute=1, second=0, microsecond=0) - now + timedelta(hours=hours)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


def ours(folder: Path, hours: int) -> None:
    """One run of ours in this process; a line of JSON tells how it went."""
    from pipeline.adapters.http import HttpTransport
    from pipeline.interval import Interval
    from pipeline.records import Manifest
    from pipeline.settings import Settings
    from pipeline.wiring import Pipeline
    from pipeline.wiring.collecting import collect_many

    transport = HttpTransport(
        AGENT,
        allow=["127.0.0.0/8"],
        resolver=lambda _host, _port: ["127.0.0.1"],
        departing=lambda url: work.pace.departing(url),
    )
    clock = Clock(hours)
    settings = Settings(data=folder / "data", catalog=folder / "catalog", replay=(), user_agent=AGENT)
    work = Pipeline(settings, clock, transport)
    today = Interval.of_day(clock.now().date())
    outlets = work.watched(today)
    # Starting up is not measured, here or with the peer.
    import pipeline.adapters.greenlets
    import pipeline.adapters.replay
    import pipeline.stages.collect
    import pipeline.stages.collect_many  # noqa: F401

    _ = work.archive, work.network_robots, work.pace

    gc.freeze()  # as the command line does
    print("ready", flush=True)
    began, cpu = time.monotonic(), time.process_time()
    outcomes = collect_many(work, outlets, today)
    manifests = [outcome for outcome in outcomes.values() if isinstance(outcome, Manifest)]
    print(
        json.dumps(
            {
                "seconds": time.monotonic() - began,
                "cpu_seconds": time.process_time() - cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "new": sum(manifest.new_count for manifest in manifests),
                "losses": sum(len(manifest.gaps) + len(manifest.rejects) for manifest in manifests)
                + len(outcomes)
                - len(manifests),
            }
        )
    )


# ---- the peer ------------------------------------------------------------------------------------

SPIDER = """
import json, resource, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer

class Loopback(CachingThreadedResolver):
    def getHostByName(self, name, timeout=None):
        return defer.succeed("127.0.0.1")

class Spider(scrapy.Spider):
    name = "news"
    seen = set()
    async def start(self):
        for number in range(OUTLETS):
            yield scrapy.Request(f"http://site-{number:03}.example:PORT/feed.xml", self.parse_feed)
    def parse_feed(self, response):
        for link in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(link, self.parse_page)
    def parse_page(self, response):
        self.seen.add(response.url)

settings = dict(USER_AGENT="AGENT", ROBOTSTXT_OBEY=True, DOWNLOAD_DELAY=SECONDS, RANDOMIZE_DOWNLOAD_DELAY=False,
    CONCURRENT_REQUESTS_PER_DOMAIN=1, CONCURRENT_REQUESTS=1000, DNS_RESOLVER="__main__.Loopback", LOG_LEVEL="ERROR",
    TELNETCONSOLE_ENABLED=False, COOKIES_ENABLED=False, RETRY_ENABLED=False, HTTPCACHE_ENABLED=False)
process = CrawlerProcess(settings)
process.crawl(Spider)
began, cpu = time.monotonic(), time.process_time()
process.start()
print(json.dumps({"seconds": time.monotonic() - began, "cpu_seconds": time.process_time() - cpu,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "new": len(Spider.seen)}))
"""


def scrapy_python(given: Path | None, folder: Path) -> tuple[Path | None, str]:
    """A Python that has Scrapy, or why there is none."""
    python = given
    if python is None:
        venv.create(folder, with_pip=True)
        python = folder / "bin" / "python"
        made = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "scrapy"], capture_output=True, text=True, check=False
        )
        if made.returncode:
            return None, (made.stderr.strip().splitlines() or ["pip failed"])[-1]
    asked = subprocess.run(
        [python, "-c", "import scrapy; print(scrapy.__version__)"],
        capture_output=True,
        text=True,
        check=False,
    )
    return (python, asked.stdout.strip()) if asked.returncode == 0 else (None, f"{python} has no Scrapy")


# ---- measuring -----------------------------------------------------------------------------------


class Server:
    """The web in a process of its own."""

    def __init__(self, outlets: int, articles: int, latency_scale: float = 1.0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(outlets), str(articles), str(latency_scale)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def log(self) -> list[tuple[float, str, str, int]]:
        """What was asked since the last call."""
        base = f"http://127.0.0.1:{self.port}"
        with urllib.request.urlopen(f"{base}/log") as answer:  # noqa: S310, our own server
            entries = json.load(answer)
        urllib.request.urlopen(f"{base}/clear").close()  # noqa: S310
        return [tuple(entry) for entry in entries]

    def cpu_seconds(self) -> float:
        """What serving has taken so far, which is nobody's of those who crawl."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/cpu") as answer:
            return float(json.load(answer))

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def politeness(log: list[tuple[float, str, str, int]]) -> dict[str, float]:
    """How a crawler behaved, by the server's own log."""
    starts, going, most = defaultdict(list), Counter[str](), 0
    for at, host, _, change in log:
        going[host] += change
        most = max(most, going[host])
        if change > 0:
            starts[host].append(at)
    gaps = [after - before for times in starts.values() for before, after in itertools.pairwise(times)]
    return {
        "requests": sum(len(times) for times in starts.values()),
        "articles": len(
            {(host, path) for _, host, path, change in log if change > 0 and path.startswith("/story")}
        ),
        "shortest_gap": min(gaps, default=0.0),
        "most_at_once": most,
        "server_seconds": log[-1][0] - log[0][0] if log else 0.0,
    }


def reference_ms() -> float:
    """CPU milliseconds of a fixed piece of work now: what a second of CPU is worth on this machine at this load."""
    times = []
    for _ in range(5):
        began, total = time.process_time(), 0
        for number in range(100_000):
            total += number * number
        times.append(time.process_time() - began)
    return sorted(times)[2] * 1000


def beside(server: Server, run: Callable[[], dict[str, float]]) -> dict[str, float]:
    """What a run reports, with what the machine and the server did meanwhile, and how the crawler behaved."""
    server.log()
    reference, serving = reference_ms(), server.cpu_seconds()
    told = run()
    behaviour = politeness(server.log())
    cpu = told["cpu_seconds"]
    return (
        told
        | behaviour
        | {
            "cpu_ms_per_request": cpu * 1000 / max(behaviour["requests"], 1),
            "server_cpu_seconds": server.cpu_seconds() - serving,
            "reference_ms": (reference + reference_ms()) / 2,
            "load_average": os.getloadavg()[0],
        }
    )


def run_ours(folder: Path, hours: int) -> dict[str, float]:
    asked = subprocess.run(
        [sys.executable, __file__, "--ours", str(folder), str(hours)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(asked.stdout.splitlines()[-1]))


def run_peer(python: Path, folder: Path, outlets: int, port: int, delay: float) -> dict[str, float]:
    script = (
        SPIDER.replace("OUTLETS", str(outlets)).replace("PORT", str(port)).replace("=SECONDS", f"={delay}")
    )
    file = folder / "spider.py"
    file.write_text(script.replace('"AGENT"', repr(AGENT)))
    asked = subprocess.run([python, file], capture_output=True, text=True, check=False)
    if asked.returncode or '"new": 0' in asked.stdout:
        raise SystemExit(f"Scrapy failed: {asked.stderr[-2000:]}")
    return dict(json.loads(asked.stdout.splitlines()[-1]))


def archived_articles(archive: Path) -> Counter[str]:
    """How often each article stands in the WARC files, read without any of our own code."""
    found: Counter[str] = Counter()
    for file in archive.rglob("*.warc.gz"):
        lines = gzip.decompress(file.read_bytes()).split(b"\r\n")
        kind = b""
        for line in lines:
            if line.startswith(b"WARC-Type:"):
                kind = line.partition(b":")[2].strip()
            if line.startswith(b"WARC-Target-URI:") and b"/story-" in line and kind == b"response":
                found[line.partition(b":")[2].strip().strip(b"<>").decode()] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outlets", type=int, default=200)
    parser.add_argument("--articles", type=int, default=25)
    parser.add_argument("--delay", type=float, default=0.25, help="seconds between two requests to a host")
    parser.add_argument("--scrapy-python", type=Path, help="a Python that has Scrapy")
    parser.add_argument("--no-peer", action="store_true", help="leave Scrapy out")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--ours", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(int(options.serve[0]), int(options.serve[1]), float(options.serve[2])))
        return
    if options.ours:
        ours(Path(options.ours[0]), int(options.ours[1]))
        return
    figures = measured(options)
    for name, value in figures.items():
        print(f"{name:32} {value:>12,.3f}" if isinstance(value, float) else f"{name:32} {value:>12}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def measured(options: argparse.Namespace) -> dict[str, float | int | str]:
    outlets, articles, delay = options.outlets, options.articles, options.delay
    # robots.txt, the feed and the articles of the slowest host, one after another.
    slowest = latency_of(outlets - 1, outlets)
    bound = (articles + 1) * max(delay, slowest) + slowest
    figures: dict[str, float | int | str] = {
        "outlets": outlets,
        "articles": outlets * articles,
        "bound_seconds": bound,
    }
    with tempfile.TemporaryDirectory() as name, Server(outlets, articles) as server:
        folder = Path(name)
        write_catalog(folder / "catalog", outlets, server.port, delay)
        for label, hours in (("first", 0), ("second", 1)):
            run = beside(server, functools.partial(run_ours, folder, hours))
            figures |= {f"{label}_{key}": value for key, value in run.items()}
        figures["first_seconds_to_bound"] = float(figures["first_seconds"]) / bound
        archived = archived_articles(folder / "data" / "archive")
        figures["archived_once"] = sum(count == 1 for count in archived.values())
        python, told = (
            (None, "left out") if options.no_peer else scrapy_python(options.scrapy_python, folder / "peer")
        )
        figures["peer"] = f"Scrapy {told}" if python else f"MISSING: {told}"
        if python:
            run = beside(server, functools.partial(run_peer, python, folder, outlets, server.port, delay))
            figures |= {f"peer_{key}": value for key, value in run.items()}
            figures["peer_cpu_to_ours"] = float(figures["peer_cpu_seconds"]) / float(
                figures["first_cpu_seconds"]
            )
            figures["peer_seconds_to_ours"] = float(figures["peer_seconds"]) / float(figures["first_seconds"])
            figures["articles_less_than_peer"] = int(figures["peer_articles"]) - int(
                figures["first_articles"]
            )
    return figures


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parent.parent))
    threading.stack_size(512 * 1024)
    main()
