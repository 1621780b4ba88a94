"""Commands that ask the published warehouse: trends, SQL, evidence, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.tables import Format, Table, written
from pipeline.cli.context import (
    DataOption,
    EndOption,
    StartOption,
    day_of,
    pipeline,
    put,
    say,
)
from pipeline.errors import UsageError

FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]
_PANEL = "Questions"


def register(app: typer.Typer) -> None:
    for command in (trend, query, evidence, export):
        app.command(rich_help_panel=_PANEL)(command)


def trend(
    name: Annotated[str | None, typer.Argument(help="Which trend; none: list them.")] = None,
    start: StartOption = None,
    end: EndOption = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the trend.")
    ] = None,
    output: FormatOption = Format.TABLE,
    data: DataOption = None,
) -> None:
    """Answer a named question; without a name, list the questions there are.

    Example: wirewatch trend who_quotes_whom --start 2016-03-21 --end 2016-04-03 --format csv
    """
    work = pipeline(data, None)
    if name is None:
        _show(work.reader.listing(), output)
        return
    _show(work.trend(name, start=day_of(start), end=day_of(end), params=_pairs(param or [])), output)


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT statement in DuckDB's SQL.")],
    output: FormatOption = Format.TABLE,
    max_rows: Annotated[int, typer.Option(help="Stop after that many rows.")] = 10_000,
    max_seconds: Annotated[float, typer.Option(help="Stop after that many seconds.")] = 30.0,
    data: DataOption = None,
) -> None:
    """Run one read-only statement on the published warehouse.

    Example: wirewatch query "select source_name, count(*) from attributions group by all order by 2 desc limit 10"
    """
    _show(pipeline(data, None).query(sql, max_rows=max_rows, max_seconds=max_seconds), output)


def evidence(
    number: Annotated[int, typer.Argument(metavar="ARTICLE_ID|ATTRIBUTION_ID")],
    output: FormatOption = Format.TABLE,
    data: DataOption = None,
) -> None:
    """What a row rests on: the sentence, its offsets, and the archived page."""
    _show(pipeline(data, None).reader.evidence(number), output)


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made if it is missing.")],
    output: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    data: DataOption = None,
) -> None:
    """Write every table of the published warehouse to files, a file a table.

    Example: wirewatch export --out tables --format csv
    """
    for file, count in pipeline(data, None).reader.export(out, output):
        say(f"{file}: {count} rows")


def _show(table: Table, output: Format) -> None:
    text = written(table, output)
    if isinstance(text, bytes):
        if sys.stdout.isatty():
            raise UsageError(
                "parquet is binary: send it to a file, such as `… --format parquet > answer.parquet`"
            )
        sys.stdout.buffer.write(text)
        return
    put(text)


def _pairs(arguments: list[str]) -> dict[str, str]:
    pairs = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise UsageError(f"--param {argument}: write it as name=value")
        pairs[name] = value
    return pairs
