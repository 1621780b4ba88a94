"""A missed deadline, as the triggerer calls us for it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from pipeline.errors import DeliveryError
from wirewatch_airflow.lateness import day_is_late

CONTEXT = {
    "dag_run": {"dag_id": "ingest_daily", "dag_run_id": "scheduled__2016-03-27"},
    "deadline": {"deadline_time": "2016-03-28T03:00:00Z"},
}


def test_a_late_day_is_told_to_the_operators_channels(
    hook: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WIREWATCH_OPERATORS", "hook")
    with caplog.at_level(logging.ERROR):
        asyncio.run(day_is_late(CONTEXT))
    ((path, told),) = hook
    assert path == "/alerts"
    assert told["subject"] == "Late: scheduled__2016-03-27"
    assert "by 2016-03-28T03:00:00Z" in told["text"]
    assert "LATE: The run scheduled__2016-03-27 of ingest_daily is not green" in caplog.text


def test_a_channel_that_takes_nothing_keeps_nothing_from_the_others_and_is_said(
    hook: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WIREWATCH_OPERATORS", "nowhere, hook")
    with pytest.raises(DeliveryError, match="WIREWATCH_CHANNEL_NOWHERE"):
        asyncio.run(day_is_late(CONTEXT))
    assert len(hook) == 1
    assert "nowhere was not told" in caplog.text


def test_where_no_channel_is_named_the_log_says_it_alone(
    hook: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WIREWATCH_OPERATORS", raising=False)
    asyncio.run(day_is_late(CONTEXT))
    assert hook == []
