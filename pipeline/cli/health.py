"""doctor: what is configured, present, stale or broken, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from pipeline.alerting import Alerting
from pipeline.cli.context import CatalogOption, DataOption, ExitCode, pipeline, say
from pipeline.errors import WirewatchError
from pipeline.text import number_of
from pipeline.wiring import Pipeline, upkeep


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: whether it is well, what was seen, what to do."""

    subject: str
    well: bool
    seen: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel="The catalogue")(doctor)


def doctor(
    digests: Annotated[
        bool, typer.Option("--digests", help="Read every archived capture, and compare it with its digest.")
    ] = False,
    drop_older_than: Annotated[
        int | None,
        typer.Option(
            "--drop-older-than",
            min=1,
            metavar="DAYS",
            help="First remove captures that were collected longer ago; the warehouse keeps what it has of them.",
        ),
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Say what is configured, present, stale or broken, and what to do next."""
    work = pipeline(data, catalog)
    if drop_older_than is not None:
        dropped = upkeep.drop_captures(work, older_than=timedelta(days=drop_older_than))
        say(f"removed {len(dropped)} files of captures older than {drop_older_than} days")
    looks = (_catalogue, _identity, _archive, *((_digests,) if digests else ()), _warehouse, _watches)
    diagnoses = [diagnosis for look in looks for diagnosis in _safe(look, work)]
    console = Console()
    for one in diagnoses:
        lines = [f"{'ok  ' if one.well else 'LOOK'}  {one.subject}: {one.seen}"]
        lines += [f"      {one.remedy}"] if one.remedy else []
        console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    if not all(one.well for one in diagnoses):
        raise typer.Exit(ExitCode.LOSSES)


def _safe(look: Callable[[Pipeline], Iterator[Diagnosis]], work: Pipeline) -> list[Diagnosis]:
    try:
        return list(look(work))
    except WirewatchError as error:
        return [Diagnosis(look.__name__.strip("_"), False, str(error))]


def _catalogue(work: Pipeline) -> Iterator[Diagnosis]:
    outlets = work.catalog.outlets
    watched = [outlet for outlet in outlets if outlet.watched_from and not outlet.sample]
    yield Diagnosis(
        "catalogue",
        True,
        f"{len(outlets)} outlets in {work.settings.catalog}, {len(watched)} real ones watched",
    )
    if not watched:
        yield Diagnosis(
            "watching",
            True,
            "only the fictional sample outlets are watched",
            f"to collect a real one, set watched_from in its file in {work.settings.catalog / 'outlets'}",
        )


def _identity(work: Pipeline) -> Iterator[Diagnosis]:
    contact = "+" in work.settings.user_agent
    yield Diagnosis(
        "user agent",
        contact,
        work.settings.user_agent,
        ""
        if contact
        else "set WIREWATCH_CONTACT to a page or address where operators of sites can reach you",
    )


def _archive(work: Pipeline) -> Iterator[Diagnosis]:
    kept = [outlet.outlet_id for outlet in work.catalog.outlets if work.archive.newest(outlet.outlet_id)]
    yield Diagnosis("archive", True, f"{len(kept)} outlets have archived pages in {work.archive.storage}")


def _digests(work: Pipeline) -> Iterator[Diagnosis]:
    damages = list(upkeep.archive_damages(work))
    yield Diagnosis(
        "digests",
        not damages,
        f"{len(damages)} damaged" if damages else "every capture is as it was captured",
    )
    for sentence in damages:
        yield Diagnosis("damaged", False, sentence, "restore the file from a backup of the archive")


def _warehouse(work: Pipeline) -> Iterator[Diagnosis]:
    newest = work.query("select max(interval_end) as newest, count(*) as days from runs")
    end, count = newest.rows[0]
    if end is None:
        remedy = "run `wirewatch run`, or `make run` for the sample archive"
        yield Diagnosis("warehouse", False, "published, but nothing was loaded into it", remedy)
        return
    until = f"the newest ends {end:%Y-%m-%d %H:%M} UTC"
    yield Diagnosis("warehouse", True, f"published, {count} intervals, {until}")
    lost = work.query("select outlet_id, count(*) from gaps group by outlet_id order by 2 desc limit 5")
    for outlet_id, count in lost.rows:
        yield Diagnosis(
            "gaps", True, f"{outlet_id}: {count}", 'see them with: wirewatch query "select * from gaps"'
        )


def _watches(work: Pipeline) -> Iterator[Diagnosis]:
    alerting = Alerting(work)
    told = [watch.deliver for watch in alerting.watches] + [digest.deliver for digest in alerting.digests]
    channels = sorted({channel for deliver in told for channel in deliver})
    yield Diagnosis(
        "watches",
        True,
        f"{number_of(len(alerting.watches), 'watch', 'watches')}, "
        f"{number_of(len(alerting.digests), 'digest', 'digests')}; tell somebody: {sum(map(bool, told))}",
    )
    for channel in channels:
        if problem := alerting.channels.problem(channel):
            yield Diagnosis("channel", False, problem)
    for owner, channel, count, why in alerting.book.owed():
        yield Diagnosis(
            "owed",
            False,
            f"{count} of {owner} to {channel}{f': {why}' if why else ''}",
            "wirewatch watch run tries again",
        )
