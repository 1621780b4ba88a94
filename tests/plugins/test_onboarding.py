"""From an address to the first published article, over a real socket."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CatalogError, UsageError
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline
from wirewatch_airflow import onboarding, stages
from wirewatch_airflow.stages import RunError, TaskRun

SAID = "The council will open the bridge again on Friday, the mayor, Ann Harrow, said at the town hall."
STORY = "".join(f"<p>{SAID} Work on the road behind it goes on for {n} more weeks.</p>" for n in range(2, 9))
HOME = """<html lang="en"><head><title>The Ferry Post</title><meta property="og:site_name" content="The Ferry Post">
<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>News</body></html>"""
FEED = """<rss version="2.0"><channel><title>The Ferry Post</title><link>/</link>
<item><title>Bridge to open again</title><link>/bridge</link></item></channel></rss>"""
ARTICLE = f"""<html lang="en"><head><title>Bridge to open again</title><meta property="og:type" content="article">
</head><body><article><h1>Bridge to open again</h1>{STORY}</article></body></html>"""
PAGES = {
    "/robots.txt": ("text/plain", "User-agent: *\nAllow: /\n"),
    "/": ("text/html", HOME),
    "/rss.xml": ("application/rss+xml", FEED),
    "/bridge": ("text/html", ARTICLE),
    "/bare": ("text/html", "<html><body>No feed here.</body></html>"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = PAGES.get(self.path, ("text/plain", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    (tmp_path / "catalog" / "outlets").mkdir(parents=True)
    return Pipeline(
        settings(
            {
                "WIREWATCH_DATA": str(tmp_path / "data"),
                "WIREWATCH_CATALOG": str(tmp_path / "catalog"),
                "WIREWATCH_ALLOW_NETWORKS": "127.0.0.0/8",
                "WIREWATCH_ATTRIBUTION": "rules",
            }
        )
    )


def today() -> TaskRun:
    return TaskRun(interval=Interval.of_day(datetime.now(UTC).date()), states=dict)


def answer(**filled_in: str) -> dict[str, Any]:
    return {
        "chosen_options": ["Approve"],
        "params_input": filled_in,
        "responded_by_user": {"id": "1", "name": "ann"},
    }


def test_from_an_address_to_the_first_article_that_readers_see(
    site: str, pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    run = today()
    proposal = onboarding.propose(pipeline, run, f"{site}/", outlet_id="ferry-post")
    assert f'url = "{site}/rss.xml"' in proposal["file"]
    assert "chosen: " in caplog.text
    assert not list((pipeline.settings.catalog / "outlets").iterdir())  # nothing before somebody approves

    written = onboarding.adopt(
        pipeline, run, proposal, answer(kind="paper", country="GB", timezone="", name="")
    )
    assert written == {"outlet_id": "ferry-post", "day": f"{run.interval.start:%Y-%m-%d}"}
    outlet = pipeline.catalog.outlet("ferry-post")
    assert (outlet.kind, outlet.country, outlet.name) == ("paper", "GB", "The Ferry Post")
    assert "approved by ann" in (pipeline.settings.catalog / "outlets" / "ferry-post.toml").read_text()

    stages.collect(pipeline, run, "ferry-post")
    stages.process(pipeline, run, "ferry-post")
    stages.load(pipeline, run, ["ferry-post"])
    stages.check(pipeline, run)
    stages.publish(pipeline, run)
    caplog.clear()
    assert onboarding.first_articles(pipeline, run, "ferry-post") == {"outlet_id": "ferry-post", "shown": 1}
    assert "Bridge to open again" in caplog.text


def test_a_site_without_a_feed_is_told_what_could_be_done(site: str, pipeline: Pipeline) -> None:
    pages = dict(PAGES)
    try:
        for gone in ("/rss.xml", "/"):
            PAGES.pop(gone)
        with pytest.raises(RunError, match="listing"):
            onboarding.propose(pipeline, today(), f"{site}/bare")
    finally:
        PAGES.update(pages)


def test_an_address_that_does_not_answer_is_said_at_once_to_whoever_waits_at_the_form(
    pipeline: Pipeline,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(RunError, match=r"unreachable.*Is the address right\?"):
            onboarding.propose(pipeline, today(), url)


def test_a_site_of_the_catalogue_is_not_proposed_again(site: str, pipeline: Pipeline) -> None:
    proposal = onboarding.propose(pipeline, today(), f"{site}/", outlet_id="ferry-post")
    onboarding.adopt(pipeline, today(), proposal, answer())
    with pytest.raises(UsageError, match="already, as ferry-post"):
        onboarding.propose(pipeline, today(), f"{site}/")


def test_approving_again_changes_nothing_and_never_overwrites_another_outlets_file(
    site: str, pipeline: Pipeline
) -> None:
    proposal = onboarding.propose(pipeline, today(), f"{site}/", outlet_id="ferry-post")
    onboarding.adopt(pipeline, today(), proposal, answer())
    file = pipeline.settings.catalog / "outlets" / "ferry-post.toml"
    before = file.read_bytes()
    onboarding.adopt(pipeline, today(), proposal, answer())
    assert file.read_bytes() == before
    with pytest.raises(CatalogError, match="another outlet of this id"):
        onboarding.adopt(pipeline, today(), proposal, answer(name="Another Post"))
    assert file.read_bytes() == before


def test_what_the_approver_fills_in_is_checked_as_any_file_is(site: str, pipeline: Pipeline) -> None:
    proposal = onboarding.propose(pipeline, today(), f"{site}/", outlet_id="ferry-post")
    with pytest.raises(CatalogError, match=r"ferry-post\.toml: timezone"):
        onboarding.adopt(pipeline, today(), proposal, answer(timezone="Mars/Olympus"))
    assert not list((pipeline.settings.catalog / "outlets").iterdir())


def test_an_outlet_without_an_article_yet_is_said_to_be_so(pipeline: Pipeline, site: str) -> None:
    proposal = onboarding.propose(pipeline, today(), f"{site}/", outlet_id="ferry-post")
    onboarding.adopt(pipeline, today(), proposal, answer())
    stages.load(pipeline, today(), [])
    stages.check(pipeline, today())
    stages.publish(pipeline, today())
    with pytest.raises(RunError, match="no article of it is published"):
        onboarding.first_articles(pipeline, today(), "ferry-post")
