"""Transcripts and interviews: each turn is its speaker's, whatever engine marks the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from pipeline.attribution import Engine, Rule, Spans, read
from pipeline.records import AttributionKind, SourceKind
from pipeline.text import Span


@dataclass(frozen=True, kw_only=True)
class Marked:
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float = 0.9


def _blind(_: str) -> Sequence[Spans]:
    return []


HEARING = (
    "SENATOR BRANDVIK: Did the port know? When?\n\nMS. OLDANE: We knew it in March.\n\n(Laughter.)\n\n"
    "We told the town in April.\n\nCHAIRMAN MCKEE: Let us go on.\n\nThe session, led by Ivo McKee, took an hour."
)


@pytest.mark.parametrize("engine", [None, _blind])
def test_each_turn_is_its_speakers_to_its_end(engine: Engine | None) -> None:
    turns = read(HEARING, language="en", engine=engine).attributions
    said = [" ".join(HEARING[slice(*part)] for part in turn.content) for turn in turns]
    assert said == [
        "Did the port know? When?",
        "We knew it in March. We told the town in April.",
        "Let us go on.",
    ]
    assert {turn.kind for turn in turns} == {AttributionKind.DIRECT}
    assert {turn.source_kind for turn in turns} == {SourceKind.NAMED}


def test_a_name_in_capitals_is_told_as_the_text_writes_it() -> None:
    turns = read(HEARING, language="en", title="Mira Oldane answers", engine=_blind).attributions
    assert [turn.name for turn in turns] == ["Brandvik", "Mira Oldane", "Ivo McKee"]
    assert HEARING[slice(*turns[1].source[0])] == "MS. OLDANE"


def test_questions_and_answers_are_turns_of_nobody_by_name() -> None:
    text = "Q: Why did you leave?\n\nA: I was tired. We all were.\n\nQ: Do you regret it?\n\nA: Every day."
    turns = read(text, language="en", engine=_blind).attributions
    assert [text[slice(*turn.content[0])] for turn in turns if turn.inside is None] == [
        "Why did you leave?", "I was tired. We all were.", "Do you regret it?", "Every day.",
    ]  # fmt: skip
    assert {turn.name for turn in turns} == {None}
    assert turns[0].rule == Rule.WITHHELD


def test_what_an_engine_marks_across_turns_gives_way_and_inside_one_stays() -> None:
    text = "OLDANE: Ivo Kest said it was open.\n\nBRANDVIK: Was it?"
    within = Marked(source=((8, 16),), cue=((17, 21),), content=((22, 33),))
    across = Marked(source=((0, 6),), cue=((6, 7),), content=((22, 54),))
    found = read(text, language="en", engine=lambda _: [across, within]).attributions
    assert [(text[slice(*one.content[0])], one.inside) for one in found] == [
        ("Ivo Kest said it was open.", None), ("it was open", 0), ("Was it?", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Moscow (TASS): the road is open.\n\nThe road is long.",
        "Warning: the road is closed.\n\nThe town waits.",
        "UN: the road is open.\n\nThe town waits.",
        "CORRECTION: An earlier version named another road.\n\nEDITOR’S NOTE: It was long.",
    ],
)
def test_a_colon_alone_makes_no_turn(text: str) -> None:
    assert read(text, language="en", engine=_blind).attributions == ()
