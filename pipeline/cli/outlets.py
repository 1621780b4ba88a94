"""Commands on the catalogue of outlets."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.context import (
    DAY,
    CatalogOption,
    DataOption,
    ExitCode,
    VerboseOption,
    day_of,
    pipeline,
    put,
    say,
    show_log,
    stderr,
)
from pipeline.errors import UsageError
from pipeline.interval import Interval
from pipeline.records import Article, Batch, Document, Outlet, Selectors, Template
from pipeline.urls import is_http
from pipeline.wiring import Pipeline

if TYPE_CHECKING:
    from pipeline.stages.discover import Discovery

_WANTED = ("title", "byline", "published_at", "language")  # of an article that is read well
_TELLING = 40  # characters from which a line that was left is worth showing

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
    date: Annotated[
        datetime | None,
        typer.Option("--date", **DAY, help="The day of capture, in UTC.", show_default="the newest archived"),
    ] = None,
    page: Annotated[
        str | None,
        typer.Option("--page", metavar="URL", help="Of that day's page, each line: taken or left, and why."),
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Check an outlet's file, and show what was extracted from a day of its archive and why."""
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
    day = Interval.of_day(day_of(date) or newest.start.date())
    if not work.archive.manifests(outlet_id, day):
        raise UsageError(
            f"nothing of {day.name} is archived; the newest day that is: {newest.start:%Y-%m-%d}"
        )
    batch = work.process(outlet_id, day, again=True)
    say(_template(work.templates.of_day(outlet_id, day.start.date()), outlet_id))
    if page is not None:
        _show_lines(work, batch, page)
        return
    if not batch.documents:
        say(f"no page of {day.name} is archived: see what its feeds gave by `wirewatch trend outlet_health`")
    missing: Counter[str] = Counter()
    for document in batch.documents:
        put(document.capture.url)
        put(f"  {_told(document)}")
        if isinstance(document.result, Article):
            missing.update(name for name in _WANTED if getattr(document.result, name) is None)
    for name, count in missing.items():
        say(f"missing {name}: {count} of {len(batch.documents)} pages")


def _told(document: Document) -> str:
    """What was made of a page, in a line."""
    found = document.result
    if not isinstance(found, Article):
        return f"{found.reason.value}: {found.detail}"
    published = (
        f"{found.published_at:%Y-%m-%d %H:%M} (from {found.published_from})"
        if found.published_at
        else "of no known date"
    )
    return " · ".join(
        (
            f"article “{found.title or ''}”",
            published,
            f"{found.word_count} words",
            f"{len(document.attributions)} attributions",
        )
    )


def _template(template: Template | None, outlet_id: str) -> str:
    if template is None:
        return f"no template was learnt from its archive; to learn one: wirewatch outlet learn {outlet_id}"
    return (
        f"template of {template.since}: learnt from {len(template.learnt_from)} pages, {len(template.lines)} shared lines;"
        f" articles of {template.median_words} words, dated by {template.dated_by or 'nothing'}"
    )


def _show_lines(work: Pipeline, batch: Batch, url: str) -> None:
    """Each line of a page that was an article: whether it was taken, and what spoke for it."""
    document = next((one for one in batch.documents if url in (one.capture.url, one.capture.final_url)), None)
    if document is None:
        raise UsageError(
            f"{url} is no page of {batch.interval.name}; without --page all of that day's are listed, and --date "
            "names another day"
        )
    if not isinstance(document.result, Article):
        say(f"{document.result.reason.value}: {document.result.detail}")
        raise typer.Exit(ExitCode.NOTHING_DONE)
    table = Table("taken", "chance", "with the template", "in", "text", box=None, pad_edge=False)
    for line in work.explain(document.capture):
        if line.taken or len(line.text) >= _TELLING:
            told = "a shared line" if line.shared else f"{line.known_chance:.2f}"
            table.add_row(
                "yes" if line.taken else "",
                f"{line.chance:.2f}",
                told,
                Text(line.style[:60]),
                Text(line.text[:90]),
            )
    Console().print(table)
    if document.result.outlet_id and (own := work.outlet(document.result.outlet_id).selectors) != Selectors():
        say(f"its file says: body {own.body or 'by judgement'}; drop {', '.join(own.drop) or 'nothing'}")


