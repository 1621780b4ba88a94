"""
### A new outlet, from its address to its first published article

Trigger it with the address of the outlet's **home page**. `propose` asks the site for its feeds, politely, and makes a
catalogue file of them. `approve` then waits for a person: it shows the file in *Required actions* (at the top of the
run's page), asks for what a site does not say of itself (kind, country, time zone), and takes *Approve* or *Reject*.
After *Approve* the file stands in `catalog/outlets/`, the outlet is collected for the first time, processed, loaded,
checked and published, and `first_articles` shows what readers now see. From then on `collect_hourly` has it.

| task | if it is red |
|---|---|
| `propose` | the site does not answer, has no feed, refuses us, or is in the catalogue already: its log says which |
| `approve` | nobody answered for a week: trigger the DAG again |
| `adopt` | the file would make the catalogue wrong: the log says where; trigger again and fill that in |
| `collect` … `publish` | as in `ingest_daily` |
| `first_articles` | the outlet is watched, but nothing of it was an article yet: its log says where to look |

From the command line: `wirewatch outlet discover URL > ID.toml`, `wirewatch outlet adopt ID.toml`,
`wirewatch run --outlet ID`.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag

from wirewatch_airflow import onboarding, stages
from wirewatch_airflow.defaults import ARCHIVE, DEFAULT_ARGS, WAREHOUSE, WRITER_POOL
from wirewatch_airflow.operators import StageOperator

OUTLET = "{{ ti.xcom_pull(task_ids='adopt')['outlet_id'] }}"
DAY = "{{ ti.xcom_pull(task_ids='adopt')['day'] }}"


@dag(
    schedule=None,
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=16,  # most of them wait for a person
    dagrun_timeout=timedelta(days=8),
    default_args=DEFAULT_ARGS,
    tags=["wirewatch", "catalogue"],
    doc_md=__doc__,
    params={
        "url": Param(
            type="string",
            pattern="^https?://[^ ]+$",
            title="Home page",
            description="The outlet's address, such as https://www.mypaper.example/",
        ),
        "outlet_id": Param(
            "",
            type="string",
            pattern="^([a-z0-9]+([-_][a-z0-9]+)*)?$",
            title="Id",
            description="Lower-case letters and digits, such as my-paper. Empty: made from the address.",
        ),
    },
)
def onboard_outlet() -> None:
    propose = StageOperator(
        task_id="propose",
        stage=onboarding.propose,
        arguments={"url": "{{ params.url }}", "outlet_id": "{{ params.outlet_id }}"},
        execution_timeout=timedelta(minutes=30),
    )
    approve = ApprovalOperator(
        task_id="approve",
        subject="Watch {{ ti.xcom_pull(task_ids='propose')['name'] }}?",
        body=(
            "This file would be written to `catalog/outlets/{{ ti.xcom_pull(task_ids='propose')['outlet_id'] }}.toml`, "
            "and the outlet collected every hour from today on.\n\n"
            "```toml\n{{ ti.xcom_pull(task_ids='propose')['file'] }}```\n\n"
            "What you fill in below replaces what the file says. {{ ti.xcom_pull(task_ids='propose')['doubt'] }}"
        ),
        params={
            "name": Param("", type="string", title="Name", description="Empty: as proposed."),
            "kind": Param(
                "online",
                type="string",
                enum=["agency", "aggregator", "broadcaster", "government", "ngo", "online", "paper"],
                title="Kind",
            ),
            "language": Param(
                "",
                type="string",
                pattern="^([a-z]{2,3})?$",
                title="Language",
                description="Empty: as proposed.",
            ),
            "country": Param(
                "",
                type="string",
                pattern="^([A-Z]{2})?$",
                title="Country",
                description="Two letters, such as GB.",
            ),
            "timezone": Param(
                "", type="string", title="Time zone", description="Such as Europe/London; empty: UTC."
            ),
        },
        execution_timeout=None,  # of its own work, which takes a second; a person has longer
        response_timeout=timedelta(days=7),
    )
    adopt = StageOperator(
        task_id="adopt",
        stage=onboarding.adopt,
        arguments={"proposal": propose.output, "answer": approve.output},
    )
    collect = StageOperator(
        task_id="collect", stage=stages.collect, arguments={"outlet_id": OUTLET}, day=DAY, outlets=[ARCHIVE]
    )
    process = StageOperator(task_id="process", stage=stages.process, arguments={"outlet_id": OUTLET}, day=DAY)
    load = StageOperator(
        task_id="load", stage=stages.load, arguments={"outlet_ids": [OUTLET]}, day=DAY, pool=WRITER_POOL
    )
    check = StageOperator(task_id="check", stage=stages.check, day=DAY, pool=WRITER_POOL)
    publish = StageOperator(
        task_id="publish", stage=stages.publish, day=DAY, pool=WRITER_POOL, outlets=[WAREHOUSE]
    )
    first_articles = StageOperator(
        task_id="first_articles", stage=onboarding.first_articles, arguments={"outlet_id": OUTLET}, day=DAY
    )
    propose >> approve >> adopt >> collect >> process >> load >> check >> publish >> first_articles


onboard_outlet()
