"""
### Days again, from the archive

After an extractor, a rule or a catalogue file has changed: pick the first and the last **day** (both are done)
and, if not all, the **outlets**; say **what changed**. The days are processed, loaded, checked and published again
from what the archive holds; the network is never asked. `compare` shows how the published counts differ from before,
and the warehouse's asset event keeps the reason. A red `account_for_losses` names pages that the archive has let go:
their rows stay as they were. From the command line: `wirewatch reprocess --start A --end B`.
"""

from datetime import datetime, timedelta

from airflow.sdk import Param, TriggerRule, dag

from wirewatch_airflow import stages
from wirewatch_airflow.defaults import ARCHIVE, DEFAULT_ARGS, WAREHOUSE, WRITER_POOL
from wirewatch_airflow.operators import OutletOperator, StageOperator


@dag(
    schedule=None,
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args={**DEFAULT_ARGS, "execution_timeout": timedelta(hours=6)},
    tags=["wirewatch", "archive"],
    doc_md=__doc__,
    render_template_as_native_obj=True,  # the outlets are a list
    params={
        "start": Param("2016-03-21", type="string", format="date", title="First day"),
        "end": Param(
            "2016-04-03", type="string", format="date", title="Last day", description="It is done too."
        ),
        "outlets": Param(
            [],
            type="array",
            items={"type": "string"},
            title="Outlets",
            description="Ids of outlets, one a line, such as meridian-wire. Empty: all that were watched.",
        ),
        "changed": Param(
            "",
            type="string",
            title="What changed",
            description="The extractor, a rule, a catalogue file … It is kept with the run and its asset event.",
        ),
    },
)
def reprocess() -> None:
    before = StageOperator(
        task_id="count_before", stage=stages.count_before, arguments={"changed": "{{ params.changed }}"}
    )
    plan = StageOperator(task_id="plan", stage=stages.plan, arguments={"outlet_ids": "{{ params.outlets }}"})
    process = OutletOperator.partial(
        task_id="process",
        stage=stages.process,
        map_index_template="{{ task.arguments.outlet_id }}",
    ).expand(arguments=plan.output.map(lambda outlet_id: {"outlet_id": outlet_id, "again": True}))
    load = StageOperator(
        task_id="load",
        stage=stages.load,
        arguments={"outlet_ids": plan.output},
        pool=WRITER_POOL,
        # A half reprocessed span would mix two extractors: all or nothing.
        trigger_rule=TriggerRule.ALL_SUCCESS,
        inlets=[ARCHIVE],
    )
    check = StageOperator(task_id="check", stage=stages.check, pool=WRITER_POOL)
    publish = StageOperator(task_id="publish", stage=stages.publish, pool=WRITER_POOL)
    compare = StageOperator(
        task_id="compare",
        stage=stages.compare,
        arguments={"before": before.output, "changed": "{{ params.changed }}"},
        outlets=[WAREHOUSE],
    )
    account_for_losses = StageOperator(
        task_id="account_for_losses",
        stage=stages.account_for_unread,
        arguments={"outlet_ids": plan.output},
    )
    before >> plan
    process >> load >> check >> publish >> compare >> account_for_losses


reprocess()
