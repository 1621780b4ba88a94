"""WARC files of others, from their names to published rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline
from wirewatch_airflow import importing, stages
from wirewatch_airflow.stages import RunError, TaskRun

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples" / "archive"
FILE = SAMPLES / "anvil-dispatch.warc.gz"
RUN = TaskRun(interval=Interval.of_day(date(2020, 1, 1)), states=dict)  # its days are not what is imported


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    environ = {
        "WIREWATCH_DATA": str(tmp_path),
        "WIREWATCH_CATALOG": str(ROOT / "catalog"),
        "WIREWATCH_ATTRIBUTION": "rules",
        "WIREWATCH_OFFLINE": "1",
    }
    return Pipeline(settings(environ))


def names(found: list[dict[str, Any]]) -> list[str]:
    return [Path(one["file"]).name for one in found]


def test_files_folders_and_patterns_are_all_found_once(pipeline: Pipeline) -> None:
    given = [str(FILE), str(SAMPLES), f"{SAMPLES}/le-*.warc.gz"]
    found = names(importing.list_files(pipeline, RUN, given, every_host=False))
    assert found[0] == FILE.name
    assert sorted(found) == sorted(file.name for file in SAMPLES.glob("*.warc.gz"))


def test_a_name_without_a_file_is_refused_and_says_what_to_give(pipeline: Pipeline) -> None:
    for given in ("/nowhere/*.warc.gz", "/nowhere"):
        with pytest.raises(RunError, match=r"/nowhere.*names no file.*whole paths"):
            importing.list_files(pipeline, RUN, [str(FILE), given], every_host=False)


def test_an_imported_file_becomes_published_articles_of_its_days(pipeline: Pipeline) -> None:
    (given,) = importing.list_files(pipeline, RUN, [str(FILE)], every_host=False)
    imported = importing.import_file(pipeline, RUN, **given)
    batches = importing.touched(pipeline, RUN, [imported, imported])
    assert [batch["day"] for batch in batches] == sorted({batch["day"] for batch in batches})
    for batch in batches:
        day = Interval.of_day(date.fromisoformat(batch["day"]))
        importing.process_batch(pipeline, TaskRun(interval=day, states=dict), **batch["arguments"])
    counts = importing.load_batches(pipeline, RUN, batches)
    assert importing.check_batches(pipeline, RUN, batches)["warnings"] >= 0
    stages.publish(pipeline, RUN)
    articles = pipeline.query("select count(*), count(distinct outlet_id) from articles").rows[0]
    assert articles == (counts["articles"], 1)
    assert counts["articles"] > 5


def test_many_outlets_of_a_day_share_a_few_tasks(pipeline: Pipeline) -> None:
    hosts = [f"host-{number:03}.example" for number in range(60)]
    imported = [
        {"outlets": {"2016-03-27": hosts[:40], "2016-03-28": hosts[:1]}},
        {"outlets": {"2016-03-27": hosts[30:]}},
    ]
    batches = importing.touched(pipeline, RUN, imported)
    sizes = [(batch["day"], len(batch["arguments"]["outlet_ids"])) for batch in batches]
    assert sizes == [("2016-03-27", 25), ("2016-03-27", 25), ("2016-03-27", 10), ("2016-03-28", 1)]
    assert importing.outlets_by_day(batches)[Interval.of_day(date(2016, 3, 27))] == hosts


def test_a_file_without_our_pages_says_how_to_take_all_hosts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "catalog" / "outlets").mkdir(parents=True)
    pipeline = Pipeline(
        settings({"WIREWATCH_DATA": str(tmp_path), "WIREWATCH_CATALOG": str(tmp_path / "catalog")})
    )
    assert importing.import_file(pipeline, RUN, str(FILE), every_host=False)["outlets"] == {}
    assert "Pages of any host" in caplog.text
    (outlet_ids,) = {
        tuple(ids)
        for ids in importing.import_file(pipeline, RUN, str(FILE), every_host=True)["outlets"].values()
    }
    assert outlet_ids == ("anvil.example",) or all("." in name for name in outlet_ids)
