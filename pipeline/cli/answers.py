"""Commands that ask what is published: trends, SQL, search, evidence, export."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.adapters.tables import Format, Table, written
from pipeline.cli.context import (
    DataOption,
    EndOption,
    StartOption,
    day_of,
    end_with,
    pipeline,
    put,
    say,
)
from pipeline.errors import QueryError, QueryTimeoutError, UsageError

if TYPE_CHECKING:
    from pipeline.adapters.search import Question

FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]
_PANEL = "Questions"


def register(app: typer.Typer) -> None:
    for command in (trend, query, search, evidence, report, export):
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
    sql: Annotated[str, typer.Argument(help="One SELECT statement in DuckDB's SQL, or - for stdin.")],
    output: FormatOption = Format.TABLE,
    max_rows: Annotated[int, typer.Option(min=1, help="Stop after that many rows.")] = 10_000,
    max_seconds: Annotated[float, typer.Option(min=0.1, help="Stop after that many seconds.")] = 30.0,
    data: DataOption = None,
) -> None:
    """Run one read-only statement on the published warehouse.

    Example: wirewatch query "select source_name, count(*) from attributions group by all order by 2 desc limit 10"
    """
    try:
        statement = sys.stdin.read() if sql == "-" else sql
        table = pipeline(data, None).query(statement, max_rows=max_rows, max_seconds=max_seconds)
    except QueryTimeoutError as error:
        raise QueryError(f"{error}, or allow more time with --max-seconds") from error
    _show(table, output)
    if table.truncated and output is not Format.TABLE:
        written_rows = f"{len(table.rows):,} rows are written, and there are more"
        end_with(
            [f"{written_rows}: allow them with --max-rows, or write whole tables with `wirewatch export`"]
        )


def search(
    words: Annotated[str, typer.Argument(help="What to look for; quote it for the shell.")],
    start: StartOption = None,
    end: EndOption = None,
    outlet: Annotated[
        list[str] | None, typer.Option("--outlet", help="Only of this outlet, by its id; may be repeated.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", help="Only articles that cite it: a name, words of it, or an id; may be repeated."
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", help="Only in this language, as en or fr; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many articles to show.")] = 10,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, rather than best first.")] = False,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Count articles instead: by day, month, outlet, source or language."),
    ] = None,
    output: FormatOption = Format.TABLE,
    data: DataOption = None,
) -> None:
    """Find articles by their words, best first, with the lines that show why.

    \b
    palmyra museum               both words, in the title or the body
    '"ancient city"'             next to each other; "…"~3: up to 3 between
    'palmyra OR tadmur'          either; NOT or - leaves out; brackets group
    'refug*'                     words that begin so
    'title:palmyra'              in the title; body: likewise
    'source:peskov'              that cite it; outlet: and language: likewise
    'date:2016-03-21..2016-03-27' of these days; date:2016-03

    Words are found in all their forms, with or without accents, by the language of the article. For programs,
    --format json gives the snippet as it stands in the body, with offsets of itself and of the words in it.

    Example: wirewatch search '"ancient city" museum' --start 2016-03-21 --end 2016-04-03
    """
    work = pipeline(data, None)
    question = _question(words, start, end, outlet, source, language, limit=limit, newest=newest)
    if by is not None:
        _show(work.search_counts(question, by), output)
        return
    found = work.search(question)
    _show(found.table_for_people() if output is Format.TABLE else found.table(), output)
    if output is Format.TABLE and len(found.hits) < found.count:
        say(f"{found.count} articles fit; these are the {'newest' if newest else 'best'} {len(found.hits)}")


def evidence(
    number: Annotated[int, typer.Argument(metavar="ARTICLE_ID|ATTRIBUTION_ID")],
    output: FormatOption = Format.TABLE,
    data: DataOption = None,
) -> None:
    """What a row rests on: the sentence, its offsets, and the archived page."""
    _show(pipeline(data, None).reader.evidence(number), output)


def report(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")] = Path("report.html"),
    start: StartOption = None,
    end: EndOption = None,
    data: DataOption = None,
) -> None:
    """Write one HTML page of plots that needs nothing else: to open, to keep, to send.

    Whom the outlets cite, who rises, how the outlets did, who runs whose copy, which figures differ, what is missing.
    Without days: the newest fortnight.

    Example: wirewatch report --out fortnight.html --start 2016-03-21 --end 2016-04-03
    """
    say(f"{out}: {pipeline(data, None).report(out, day_of(start), day_of(end))}")


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made if it is missing.")],
    output: Annotated[
        Literal["parquet", "csv"], typer.Option("--format", help="How to write the tables.")
    ] = "parquet",
    data: DataOption = None,
) -> None:
    """Write every table of the published warehouse to files, a file a table.

    Example: wirewatch export --out tables --format csv
    """
    for file, count in pipeline(data, None).reader.export(out, output):
        say(f"{file}: {count} rows")


def _question(
    words: str,
    start: datetime | None,
    end: datetime | None,
    outlets: list[str] | None,
    sources: list[str] | None,
    languages: list[str] | None,
    *,
    limit: int,
    newest: bool,
) -> Question:
    from pipeline.adapters.search import Question

    return Question(
        words=words,
        start=day_of(start),
        end=day_of(end),
        outlets=tuple(outlets or ()),
        sources=tuple(sources or ()),
        languages=tuple(languages or ()),
        limit=limit,
        is_newest_first=newest,
    )


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
