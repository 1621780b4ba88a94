"""What do all DAGs have in common: owner, retries by error class, time limits, assets, the writer's pool,
and when a day is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    Context,
    ExceptionRetryPolicy,
    RetryAction,
    RetryDecision,
    RetryRule,
)
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from wirewatch_airflow.lateness import day_is_late

WRITER_POOL = "warehouse_writer"  # one slot: the warehouse has one writer
LATE_AFTER = timedelta(hours=3)  # after its run was queued, at midnight, a day ought to be published

ARCHIVE = Asset("wirewatch_archive", uri="x-wirewatch://archive", group="wirewatch")
WAREHOUSE = Asset("wirewatch_warehouse", uri="x-wirewatch://warehouse", group="wirewatch")
TRENDS = Asset("wirewatch_trends", uri="x-wirewatch://trends", group="wirewatch")


class BackingOff(ExceptionRetryPolicy):
    """Each time three times as long, at least as long as the server asked, at most an hour."""

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None
    ) -> RetryDecision:
        decision = super().evaluate(exception, try_number, max_tries, context)
        if decision.retry_delay is None:
            return decision
        asked = timedelta(seconds=getattr(exception, "retry_after", None) or 0)
        delay = max(decision.retry_delay * 3 ** (try_number - 1), asked)
        return replace(decision, retry_delay=min(delay, timedelta(hours=1)))


# Trying later helps against a world that was away for a moment, and against nothing else.
RETRY_POLICY = BackingOff(
    rules=[
        RetryRule(
            exception="pipeline.errors.TransientError",
            retry_delay=timedelta(minutes=2),
            reason="the outlet did not answer; trying later",
        ),
        RetryRule(
            exception="pipeline.errors.WarehouseBusyError",
            retry_delay=timedelta(seconds=30),
            reason="another process writes the warehouse; trying later",
        ),
        RetryRule(
            exception=["pipeline.errors.CatalogError", "pipeline.errors.UsageError"],
            action=RetryAction.FAIL,
            reason="a file or a parameter is wrong: the message says which; mend it, then clear this task",
        ),
        RetryRule(
            exception=["airflow.sdk.exceptions.AirflowRuntimeError", "httpx.HTTPError", "builtins.OSError"],
            retry_delay=timedelta(seconds=30),
            reason="the machine or Airflow itself stumbled; trying later",
        ),
    ],
    default=RetryAction.FAIL,
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "wirewatch",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),  # where a worker was killed, and nothing was raised
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(minutes=30),
}

DAY_IS_LATE = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=LATE_AFTER,
    callback=AsyncCallback(day_is_late),
    name="The day is late",
)
