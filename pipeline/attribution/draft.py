"""What is an attribution while it is put together? Its parts in token positions, not yet whole."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.attribution.phrases import Range


@dataclass(slots=True, kw_only=True)
class Draft:
    """An attribution being put together, in token positions."""

    source: Range | None
    cue: list[Range]
    content: list[Range]
    strength: float
    verb: int
    via: str | None = None
    inside: int | None = None
    rule: str | None = None  # set where the construction itself decides, as in transcripts
    shared: bool = False  # the source is that of the verb before
    implied: Range | None = None  # that source, where it stands apart from this statement's own words
    apart: tuple[Range, ...] = ()  # further parts of the source
    open_to_left: bool = False  # `X said.` after a quotation that is a sentence of its own
    open_to_right: bool = False  # `X said:` before one
