"""
### One day of news, from the feeds to the published warehouse

Each midnight (UTC) the day that just ended is collected once more, processed, loaded, checked and published.
To do another day, trigger the DAG and pick the **date**; running a day again replaces its rows and changes
nothing else. Only recent days are asked of the network: an older one comes from the archive. So does every day of
a **backfill** (*Trigger → Backfill*, or `airflow backfill create`), however young it is.

A run that is not green three hours after midnight is *late*: the UI shows its missed deadline, the triggerer's log
says where to look, and the channels that `WIREWATCH_OPERATORS` names are told. From the command line: `wirewatch run --date D`.

| task | does | if it is red |
|---|---|---|
| `plan` | lists the outlets watched that day | a file in `catalog/` is wrong: the log names it |
| `outlet.collect` | reads feeds, archives new pages | the outlet is away: clear it later; the rest goes on |
| `outlet.process` | archived pages → articles, attributions, figures | clear it once the cause is mended |
| `load` | replaces the day's rows, in one transaction | nothing was written: clear it |
| `check` | looks for rows that must not be | the log shows them; readers keep the last good state |
| `publish` | swaps the new warehouse in | clear it |
| `account_for_losses` | says what was lost, if anything | **the day is published, but not whole** |
"""

from datetime import datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, WeightRule, dag, task_group

from wirewatch_airflow import stages
from wirewatch_airflow.defaults import ARCHIVE, DAY_IS_LATE, DEFAULT_ARGS, WAREHOUSE, WRITER_POOL
from wirewatch_airflow.operators import OutletOperator, StageOperator


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    deadline=DAY_IS_LATE,
    default_args={
        **DEFAULT_ARGS,
        # Results that no task reads stay in the logs and the warehouse: handing them on was a quarter of a run's work.
        "do_xcom_push": False,
        # What is begun is finished first: pages are read while other outlets' hosts are waited for.
        "weight_rule": WeightRule.UPSTREAM,
    },
    tags=["wirewatch", "daily"],
    doc_md=__doc__,
    params={
        "date": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day",
            description="The day (UTC) to ingest. Empty: the run's own day, which is yesterday.",
        )
    },
)
def ingest_daily() -> None:
    plan = StageOperator(task_id="plan", stage=stages.plan, do_xcom_push=True)

    @task_group(group_id="outlet")
    def outlet(outlet_id: str) -> None:
        collect = OutletOperator(
            task_id="collect",
            stage=stages.collect,
            arguments={"outlet_id": outlet_id},
            map_index_template="{{ task.arguments.outlet_id }}",
            outlets=[ARCHIVE],
        )
        process = OutletOperator(
            task_id="process",
            stage=stages.process,
            arguments={"outlet_id": outlet_id},
            map_index_template="{{ task.arguments.outlet_id }}",
            # What was archived earlier that day is processed even if this collecting failed.
            trigger_rule=TriggerRule.ALL_DONE,
        )
        collect >> process

    load = StageOperator(
        task_id="load",
        stage=stages.load,
        arguments={"outlet_ids": plan.output},
        pool=WRITER_POOL,
        trigger_rule=TriggerRule.ALL_DONE,
        inlets=[ARCHIVE],
    )
    check = StageOperator(task_id="check", stage=stages.check, pool=WRITER_POOL)
    publish = StageOperator(task_id="publish", stage=stages.publish, pool=WRITER_POOL, outlets=[WAREHOUSE])
    account_for_losses = StageOperator(
        task_id="account_for_losses",
        stage=stages.account_for_losses,
        arguments={"outlet_ids": plan.output, "mapped": "outlet."},
        trigger_rule=TriggerRule.ALL_DONE,
    )
    outlet.expand(outlet_id=plan.output) >> load >> check >> publish >> account_for_losses


ingest_daily()
