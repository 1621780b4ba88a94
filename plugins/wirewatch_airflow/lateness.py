"""Who is told that a day is late, and what? Airflow's triggerer calls this once for each missed deadline."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

# Channels of those who run this, as "desk, chat"; whoever reads alerts need not know of it.
OPERATORS = "WIREWATCH_OPERATORS"


async def day_is_late(context: dict[str, Any]) -> None:
    """An error in the triggerer's log, and a message to each channel that WIREWATCH_OPERATORS names.

    DeliveryError, once all were tried, where one did not take it.
    """
    subject, text = said(context)
    log.error("LATE: %s", text)
    failed: list[Exception] = []
    for channel in os.environ.get(OPERATORS, "").replace(",", " ").split():
        try:
            # Not in the triggerer's own thread, which waits for nobody.
            await asyncio.to_thread(_tell, channel, subject, text)
        except Exception as error:  # whatever is wrong with one channel, the others are told
            log.error("%s was not told: %s", channel, error)
            failed.append(error)
    if failed:
        raise failed[0]


def said(context: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the text of the message, the same each time for the same run."""
    run, deadline = context.get("dag_run") or {}, context.get("deadline") or {}
    dag_id, run_id = run.get("dag_id"), run.get("dag_run_id") or run.get("run_id")
    return f"Late: {run_id}", (
        f"The run {run_id} of {dag_id} is not green, and should have been by {deadline.get('deadline_time')}. "
        "Readers keep the day before. Look at the run's red or queued tasks; if none is, see whether a worker is up "
        "and the pool warehouse_writer is free."
    )


def _tell(channel: str, subject: str, text: str) -> None:
    from airflow.sdk import Context

    from wirewatch_airflow.notifiers import ChannelNotifier

    log.info("Telling %s", channel)
    ChannelNotifier(channel=channel, subject=subject, text=text).notify(Context())
