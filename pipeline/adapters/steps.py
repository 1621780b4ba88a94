"""Which answers does SQL only begin? The steps that a trend's header may name, each from rows in Arrow to a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.adapters.bursts import bursts
from pipeline.adapters.shifts import shifts
from pipeline.adapters.tables import Table

STEPS: Mapping[str, Callable[..., Table]] = {"bursts": bursts, "shifts": shifts}
