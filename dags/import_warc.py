"""
### WARC files of others into the archive, and their days into the warehouse

Common Crawl's CC-NEWS, wget's, a museum's: name **files**, folders or patterns that every worker sees. Pages of
catalogued outlets are taken, or those of **any host**, and archived under their day of capture. The days they touch
are then processed, loaded, checked and published as any other day. Doing a file again adds nothing; the network is
never asked.

| task | does | if it is red |
|---|---|---|
| `list_files` | finds the files | a name is wrong: trigger again with whole paths |
| `import_file` | archives a file's pages | the file is cut short or no WARC: what came before the cut is kept |
| `touched` | says which days and outlets | clear it |
| `process` | archived pages → articles, 25 outlets a task | clear it once the cause is mended |
| `load`, `check`, `publish` | as in `ingest_daily` | readers keep the last good state |

From the command line: `wirewatch import-warc FILE…`, then `wirewatch reprocess --start A --end B`.
"""

from datetime import datetime, timedelta

from airflow.sdk import Param, dag

from wirewatch_airflow import importing, stages
from wirewatch_airflow.defaults import ARCHIVE, DEFAULT_ARGS, WAREHOUSE, WRITER_POOL
from wirewatch_airflow.operators import StageOperator


@dag(
    schedule=None,
    start_date=datetime(2016, 3, 1),  # noqa: DTZ001 - Airflow takes it as UTC
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=48),
    default_args={**DEFAULT_ARGS, "execution_timeout": timedelta(hours=6)},
    tags=["wirewatch", "archive"],
    doc_md=__doc__,
    render_template_as_native_obj=True,  # the files are a list
    params={
        "files": Param(
            type="array",
            items={"type": "string"},
            minItems=1,
            title="Files",
            description="Whole paths of WARC files, folders, or patterns such as /data/cc-news/*.warc.gz; one a line.",
        ),
        "every_host": Param(
            False,
            type="boolean",
            title="Pages of any host",
            description="Off: only of outlets in the catalogue. On: a host that is no outlet's becomes one of its own.",
        ),
    },
)
def import_warc() -> None:
    files = StageOperator(
        task_id="list_files",
        stage=importing.list_files,
        arguments={"files": "{{ params.files }}", "every_host": "{{ params.every_host }}"},
    )
    imported = StageOperator.partial(
        task_id="import_file",
        stage=importing.import_file,
        map_index_template="{{ task.arguments.file.rpartition('/')[2] }}",
        outlets=[ARCHIVE],
    ).expand(arguments=files.output)
    touched = StageOperator(
        task_id="touched", stage=importing.touched, arguments={"imported": imported.output}, inlets=[ARCHIVE]
    )
    process = StageOperator.partial(
        task_id="process",
        stage=importing.process_batch,
        map_index_template="{{ task.day }} {{ task.arguments.outlet_ids[0] }} … {{ task.arguments.outlet_ids[-1] }}",
    ).expand_kwargs(touched.output)
    batches = {"batches": touched.output}
    load = StageOperator(task_id="load", stage=importing.load_batches, arguments=batches, pool=WRITER_POOL)
    check = StageOperator(task_id="check", stage=importing.check_batches, arguments=batches, pool=WRITER_POOL)
    publish = StageOperator(task_id="publish", stage=stages.publish, pool=WRITER_POOL, outlets=[WAREHOUSE])
    process >> load >> check >> publish


import_warc()
