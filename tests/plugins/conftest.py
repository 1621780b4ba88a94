"""A pipeline in memory: what the plugin's tests pass in where Airflow would build the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.adapters.named_sql import Param
from pipeline.adapters.reader import TrendInfo
from pipeline.adapters.search import Question
from pipeline.adapters.tables import Table
from pipeline.errors import UsageError, WarehouseError
from pipeline.interval import Interval
from pipeline.protocols import Finding, LoadCounts
from pipeline.records import (
    Article,
    Batch,
    Capture,
    CaptureKind,
    Document,
    FeedReading,
    FeedStatus,
    Gap,
    Manifest,
    Reason,
    Reject,
    Stage,
)

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)


@dataclass
class Line:
    """Two outlets; one page of the second is no article. Fields change how it behaves."""

    data: Path
    findings: tuple[Finding, ...] = ()
    lost: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    gaps: bool = False
    asking: tuple[str, ...] = ()  # trends with a parameter that must be given
    broken: Exception | None = None
    published: int = 0
    loads: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    answer: Table = field(
        default_factory=lambda: Table(
            columns=("day", "found", "new", "articles", "rejected", "gaps", "attributions"),
            types=("DATE",) + ("BIGINT",) * 6,
            rows=((date(2016, 3, 27), 5, 2, 1, 1, 0, 3),),
        )
    )

    @property
    def settings(self) -> Any:
        return SimpleNamespace(data=self.data)

    @property
    def reader(self) -> Line:
        return self

    def watched(self, interval: Interval) -> tuple[str, ...]:
        return ("anvil-dispatch", "meridian-wire") if interval.start.year == 2016 else ()

    def collect(self, outlet_id: str, interval: Interval) -> Manifest:
        if self.broken:
            raise self.broken
        lost = (
            Gap(
                outlet_id=outlet_id,
                interval=interval,
                reason=Reason.FEED_MALFORMED,
                key="https://anvil.example/rss",
            ),
        )
        return Manifest(
            outlet_id=outlet_id,
            interval=interval,
            readings=(
                FeedReading(
                    feed_id=f"{outlet_id}/news",
                    outlet_id=outlet_id,
                    url="https://anvil.example/rss",
                    at=NOON,
                    status=FeedStatus.MALFORMED if self.gaps else FeedStatus.OK,
                    found_count=5,
                    new_count=2,
                    seen_count=3,
                ),
            ),
            gaps=lost if self.gaps else (),
        )

    def process(self, outlet_id: str, interval: Interval, *, again: bool = False) -> Batch:  # noqa: ARG002 - as the pipeline is called
        url = f"https://{outlet_id}.example/a"
        capture = Capture(
            outlet_id=outlet_id,
            kind=CaptureKind.PAGE,
            url=url,
            final_url=url,
            status=200,
            fetched_at=NOON,
            digest="sha256:00",
            warc_file="a.warc.gz",
            warc_offset=0,
        )
        article = Article(url=url, canonical_url=url, title="Sappers enter", body="A body.", language="en")
        reject = Reject(stage=Stage.PROCESS, key=url, reason=Reason.VIDEO, detail="a player and no text")
        return Batch(
            outlet_id=outlet_id,
            interval=interval,
            manifests=(),
            documents=tuple(
                Document(capture=capture, interval=interval, result=result)
                for result in ((article, reject) if outlet_id == "meridian-wire" else (article,))
            ),
        )

    def load(self, interval: Interval, outlet_ids: list[str]) -> LoadCounts:
        self.loads.append((interval.name, tuple(outlet_ids)))
        return LoadCounts(articles=2, attributions=3, mentions=4, figures=5, rejects=1, gaps=0)

    def check(self, _interval: Interval) -> tuple[Finding, ...]:
        return self.findings

    def publish(self) -> None:
        self.published += 1

    def losses(self, _interval: Interval, _outlet_ids: tuple[str, ...]) -> tuple[str, ...]:
        return self.lost

    def let_go(self, _interval: Interval, _outlet_ids: tuple[str, ...]) -> tuple[str, ...]:
        return self.gone

    def trends(self) -> tuple[TrendInfo, ...]:
        start, source = (
            Param(name="start", kind="date", default="last - 13"),
            Param(name="source", kind="varchar"),
        )
        return tuple(
            TrendInfo(
                name=name,
                title=name,
                question="What did each day find?",
                grain="a day",
                params=params,
                method="",
            )
            for name, params in (("collecting", (start,)), *((name, (source,)) for name in self.asking))
        )

    def search(self, question: Question) -> Any:
        self.asked.append(question)
        return SimpleNamespace(table=lambda: self.answer, count=7)

    def search_counts(self, question: Question, _by: str) -> Table:
        self.asked.append(question)
        return self.answer

    def trend(self, _name: str, **_given: Any) -> Table:
        if isinstance(self.broken, WarehouseError | UsageError):
            raise self.broken
        return self.answer


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(data=tmp_path)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the channel ``hook``, an Airflow connection, took."""
    taken: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    connection = {
        "conn_type": "http",
        "host": "127.0.0.1",
        "schema": "http",
        "port": server.server_port,
        "extra": {"path": "/alerts"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_WIREWATCH_CHANNEL_HOOK", json.dumps(connection))
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def server(airflow: Path) -> Iterator[Any]:
    """Airflow's own API application, with our plugin loaded as Airflow loads it."""
    assert airflow.is_dir()
    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    with TestClient(create_app(apps="core")) as client:
        yield client
