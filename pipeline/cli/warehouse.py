"""Commands that keep the warehouse for years: rebuild, backup, restore, compact, move to a lake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import CatalogOption, DataOption, VerboseOption, end_with, pipeline, say, show_log
from pipeline.wiring import upkeep

_PANEL = "The daily work"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=_PANEL)(rebuild)
    group = typer.Typer(
        no_args_is_help=True, help="Back up, restore, compact the warehouse, or move it to a lake."
    )
    for command in (backup, restore, compact, move):
        group.command()(command)
    app.add_typer(group, name="warehouse", rich_help_panel=_PANEL)


def rebuild(
    data: DataOption = None,
    catalog: CatalogOption = None,
    drop_missing: Annotated[
        bool, typer.Option("--drop-missing", help="Give up rows of captures that the archive no longer has.")
    ] = False,
    verbose: VerboseOption = False,
) -> None:
    """Make the whole warehouse again from the archive with today's code, and publish it.

    Readers keep the old one until it is done. Says which tables came out other than they were. Nothing is
    replaced where the archive lacks captures that the warehouse has rows of.
    """
    show_log(verbose=verbose)
    done = upkeep.rebuild(pipeline(data, catalog, offline=True), drop_missing=drop_missing)
    say(
        f"rebuilt: {done.articles} articles; "
        + (f"other than before: {', '.join(done.changed)}" if done.changed else "every row as before")
    )
    end_with(done.lost)


def backup(
    target: Annotated[Path, typer.Argument(help="The file to write, such as /mnt/backup/2026-11-22.duckdb.")],
    data: DataOption = None,
) -> None:
    """Copy the published warehouse, while loads go on; the copy is read once to be sure of it."""
    upkeep.backup(pipeline(data, None), target)
    say(f"{target} holds what is published")


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `wirewatch warehouse backup` wrote.")],
    data: DataOption = None,
) -> None:
    """Put a backup in the place of build and published file; days since then: `wirewatch reprocess`."""
    upkeep.restore(pipeline(data, None), source)
    say(f"restored and published: {source}")


def compact(data: DataOption = None) -> None:
    """Store closed months by month, source and day, without what was deleted; of a lake, merge small files."""
    upkeep.compact(pipeline(data, None))
    say("compacted")


def move(
    address: Annotated[
        str, typer.Argument(help="ducklake:sqlite:FILE, or ducklake:postgres:dbname=… host=…")
    ],
    data: DataOption = None,
) -> None:
    """Copy every row of the files into an empty lake, and publish it there; the files stay as they are.

    WIREWATCH_WAREHOUSE_DATA says where the lake's data goes: a folder, or s3://bucket/prefix.
    """
    from pipeline.adapters.warehouse import keeping

    work = pipeline(data, None)
    lake = work.lake_at(address)
    rows = keeping.move_to(lake, work.plain_file)
    with lake.publishing():
        pass
    moved = sum(count for count, _ in rows.values())
    say(
        f"{moved} rows moved to {lake.address.shown}; from now on set WIREWATCH_WAREHOUSE to the address you gave"
    )
