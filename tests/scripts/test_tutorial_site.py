"""The tutorial's newspaper: what it serves is what the tutorial says it is."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

import tutorial_site
from pipeline.adapters import watch_files
from pipeline.adapters.named_sql import parsed
from pipeline.attribution import attribute
from pipeline.extract import extract
from pipeline.records import Article

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


@pytest.fixture
def site() -> Iterator[str]:
    server = tutorial_site.serving(0)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def get(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
        return body


def test_its_pages_are_articles_of_today_with_the_sources_of_the_tutorial(site: str) -> None:
    names = set()
    for story in tutorial_site.STORIES:
        url = f"{site}/news/{story.slug}"
        found = extract(get(url), url)
        assert isinstance(found, Article), story.slug
        assert found.title == story.title
        assert found.published_at is not None
        assert found.published_at <= datetime.now(UTC)
        names |= {one.name for one in attribute(found.body)}
    assert {"Ilse Varn", "Petra Holm"} <= names


def test_alerts_are_shown_with_their_sentence() -> None:
    body = json.dumps({"alerts": [{"reason": "Ilse Varn: 5", "evidence": [{"sentence": "It is shut."}]}]})
    assert tutorial_site.told(body.encode()) == "\n  Ilse Varn: 5\n    “It is shut.”"
    assert tutorial_site.told(b'{"subject": "a test"}') == "a test"
    assert tutorial_site.told(b"nonsense") == "nonsense"


def test_the_tutorials_files_are_right(tmp_path: Path) -> None:
    def fenced(language: str) -> str:
        return TUTORIAL.partition(f"```{language}\n")[2].partition("```")[0]

    query = parsed("outlet_voices", fenced("sql"))
    assert {param.name for param in query.params} == {"start", "end", "outlet"}
    (tmp_path / "watches").mkdir()
    (tmp_path / "watches" / "harbour-master.toml").write_text(fenced("toml"), encoding="utf-8")
    (watch,) = watch_files.watches(tmp_path, outlet_ids=())
    assert watch.deliver == ("hook",)
