"""The command line: every stage, every question, and what is wrong, without Airflow.

Exit codes: 0 done; 1 done with losses; 2 wrong use; 3 nothing could be done. Machine formats go to
stdout alone; progress and logs go to stderr.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

import typer

from pipeline.cli import answers, health, outlets, pages, sources, stages, warehouse, watches
from pipeline.cli.context import ExitCode, complain
from pipeline.errors import CatalogError, QueryError, UsageError, WirewatchError

app = typer.Typer(
    name="wirewatch",
    help="Who is saying what, through whom, since when: a monitor of news outlets and the sources they cite.",
    epilog="First time? [bold]make run[/bold] ingests the bundled sample archive; then try "
    "[bold]wirewatch trend who_quotes_whom[/bold]. Exit codes: 0 done; 1 done with losses; 2 wrong use; 3 nothing "
    "could be done.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
stages.register(app)
pages.register(app)
answers.register(app)
watches.register(app)
outlets.register(app)
sources.register(app)
health.register(app)
warehouse.register(app)


# The code that Ctrl-C ends with: typer catches it, and would say nothing.
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run one command (those of the process, if none are given); it ends in SystemExit with an exit code.

    Our own errors become a sentence on stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # whatever the locale: the news of the world is in it
    try:
        app(args=arguments)
    except (UsageError, CatalogError, QueryError) as error:
        complain(error)
        sys.exit(ExitCode.WRONG_USE)
    except WirewatchError as error:
        complain(error)
        sys.exit(ExitCode.NOTHING_DONE)
    except OSError as error:
        complain(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}")
        sys.exit(ExitCode.NOTHING_DONE)
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:
            complain("interrupted; what was finished is kept, run the same command again for the rest")
        raise
