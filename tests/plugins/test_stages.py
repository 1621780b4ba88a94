"""What the tasks do and tell, without Airflow."""

from __future__ import annotations

import csv
import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.errors import WarehouseError
from pipeline.interval import Interval
from pipeline.protocols import Finding
from wirewatch_airflow import stages
from wirewatch_airflow.stages import RunError, TaskRun

DAY = Interval.of_day(date(2016, 3, 27))


def run_of(interval: Interval = DAY, **states: str) -> TaskRun:
    return TaskRun(interval=interval, states=lambda: states)


def test_plan_lists_the_watched_outlets(line: Any) -> None:
    assert stages.plan(line, run_of()) == ["anvil-dispatch", "meridian-wire"]


def test_plan_narrows_to_the_outlets_asked_for(line: Any) -> None:
    assert stages.plan(line, run_of(), outlet_ids=["meridian-wire"]) == ["meridian-wire"]


def test_plan_refuses_an_outlet_nobody_watches_and_names_those_there_are(line: Any) -> None:
    with pytest.raises(RunError, match=r"nosuch.*Watched are: anvil-dispatch, meridian-wire"):
        stages.plan(line, run_of(), outlet_ids=["nosuch"])


def test_pages_that_the_archive_has_let_go_are_named_once_a_day(line: Any, caplog: Any) -> None:
    assert stages.account_for_unread(line, run_of(), ["le-fanal"]) == {"losses": 0}
    line.gone = ("le-fanal: 3 pages could not be read again",)
    with pytest.raises(RunError, match="1 loss in 2016-03-27"):
        stages.account_for_unread(line, run_of(), ["le-fanal"])
    assert "le-fanal: 3 pages could not be read again" in caplog.text


def test_a_day_without_outlets_is_planned_empty_and_says_where_to_look(line: Any, caplog: Any) -> None:
    assert stages.plan(line, run_of(Interval.of_day(date(2020, 1, 1)))) == []
    assert "watched_from" in caplog.text


def test_collect_returns_an_id_and_counts_alone(line: Any) -> None:
    assert stages.collect(line, run_of(), "anvil-dispatch") == {
        "outlet_id": "anvil-dispatch",
        "found": 5,
        "new": 2,
        "rejects": 0,
        "gaps": 0,
    }


def test_collect_tells_what_was_lost(line: Any, caplog: Any) -> None:
    line.gaps = True
    assert stages.collect(line, run_of(), "anvil-dispatch")["gaps"] == 1
    assert "Lost: https://anvil.example/rss (feed_malformed)" in caplog.text


@pytest.mark.parametrize("outlet_id", ["anvil-dispatch", "meridian-wire"])
def test_the_log_of_a_task_tells_its_story_in_ten_lines(line: Any, caplog: Any, outlet_id: str) -> None:
    caplog.set_level(logging.INFO)
    stages.collect(line, run_of(), outlet_id)
    stages.process(line, run_of(), outlet_id)
    assert 3 <= len(caplog.records) <= 10


