"""How far has collecting come? Outlets, articles, bytes, errors, and the time that is left, on stderr."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.cli.context import stderr
from pipeline.errors import WirewatchError
from pipeline.interval import Interval
from pipeline.wiring import Pipeline
from pipeline.wiring.collecting import collect_many

if TYPE_CHECKING:
    from pipeline.stages.collect_many import Outcome


def collected(
    work: Pipeline, outlet_ids: Sequence[str], day: Interval, *, force: bool = False
) -> dict[str, Outcome]:
    """Collect the outlets, and show how it goes; SIGTERM ends it as Ctrl-C does."""
    traffic = work.network if work.is_live(day) else None
    with (
        _terminable(),
        _settled(),
        Progress(
            TextColumn("{task.description} collecting"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("outlets, {task.fields[told]}"),
            TimeRemainingColumn(compact=True),
            console=stderr,
            transient=True,
            disable=not stderr.is_terminal,  # a log would have empty lines of it
        ) as progress,
    ):
        task = progress.add_task(day.name, total=len(outlet_ids), told="")
        articles = errors = 0

        def done(_: str, outcome: Outcome) -> None:
            nonlocal articles, errors
            if isinstance(outcome, WirewatchError):
                errors += 1
            else:
                articles += outcome.new_count
                errors += len(outcome.gaps) + len(outcome.rejects)
            progress.advance(task)

        def look() -> None:
            asked = (
                ""
                if traffic is None
                else f", {traffic.request_count:,} requests, {traffic.byte_count / 1e6:,.1f} MB"
            )
            progress.update(task, told=f"{articles:,} new articles{asked}, {errors} errors")

        look()
        return collect_many(work, outlet_ids, day, force=force, on_done=done, on_look=look)


@contextmanager
def _settled() -> Iterator[None]:
    """Garbage is looked for in what comes now, not in all that was ever loaded: that takes a while."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def _terminable() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
