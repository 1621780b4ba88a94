"""What must an engine hand over? Where sources, cues and contents stand; who is meant comes after, for all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pipeline.text import Span


class Spans(Protocol):
    """One attribution as an engine finds it: offsets in the text, each role in its parts or in none."""

    @property
    def source(self) -> tuple[Span, ...]: ...

    @property
    def cue(self) -> tuple[Span, ...]: ...

    @property
    def content(self) -> tuple[Span, ...]: ...

    @property
    def confidence(self) -> float: ...


Engine = Callable[[str], Sequence[Spans]]


def trained(text: str) -> Sequence[Spans]:
    """The engine in use: the tagger of ``models/attribution``, opened at the first call."""
    from pipeline.attribution.tagger import bundled_tagger

    return bundled_tagger().spans(text)
