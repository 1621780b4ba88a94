"""What do all DAGs have in common: owner, retries by error class, time limits, assets, the writer's pool."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule

WRITER_POOL = "warehouse_writer"  # one slot: the warehouse has one writer

ARCHIVE = Asset("wirewatch_archive", uri="x-wirewatch://archive")
WAREHOUSE = Asset("wirewatch_warehouse", uri="x-wirewatch://warehouse")
TRENDS = Asset("wirewatch_trends", uri="x-wirewatch://trends")

# Trying later helps against a world that was away for a moment, and against nothing else.
RETRY_POLICY = ExceptionRetryPolicy(
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
            exception=["airflow.sdk.exceptions.AirflowRuntimeError", "httpx.HTTPError", "builtins.OSError"],
            reason="the machine or Airflow itself stumbled; trying later",
        ),
    ],
    default=RetryAction.FAIL,
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "wirewatch",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(minutes=30),
}
