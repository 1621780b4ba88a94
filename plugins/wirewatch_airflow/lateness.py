"""What is said when a day is late? Airflow's triggerer calls this once for each missed deadline."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


async def day_is_late(context: dict[str, Any]) -> None:
    """The run and what to look at, as an error in the triggerer's log; the UI shows the missed deadline itself."""
    run = context.get("dag_run") or {}
    deadline = context.get("deadline") or {}
    log.error(
        "LATE: run %s of %s is not green, and should have been by %s. Readers keep the day before. Look at the "
        "run's red or queued tasks; if none is, see whether a worker is up and the pool warehouse_writer is free.",
        run.get("dag_run_id") or run.get("run_id"),
        run.get("dag_id"),
        deadline.get("deadline_time"),
    )
