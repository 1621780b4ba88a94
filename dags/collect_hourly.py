"""
### Every hour, what the outlets' feeds show, into the archive

Feeds forget within hours, so collecting has its own clock. Nothing is extracted or loaded here: `ingest_daily`
does that at midnight with everything the hours have archived. Clearing an hour again fetches what is still
missing and nothing twice.

A red `outlet.collect` means an outlet was away after all retries; a red `account_for_losses` names what was
lost. What a later hour still finds in the feed is not lost.
"""

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, TriggerRule, dag, task_group

from wirewatch_airflow import stages
from wirewatch_airflow.defaults import ARCHIVE, DEFAULT_ARGS
from wirewatch_airflow.operators import OutletOperator, StageOperator


@dag(
    schedule=CronDataIntervalTimetable("0 * * * *", timezone="UTC"),
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=55),
    default_args={**DEFAULT_ARGS, "every": timedelta(hours=1)},
    tags=["wirewatch", "hourly"],
    doc_md=__doc__,
)
def collect_hourly() -> None:
    plan = StageOperator(task_id="plan", stage=stages.plan)

    @task_group(group_id="outlet")
    def outlet(outlet_id: str) -> Any:
        return OutletOperator(
            task_id="collect",
            stage=stages.collect,
            arguments={"outlet_id": outlet_id},
            map_index_template="{{ task.arguments.outlet_id }}",
            outlets=[ARCHIVE],
        ).output

    StageOperator(
        task_id="account_for_losses",
        stage=stages.account_for_collecting,
        arguments={
            "outlet_ids": plan.output,
            "collected": outlet.expand(outlet_id=plan.output),
            "mapped": "outlet.",
        },
        trigger_rule=TriggerRule.ALL_DONE,
    )


collect_hourly()
