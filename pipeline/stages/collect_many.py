"""How are many outlets collected at once, and how does that end early without losing anything?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from contextlib import suppress
from queue import Empty, SimpleQueue

from pipeline.errors import StoppedError, WirewatchError
from pipeline.records import Manifest

_log = logging.getLogger("wirewatch.collect")

# How often the waiting thread looks up: signals are handled between two looks.
_LOOK_SECONDS = 0.5

Outcome = Manifest | WirewatchError


def collect_many(
    outlet_ids: Iterable[str],
    collect_one: Callable[[str], Manifest],
    *,
    executor: Executor,
    stop: Callable[[], None],
    on_done: Callable[[str, Outcome], None] | None = None,
    on_look: Callable[[], None] | None = None,
) -> dict[str, Outcome]:
    """The manifest of each outlet, or why it has none; one that fails leaves the others alone.

    They are run by the executor, which is shut down at the end. ``stop`` is called when this is interrupted, and must
    make every ``collect_one`` end soon: what they have archived stays for the next run. ``on_done`` and, every now
    and then, ``on_look`` are called in this thread.
    """
    outcomes: dict[str, Outcome] = {}
    running: dict[Future[Manifest], str] = {}
    ended: SimpleQueue[Future[Manifest]] = SimpleQueue()
    try:
        for outlet_id in outlet_ids:
            future = executor.submit(collect_one, outlet_id)
            running[future] = outlet_id
            future.add_done_callback(ended.put)
        waiting = len(running)
        while waiting:
            with suppress(Empty):
                future = ended.get(timeout=_LOOK_SECONDS)
                waiting -= 1
                outcome = _outcome(future, running[future])
                outcomes[running[future]] = outcome
                if on_done is not None:
                    on_done(running[future], outcome)
            if on_look is not None:
                on_look()
    except BaseException:
        for future in running:  # none begins in the place of one that is stopped
            future.cancel()
        stop()
        raise
    finally:
        executor.shutdown(wait=True)
    return {outlet_id: outcomes[outlet_id] for outlet_id in running.values()}


def _outcome(future: Future[Manifest], outlet_id: str) -> Outcome:
    try:
        return future.result()
    except StoppedError:
        raise
    except WirewatchError as error:
        _log.warning("%s: not collected: %s", outlet_id, error)
        return error
    except Exception as error:  # of ours, or of the world: no reason to end what the others do
        _log.exception("%s: not collected: %s", outlet_id, type(error).__name__)
        failure = WirewatchError(f"{type(error).__name__}: {error}")
        failure.__cause__ = error
        return failure
