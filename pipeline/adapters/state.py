"""What does one outlet's collecting remember between runs?

One JSON file an outlet, replaced whole. It is a memory and not a record: collecting catches it up from the
manifests, so a kill between the two, or losing the file, costs a few requests and no article.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.adapters.files import is_locked, replace
from pipeline.adapters.plain import of_plain, to_lines, to_plain
from pipeline.protocols import SeenState

_log = logging.getLogger("wirewatch.state")

# How often one looks whether another run has ended.
_LOOK_SECONDS = 0.25


class StateFiles:
    """The seen-state of every outlet, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, outlet_id: str) -> SeenState:
        """What was saved last; nothing where the file is missing or damaged."""
        path = self._path(outlet_id)
        try:
            return of_plain(SeenState, json.loads(path.read_bytes()))
        except FileNotFoundError:
            pass
        except (ValueError, RecursionError) as error:
            _log.warning("%s is damaged (%s): remembering from the manifests instead", path, error)
        return SeenState(validators={}, seen={})

    def save(self, outlet_id: str, state: SeenState) -> None:
        payload = to_lines(to_plain(state)).encode() + b"\n"
        replace(self._path(outlet_id), payload, to_last=False)

    @contextmanager
    def alone(self, outlet_id: str, *, pause: Callable[[float], None] = time.sleep) -> Iterator[None]:
        """Wait until no other process or thread collects the outlet: two at once would capture its pages twice."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{outlet_id}.lock").open("wb") as handle:
            is_told = False
            while not is_locked(handle.fileno()):
                if not is_told:
                    _log.info("%s is being collected by another run: waiting for it", outlet_id)
                is_told = True
                pause(_LOOK_SECONDS)
            yield

    def _path(self, outlet_id: str) -> Path:
        return self._folder / f"{outlet_id}.json"
