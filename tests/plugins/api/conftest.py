"""The API over two warehouses: a press of seven invented pages, whose answers can be counted by hand, and sample days."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from pipeline import bundled
from pipeline.adapters.warc import WarcArchive
from pipeline.adapters.warehouse.loading import ROLLUPS
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.identity import digest
from pipeline.interval import Interval
from pipeline.records import CaptureKind, Response
from pipeline.settings import settings
from pipeline.wiring import Pipeline

ROOT = Path(__file__).resolve().parents[3]
PRESS = ROOT / "tests" / "examples" / "coverage"
HOSTILE_PAGE = b"<!doctype html><title>x</title><script>alert('captured')</script>"
_CAPTURED = 9000000000000000305  # whose page lies in the archive; of the other captures only the rows exist


class Api(NamedTuple):
    """What tests ask: an answer's JSON, or the whole response; paths are below ``wirewatch/api/``."""

    get: Callable[..., Any]
    response: Callable[..., Any]
    post: Callable[..., Any]
    line: Pipeline


def line_in(folder: Path) -> Pipeline:
    return Pipeline(
        settings(
            {
                "WIREWATCH_DATA": str(folder),
                "WIREWATCH_CATALOG": str(ROOT / "catalog"),
                "WIREWATCH_ATTRIBUTION": "rules",
            }
        )
    )


def api_over(line: Pipeline) -> Api:
    """The endpoints with the login left out: who may ask is another test's question."""
    from fastapi.testclient import TestClient

    from wirewatch_airflow.api import application
    from wirewatch_airflow.api.guards import READERS, may_act

    app = application(lambda: line)
    app.dependency_overrides[READERS[0].dependency] = lambda: None
    app.dependency_overrides[may_act] = lambda: False
    client = TestClient(app)

    def response(path: str, **params: Any) -> Any:
        return client.get(f"/api/{path}", params=params)

    def get(path: str, **params: Any) -> Any:
        answer = response(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/{path}", json=body)

    return Api(get=get, response=response, post=post, line=line)


@pytest.fixture(scope="session")
def press(airflow: Path, tmp_path_factory: pytest.TempPathFactory) -> Api:
    """The invented press of ``tests/examples/coverage``, loaded as rows and published as every warehouse is."""
    assert airflow.is_dir()
    line = line_in(tmp_path_factory.mktemp("press"))
    with PlainFile(line.settings.data / "warehouse").writing(threads=1) as con:
        for file in sorted(PRESS.glob("*.csv")):
            con.execute(
                f"insert into {file.stem} by name select * from read_csv(?, all_varchar = true, header = true)",  # noqa: S608 - a file of ours
                [str(file)],
            )
        con.execute("create temp table touched_days as select distinct day from articles")
        for rollup in (table for table, (_, touched) in ROLLUPS.items() if touched == "touched_days"):
            con.execute(f"insert into {rollup} by name {bundled.text(f'sql/rollups/{rollup}.sql')}")
        _archive(line.archive, con)
    line.publish()
    return api_over(line)


@pytest.fixture
def emptied(press: Api, tmp_path: Path) -> Api:
    """The same press, whose registry of sources holds nobody any more."""
    line = line_in(tmp_path)
    line.reader.published.parent.mkdir()
    shutil.copyfile(press.line.reader.published, line.reader.published)
    with duckdb.connect(str(line.reader.published)) as con:
        con.execute("delete from sources")
    return api_over(line)


def _archive(archive: WarcArchive, con: duckdb.DuckDBPyConnection) -> None:
    """Put one page into the archive, and where it lies into the table."""
    response = Response(
        url="https://evil-echo.example/a105",
        final_url="https://evil-echo.example/a105",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=HOSTILE_PAGE,
        fetched_at=datetime(2016, 3, 23, 7, 30, tzinfo=UTC),
    )
    with archive.writer("evil-echo", Interval.of_day(date(2016, 3, 23))) as writer:
        capture = writer.write(response, CaptureKind.PAGE)
        writer.commit()
    con.execute(
        "update captures set digest = ?, warc_file = ?, warc_offset = ? where capture_id = ?",
        [digest(HOSTILE_PAGE), capture.warc_file, capture.warc_offset, _CAPTURED],
    )


@pytest.fixture(scope="session")
def sample(airflow: Path, tmp_path_factory: pytest.TempPathFactory) -> Api:
    """Four days of the sample archive through every stage, attributions by the rules."""
    assert airflow.is_dir()
    line = line_in(tmp_path_factory.mktemp("sample"))
    for day in Interval.of_days(date(2016, 3, 25), date(2016, 3, 28)).days():
        outlet_ids = line.watched(day)
        for outlet_id in outlet_ids:
            line.collect(outlet_id, day)
            line.process(outlet_id, day)
        line.load(day, outlet_ids)
        line.check(day)
    line.publish()
    return api_over(line)
