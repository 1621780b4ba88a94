"""What all commands share: their options, where they print, how they end."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler

from pipeline.errors import UsageError
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline

stderr = Console(stderr=True)


class ExitCode(IntEnum):
    DONE = 0
    LOSSES = 1
    WRONG_USE = 2
    NOTHING_DONE = 3


DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of archive and warehouse.", show_default="$WIREWATCH_DATA or ./data"),
]
CatalogOption = Annotated[
    Path | None,
    typer.Option(
        "--catalog", help="Folder of outlets and sources.", show_default="$WIREWATCH_CATALOG or ./catalog"
    ),
]
DAY: dict[str, Any] = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
DateOption = Annotated[
    datetime | None, typer.Option("--date", **DAY, help="One day, in UTC.", show_default="today")
]
NewestDateOption = Annotated[
    datetime | None,
    typer.Option("--date", **DAY, help="One day, in UTC.", show_default="the newest published day"),
]
StartOption = Annotated[datetime | None, typer.Option("--start", **DAY, help="First day, in UTC.")]
EndOption = Annotated[datetime | None, typer.Option("--end", **DAY, help="Last day, in UTC; it is included.")]
OutletOption = Annotated[
    list[str] | None,
    typer.Option(
        "--outlet",
        help="Only this outlet; may be given several times.",
        show_default="all that are watched",
    ),
]
OfflineOption = Annotated[
    bool, typer.Option("--offline", help="Never ask the network: replay the archive and the bundled samples.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Tell what is done, line by line.")]


def pipeline(data: Path | None, catalog: Path | None, *, offline: bool = False) -> Pipeline:
    return Pipeline(settings(os.environ, data=data, catalog=catalog, offline=offline))


def interval_of(day: datetime | None, start: datetime | None, end: datetime | None) -> Interval:
    """The days asked for; today where none is named."""
    if day and (start or end):
        raise UsageError("give either --date or --start and --end, not both")
    if bool(start) != bool(end):
        raise UsageError("give both --start and --end, or --date for a single day")
    if start and end:
        if end < start:
            raise UsageError(f"--end {end:%Y-%m-%d} is before --start {start:%Y-%m-%d}")
        return _days(start.date(), end.date())
    only = day.date() if day else datetime.now(UTC).date()
    return _days(only, only)


def _days(first: date, last: date) -> Interval:
    try:
        return Interval.of_days(first, last)
    except OverflowError as error:
        raise UsageError(
            f"{last} is the last day there can be, and has no end: name an earlier one"
        ) from error


def day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def show_log(*, verbose: bool) -> None:
    """Send the stages' log to stderr: all of it, or what needs a person's attention."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(message)s",
        handlers=[RichHandler(console=stderr, show_path=False, markup=False, log_time_format="%H:%M:%S")],
        force=True,
    )
    # It speaks only where it writes a whole index of many articles, which takes minutes.
    logging.getLogger("wirewatch.search").setLevel(logging.INFO)
    for library in ("trafilatura", "htmldate"):  # they report every page they cannot use; rejects do that
        logging.getLogger(library).setLevel(logging.CRITICAL)


def complain(problem: object) -> None:
    stderr.print(f"wirewatch: {problem}", style="bold red", markup=False, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line for people, on stderr."""
    stderr.print(text, markup=False, highlight=False, soft_wrap=True)


def put(text: str) -> None:
    """Output, on stdout."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def end_with(lost: Sequence[str]) -> None:
    """Where something was lost: say what, and end the command so."""
    if not lost:
        return
    say(f"\nLost or incomplete ({len(lost)}):")
    for sentence in lost:
        say(f"  {sentence}")
    raise typer.Exit(ExitCode.LOSSES)
