"""
### Every week, what keeps archive and warehouse for years

Each task is safe to repeat, and none loses anything: old captures go only if **keep_captures_days** says so, and
only after every capture was found whole; compacting compares all rows before and after; a backup is read once before
an older one goes.

| task | does | if it is red |
|---|---|---|
| `check_digests` | reads every archived capture | its log names the damage: bring the files back from your copy |
| `learn` | learns what each outlet's pages have in common, to read next week's better | clear it: last week's still holds |
| `drop_old` | removes captures older than was asked; by default none | clear it |
| `audit` | checks all rows ever loaded, where a day's check looks at what its load touched | its log shows the rows: restore a backup, or rebuild |
| `compact` | stores closed months by month, source and day | the build is as it was; clear it |
| `reindex` | writes the search index anew | searching goes on with the old one; clear it |
| `backup` | copies what is published, keeps the newest four | the disk may be full: see its log |

From the command line: `wirewatch doctor --digests`, `wirewatch outlet learn ID`, `wirewatch doctor --drop-older-than DAYS`,
`wirewatch check --all`, `wirewatch warehouse compact`, `wirewatch publish --reindex`, `wirewatch warehouse backup FILE`.
"""

from datetime import datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, dag

from wirewatch_airflow import keeping
from wirewatch_airflow.defaults import ARCHIVE, DEFAULT_ARGS, WAREHOUSE, WRITER_POOL
from wirewatch_airflow.operators import StageOperator


@dag(
    schedule=CronDataIntervalTimetable("30 3 * * 0", timezone="UTC"),
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args={**DEFAULT_ARGS, "execution_timeout": timedelta(hours=12)},
    tags=["wirewatch", "weekly"],
    doc_md=__doc__,
    render_template_as_native_obj=True,  # numbers stay numbers
    params={
        "keep_captures_days": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Days to keep captures",
            description="Empty: for good. What is removed can never be processed again; its rows stay.",
        ),
        "compact": Param(True, type="boolean", title="Compact the warehouse"),
        "backup_folder": Param(
            "", type="string", title="Folder of backups", description="Empty: backups/ in the data folder."
        ),
        "keep_backups": Param(4, type="integer", minimum=1, title="Backups to keep"),
    },
)
def maintenance() -> None:
    digests = StageOperator(task_id="check_digests", stage=keeping.check_digests, inlets=[ARCHIVE])
    learn = StageOperator(
        task_id="learn", stage=keeping.learn, inlets=[ARCHIVE], trigger_rule=TriggerRule.ALL_DONE
    )
    drop_old = StageOperator(
        task_id="drop_old",
        stage=keeping.drop_old,
        arguments={"days": "{{ params.keep_captures_days }}"},
    )
    audit = StageOperator(
        task_id="audit", stage=keeping.audit, pool=WRITER_POOL, trigger_rule=TriggerRule.ALL_DONE
    )
    compact = StageOperator(
        task_id="compact",
        stage=keeping.compact,
        arguments={"wanted": "{{ params.compact }}"},
        pool=WRITER_POOL,
        trigger_rule=TriggerRule.ALL_DONE,  # a damaged archive is no reason to go without a backup
    )
    reindex = StageOperator(
        task_id="reindex", stage=keeping.reindex, pool=WRITER_POOL, trigger_rule=TriggerRule.ALL_DONE
    )
    backup = StageOperator(
        task_id="backup",
        stage=keeping.backup,
        arguments={"folder": "{{ params.backup_folder }}", "keep": "{{ params.keep_backups }}"},
        inlets=[WAREHOUSE],
        trigger_rule=TriggerRule.ALL_DONE,
    )
    settle = StageOperator(
        task_id="account_for_failures", stage=keeping.account_for_failures, trigger_rule=TriggerRule.ALL_DONE
    )
    digests >> drop_old >> audit >> compact >> reindex >> backup >> settle
    digests >> learn >> settle


maintenance()