def test_process_counts_articles_and_rejects_and_shows_why(line: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    counts = stages.process(line, run_of(), "meridian-wire")
    assert (counts["articles"], counts["rejects"]) == (1, 1)
    assert "Rejected https://meridian-wire.example/a: video a player and no text" in caplog.text


def test_a_span_of_days_is_loaded_a_day_at_a_time(line: Any) -> None:
    stages.load(line, run_of(Interval.of_days(date(2016, 3, 27), date(2016, 3, 29))), ["meridian-wire"])
    assert line.loads == [(f"2016-03-{day}", ("meridian-wire",)) for day in (27, 28, 29)]


def test_load_without_a_plan_loads_nothing(line: Any) -> None:
    with pytest.raises(RunError, match="plan"):
        stages.load(line, run_of(), None)
    assert line.loads == []


def test_an_error_found_stops_the_publish_and_shows_its_rows(line: Any, caplog: Any) -> None:
    line.findings = (
        Finding(check="no_orphans", severity="error", columns=("article_id",), rows=((7,), (8,))),
    )
    with pytest.raises(RunError, match="not published: no_orphans"):
        stages.check(line, run_of())
    assert "article_id 7" in caplog.text


def test_a_warning_lets_the_publish_go_on(line: Any) -> None:
    line.findings = (Finding(check="few_dates", severity="warn", columns=("outlet_id",), rows=(("x",),)),)
    assert stages.check(line, run_of()) == {"warnings": 1}


def test_nothing_lost_is_accounted_for_as_nothing(line: Any) -> None:
    assert stages.account_for_losses(line, run_of(load="success"), ["a"], "outlet.") == {"losses": 0}


def test_a_loss_the_pipeline_names_makes_the_run_fail(line: Any, caplog: Any) -> None:
    line.lost = ("anvil-dispatch: its feed was malformed.",)
    with pytest.raises(RunError, match="1 loss in 2016-03-27"):
        stages.account_for_losses(line, run_of(), ["anvil-dispatch"], "outlet.")
    assert "its feed was malformed" in caplog.text


def test_a_failed_task_is_a_loss_named_by_its_outlet(line: Any, caplog: Any) -> None:
    states = {"outlet.collect_0": "success", "outlet.collect_1": "failed", "load": "success"}
    with pytest.raises(RunError):
        stages.account_for_losses(line, run_of(**states), ["anvil-dispatch", "meridian-wire"], "outlet.")
    assert "Task outlet.collect of meridian-wire failed" in caplog.text
    assert "anvil-dispatch" not in caplog.text


def test_an_hour_with_a_gap_is_red_and_says_whose_log_names_it(line: Any, caplog: Any) -> None:
    line.gaps = True
    collected = [stages.collect(line, run_of(), outlet_id) for outlet_id in ("anvil-dispatch",)]
    with pytest.raises(RunError):
        stages.account_for_collecting(line, run_of(), ["anvil-dispatch"], collected, "outlet.")
    assert "anvil-dispatch: 1 gap; the log of its collect task" in caplog.text


def test_an_hour_of_one_outlet_comes_without_a_list_and_is_accounted_for_all_the_same(
    line: Any, caplog: Any
) -> None:
    """A group of tasks that is mapped over one outlet gives what its task gave."""
    counts = stages.collect(line, run_of(), "anvil-dispatch")
    assert stages.account_for_collecting(line, run_of(), ["anvil-dispatch"], counts, "outlet.") == {
        "losses": 0
    }
    line.gaps = True
    counts = stages.collect(line, run_of(), "anvil-dispatch")
    with pytest.raises(RunError):
        stages.account_for_collecting(line, run_of(), ["anvil-dispatch"], counts, "outlet.")
    assert "anvil-dispatch: 1 gap" in caplog.text


def test_an_hour_in_which_nothing_was_lost_is_green(line: Any) -> None:
    assert stages.account_for_collecting(line, run_of(), [], None, "outlet.") == {"losses": 0}


def test_a_trend_is_kept_as_a_file_that_spreadsheets_do_not_run(line: Any) -> None:
    from pipeline.adapters.tables import Table

    line.answer = Table(columns=("name",), types=("VARCHAR",), rows=(("=cmd()",), ("Peskov",)))
    assert stages.answer_trend(line, run_of(), "collecting") == {"rows": 2}
    with (line.data / "trends" / "collecting.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [["name"], ["'=cmd()"], ["Peskov"]]


def test_a_trend_that_must_be_asked_with_a_parameter_is_not_answered_unasked(line: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    line.asking = ("source_timeline",)
    assert stages.trend_names(line, run_of()) == ["collecting"]
    assert "left out here: source_timeline" in caplog.text


def test_reprocessing_shows_what_changed(line: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    before = {**stages.count_before(line, run_of()), "articles": 4}
    assert stages.compare(line, run_of(), before)["articles"] == -3
    assert "4 ->      1  (-3)" in caplog.text


def test_before_the_first_publish_all_counts_are_zero(line: Any) -> None:
    line.broken = WarehouseError("nothing was published yet")
    assert set(stages.count_before(line, run_of()).values()) == {0}


def test_an_hour_is_one_unit_of_work(line: Any) -> None:
    start = datetime(2016, 3, 27, 5, tzinfo=UTC)
    stages.load(line, run_of(Interval(start, start + timedelta(hours=1))), ["meridian-wire"])
    assert line.loads == [("2016-03-27T05", ("meridian-wire",))]
