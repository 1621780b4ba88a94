"""What the wiring alone decides: when the network may be asked, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import RefusedError, UsageError
from pipeline.protocols import Permit
from pipeline.records import Reason, Response, Validators
from pipeline.settings import settings
from pipeline.wiring import Pipeline

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Web:
    """A host whose robots rules close one folder."""

    asked: list[str] = field(default_factory=list)

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,  # noqa: ARG002 - a transport's shape
        permit: Permit | None = None,  # noqa: ARG002 - the same
    ) -> Response:
        self.asked.append(url)
        body = b"User-agent: *\nDisallow: /closed/\n" if url.endswith("robots.txt") else b"<p>A page</p>"
        return Response(url=url, final_url=url, status=200, headers=(), body=body, fetched_at=NOW)


def line(tmp_path: Path, web: Web, **environ: str) -> Pipeline:
    return Pipeline(settings({"WIREWATCH_DATA": str(tmp_path), **environ}), transport=web)


def test_a_single_page_is_asked_for_after_its_hosts_rules(tmp_path: Path) -> None:
    web = Web()
    assert line(tmp_path, web).page("https://paper.example/open/a").body == b"<p>A page</p>"
    assert web.asked == ["https://paper.example/robots.txt", "https://paper.example/open/a"]


def test_a_single_page_that_the_rules_close_is_not_asked_for(tmp_path: Path) -> None:
    web = Web()
    with pytest.raises(RefusedError) as refused:
        line(tmp_path, web).page("https://paper.example/closed/a")
    assert refused.value.reason == Reason.ROBOTS
    assert web.asked == ["https://paper.example/robots.txt"]


def test_offline_no_door_leads_to_the_network(tmp_path: Path) -> None:
    web = Web()
    offline = line(tmp_path, web, WIREWATCH_OFFLINE="1")
    for ask in (offline.page, offline.discover):
        with pytest.raises(UsageError, match="the network is not asked"):
            ask("https://paper.example/")
    assert web.asked == []


def test_an_outlet_of_the_catalogue_is_found_without_a_walk_through_the_archive(tmp_path: Path) -> None:
    pipeline = line(tmp_path, Web())
    known = pipeline.catalog.outlets[0]
    assert pipeline.outlet(known.outlet_id) == known
    assert "archive" not in vars(pipeline)
    with pytest.raises(UsageError, match=r"no outlet 'nowhere\.example'"):
        pipeline.outlet("nowhere.example")
    assert "archive" in vars(pipeline)
