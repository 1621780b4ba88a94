"""
### What the day, and on Mondays the week, came to: by mail

Each morning at six (UTC), when the day before is published. Digests are files of `catalog/digests`; each period is
sent once. A red `deliver` means that a channel took nothing: mend it and clear the task, nothing is lost.
From the command line: `wirewatch watch digest`.
"""

from datetime import datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag

from wirewatch_airflow import watching
from wirewatch_airflow.defaults import DEFAULT_ARGS
from wirewatch_airflow.operators import StageOperator


@dag(
    schedule=CronDataIntervalTimetable("0 6 * * *", timezone="UTC"),
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULT_ARGS,
    tags=["wirewatch", "alerts"],
    doc_md=__doc__,
)
def digests() -> None:
    owe = StageOperator(task_id="owe", stage=watching.owe_digests)
    deliver = StageOperator(task_id="deliver", stage=watching.deliver)
    owe >> deliver


digests()
