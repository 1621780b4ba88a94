"""How is an attribution printed as JSON? With its words beside their offsets."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Attribution
from pipeline.text import Span

_JOIN = " … "


def to_json(attribution: Attribution, text: str) -> dict[str, object]:
    """One attribution as an object whose offsets slice the text it was read from."""
    return {
        "source": [list(span) for span in attribution.source],
        "cue": [list(span) for span in attribution.cue],
        "content": [list(span) for span in attribution.content],
        "source_text": _words(attribution.source, text),
        "cue_text": _words(attribution.cue, text),
        "content_text": _words(attribution.content, text),
        "kind": str(attribution.kind),
        "source_kind": str(attribution.source_kind),
        "name": attribution.name,
        "joint": list(attribution.joint),
        "source_id": attribution.source_id,
        "parent_source_id": attribution.parent_source_id,
        "via": attribution.via,
        "rule": attribution.rule,
        "inside": attribution.inside,
        "confidence": attribution.confidence,
    }


def _words(spans: Sequence[Span], text: str) -> str:
    return _JOIN.join(text[start:end] for start, end in spans)
