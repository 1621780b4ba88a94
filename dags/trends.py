"""
### Every named trend, whenever a warehouse was published

Each file of `sql/trends` is answered over its own default days and kept as `trends/<name>.csv` in the data
folder; the log shows the first rows. For other days or parameters: `wirewatch trend NAME --start … --end …`,
or the Coverage page.
"""

from datetime import datetime, timedelta

from airflow.sdk import dag

from wirewatch_airflow import stages
from wirewatch_airflow.defaults import DEFAULT_ARGS, TRENDS, WAREHOUSE
from wirewatch_airflow.operators import StageOperator


@dag(
    schedule=[WAREHOUSE],
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULT_ARGS,
    tags=["wirewatch", "trends"],
    doc_md=__doc__,
)
def trends() -> None:
    names = StageOperator(task_id="names", stage=stages.trend_names, inlets=[WAREHOUSE])
    StageOperator.partial(
        task_id="answer",
        stage=stages.answer_trend,
        map_index_template="{{ task.arguments.name }}",
        outlets=[TRENDS],
    ).expand(arguments=names.output.map(lambda name: {"name": name}))


trends()
