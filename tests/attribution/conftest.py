"""How much work is done? Counted in lines that run, for no test may ask the clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import pipeline

Lines = Callable[[Callable[[], object]], int]
_OURS = str(Path(pipeline.__file__).parent)


@pytest.fixture(scope="session")
def lines() -> Lines:
    """How many lines of the pipeline's own code some work runs."""

    def run(work: Callable[[], object]) -> int:
        count = 0

        def local(_frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal count
            count += event == "line"
            return local

        def called(frame: FrameType, _event: str, _argument: Any) -> Any:
            return local if frame.f_code.co_filename.startswith(_OURS) else None

        before = sys.gettrace()
        sys.settrace(called)
        try:
            work()
        finally:
            sys.settrace(before)
        return count

    return run