@outlet.command()
def learn(
    outlet_id: Annotated[str, typer.Argument(metavar="ID", help="The outlet.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            **DAY,
            help="Learn from pages captured before this day, for pages from it on.",
            show_default="today",
        ),
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Learn what the outlet's archived pages have in common, to read its next pages better.

    Pages of days before keep the template they were read with; `wirewatch reprocess` reads again.
    """
    show_log(verbose=verbose)
    day = since.date() if since else datetime.now(UTC).date()
    template = pipeline(data, catalog).learn(outlet_id, day)
    if template is None:
        say(f"too few articles of it were archived before {day}: nothing was learnt")
        raise typer.Exit(ExitCode.NOTHING_DONE)
    say(_template(template, outlet_id))


@outlet.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's home page.")],
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Find a site's feeds and sitemaps, show what they list, and propose a catalogue file on stdout.

    Example: wirewatch outlet discover https://paper.example/ > paper.toml && wirewatch outlet adopt paper.toml
    """
    from pipeline.adapters.outlet_files import to_toml

    show_log(verbose=verbose)
    if not is_http(url):
        raise UsageError(f"{url} is no web address; write it whole, as in https://paper.example/")
    work = pipeline(data, catalog)
    found = work.discover(url)
    _show_discovery(found)
    if not found.chosen:
        say('no feed or sitemap found; a listing page with a CSS selector may serve: see kind = "listing"')
        raise typer.Exit(ExitCode.NOTHING_DONE)
    if known := work.catalog.of_url(found.outlet.homepage):
        say(f"the catalogue has this site already, as {known.outlet_id}")
    doubts = "kind, country and timezone" + (
        "" if found.language_is_known else ", and the language, which the page does not say"
    )
    put(
        to_toml(
            found.outlet,
            heading=f"Proposed by `wirewatch outlet discover`. Check {doubts};\n"
            "then set watched_from to the first day to collect.",
        )
    )


@outlet.command()
def adopt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proposed file; - reads stdin.")],
    catalog: CatalogOption = None,
) -> None:
    """Put a proposed outlet file into the catalogue, once it and the catalogue with it are found right.

    Example: wirewatch outlet discover https://paper.example/ > paper.toml, edit it, then: wirewatch outlet adopt paper.toml
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    work = pipeline(None, catalog)
    one = work.adopt(text)
    say(f"{work.settings.catalog / 'outlets' / one.outlet_id}.toml: {one.name}, watched: {_watched(one)}")


@outlet.command("import-opml")
def import_opml(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML list of feeds.")],
    language: Annotated[
        str | None, typer.Option("--language", help="Of the feeds whose entry names none, as in en.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Write a catalogue file for each site of an OPML list that the catalogue does not have yet.

    They are described, not collected: set watched_from in those to watch.
    """
    from pipeline.adapters.files import replace
    from pipeline.adapters.outlet_files import to_toml
    from pipeline.feeds.opml import OpmlError
    from pipeline.stages.discover import outlets_of_opml

    work = pipeline(None, catalog)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    known = frozenset(own for one in work.catalog.outlets for own in one.hosts)
    try:
        found = list(outlets_of_opml(body, language=language, known_hosts=known))
    except OpmlError as error:
        raise UsageError(f"{file}: {error}") from error
    except ValueError as error:
        raise UsageError(f"{file}: {error}. Give it with --language, as in --language en") from error
    folder = work.settings.catalog / "outlets"
    written = 0
    for one in found:
        path = folder / f"{one.outlet_id}.toml"
        if path.exists():
            say(f"{path} is of another site: {one.homepage} was left out; give it an id of its own")
            continue
        replace(path, to_toml(one, heading=f"From {file.name}. Check kind, country and timezone.").encode())
        written += 1
        say(f"{path}: {one.name}, {len(one.feeds)} feeds")
    say(f"{written} outlets written to {folder}; what the catalogue had already was left as it is")


@outlet.command("export-opml")
def export_opml(catalog: CatalogOption = None) -> None:
    """The catalogue's RSS and Atom feeds as OPML, on stdout."""
    from pipeline.feeds import opml

    put(opml.written(pipeline(None, catalog).catalog.outlets))


def _show_discovery(found: Discovery) -> None:
    """What was tried and what collecting would bring, on stderr."""
    table = Table("", "kind", "found by", "entries", "newest", "URL", box=None, pad_edge=False)
    for one in found.tried:
        dates = [at for entry in one.parsed.entries if (at := entry.published_at or entry.updated_at)]
        count = len(one.parsed.children) or len(one.parsed.entries)
        table.add_row(
            "collect"
            if one in found.chosen
            else one.parsed.status.value
            if not one.is_good
            else "double or archive",
            "sitemap index" if one.parsed.children else one.candidate.kind.value,
            one.candidate.found,
            str(count),
            f"{max(dates):%Y-%m-%d %H:%M}" if dates else "",
            one.url,
        )
    stderr.print(table)
    for one in found.chosen:
        for entry in one.parsed.entries[:3]:
            say(f"  {entry.title or '(no title)'}  {entry.url}")
    wrong = [(where, what) for where, what in found.failures if "404" not in what]
    for where, what in wrong:
        say(f"not read: {where}: {what}")
    say(f"tried {len(found.tried) + len(found.failures)} addresses, {len(found.chosen)} worth collecting")


def _watched(one: Outlet) -> str:
    if one.watched_from is None:
        return "no"
    until = f" to {one.watched_until - timedelta(days=1)}" if one.watched_until else ""
    return f"from {one.watched_from}{until}"
