"""Each folder of ``tests/examples/attribution`` is a text and who says what in it, read by a person."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.attribution import Reading, reading, to_json

read = partial(reading.read, engine=None)  # the rules

_ROOT = Path(__file__).parents[1] / "examples" / "attribution"
_CASES = sorted(folder.name for folder in _ROOT.iterdir())
_FIELDS = (
    "source_text",
    "cue_text",
    "content_text",
    "kind",
    "source_kind",
    "name",
    "source_id",
    "parent_source_id",
    "via",
    "rule",
    "inside",
)


def _load(case: str) -> tuple[str, dict[str, Any], Reading]:
    text = (_ROOT / case / "text.txt").read_text(encoding="utf-8")
    expected = json.loads((_ROOT / case / "expected.json").read_text(encoding="utf-8"))
    return text, expected, read(text, published_at=datetime.fromisoformat(expected["published_at"]))


def test_there_are_examples_of_every_class() -> None:
    assert len(_CASES) >= 8


@pytest.mark.parametrize("field", _FIELDS)
@pytest.mark.parametrize("case", _CASES)
def test_every_attribution_has_the_expected_field(case: str, field: str) -> None:
    text, expected, reading = _load(case)
    found = [to_json(attribution, text)[field] for attribution in reading.attributions]
    assert found == [attribution[field] for attribution in expected["attributions"]]


@pytest.mark.parametrize("case", _CASES)
def test_every_figure_is_as_expected(case: str) -> None:
    text, expected, reading = _load(case)
    found = [
        {
            "text": text[figure.start : figure.end],
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "qualifier": figure.qualifier,
            "unit": figure.unit,
            "counted": figure.counted,
            "attribution": figure.attribution,
        }
        for figure in reading.figures
    ]
    assert found == expected["figures"]
