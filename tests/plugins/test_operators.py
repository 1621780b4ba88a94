"""How a task's context becomes an interval and a stage call."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CatalogError, TransientError, WarehouseBusyError
from pipeline.interval import DAY, HOUR, Interval
from wirewatch_airflow.defaults import RETRY_POLICY
from wirewatch_airflow.operators import StageOperator, interval_of, last_whole

DAY_27 = Interval.of_day(date(2016, 3, 27))


def context(**given: Any) -> dict[str, Any]:
    run = SimpleNamespace(run_after=datetime(2016, 3, 28, 9, 30, tzinfo=UTC), dag_id="d", run_id="r")
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


def test_an_overloaded_outlet_is_left_alone_for_a_while() -> None:
    decision = RETRY_POLICY.evaluate(TransientError("u", "overloaded"), try_number=1, max_tries=2)
    assert decision.retry_delay is not None
    assert decision.retry_delay >= timedelta(minutes=1)
