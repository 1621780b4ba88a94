"""`wirewatch collect` as a process: interrupted in the middle, and with secrets to send along."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.adapters.retention import damages
from pipeline.adapters.warc import WarcArchive
from pipeline.records import CaptureKind

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 12
UNHELD = 4  # rules, the feed and two articles


class Site(ThreadingHTTPServer):
    """One outlet on an address of loopback of its own; also a proxy that answers for everyone."""

    daemon_threads = True

    def __init__(self, address: str, go_on: threading.Event) -> None:
        self.go_on = go_on
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        super().__init__((address, 0), Handler)

    @property
    def root(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Clients that are interrupted hang up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        path = "/" + self.path.removeprefix("http://").partition("/")[2] if "://" in self.path else self.path
        self.server.asked[path] += 1
        self.server.headers.append(dict(self.headers.items()))
        if self.server.asked.total() > UNHELD:
            self.server.go_on.wait()
        status, body = 200, f"<html><title>Story</title><p>{path} {'It is open. ' * 40}</p></html>".encode()
        if path == "/feed.xml":
            items = "".join(f"<item><link>{self.site}/story-{n}</link></item>" for n in range(ARTICLES))
            body = f'<rss version="2.0"><channel><title>S</title>{items}</channel></rss>'.encode()
        elif path == "/story-3":
            status = 500
        elif not path.startswith("/story"):
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @property
    def site(self) -> str:
        return f"http://{self.headers['Host']}"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(*addresses: str, go_on: threading.Event | None = None) -> Iterator[list[Site]]:
    """``go_on``: until it is set, each site answers no more than so many requests."""
    if go_on is None:
        go_on = threading.Event()
        go_on.set()
    sites = [Site(address, go_on) for address in addresses]
    for site in sites:
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield sites
    finally:
        for site in sites:
            site.shutdown()
            site.server_close()


def catalog(folder: Path, roots: list[str]) -> Path:
    (folder / "outlets").mkdir(parents=True)
    for number, root in enumerate(roots):
        (folder / "outlets" / f"site-{number}.toml").write_text(
            f'id = "site-{number}"\nname = "Site {number}"\nkind = "online"\nlanguage = "en"\n'
            f'homepage = "{root}/"\ndelay_seconds = 0.0\nwatched_from = 2016-01-01\n'
            f'[[feeds]]\nname = "all"\nkind = "syndication"\nurl = "{root}/feed.xml"\n'
        )
    return folder


def collecting(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "collect", *arguments),
            *("--data", str(folder / "data"), "--catalog", str(folder / "catalog")),
        ],
        cwd=ROOT,
        env=environment | {"WIREWATCH_ALLOW_NETWORKS": "127.0.0.0/8", "COLUMNS": "300"} | variables,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_collect_ends_and_the_next_one_has_every_article_once(
    tmp_path: Path, number: signal.Signals
) -> None:
    go_on = threading.Event()
    with serving("127.0.0.2", "127.0.0.3", "127.0.0.4", go_on=go_on) as sites:
        catalog(tmp_path / "catalog", [site.root for site in sites])
        run = collecting(tmp_path)
        while any(site.asked.total() <= UNHELD for site in sites):
            assert run.poll() is None
            time.sleep(0.02)
        run.send_signal(number)
        go_on.set()
        _, told = run.communicate(timeout=200)
        assert run.returncode == 130
        assert b"interrupted; what was finished is kept" in told
        assert b"Traceback" not in told
        _, told = collecting(tmp_path, "--now").communicate(timeout=200)
        archive = WarcArchive(tmp_path / "data" / "archive")
        listed = Counter(
            capture.url
            for name in archive.storage.names(".manifest.json")
            for capture in archive.manifest_named(name).captures
            if capture.kind is CaptureKind.PAGE
        )
        wanted = {f"{site.root}/story-{story}" for site in sites for story in range(ARTICLES) if story != 3}
        assert listed == dict.fromkeys(wanted, 1)
        assert list(damages(archive)) == []
        assert list((tmp_path / "data").rglob("*.part")) == []
        # Asked twice: what was on its way when the signal came, and the page that fails.
        again = [path for site in sites for path, count in site.asked.items() if count > 1]
        assert len([path for path in again if path.startswith("/story") and path != "/story-3"]) <= len(sites)


SECRETS = {"header": "hdr-5ecret-1", "cookie": "ck-5ecret-2", "proxy": "pw-5ecret-3"}
_ANY_SECRET = re.compile(
    b"|".join(
        [
            *(value.encode() for value in SECRETS.values()),
            base64.b64encode(f"us3r:{SECRETS['proxy']}".encode()),
        ]
    )
)


def test_headers_cookies_and_proxies_are_used_and_written_nowhere(tmp_path: Path) -> None:
    with serving("127.0.0.2", "127.0.0.3", "127.0.0.4") as (own, other, proxy):
        gone = "http://127.0.0.5:9"
        catalog(tmp_path / "catalog", [own.root, other.root, "http://far.example", gone])
        run = collecting(
            tmp_path,
            "--verbose",
            WIREWATCH_OUTLET_SITE_0_HEADERS=json.dumps({"X-Api-Key": SECRETS["header"]}),
            WIREWATCH_OUTLET_SITE_0_COOKIES=json.dumps({"session": SECRETS["cookie"]}),
            WIREWATCH_OUTLET_SITE_2_PROXY=proxy.root.replace("//", f"//us3r:{SECRETS['proxy']}@"),
            # A proxy that is not there: its address must not be told with the failure.
            WIREWATCH_OUTLET_SITE_3_PROXY=f"http://us3r:{SECRETS['proxy']}@127.0.0.5:9",
        )
        out, told = run.communicate(timeout=200)
    assert run.returncode == 1, told.decode()  # story-3 and the outlet that is gone
    assert {headers["X-Api-Key"] for headers in own.headers} == {SECRETS["header"]}
    assert {headers["Cookie"] for headers in own.headers} == {f"session={SECRETS['cookie']}"}
    assert not any(
        {"X-Api-Key", "Cookie", "Proxy-Authorization"} & headers.keys() for headers in other.headers
    )
    assert proxy.asked["/feed.xml"] == 1
    assert proxy.asked["/story-1"] == 1
    assert all(headers["Proxy-Authorization"].startswith("Basic ") for headers in proxy.headers)
    assert not any({"X-Api-Key", "Cookie"} & headers.keys() for headers in proxy.headers)
    written = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any(path.name.endswith(".warc.gz") for path in written)
    for path in written:
        payload = path.read_bytes()
        text = gzip.decompress(payload) if path.suffix == ".gz" else payload
        assert not _ANY_SECRET.search(text), path
    assert not _ANY_SECRET.search(out + told)
