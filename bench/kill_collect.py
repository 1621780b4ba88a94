"""Does a collecting run that is killed at any moment lose or double an article?

    python bench/kill_collect.py --kills 25 --json kills.json

A real process collects 20 outlets from a server on loopback and is killed (SIGKILL) again and again at a
random moment; the last run is left to end. Then every article must stand in the archive exactly once, with
its digest, and no article may have been asked for twice but those that a kill caught between the answer and
the disk.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.adapters.retention import damages
from pipeline.adapters.warc import WarcArchive
from pipeline.adapters.warc_records import captures
from pipeline.records import CaptureKind

_LATENCY_SECONDS = 0.02

# One outlet after the other in four threads, as a collecting process does, over real sockets.
_CHILD = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pipeline.adapters.http import HttpTransport
from pipeline.adapters.pacing import Pace
from pipeline.adapters.robots import RobotsRules
from pipeline.adapters.state import StateFiles
from pipeline.adapters.warc import WarcArchive
from pipeline.interval import Interval
from pipeline.records import Feed, FeedKind, Outlet, OutletKind
from pipeline.stages.collect import collect

folder, port, outlets = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


class Clock:
    def now(self):
        return datetime.now(UTC)


# The same interval in every run, whatever the hour.
interval = Interval.of_day(datetime.fromisoformat(sys.argv[4]).date())
transport = HttpTransport("Wirewatch/1", allow=["127.0.0.0/8"], resolver=lambda host, port: ["127.0.0.1"])
robots, pace = RobotsRules(transport, "Wirewatch/1", Clock()), Pace()


def one(number):
    name = f"outlet{number}"
    site = f"http://{name}.example:{port}"
    return collect(
        Outlet(
            outlet_id=name,
            name=name,
            kind=OutletKind.PAPER,
            homepage=site + "/",
            language="en",
            country=None,
            feeds=(Feed(feed_id=name + "/all", url=site + "/feed.xml", kind=FeedKind.SYNDICATION),),
            delay_seconds=0.0,
        ),
        interval,
        transport=transport,
        archive=WarcArchive(folder / "archive"),
        state=StateFiles(folder / "state"),
        clock=Clock(),
        robots=robots,
        pace=pace,
        live=True,
    )


print("collecting", flush=True)
with ThreadPoolExecutor(4) as pool:
    list(pool.map(one, range(outlets)))
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--articles", type=int, default=25)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), options.kills, options.outlets, options.articles)
    for name, value in figures.items():
        print(f"{name:>24}  {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    if figures["archived_once"] != figures["articles"] or figures["damaged"]:
        sys.exit("articles were lost or doubled")


def measured(folder: Path, kills: int, outlets: int, articles: int, *, seed: int = 7) -> dict[str, float]:
    """What the archive holds after so many kills and one run that ends."""
    dice = random.Random(seed)  # noqa: S311, moments to kill at
    server, asked = _web(articles)
    # How long an undisturbed run takes, shared out: every kill lands somewhere on the way.
    whole = outlets * (articles + 2) * _LATENCY_SECONDS / 4
    started = time.monotonic()
    today = time.strftime("%Y-%m-%d", time.gmtime())  # also of runs that begin after midnight
    landed = 0
    for _ in range(kills):
        with _collecting(folder, server.server_port, outlets, today) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(dice.uniform(0.0, 2.5 * whole / kills))
            landed += run.poll() is None
            run.kill()
    last = _collecting(folder, server.server_port, outlets, today)
    _, told = last.communicate()
    server.shutdown()
    if last.returncode:
        sys.exit(told)
    archive = WarcArchive(folder / "archive")
    listed: Counter[str] = Counter()
    for name in archive.storage.names(".manifest.json"):
        for capture in archive.manifest_named(name).captures:
            listed[capture.url] += capture.kind is CaptureKind.PAGE
    kept = Counter(
        placed.response.url
        for file in (folder / "archive").rglob("*.warc.gz")
        for placed in captures(file)
        if placed.kind is CaptureKind.PAGE
    )
    pages = {url for url, count in listed.items() if count == 1}
    return {
        "kills": kills,
        "kills_while_running": landed,
        "articles": outlets * articles,
        "archived_once": sum(kept[url] == 1 for url in pages),
        "listed_or_kept_twice": sum(count > 1 for count in (*listed.values(), *kept.values())),
        "damaged": len(list(damages(archive))),
        "drafts_left": len(list(folder.rglob("*.part"))),
        "asked_again": sum(count - 1 for url, count in asked.items() if "/article/" in url),
        "seconds": round(time.monotonic() - started, 1),
    }


def _collecting(folder: Path, port: int, outlets: int, day: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder), str(port), str(outlets), day],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _web(articles: int) -> tuple[ThreadingHTTPServer, Counter[str]]:
    """Every outlet's feed and articles, from one server by host name; and what it was asked."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host", "")
            asked[f"{host}{self.path}"] += 1
            time.sleep(_LATENCY_SECONDS)
            if self.path == "/feed.xml":
                items = "".join(f"<item><link>/article/{n}</link></item>" for n in range(articles))
                body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
            elif self.path.startswith("/article/"):
                body = f"<html><title>{self.path}</title><p>{host}{self.path} {'text ' * 500}</p>".encode()
            else:
                body = b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None:
            """Killed clients are what this is about."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server, asked


if __name__ == "__main__":
    main()
