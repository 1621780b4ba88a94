"""Commands on the registry of actors: what is wrong in it, and whom it lacks."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import bundled
from pipeline.cli.context import CatalogOption, DataOption, ExitCode, pipeline, put, say

sources = typer.Typer(
    help="The actors that texts cite: whether their file is right, and who is missing.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(sources, name="sources", rich_help_panel="The catalogue")


@sources.command()
def check(catalog: CatalogOption = None) -> None:
    """What is wrong in sources.toml: an alias on two actors, two holders of an office at once, lost parents."""
    from pipeline.attribution import problems

    work = pipeline(None, catalog)
    own = work.settings.catalog / "sources.toml"
    found = problems(
        own.read_text(encoding="utf-8") if own.is_file() else bundled.text("catalog/sources.toml")
    )
    for problem in found:
        put(str(problem))
    say(f"{len(work.lexicon.registry.actors)} actors, {len(found)} problems")
    if found:
        raise typer.Exit(ExitCode.LOSSES)


@sources.command()
def review(
    least: Annotated[int, typer.Option("--least", min=1, help="Only those cited at least so often.")] = 2,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Only the first so many.")] = 50,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Names and descriptions that are cited and in no entry of sources.toml, with the lines that would add them.

    Most cited first, each with its counts and the first sentence that cites it. Nothing is changed: who is
    who is for a person to say.

    Example: wirewatch sources review --least 3 >> proposals.toml
    """
    from pipeline.attribution.review import Unregistered, proposals

    work = pipeline(data, catalog)
    table = work.reader.query(bundled.text("sql/unregistered.sql"))
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    found = [
        Unregistered(
            surface=row["surface"],
            is_named=row["is_named"],
            source_kind=row["source_kind"],
            parent_source_id=row["parent_source_id"],
            statement_count=row["statements"],
            article_count=row["articles"],
            outlet_count=row["outlets"],
            first_day=row["first_day"],
            last_day=row["last_day"],
            attribution_id=row["attribution_id"],
            sentence=row["sentence"],
        )
        for row in rows
        if row["statements"] >= least
    ]
    for proposal in proposals(found[:limit], work.lexicon.registry):
        put(proposal + "\n\n")
    say(f"{min(limit, len(found))} of {len(found)} cited {least} times or more and in no entry")
