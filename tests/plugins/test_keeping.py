"""What the weekly tasks do, and that they lose nothing."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline
from wirewatch_airflow import keeping
from wirewatch_airflow.stages import RunError, TaskRun

ROOT = Path(__file__).resolve().parents[2]
DAY = Interval.of_day(date(2016, 3, 27))
RUN = TaskRun(interval=DAY, states=dict)


class Clock:
    """Says another second each time."""

    def __init__(self) -> None:
        self.second = 0

    def now(self) -> datetime:
        self.second += 1
        return datetime(2016, 4, 10, 3, 30, self.second, tzinfo=UTC)


def pipeline_in(folder: Path) -> Pipeline:
    environ = {
        "WIREWATCH_DATA": str(folder),
        "WIREWATCH_CATALOG": str(ROOT / "catalog"),
        "WIREWATCH_ATTRIBUTION": "rules",
        "WIREWATCH_OFFLINE": "1",
    }
    return Pipeline(settings(environ), clock=Clock())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an outlet's day."""
    folder = tmp_path_factory.mktemp("published")
    line = pipeline_in(folder)
    line.collect("meridian-wire", DAY)
    line.process("meridian-wire", DAY)
    line.load(DAY, ["meridian-wire"])
    line.check(DAY)
    line.publish()
    return folder


@pytest.fixture
def pipeline(published: Path, tmp_path: Path) -> Pipeline:
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    return pipeline_in(tmp_path)


def articles(file: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute("select * from articles order by article_id").fetchall()


def test_the_audit_finds_what_no_load_touched(pipeline: Pipeline, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse" / "build.duckdb")) as con:
        con.execute("insert into mentions (article_id, name, day) values (1, 'Nobody', '2011-05-05')")
    assert pipeline.check(DAY) == ()
    with pytest.raises(RunError, match="no_orphans"):
        keeping.audit(pipeline, RUN)


def test_a_week_leaves_every_row_and_capture_as_it_was(pipeline: Pipeline, tmp_path: Path) -> None:
    before = articles(tmp_path / "warehouse" / "wirewatch.duckdb")
    archived = {file: file.read_bytes() for file in (tmp_path / "archive").rglob("*") if file.is_file()}
    assert before
    assert keeping.check_digests(pipeline, RUN) == {"damaged": 0}
    assert keeping.drop_old(pipeline, RUN, None) == {"dropped": 0}
    assert keeping.audit(pipeline, RUN) == {"findings": 0}
    keeping.compact(pipeline, RUN)
    keeping.reindex(pipeline, RUN)
    assert keeping.backup(pipeline, RUN) == {"backups": 1, "removed": 0}
    assert articles(tmp_path / "warehouse" / "wirewatch.duckdb") == before
    assert {
        file: file.read_bytes() for file in (tmp_path / "archive").rglob("*") if file.is_file()
    } == archived
    (copy,) = (tmp_path / "backups").iterdir()
    assert articles(copy) == before


def test_before_anything_was_published_a_week_is_green(tmp_path: Path) -> None:
    empty = Pipeline(settings({"WIREWATCH_DATA": str(tmp_path), "WIREWATCH_CATALOG": str(ROOT / "catalog")}))
    assert keeping.check_digests(empty, RUN) == {"damaged": 0}
    keeping.compact(empty, RUN)
    keeping.reindex(empty, RUN)
    assert keeping.backup(empty, RUN) == {"backups": 0, "removed": 0}


def test_a_week_teaches_what_the_pages_of_an_outlet_share_and_the_same_when_asked_again(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    for day in Interval(datetime(2016, 3, 20, tzinfo=UTC), DAY.start).days():
        pipeline.collect("meridian-wire", day)
    learnt = keeping.learn(pipeline, RUN)
    assert learnt["meridian-wire"] >= 5
    file = tmp_path / "templates" / "meridian-wire" / "2016-03-28.json"
    written = file.read_bytes()
    assert keeping.learn(pipeline, RUN) == learnt
    assert file.read_bytes() == written
    assert pipeline.templates.of_day("meridian-wire", date(2016, 3, 27)) is None


def test_a_damaged_capture_is_named_and_stops_what_would_remove_more(
    pipeline: Pipeline, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = (tmp_path / "archive").rglob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(RunError, match="wirewatch doctor --digests"):
        keeping.check_digests(pipeline, RUN)
    assert "2016-03-27" in caplog.text


def test_captures_go_only_when_asked_and_old_enough(pipeline: Pipeline, tmp_path: Path) -> None:
    assert keeping.drop_old(pipeline, RUN, 30) == {"dropped": 0}
    assert keeping.drop_old(pipeline, RUN, 7) == {"dropped": 1}
    assert not list((tmp_path / "archive").rglob("*.warc.gz"))
    assert articles(tmp_path / "warehouse" / "wirewatch.duckdb")  # rows stay


def test_only_the_oldest_copies_of_our_own_go(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "before-the-move.duckdb").write_text("somebody's")
    for _ in range(3):
        told = keeping.backup(pipeline, RUN, str(folder), keep=2)
    assert told == {"backups": 2, "removed": 1}
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["before-the-move.duckdb", *names[1:]]
    assert len(names) == 3


def test_a_task_that_failed_keeps_the_week_from_being_green() -> None:
    failed = TaskRun(interval=DAY, states=lambda: {"compact": "failed", "backup": "success"})
    with pytest.raises(RunError, match="1 loss"):
        keeping.account_for_failures(None, failed)  # type: ignore[arg-type]
    assert keeping.account_for_failures(None, RUN) == {"losses": 0}  # type: ignore[arg-type]
