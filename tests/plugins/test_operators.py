"""How a task's context becomes an interval and a stage call."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CatalogError, TransientError, UsageError, WarehouseBusyError
from pipeline.interval import DAY, HOUR, Interval
from wirewatch_airflow import stages
from wirewatch_airflow.defaults import ARCHIVE, RETRY_POLICY, WAREHOUSE
from wirewatch_airflow.operators import StageOperator, interval_of, last_whole

DAY_27 = Interval.of_day(date(2016, 3, 27))


def context(**given: Any) -> dict[str, Any]:
    run = SimpleNamespace(
        run_after=datetime(2016, 3, 28, 9, 30, tzinfo=UTC), dag_id="d", run_id="r", run_type="manual"
    )
    return {"dag_run": run, "params": {}, "ti": None, **given}


def test_a_scheduled_run_is_about_its_data_interval() -> None:
    told = context(data_interval_start=DAY_27.start, data_interval_end=DAY_27.end)
    assert interval_of(told, DAY) == DAY_27


def test_the_date_of_the_form_wins_over_the_data_interval() -> None:
    told = context(
        data_interval_start=DAY_27.start, data_interval_end=DAY_27.end, params={"date": "2016-03-25"}
    )
    assert interval_of(told, DAY) == Interval.of_day(date(2016, 3, 25))


def test_an_empty_date_is_no_date() -> None:
    told = context(data_interval_start=DAY_27.start, data_interval_end=DAY_27.end, params={"date": None})
    assert interval_of(told, DAY) == DAY_27


def test_both_days_of_a_span_are_in_it() -> None:
    told = context(params={"start": "2016-03-25", "end": "2016-03-27"})
    assert interval_of(told, DAY) == Interval.of_days(date(2016, 3, 25), date(2016, 3, 27))


def test_a_run_without_a_data_interval_is_about_the_last_whole_period() -> None:
    assert interval_of(context(), DAY) == DAY_27
    assert interval_of(context(), HOUR).start == datetime(2016, 3, 28, 8, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_last_whole_period_has_ended_and_no_later_one_has(instant: datetime) -> None:
    for length in (HOUR, DAY):
        interval = last_whole(instant, length)
        assert interval.end <= instant < interval.end + length
        assert interval.end - interval.start == length


def test_the_operator_calls_its_stage_with_the_pipeline_and_the_arguments(line: Any) -> None:
    called: list[Any] = []

    def stage(pipeline: Any, run: Any, outlet_id: str) -> dict[str, int]:
        called.append((pipeline, run.interval, outlet_id))
        return {"found": 1}

    operator = StageOperator(
        task_id="collect", stage=stage, arguments={"outlet_id": "anvil-dispatch"}, build=lambda: line
    )
    assert operator.execute(context(params={"date": "2016-03-27"})) == {"found": 1}  # type: ignore[arg-type]
    assert called == [(line, DAY_27, "anvil-dispatch")]


def test_the_states_of_the_run_are_asked_of_airflow_only_when_needed(line: Any) -> None:
    asked: list[dict[str, Any]] = []

    class Told:
        def get_task_states(self, **given: Any) -> dict[str, Any]:
            asked.append(given)
            return {"r": {"load": "success", "publish": None}}

    operator = StageOperator(task_id="a", stage=lambda _line, run: run.states(), build=lambda: line)
    assert operator.execute(context(ti=Told(), params={"date": "2016-03-27"})) == {"load": "success"}  # type: ignore[arg-type]
    assert asked == [{"dag_id": "d", "run_ids": ["r"]}]


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (TransientError("https://a.example", "timeout"), "retry"),
        (WarehouseBusyError("another process writes"), "retry"),
        (OSError("disk"), "retry"),
        (CatalogError("a.toml", "feeds", "is missing", "Add it."), "fail"),
        (ValueError("a bug"), "fail"),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, action: str) -> None:
    assert RETRY_POLICY.evaluate(error, try_number=1, max_tries=2).action.value == action


def test_an_overloaded_outlet_is_left_alone_for_longer_each_time() -> None:
    error = TransientError("u", "overloaded")
    delays = [
        RETRY_POLICY.evaluate(error, try_number=number, max_tries=3).retry_delay for number in (1, 2, 3)
    ]
    assert delays == [timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=18)]


def test_a_server_that_says_when_to_come_again_is_believed_up_to_an_hour() -> None:
    for asked, waited in ((900, timedelta(minutes=15)), (90_000, timedelta(hours=1))):
        error = TransientError("u", "overloaded", retry_after=asked)
        assert RETRY_POLICY.evaluate(error, try_number=1, max_tries=3).retry_delay == waited


def test_a_file_that_must_be_mended_first_says_so_in_the_retry_reason() -> None:
    decision = RETRY_POLICY.evaluate(UsageError("no such outlet"), try_number=1, max_tries=3)
    assert decision.action.value == "fail"
    assert "mend it, then clear this task" in str(decision.reason)


def test_a_task_with_a_day_of_its_own_is_about_that_day(line: Any) -> None:
    operator = StageOperator(
        task_id="a", stage=lambda _line, run: run.interval.name, day="2016-03-25", build=lambda: line
    )
    assert operator.execute(context(params={"date": "2016-03-27"})) == "2016-03-25"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("run_type", "offline"), [("backfill", True), ("scheduled", False), ("manual", False)]
)
def test_a_backfill_never_asks_the_network_however_young_its_days_are(
    run_type: str, offline: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("WIREWATCH_DATA", str(tmp_path))
    run = SimpleNamespace(run_type=run_type, run_after=datetime.now(UTC))
    just_over = last_whole(datetime.now(UTC), HOUR)
    told = context(dag_run=run, data_interval_start=just_over.start, data_interval_end=just_over.end)
    operator = StageOperator(task_id="a", stage=lambda pipeline, run: pipeline.is_live(run.interval))
    assert operator.execute(told) is not offline  # type: ignore[arg-type]


def test_an_asset_event_carries_the_interval_and_the_counts(line: Any) -> None:
    from collections import defaultdict

    from wirewatch_airflow.defaults import WAREHOUSE

    events: Any = defaultdict(SimpleNamespace)
    operator = StageOperator(
        task_id="a",
        stage=lambda _line, _run: {"articles": 3, "names": ["x"]},
        build=lambda: line,
        outlets=[WAREHOUSE],
    )
    told = context(params={"date": "2016-03-27"}, task=operator, outlet_events=events)
    operator.execute(told)  # type: ignore[arg-type]
    assert events[WAREHOUSE].extra == {"interval": "2016-03-27", "articles": 3}


def test_openlineage_is_told_what_a_task_reads_and_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its provider is an extra; here stands in what of it is called."""
    extractors = ModuleType("extractors")
    extractors.OperatorLineage = SimpleNamespace  # type: ignore[attr-defined]
    facets = ModuleType("facet")
    facets.Dataset = SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "airflow.providers.openlineage", ModuleType("openlineage"))
    monkeypatch.setitem(sys.modules, "airflow.providers.openlineage.extractors", extractors)
    monkeypatch.setitem(sys.modules, "airflow.providers.common.compat.openlineage.facet", facets)
    task = StageOperator(task_id="x", stage=stages.publish, inlets=[ARCHIVE], outlets=[WAREHOUSE])
    told = task.get_openlineage_facets_on_start()
    assert [(one.namespace, one.name) for one in told.inputs] == [("wirewatch", "wirewatch_archive")]
    assert [(one.namespace, one.name) for one in told.outputs] == [("wirewatch", "wirewatch_warehouse")]
