"""Commands on watches: what they find, who is told, and what is still owed."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - options are called date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.alerting import Alerting, Findings
from pipeline.cli.context import (
    CatalogOption,
    DataOption,
    EndOption,
    ExitCode,
    NewestDateOption,
    StartOption,
    VerboseOption,
    interval_of,
    pipeline,
    put,
    say,
    show_log,
)
from pipeline.errors import UsageError, WirewatchError
from pipeline.stages.watch import Delivered
from pipeline.text import number_of
from pipeline.watching import threshold_words
from pipeline.wiring import Pipeline

_SHOWN = 10  # alerts, where they are not what was asked for

watches = typer.Typer(
    help="Be told when something happens: watches, their alerts, and digests.\n\n"
    "A watch is a file of catalog/watches/, such as palmyra.toml:\n\n"
    "\b\n"
    'id = "palmyra"\n'
    'title = "Palmyra in the news"\n'
    'kind = "words"               # or sources, outlets, clusters\n'
    'threshold = "spike"          # words: spike, first_mention; sources: these and conflicting_figures;\n'
    "                             # outlets: spike, silent; clusters: copies\n"
    "over = 3.0                   # spike: robust z; first_mention, silent: days; copies: how many;\n"
    "                             # conflicting_figures: how many times the lowest\n"
    'words = "palmyra OR tadmur"  # as in wirewatch search; kind sources: sources = ["dmitry-peskov"]\n'
    'deliver = ["desk"]           # channels, each an address in the environment\n\n'
    "\b\n"
    "export WIREWATCH_CHANNEL_DESK='smtp://user:password@mail.example/?from=wirewatch@paper.example&to=desk@paper.example'\n"
    "export WIREWATCH_CHANNEL_HOOK='https://hooks.paper.example/alerts'\n"
    "export WIREWATCH_CHANNEL_CHAT='slack+https://hooks.slack.com/services/…'\n\n"
    "In Airflow the DAG `watches` looks after each publish, and a channel may be the connection wirewatch_channel_desk.",
    no_args_is_help=True,
)
IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Watches; none: all.")]


def register(app: typer.Typer) -> None:
    app.add_typer(watches, name="watch", rich_help_panel="Questions")


@watches.command("list")
def list_watches(data: DataOption = None, catalog: CatalogOption = None) -> None:
    """The watches: what they look for, whom they tell, what they found."""
    alerting = Alerting(pipeline(data, catalog))
    table = Table("id", "title", "kind", "threshold", "tells", "alerts", "newest", box=None, pad_edge=False)
    for watch in alerting.watches:
        known = alerting.book.known(watch.watch_id)
        table.add_row(
            *map(
                Text,
                (
                    watch.watch_id,
                    watch.title,
                    watch.kind,
                    threshold_words(watch),
                    ", ".join(watch.deliver) or "nobody",
                    str(len(known)),
                    str(known[0].day) if known else "",
                ),
            )
        )
    Console().print(table)
    for owner, channel, count, detail in alerting.book.owed():
        say(f"owed: {count} of {owner} to {channel}{f': {detail}' if detail else ''}")


@watches.command()
def check(ids: IdsArgument = None, data: DataOption = None, catalog: CatalogOption = None) -> None:
    """Whether the files are right, the channels set up, and how often each watch would have told you so far.

    Nothing is kept and nothing sent: raise `over` where that is too often. Example: wirewatch watch check palmyra
    """
    work = pipeline(data, catalog)
    alerting = Alerting(work)
    chosen = [alerting.watch(one) for one in ids or ()] or list(alerting.watches)
    files = (
        number_of(len(alerting.watches), "watch file", "watch files"),
        number_of(len(alerting.digests), "digest file", "digest files"),
    )
    say(f"valid: {' and '.join(files)}")
    problems = sorted(
        {
            problem
            for channels in (
                *(one.deliver for one in chosen),
                *(one.deliver for one in alerting.digests),
            )
            for channel in channels
            if (problem := alerting.channels.problem(channel))
        }
    )
    problems.extend(problem for watch in chosen for problem in alerting.unknown_sources(watch))
    facets = work.query("select min(day), max(day) from daily_outlets").rows
    first, last = facets[0] if facets else (None, None)
    for found in alerting.look(first, last, watch_ids=ids or (), is_trial=True) if first else ():
        if found.problem:
            problems.append(found.problem)
            continue
        say(
            f"{found.watch.watch_id}: {number_of(len(found.alerts), 'alert', 'alerts')} from {first} to {last}"
        )
        for alert in found.alerts[:5]:
            say(f"  {alert.reason}")
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(ExitCode.LOSSES)


@watches.command()
def run(
    ids: IdsArgument = None,
    date: NewestDateOption = None,
    start: StartOption = None,
    end: EndOption = None,
    send: Annotated[bool, typer.Option(help="Deliver what is owed, or only keep it.")] = True,
    data: DataOption = None,
    catalog: CatalogOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Look at the published days (the newest, if none are named) and tell what is new.

    The same finding is never told twice, however often a day is run. Exit code 1: something could not be
    delivered; it stays owed, and the next run tries again.

    Example: wirewatch watch run --start 2016-03-21 --end 2016-04-03
    """
    show_log(verbose=verbose)
    alerting = Alerting(pipeline(data, catalog))
    if date or start or end:
        days = list(interval_of(date, start, end).days())
        first, last = days[0].start.date(), days[-1].start.date()
    else:
        first = last = alerting.looking.newest_day()
    problems = shown(alerting.look(first, last, watch_ids=ids or ()))
    if send:
        delivered = alerting.deliver()
        for one in delivered.sent:
            say(f"delivered: {one}")
        problems += delivered.failed
    end_with(problems)


