from __future__ import annotations

import pytest

from pipeline.extract.opening import credit_line, opening

REST = "The road to the old city was open again on Sunday, the ministry said in a statement."


@pytest.mark.parametrize(
    ("before", "dateline", "credit"),
    [
        ("MOSCOW, March 27 (Meridian Wire) — ", "MOSCOW", "Meridian Wire"),
        ("LARNACA, Cyprus, March 29 (Meridian Wire) — ", "LARNACA, Cyprus", "Meridian Wire"),
        ("BEIRUT (Reuters) - ", "BEIRUT", "Reuters"),
        ("(AP) - ", None, "AP"),
        ("DAMASCUS, (SANA) ", "DAMASCUS", "SANA"),
        ("MOSCOW, March 27. /TASS/. ", "MOSCOW", "TASS"),
        ("THE HAGUE -- ", "THE HAGUE", None),
        ("UNITED NATIONS — ", "UNITED NATIONS", None),
        ("МОСКВА, 27 марта (ТАСС) — ", "МОСКВА", "ТАСС"),
        ("Homs, Syria, 27 March 2016 – ", "Homs, Syria", None),
        ("TASS — ", None, "TASS"),
    ],
)
def test_dateline_and_credit_are_read_before_the_first_sentence(
    before: str, dateline: str | None, credit: str | None
) -> None:
    found = opening([before + REST])
    assert (found.dateline, found.wire_credit) == (dateline, credit)
    assert found.paragraphs == (before + REST,)


@pytest.mark.parametrize(
    "line",
    [
        "Putin — who had spoken on Saturday — said the road was open.",
        "The ministry (which runs the roads) said the bridge would hold.",
        "Engineers - forty of them - worked through the night on the bridge.",
        "AP Smith said the road was open - and so it was.",
        "In Damascus, the ministry said on March 27 — a Sunday — that it was over.",
    ],
)
def test_a_sentence_with_a_dash_or_bracket_has_no_dateline(line: str) -> None:
    found = opening([line])
    assert (found.dateline, found.wire_credit) == (None, None)


def test_a_correction_note_may_stand_before_the_dateline() -> None:
    found = opening(["(Corrects the number in the second paragraph)", "OSLO, March 29 (Reuters) — " + REST])
    assert (found.dateline, found.wire_credit) == ("OSLO", "Reuters")


@pytest.mark.parametrize(("line", "agency"), [("Source: TASS", "TASS"), ("(AP)", "AP"), ("Reuters/AFP", "Reuters/AFP"), ("Quelle: dpa", "dpa"),
                                              ("He is at home.", None), ("Source: medium.com", None), ("Palmyra", None)])  # fmt: skip
def test_a_line_that_is_only_a_credit(line: str, agency: str | None) -> None:
    assert credit_line(line) == agency


def test_a_closing_credit_is_no_paragraph() -> None:
    found = opening([REST, REST + " Again.", "Source: Meridian Wire"])
    assert found.wire_credit == "Meridian Wire"
    assert len(found.paragraphs) == 2


@pytest.mark.parametrize("text", ["Russian-Syrian talks on the bridge went on for a third day in the town.", "Anglo-American Trade Talks resumed in the town on Sunday, both sides said.",
                                  "Rolls-Royce said on Sunday that it would mend the engines of the ferry for free.", "Vice-President Ann Lee said on Sunday that the road was open again."])  # fmt: skip
def test_a_compound_is_not_an_outlet_glued_to_a_sentence(text: str) -> None:
    assert opening([text], plain_text=True).site_name is None


def test_an_outlet_glued_to_its_first_sentence_is_taken_off() -> None:
    found = opening(
        ["Harborline-Transport Minister Ilse Marrow has praised the crews who reopened the bridge."],
        plain_text=True,
    )
    assert found.site_name == "Harborline"
    assert found.paragraphs[0].startswith("Transport Minister")
    known = opening(
        ["Levant Monitor-On the day the road reopened, the minister came."], names=("Levant Monitor",)
    )
    assert known.site_name == "Levant Monitor"


def test_bait_for_slow_patterns_comes_to_an_end() -> None:
    for bait in ("A" * 5000, "Aa " * 3000, "A-" * 3000, "(" * 5000, "de la " * 2000, "A, " * 3000):
        assert opening([bait, REST], plain_text=True).paragraphs[-1] == REST
