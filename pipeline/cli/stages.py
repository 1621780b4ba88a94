"""Commands that do the daily work: run, and each of its stages alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.cli.context import (
    CatalogOption,
    DataOption,
    DateOption,
    EndOption,
    ExitCode,
    OfflineOption,
    OutletOption,
    StartOption,
    VerboseOption,
    complain,
    end_with,
    interval_of,
    pipeline,
    say,
    show_log,
    stderr,
)
from pipeline.cli.progress import collected
from pipeline.cli.watches import look_and_tell
from pipeline.errors import ArchiveError, UsageError, WirewatchError
from pipeline.interval import Interval
from pipeline.protocols import LoadCounts
from pipeline.records import Article
from pipeline.stages.load import stops_publish
from pipeline.wiring import Pipeline

_PANEL = "The daily work"
WatchesOption = Annotated[
    bool, typer.Option("--watches/--no-watches", help="Look at the watches afterwards, and tell what is new.")
]


def register(app: typer.Typer) -> None:
    for command in (run, collect, process, load, check, publish, reprocess, import_warc):
        app.command(name=command.__name__.replace("_", "-"), rich_help_panel=_PANEL)(command)


def run(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    outlet: OutletOption = None,
    offline: OfflineOption = False,
    watches: WatchesOption = True,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Collect, process, load, check and publish, day by day; then look at the watches, and tell.

    Example: wirewatch run --offline --start 2016-03-21 --end 2016-04-03
    """
    show_log(verbose=verbose)
    work = pipeline(data, catalog, offline=offline)
    planned = _planned(work, interval_of(date, start, end).days(), outlet)
    lost = [sentence for day, outlet_ids in planned for sentence in _run_day(work, day, outlet_ids)]
    end_with([*lost, *_told(work, planned, watches=watches)])