@watches.command()
def alerts(
    watch_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Only of this watch.")] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """What was found so far, newest day first."""
    alerting = Alerting(pipeline(data, catalog))
    told = alerting.book.told(alerting.owner(watch_id, digests=False) if watch_id else None)
    table = Table("day", "watch", "what", "delivered", "evidence", box=None, pad_edge=False)
    for one in told:
        states = ", ".join(f"{channel}: {state}" for channel, state, _ in one.states)
        evidence = ", ".join(str(shown.article_id) for shown in one.alert.evidence[:1])
        table.add_row(
            *map(Text, (str(one.alert.day), one.alert.watch_id, one.alert.reason, states, evidence))
        )
    Console().print(table)
    if not told:
        say("nothing was found yet; `wirewatch watch run` looks")


@watches.command("test")
def send_test(
    watch_id: Annotated[str, typer.Argument(metavar="ID")],
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Send a test through a watch's channels."""
    delivered, failed = Alerting(pipeline(data, catalog)).test(watch_id)
    for channel in delivered:
        say(f"delivered: a test to {channel}")
    if not delivered and not failed:
        say(f'{watch_id} tells nobody: add deliver = ["desk"] to its file')
    end_with(failed)


@watches.command()
def forget(
    owner: Annotated[str, typer.Argument(metavar="ID", help="A watch, or digest: and a digest.")],
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Give up what is owed of a watch or digest; what it found stays known."""
    alerting = Alerting(pipeline(data, catalog))
    count = alerting.book.forget(alerting.owner(owner, digests=True))
    say(f"{count} deliveries of {owner} were given up")


@watches.command()
def digest(
    digest_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="One digest; it may be left out if there is one alone."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are due.")] = False,
    date: NewestDateOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the mail to this file (.eml), and send nothing.")
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Send the digests of the day or week that ends with --date (the newest published day, if it is not given).

    A digest is a file of catalog/digests/: id, title, every = "day" or "week", deliver. A period is sent once.

    Example: wirewatch watch digest week --date 2016-04-03 --out week.eml
    """
    alerting = Alerting(pipeline(data, catalog))
    if every and (digest_id or out):
        raise UsageError("give the id of one digest, or --all, not both; a file holds one")
    only = None if every else alerting.digest(digest_id)
    last = date.date() if date else alerting.looking.newest_day()
    if out is not None:
        from pipeline.adapters.channels import letter_of
        from pipeline.adapters.files import replace
        from pipeline.wiring import SystemClock

        message = alerting.digest_message(only or alerting.digest(digest_id), last)
        letter = letter_of(
            message,
            sender="wirewatch@localhost.invalid",
            recipients=["you@localhost.invalid"],
            at=SystemClock().now(),
        )
        replace(out, letter.as_bytes())
        say(f"{out}: {message.subject}")
        return
    chosen = (only,) if only else alerting.digests
    for one in chosen:
        if not one.deliver:
            say(f'{one.digest_id} has no channels: add deliver = ["desk"] to its file')
    if not any(one.deliver for one in chosen):
        return
    owed = [one.digest_id for one in alerting.owe_digests(last, only)]
    say(f"digests that end with {last}: {', '.join(owed) or 'none that was not owed before'}")
    delivered = alerting.deliver(digests=chosen)
    for sent in delivered.sent:
        say(f"delivered: {sent}")
    end_with(list(delivered.failed))


def look_and_tell(work: Pipeline, first: Date, last: Date) -> list[str]:
    """Look at days that were just published, and deliver what is owed; a sentence for each thing that went wrong."""
    try:
        alerting = Alerting(work)
        findings = alerting.look(first, last)
        delivered = alerting.deliver() if findings else Delivered(sent=(), failed=())
    except WirewatchError as error:  # the days are published, whatever is wrong with a watch
        return [f"the watches could not look: {error}"]
    alerts = [alert for found in findings for alert in found.alerts]
    for alert in alerts[:_SHOWN]:
        say(f"{alert.watch_id}: {alert.reason}")
    if len(alerts) > _SHOWN:
        say(
            f"and {number_of(len(alerts) - _SHOWN, 'more alert', 'more alerts')}: `wirewatch watch alerts` shows them"
        )
    for one in delivered.sent:
        say(f"delivered: {one}")
    return [*(found.problem for found in findings if found.problem), *delivered.failed]


def shown(findings: tuple[Findings, ...]) -> list[str]:
    """Tell the findings on stdout; the problems there were."""
    for found in findings:
        for alert in found.alerts:
            put(f"{found.watch.watch_id}: {alert.reason}")
    new = number_of(sum(len(found.alerts) for found in findings), "new alert", "new alerts")
    say(f"{new} of {number_of(len(findings), 'watch', 'watches')}")
    return [found.problem for found in findings if found.problem]


def end_with(problems: list[str] | tuple[str, ...]) -> None:
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(ExitCode.LOSSES)
