"""
### Who is told of what, whenever a warehouse was published

`look` asks each watch of `catalog/watches` what it finds on the days that were published, and keeps it; the same
finding is never kept twice, however often its day is run. `deliver` sends what is owed through the channels, which
are connections: `wirewatch_channel_<name>` of the type SMTP, HTTP or Slack webhook.

| task | does | if it is red |
|---|---|---|
| `look` | findings of all watches | a watch's file is wrong, the log says where; the others looked |
| `deliver` | sends what is owed | a channel took nothing: mend it, then clear the task; nothing is lost |

From the command line: `wirewatch watch run`.
"""

from datetime import datetime, timedelta

from airflow.sdk import TriggerRule, dag

from wirewatch_airflow import watching
from wirewatch_airflow.defaults import DEFAULT_ARGS, WAREHOUSE
from wirewatch_airflow.operators import StageOperator


@dag(
    schedule=[WAREHOUSE],
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULT_ARGS,
    tags=["wirewatch", "alerts"],
    doc_md=__doc__,
)
def watches() -> None:
    look = StageOperator(task_id="look", stage=watching.look)
    # What is owed from before is sent even if a watch could not look.
    deliver = StageOperator(task_id="deliver", stage=watching.deliver, trigger_rule=TriggerRule.ALL_DONE)
    look >> deliver


watches()
