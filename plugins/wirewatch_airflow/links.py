"""Where does a task's button lead? To its outlet's Coverage page, and to what was rejected there that day.

The API server works the addresses out when somebody looks at a task, so no task pays for them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from airflow.sdk import BaseOperatorLink

from wirewatch_airflow.operators import OutletOperator

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

PAGE = "/plugin/coverage"  # where Airflow puts the page of the plugin's `url_route`


def coverage_path(view: str, **state: str) -> str:
    """The address of a view of the Coverage page, below the address Airflow is served at."""
    return f"{PAGE}?{urlencode({'view': view, **state})}"


class OutletLink(BaseOperatorLink):
    """The outlet of the task, over the days of its run."""

    operators = (OutletOperator,)  # type: ignore[assignment]  # Airflow declares a list
    more: dict[str, str] = {}  # noqa: RUF012 - never changed

    @property
    def name(self) -> str:
        return "Outlet"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002 - as Airflow calls it
        """An empty string, which shows no button, where the task has not started yet."""
        from airflow.configuration import conf
        from airflow.models.taskinstance import TaskInstance
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session(scoped=False) as session:
            task = session.scalar(
                select(TaskInstance).where(
                    TaskInstance.dag_id == ti_key.dag_id,
                    TaskInstance.task_id == ti_key.task_id,
                    TaskInstance.run_id == ti_key.run_id,
                    TaskInstance.map_index == ti_key.map_index,
                )
            )
            # A task that has not told its name yet is named by its index.
            if task is None or ti_key.map_index < 0 or task.rendered_map_index == str(ti_key.map_index):
                return ""
            outlet_id = str(task.rendered_map_index)
            start, end = task.dag_run.data_interval_start, task.dag_run.data_interval_end
        days = {}
        if start is not None and end is not None and start < end:
            last = end - timedelta(microseconds=1)
            days = {"start": f"{start:%Y-%m-%d}", "end": f"{last:%Y-%m-%d}"}
        base = urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
        return base + coverage_path("outlet", outlet=outlet_id, **days, **self.more)


class RejectsLink(OutletLink):
    """What was rejected and lost of the outlet."""

    more = {"section": "rejects"}  # noqa: RUF012 - never changed

    @property
    def name(self) -> str:
        return "Rejects"
