"""The report: one file that needs nothing else, and in which nothing from the web is more than text."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.report import Section, sections, written
from pipeline.adapters.tables import Table
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "</script><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>&amp;"
DAY = date(2016, 3, 27)


class Read(HTMLParser):
    """What a browser would run and load of a page, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.addresses: list[str] = []
        self.policy = ""
        self.texts: list[str] = []
        self._script: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not any(name.startswith("on") for name in given), attrs
        self.addresses += [given[name] or "" for name in ("src", "href", "action") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        if tag == "script":
            self._script = "data" if given.get("type") == "application/json" else "code"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script == "code":
            self.scripts.append(data)
        elif self._script == "data":
            self.plots: dict[str, Any] = json.loads(data)
        else:
            self.texts.append(data)


def page_of(*parts: Section) -> Read:
    at = datetime(2016, 3, 28, tzinfo=UTC)
    return Read(written({"articles": 3}, parts, start=DAY, end=DAY, made_at=at))


def section(rows: tuple[tuple[Any, ...], ...], plot: dict[str, Any] | None = None) -> Section:
    table = Table(columns=("source_name", "statements"), types=("VARCHAR", "BIGINT"), rows=rows)
    return Section(key="top", title="Most cited", question="Who?", table=table, if_none="Nobody.", plot=plot)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """One day of the samples, read by the rules."""
    line = Pipeline(
        settings(
            {
                "WIREWATCH_DATA": str(tmp_path_factory.mktemp("data")),
                "WIREWATCH_CATALOG": str(ROOT / "catalog"),
                "WIREWATCH_ATTRIBUTION": "rules",
            }
        )
    )
    day = Interval.of_day(DAY)
    for outlet_id in line.watched(day):
        line.collect(outlet_id, day)
        line.process(outlet_id, day)
    line.load(day, line.watched(day))
    line.check(day)
    line.publish()
    return line


def test_the_page_loads_nothing_and_runs_only_what_its_policy_names() -> None:
    page = page_of(section((("Ilse Varn", 3),)))
    assert all(address.startswith("#") for address in page.addresses)
    assert "default-src 'none'" in page.policy
    assert "script-src 'sha256-" in page.policy
    assert re.search(r"script-src[^;]*unsafe", page.policy) is None
    named = set(re.findall(r"'sha256-([^']+)'", page.policy))
    run = {base64.b64encode(sha256(code.encode()).digest()).decode() for code in page.scripts}
    assert run == named
    assert len(run) == 2


def test_hostile_text_is_text_in_tables_and_plots() -> None:
    plot = {"traces": [{"name": HOSTILE}], "layout": {}}
    page = page_of(section(((HOSTILE, 3),), plot))
    assert len(page.scripts) == 2
    assert page.plots["top"]["traces"][0]["name"] == HOSTILE
    assert HOSTILE in page.texts
    assert all(address.startswith("#") for address in page.addresses)


def test_what_is_not_there_is_said() -> None:
    page = page_of(section((), {"traces": [], "layout": {}}))
    assert "Nobody." in page.texts
    assert page.plots == {}


def test_a_published_day_has_every_section(published: Pipeline) -> None:
    counts, parts = sections(published.reader, DAY, DAY)
    assert counts["articles"] > 0
    keys = ["attention", "output", "top", "rising", "health", "syndication", "figures", "gaps"]
    assert [part.key for part in parts] == keys
    by_key = {part.key: part for part in parts}
    assert by_key["top"].table.rows
    assert by_key["health"].plot is not None
    assert len(by_key["health"].plot["traces"][0]["y"]) == 9


def test_the_file_is_whole_and_names_its_days(published: Pipeline, tmp_path: Path) -> None:
    assert published.report(tmp_path / "report.html") == "2016-03-14 to 2016-03-27"
    page = Read((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert any("Who was cited" in text for text in page.texts)
    assert set(page.plots) <= {"attention", "output", "top", "rising", "health", "syndication"}
    assert "top" in page.plots


def test_names_that_look_like_markup_are_drawn_as_they_stand() -> None:
    from pipeline.adapters.report.sections import _label

    assert _label("<b>x</b> & y") == "&lt;b&gt;x&lt;/b&gt; &amp; y"