def collect(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    outlet: OutletOption = None,
    offline: OfflineOption = False,
    now: Annotated[
        bool, typer.Option("--now", help="Read every feed, due or not, disabled ones too.")
    ] = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Fetch feeds and new pages into the archive; a day long past is replayed, never fetched."""
    show_log(verbose=verbose)
    work = pipeline(data, catalog, offline=offline)
    lost: list[str] = []
    for day, outlet_ids in _planned(work, interval_of(date, start, end).days(), outlet):
        outcomes = collected(work, outlet_ids, day, force=now)
        for outlet_id, outcome in outcomes.items():
            if isinstance(outcome, WirewatchError):
                lost.append(f"{outlet_id}: {outcome}")
                continue
            say(f"{day.name} {outlet_id}: found {outcome.found_count}, new {outcome.new_count}")
            lost.extend(
                f"{outlet_id}: {gap.reason.value} at {gap.key} {gap.detail}".rstrip() for gap in outcome.gaps
            )
    end_with(lost)


def process(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    outlet: OutletOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read also what the same code and word lists have read before.")
    ] = False,
    offline: OfflineOption = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Read the archived pages of the days: articles, attributions, mentions, figures."""
    show_log(verbose=verbose)
    work = pipeline(data, catalog, offline=offline)
    for day, outlet_ids in _planned(work, interval_of(date, start, end).days(), outlet, imported=True):
        for outlet_id in outlet_ids:
            batch = work.process(outlet_id, day, again=again)
            kinds = Counter(
                "articles" if isinstance(d.result, Article) else "rejects" for d in batch.documents
            )
            say(f"{day.name} {outlet_id}: {kinds['articles']} articles, {kinds['rejects']} rejects")


def load(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    outlet: OutletOption = None,
    offline: OfflineOption = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Replace the days' rows in the warehouse's build by what was processed."""
    show_log(verbose=verbose)
    work = pipeline(data, catalog, offline=offline)
    for day, outlet_ids in _planned(work, interval_of(date, start, end).days(), outlet, imported=True):
        counts = work.load(day, outlet_ids)
        say(f"{day.name}: {counts.articles} articles, {counts.attributions} attributions, {counts.gaps} gaps")


def check(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="All that was ever loaded, rather than what the days' loads touched."),
    ] = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Audit the build; offending rows are shown, and an error keeps it from being published."""
    show_log(verbose=True)
    work = pipeline(data, catalog)
    if everything:
        findings = list(work.audit())
    else:
        findings = [finding for day in interval_of(date, start, end).days() for finding in work.check(day)]
    raise typer.Exit(ExitCode.LOSSES if stops_publish(findings) else ExitCode.DONE)


def publish(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    reindex: Annotated[
        bool, typer.Option("--reindex", help="Write the search index anew, rather than what changed of it.")
    ] = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Check the days, and if nothing forbids it give the build and its search index to the readers."""
    show_log(verbose=False)
    work = pipeline(data, catalog)
    _publish(work, list(interval_of(date, start, end).days()), reindex=reindex)
    say("published")


def reprocess(
    date: DateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    outlet: OutletOption = None,
    watches: WatchesOption = True,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Process and load days again from the archive with today's code, and say what changed.

    Exit code 1: days with losses, or pages that the archive has let go and that keep their rows.
    """
    show_log(verbose=verbose)
    work = pipeline(data, catalog, offline=True)
    lost: list[str] = []
    planned = _planned(work, interval_of(date, start, end).days(), outlet, imported=True)
    for day, outlet_ids in planned:
        before = work.warehouse.counts(day, outlet_ids)
        for outlet_id in outlet_ids:
            work.process(outlet_id, day, again=True)
        after = work.load(day, outlet_ids)
        _publish(work, [day])
        say(f"{day.name}: " + _difference(before, after))
        lost.extend((*work.losses(day, outlet_ids), *work.let_go(day, outlet_ids)))
    end_with([*lost, *_told(work, planned, watches=watches)])


def import_warc(
    files: Annotated[list[Path], typer.Argument(help="WARC files, such as Common Crawl's CC-NEWS.")],
    every_host: Annotated[
        bool, typer.Option("--all", help="Pages of any host, not of catalogued outlets only.")
    ] = False,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Take the pages of WARC files into the archive; then process their days as any other.

    Example: wirewatch import-warc CC-NEWS-20160327.warc.gz && wirewatch reprocess --date 2016-03-27
    """
    show_log(verbose=verbose)
    work = pipeline(data, catalog)
    lost: list[str] = []
    unread: list[UsageError | ArchiveError] = []
    for file in files:
        try:
            imported = work.import_warc(file, every_host=every_host)
        except (UsageError, ArchiveError) as error:
            unread.append(error)
            continue
        say(f"{file}: " + ", ".join(f"{name} {count}" for name, count in imported.counts.items()))
        if imported.outlets:
            say("  its days: " + ", ".join(day.name for day in imported.outlets))
        if imported.lost is not None:
            lost.append(
                f"{imported.lost}; what stands before is imported: get the file whole and import it again"
            )
    if len(unread) == len(files):
        for other in unread[1:]:
            complain(other)
        raise unread[0]
    end_with([*map(str, unread), *lost])


def _run_day(work: Pipeline, day: Interval, outlet_ids: Sequence[str]) -> list[str]:
    outcomes = collected(work, outlet_ids, day)
    failed = [f"{name}: {error}" for name, error in outcomes.items() if isinstance(error, WirewatchError)]
    manifests = [outcome for outcome in outcomes.values() if not isinstance(outcome, WirewatchError)]
    found = sum(manifest.found_count for manifest in manifests)
    new = sum(manifest.new_count for manifest in manifests)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,  # a log would have empty lines of it
    ) as progress:
        task = progress.add_task(day.name, total=None)
        articles = 0
        for outlet_id in outlet_ids:
            progress.update(task, description=f"{day.name} {outlet_id}")
            batch = work.process(outlet_id, day)
            articles += sum(isinstance(document.result, Article) for document in batch.documents)
        progress.update(task, description=f"{day.name} loading")
        counts = work.load(day, outlet_ids)
        _publish(work, [day])
    lost = work.losses(day, outlet_ids)
    say(
        f"{day.name}: {len(outlet_ids)} outlets, found {found}, new {new}, articles {articles}, "
        f"attributions {counts.attributions}, rejects {counts.rejects}, gaps {counts.gaps}"
    )
    return [*failed, *lost]


def _planned(
    work: Pipeline, days: Iterable[Interval], chosen: list[str] | None, *, imported: bool = False
) -> list[tuple[Interval, tuple[str, ...]]]:
    """The days with their outlets: those chosen, else those watched; days without any are told and left out.

    ``imported``: with the hosts whose pages came from WARC files of others.
    """
    named = tuple(outlet.outlet_id for outlet in work.outlets(chosen or ()))
    planned = [
        (day, named or (*work.watched(day), *(work.imported(day) if imported else ()))) for day in days
    ]
    if idle := [day.name for day, outlet_ids in planned if not outlet_ids]:
        when = idle[0] if len(idle) == 1 else f"{idle[0]} and {len(idle) - 1} more days"
        say(
            f"{when}: no outlet is watched; set watched_from in a file of {work.settings.catalog / 'outlets'}"
        )
    if len(idle) == len(planned):
        raise typer.Exit(ExitCode.NOTHING_DONE)
    return [(day, outlet_ids) for day, outlet_ids in planned if outlet_ids]


def _told(work: Pipeline, planned: Sequence[tuple[Interval, object]], *, watches: bool) -> list[str]:
    """Look at the published days and tell what is new, as the DAG `watches` does; what went wrong."""
    if not watches:
        return []
    days = [day.start.date() for day, _ in planned]
    return look_and_tell(work, min(days), max(days))


def _publish(work: Pipeline, days: Sequence[Interval], *, reindex: bool = False) -> None:
    findings = [finding for day in days for finding in work.check(day)]
    if stops_publish(findings):
        named = ", ".join(sorted({finding.check for finding in findings if finding.severity == "error"}))
        say(
            f"not published: {named} found rows that must not be there (above); readers keep the last good day"
        )
        raise typer.Exit(ExitCode.LOSSES)
    work.publish(reindex=reindex)


def _difference(before: LoadCounts, after: LoadCounts) -> str:
    changes = [
        f"{name} {was} → {now}"
        for name, was in asdict(before).items()
        if (now := getattr(after, name)) != was
    ]
    return ", ".join(changes) or f"the same counts ({after.articles} articles)"
