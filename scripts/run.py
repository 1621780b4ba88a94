"""What does Wirewatch do? `make run`: the bundled sample archive through the real DAG, then trends of it.

Every day of the samples is a recorded run of ``ingest_daily``; no network is asked. One day's feed is broken
on purpose: its run is red, because a day with a loss never counts as whole, and its rest is published.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import airflow_home
from pipeline.errors import WirewatchError
from pipeline.interval import Interval

if TYPE_CHECKING:
    from rich.console import Console

    from day_runs import RunResult
    from pipeline.adapters.tables import Table
    from pipeline.wiring import Pipeline

DAG_ID = "ingest_daily"
FIRST, LAST = date(2016, 3, 21), date(2016, 4, 3)  # of the sample archive
SHOWN_TRENDS = ("attention", "share_of_voice", "who_quotes_whom", "syndication", "first_to_report")
SHOWN_ROWS = 8
LONG = 20  # letters of a value
WIDTH = 118  # of tables where there is no terminal to ask

DONE, LOST, WRONG_USE = 0, 1, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a day's run came to, in words, and whether it is as it should be."""

    text: str
    expected: bool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--start", type=date.fromisoformat, default=FIRST, metavar="DAY")
    parser.add_argument("--end", type=date.fromisoformat, default=LAST, metavar="DAY", help="done too")
    asked = parser.parse_args(arguments)
    # Byte code of the environment we made ourselves: without it every start compiles Airflow anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    settings = airflow_home.environment({**os.environ, "WIREWATCH_OFFLINE": "1"})
    airflow_home.enter(settings)
    home = Path(settings["AIRFLOW_HOME"])

    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    started = time.monotonic()
    console.print(f"Preparing Airflow in {airflow_home.shown(home)} …")
    airflow_home.prepare(home)

    import day_runs

    if day_runs.scheduler_is_running():
        console.print(
            "Airflow is running (`make up`): stop it first, or trigger ingest_daily there with a date from "
            f"{FIRST} to {LAST}."
        )
        return WRONG_USE

    from pipeline.settings import settings as pipeline_settings
    from pipeline.wiring import Pipeline

    line = Pipeline(pipeline_settings(os.environ))
    days = list(Interval.of_days(asked.start, asked.end).days())
    console.print(f"Running the DAG {DAG_ID} for {len(days)} days of the sample archive, offline:")
    all_expected = True
    for result in day_runs.run_dag(DAG_ID, days, home / "logs"):
        verdict = verdict_on(result, line)
        all_expected = all_expected and verdict.expected
        mark = "[green]whole[/]" if result.state == "success" else "[red]red[/]  "
        console.print(
            f"  {result.interval.name}  {mark}  {sum(result.tasks.values()):3} tasks {result.seconds:5.1f} s  ",
            end="",
        )
        console.print(verdict.text, markup=False, soft_wrap=True)
    try:
        show_summary(line, console)
        for name in SHOWN_TRENDS:
            show_trend(line, name, console)
    except WirewatchError as error:
        console.print(f"[red]No answer:[/] {error}", soft_wrap=True)
        all_expected = False
    show_next(console, home, time.monotonic() - started, all_expected=all_expected)
    return DONE if all_expected else LOST


def verdict_on(result: RunResult, line: Pipeline) -> Verdict:
    """A green run is whole; a red one is as expected when the published warehouse names every loss."""
    if result.state == "success":
        return Verdict(text="", expected=True)
    others = [task for task in result.failed if task != "account_for_losses"]
    if others:
        return Verdict(text=f"{named(others)} failed; the logs say why", expected=False)
    day = result.interval.start.date()
    lost = line.trend("coverage_gaps", start=day, end=day)
    gaps = [
        f"{row['outlet']}: {row['reason']} at {row['example']}"
        for row in (dict(zip(lost.columns, values, strict=True)) for values in lost.rows)
    ]
    if not gaps:
        return Verdict(text="red, but the warehouse names no gap; its logs say why", expected=False)
    return Verdict(
        text=f"published, but not whole, as it should be with these samples: {'; '.join(gaps)}", expected=True
    )


def named(tasks: list[str]) -> str:
    return tasks[0] if len(tasks) == 1 else f"{tasks[0]} and {len(tasks) - 1} more tasks"


def show_summary(line: Pipeline, console: Console) -> None:
    console.print()
    show_table(line.trend("collecting", start=FIRST, end=LAST), "What was ingested", console, rows=None)
    show_table(line.trend("reject_reasons", start=FIRST, end=LAST), "Rejects by reason", console, rows=None)


def show_trend(line: Pipeline, name: str, console: Console) -> None:
    info = next((info for info in line.reader.trends() if info.name == name), None)
    if info is None:
        raise WirewatchError(f"there is no trend {name}: is the file missing in sql/trends?")
    show_table(line.trend(name, start=FIRST, end=LAST), f"{name}: {info.question}", console, rows=SHOWN_ROWS)


def show_table(table: Table, title: str, console: Console, *, rows: int | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(title=Text(title), title_justify="left", box=SIMPLE_HEAD, title_style="bold")
    cells = [[cell_of(value) for value in row] for row in table.rows[:rows]]
    for place, (column, kind) in enumerate(zip(table.columns, table.types, strict=True)):
        right = kind.endswith("INT") or kind in ("INTEGER", "DOUBLE")
        grid.add_column(
            Text(column),
            justify="right" if right else "left",
            overflow="ellipsis",
            no_wrap=True,
            # Where all is too wide, long values are cut: no name of a column, and nothing short.
            min_width=max(len(column), *(min(len(row[place]), LONG) for row in cells), 0),
        )
    for row in cells:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)
    if rows is not None and len(table.rows) > rows:
        console.print(f"  … and {len(table.rows) - rows} more rows\n", style="dim")


def cell_of(value: object) -> str:
    """A value as people read it, without letters that a terminal would obey."""
    from pipeline.adapters.tables import shown

    return "".join(letter if letter.isprintable() else " " for letter in shown(value))


def show_next(console: Console, home: Path, seconds: float, *, all_expected: bool) -> None:
    data = airflow_home.shown(Path(os.environ["WIREWATCH_DATA"]))
    console.print(
        f"\nDone in {seconds:.0f} s; the warehouse is {data}/warehouse/wirewatch.duckdb. Next:", markup=False
    )
    for command, purpose in (
        ("make up", "the Airflow UI: these runs, their logs, and the Coverage page"),
        (
            ".venv/bin/wirewatch report --out report.html",
            "these plots and more as one page, to open or to send",
        ),
        (".venv/bin/wirewatch trend", "all named trends; with a name: its answer"),
        ('.venv/bin/wirewatch query "select title, url from articles limit 5"', "SQL of your own"),
        (".venv/bin/wirewatch outlet discover https://…", "an outlet of your own"),
    ):
        console.print(f"  {command:70} {purpose}", markup=False, soft_wrap=True)
    if not all_expected:
        console.print(
            f"[red]Something was not as expected[/] (above). Logs: {airflow_home.shown(home)}/logs",
            soft_wrap=True,
        )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WirewatchError as mistake:  # its text says what to do
        sys.exit(f"{mistake}")
