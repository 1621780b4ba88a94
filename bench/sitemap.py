"""What does a sitemap of a million pages cost? Peak memory, and how soon its first new page is known.

    python bench/sitemap.py --pages 1000000 --json sitemap.json

A gzipped sitemap, a handful of whose pages are new (the first of them first, as in news sitemaps) and all others
old. It is read as a stream, then collected from a server on loopback: fetched, archived, parsed, and its new
pages fetched; each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_NEW_PAGES = 20

# Of the child alone, and not ru_maxrss: that begins at its parent's.
_PEAK = 'round(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024, 1)'

_STREAM = f"""
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.feeds import Bounds
from pipeline.feeds.sitemap import stream
from pipeline.records import Entry, Feed, FeedKind

def chunks():
    with open(sys.argv[1], "rb") as file:
        while chunk := file.read(65536):
            yield chunk

feed = Feed(feed_id="p/all", url="https://p.example/sitemap.xml.gz", kind=FeedKind.SITEMAP)
bounds = Bounds(since=datetime(2016, 3, 20, tzinfo=UTC))
began, first, new, old = time.monotonic(), None, 0, 0
for entry in stream(chunks(), feed, base_url=feed.url, timezone="UTC", bounds=bounds):
    if isinstance(entry, Entry):
        first = first or time.monotonic() - began
        new += 1
    else:
        old += 1
print(json.dumps({{
    "stream_new": new, "stream_old": old, "first_new_seconds": round(first, 4),
    "stream_seconds": round(time.monotonic() - began, 2), "stream_cpu_seconds": round(time.process_time(), 2),
    "stream_peak_mb": {_PEAK},
}}))
"""

_COLLECT = f"""
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.adapters.http import HttpTransport
from pipeline.interval import Interval
from pipeline.settings import Settings
from pipeline.wiring import Pipeline

transport = HttpTransport("Wirewatch/bench", allow=["127.0.0.0/8"], resolver=lambda host, port: ["127.0.0.1"])
folder = Path(sys.argv[1])
work = Pipeline(
    Settings(data=folder / "data", catalog=folder / "catalog", replay=(), user_agent="Wirewatch/bench"),
    transport=transport,
)
began = time.monotonic()
manifest = work.collect("p", Interval.of_day(datetime.now(UTC).date()))
print(json.dumps({{
    "collected_new": manifest.new_count, "collected_found": manifest.found_count,
    "collect_seconds": round(time.monotonic() - began, 2), "collect_cpu_seconds": round(time.process_time(), 2),
    "collect_peak_mb": {_PEAK},
}}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), options.pages)
    for name, value in figures.items():
        print(f"{name:>20}  {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def measured(folder: Path, pages: int) -> dict[str, float]:
    """The figures of a sitemap of that many pages."""
    file = folder / "sitemap.xml.gz"
    server = _server(file)
    site = f"http://p.example:{server.server_port}"
    with file.open("wb") as stream:
        for chunk in _packed(_sitemap(site, pages)):
            stream.write(chunk)
    (folder / "catalog" / "outlets").mkdir(parents=True)
    (folder / "catalog" / "outlets" / "p.toml").write_text(
        f'id = "p"\nname = "P"\nkind = "online"\nhomepage = "{site}/"\nlanguage = "en"\ndelay_seconds = 0.0\n'
        f'watched_from = 2016-03-22\n[[feeds]]\nname = "all"\nkind = "sitemap"\nurl = "{site}/sitemap.xml.gz"\n'
    )
    figures: dict[str, float] = {"pages": pages, "file_mb": round(file.stat().st_size / 1e6, 2)}
    figures |= _told(_STREAM, file)
    figures |= _told(_COLLECT, folder)
    server.shutdown()
    return figures


def _told(script: str, argument: Path) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-c", script, str(argument)], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.exit(ended.stderr)
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def _sitemap(site: str, pages: int) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for number in range(pages):
        day = (
            "2016-03-27"
            if number < _NEW_PAGES
            else f"20{number % 14:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        )
        address = f"{site}/world/{day}/story-{number}"
        yield f"<url><loc>{address}</loc><lastmod>{day}T10:00:00Z</lastmod></url>\n".encode()
    yield b"</urlset>\n"


def _packed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


def _server(file: Path) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = b"<html><title>Story</title><p>It is open.</p></html>"
            if self.path == "/sitemap.xml.gz":
                body = file.read_bytes()
            elif self.path == "/robots.txt":
                body = b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


if __name__ == "__main__":
    main()
