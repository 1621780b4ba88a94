from __future__ import annotations

import pytest

from pipeline.extract.blocks import blocks_of
from pipeline.extract.notes import is_note, notes
from pipeline.extract.page import read_page


@pytest.mark.parametrize(
    "line",
    [
        "Correction: an earlier version gave the wrong length of the wall.",
        "Correction, 27 March 2016: the wall is 300 metres long.",
        "* Editor’s note: the harbour office answered after publication.",
        "(This article was amended on 27 March to correct the name of the ferry.)",
        "Anmerkung der Redaktion: Die Mauer ist 300 Meter lang.",
        "In einer früheren Version dieses Artikels stand eine falsche Länge.",
        "Исправление: длина стены 300 метров.",
        "更正：堤坝长三百米，此前报道有误，特此说明，敬请读者谅解，谢谢大家。",
    ],
)
def test_a_note_of_a_correction_is_known_by_what_it_begins_with(line: str) -> None:
    assert is_note(line)


@pytest.mark.parametrize(
    "line",
    [
        "Correction officers at the prison went on strike on Monday.",
        "Updates on the ferry line are expected in spring.",
        "The council issued a correction: the wall is longer.",
    ],
)
def test_a_sentence_about_corrections_is_none(line: str) -> None:
    assert not is_note(line)


def test_the_notes_of_a_page_are_its_lines_and_not_the_menus() -> None:
    html = (
        "<nav><p>Correction: how to ask the paper for one</p></nav>"
        "<article><h1>x</h1><p>The ferry line is closed.</p><p><em>Correction: the ferry has eleven seats.</em></p></article>"
    )
    page = read_page(html.encode(), "https://courier.example/a")
    assert notes(blocks_of(page.tree.body)) == ("Correction: the ferry has eleven seats.",)
