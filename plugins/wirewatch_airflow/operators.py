"""How does an Airflow task become a stage call? It turns the task's context into an interval."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperator, Context

from pipeline.interval import DAY, Interval
from wirewatch_airflow.access import access_variables
from wirewatch_airflow.stages import Stage, TaskRun, collect

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.wiring import Pipeline

LINEAGE = "wirewatch"  # the namespace of our assets among the datasets of OpenLineage


class StageOperator(BaseOperator):
    """Calls ``stage(pipeline, run, **arguments)`` and returns its ids or counts.

    ``day``: what the call is about, where that is not the run's interval.
    """

    template_fields: Sequence[str] = ("arguments", "day")
    template_fields_renderers: ClassVar[dict[str, str]] = {"arguments": "json"}
    ui_color = "#e8f0fe"

    def __init__(
        self,
        *,
        stage: Stage,
        arguments: Mapping[str, Any] | None = None,
        every: timedelta = DAY,
        day: str | None = None,
        build: Callable[[], Pipeline] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.stage = stage
        self.arguments = dict(arguments or {})
        self.every = every
        self.day = day
        self.build = build

    def execute(self, context: Context) -> Any:
        interval = (
            Interval.of_day(date.fromisoformat(self.day)) if self.day else interval_of(context, self.every)
        )
        run = TaskRun(interval=interval, states=lambda: task_states(context))
        pipeline = (
            pipeline_of_the_environment({**self._access(), **never_online(context)})
            if self.build is None
            else self.build()
        )
        result = self.stage(pipeline, run, **self.arguments)
        tell_assets(context, interval, result)
        return result

    def get_openlineage_facets_on_start(self) -> Any:
        """What the task reads and makes, as OpenLineage's datasets; its provider calls this where it is installed."""
        from airflow.providers.common.compat.openlineage.facet import Dataset
        from airflow.providers.openlineage.extractors import OperatorLineage  # type: ignore[import-not-found]  # an extra

        def datasets(assets: Iterable[Any]) -> list[Dataset]:
            return [Dataset(namespace=LINEAGE, name=asset.name) for asset in assets]

        return OperatorLineage(inputs=datasets(self.inlets), outputs=datasets(self.outlets))

    def _access(self) -> Mapping[str, str]:
        """What the outlet's connection gives along, for the one stage that asks the network."""
        return access_variables(self.arguments["outlet_id"]) if self.stage is collect else {}


class OutletOperator(StageOperator):
    """A stage of one outlet, whose id names the mapped task; the UI shows its Coverage page beside it."""


def pipeline_of_the_environment(more: Mapping[str, str] | None = None) -> Pipeline:
    """The pipeline that the ``WIREWATCH_…`` variables, and ``more`` of them, describe; made once a process."""
    # Imported by the task, not by the DAG file: parsing a picture must not load the store and the parsers.
    from pipeline.settings import settings

    return _pipeline(settings({**os.environ, **(more or {})}))


@cache
def _pipeline(given: Settings) -> Pipeline:
    from pipeline.wiring import Pipeline

    return Pipeline(given)


def never_online(context: Mapping[str, Any]) -> Mapping[str, str]:
    """A backfill is served from the archive, however young its days are: feeds have no past to ask for."""
    return {"WIREWATCH_OFFLINE": "1"} if context["dag_run"].run_type == "backfill" else {}


def tell_assets(context: Mapping[str, Any], interval: Interval, result: Any) -> None:
    """Write beside each asset event what the task did: its days and its counts."""
    task = context.get("task")
    counts = result if isinstance(result, Mapping) else {}
    for asset in task.outlets if task is not None else ():
        context["outlet_events"][asset].extra = {
            "interval": interval.name,
            **{name: value for name, value in counts.items() if isinstance(value, int | str)},
        }


def interval_of(context: Mapping[str, Any], every: timedelta) -> Interval:
    """The days a person named in the form; else the run's data interval; else the last whole period."""
    params = context.get("params") or {}
    if params.get("start") and params.get("end"):
        return Interval.of_days(date.fromisoformat(params["start"]), date.fromisoformat(params["end"]))
    if params.get("date"):
        return Interval.of_day(date.fromisoformat(params["date"]))
    start, end = context.get("data_interval_start"), context.get("data_interval_end")
    if start is not None and end is not None and start < end:
        return Interval(_plain(start), _plain(end))
    # A run that was started without a date, or by an asset, has no data interval.
    return last_whole(context["dag_run"].run_after, every)


def last_whole(instant: datetime, every: timedelta) -> Interval:
    """The latest period of that length, counted from midnight, that ended at or before the instant."""
    instant = _plain(instant)
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + (instant - midnight) // every * every
    return Interval(end - every, end)


def _plain(instant: datetime) -> datetime:
    """Airflow's instants are of pendulum; ours are of the standard library."""
    instant = instant.astimezone(UTC)
    return datetime.combine(instant.date(), instant.time(), UTC)


def task_states(context: Mapping[str, Any]) -> dict[str, str]:
    """The state of every task of this run; a mapped task's key ends in ``_`` and its index."""
    task_instance, dag_run = context["ti"], context["dag_run"]
    states = task_instance.get_task_states(dag_id=dag_run.dag_id, run_ids=[dag_run.run_id])
    return {task: str(state) for task, state in states.get(dag_run.run_id, {}).items() if state}
