"""Commands on the catalogue of outlets."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.context import CatalogOption, DataOption, ExitCode, pipeline, say
from pipeline.interval import Interval
from pipeline.records import Article, Outlet

outlet = typer.Typer(
    help="The outlets: which there are, whether their files are right.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(outlet, name="outlet", rich_help_panel="The catalogue")


@outlet.command("list")
def list_outlets(catalog: CatalogOption = None) -> None:
    """The outlets of the catalogue: kind, language, feeds, since when they are collected."""
    table = Table("id", "name", "kind", "language", "feeds", "watched", box=None, pad_edge=False)
    for one in pipeline(None, catalog).catalog.outlets:
        table.add_row(
            one.outlet_id, one.name, one.kind.value, one.language, str(len(one.feeds)), _watched(one)
        )
    Console().print(table)


@outlet.command()
def check(
    outlet_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="One outlet; none: all files.")
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Check an outlet's file, and show what was extracted from its newest archived day and why."""
    work = pipeline(data, catalog)
    if outlet_id is None:
        say(f"{len(work.catalog.outlets)} outlet files are valid")
        return
    one = work.catalog.outlet(outlet_id)
    say(f"{one.outlet_id}: the file is valid; {len(one.feeds)} feeds; watched: {_watched(one)}")
    newest = work.archive.newest(outlet_id)
    if newest is None:
        say(f"nothing of it is archived; collect it first: wirewatch collect --outlet {outlet_id}")
        raise typer.Exit(ExitCode.NOTHING_DONE)
    batch = work.process(outlet_id, Interval(newest.start, newest.start + timedelta(days=1)))
    table = Table(
        "page", "result", "title", "published", "from", "words", "attributions", box=None, pad_edge=False
    )
    missing: Counter[str] = Counter()
    for document in batch.documents:
        found = document.result
        if not isinstance(found, Article):
            table.add_row(document.capture.url, f"{found.reason.value} {found.detail}", "", "", "", "", "")
            continue
        missing.update(
            name for name in ("title", "byline", "published_at", "language") if getattr(found, name) is None
        )
        table.add_row(
            document.capture.url,
            "article",
            found.title or "",
            f"{found.published_at:%Y-%m-%d %H:%M}" if found.published_at else "",
            found.published_from or "",
            str(found.word_count),
            str(len(document.attributions)),
        )
    Console().print(table)
    for name, count in missing.items():
        say(f"missing {name}: {count} of {len(batch.documents)} pages")


def _watched(one: Outlet) -> str:
    if one.watched_from is None:
        return "no"
    until = f" to {one.watched_until - timedelta(days=1)}" if one.watched_until else ""
    return f"from {one.watched_from}{until}"
