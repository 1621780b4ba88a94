from __future__ import annotations

from functools import partial

import pytest

from pipeline.attribution import reading
from pipeline.records import Figure

read = partial(reading.read, engine=None)  # the rules


def _figures(text: str) -> tuple[Figure, ...]:
    return read(text, language="en").figures


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "qualifier", "unit", "counted"),
    [
        ("They hit 117 targets and left.", 117, 117, 117, None, None, "targets"),
        ("Over 80 militants fled.", 80, 80, None, "over", None, "militants"),
        ("Up to 500 people may leave.", 500, None, 500, "up to", None, "people"),
        ("It lost nearly 8,000 men.", 8000, None, 8000, "nearly", None, "men"),
        ("About 2.7 million Syrians live there.", 2_700_000, None, None, "about", None, "Syrians"),
        ("Between 30 and 40 boats came.", 35, 30, 40, "between", None, "boats"),
        ("Some 20-30 families stayed.", 25, 20, 30, "some", None, "families"),
        ("Prices rose by 12.5 percent.", 12.5, 12.5, 12.5, None, "%", None),
        ("It costs $3.5 billion.", 3.5e9, 3.5e9, 3.5e9, None, "USD", None),
        ("It costs $3.5bn now.", 3.5e9, 3.5e9, 3.5e9, None, "USD", None),
        ("It costs £5m now.", 5e6, 5e6, 5e6, None, "GBP", None),
        ("The town is 90 km away.", 90, 90, 90, None, "km", None),
        ("Twenty-five soldiers died.", 25, 25, 25, None, None, "soldiers"),
        ("At least fourteen people were hurt.", 14, 14, None, "at least", None, "people"),
    ],
)
def test_a_number_is_read_with_its_bounds_unit_and_noun(
    text: str, value: float, low: float | None, high: float | None, qualifier: str | None, unit: str | None, counted: str | None
) -> None:  # fmt: skip
    (figure,) = _figures(text)
    assert (figure.value, figure.low, figure.high) == (value, low, high)
    assert (figure.qualifier, figure.unit, figure.counted) == (qualifier, unit, counted)


@pytest.mark.parametrize(
    "text",
    [
        "It began on 27 March 2016.",
        "They met in 1999.",
        "At 9:42 p.m. the lights failed.",
        "Resolution 2254 was adopted.",
        "Samir Haddoun, 45, left.",
        "One of them stayed.",
        "It happened in the last 24 hours.",
        "The 27th brigade came.",
        "See section 12 below.",
    ],
)
def test_dates_times_ages_and_names_count_nothing(text: str) -> None:
    assert _figures(text) == ()


def test_a_figure_hangs_on_the_innermost_statement_that_gives_it() -> None:
    found = read(
        "Oldane said Corrado had warned that 40 ships were late. Some 12 ships waited.", language="en"
    )
    assert [found.attributions[f.attribution].name if f.attribution is not None else None for f in found.figures] == [
        "Corrado",
        None,
    ]  # fmt: skip


def test_the_span_of_a_figure_holds_its_qualifier_and_noun() -> None:
    text = "They saw more than 40 generators there."
    (figure,) = _figures(text)
    assert text[figure.start : figure.end] == "more than 40 generators"


@pytest.mark.parametrize(
    ("text", "value", "counted"),
    [
        ("The ministry said the number of nurses killed had increased to 97.", 97, "nurses killed"),
        ("The ministry said that the death toll had reached 19,667 on Monday.", 19_667, "death toll"),
        ("The ministry said 30 police employees had left.", 30, "police employees"),
        (
            "The firm said 1,000 maintenance and cleaning workers had left.",
            1_000,
            "maintenance and cleaning workers",
        ),
    ],
)
def test_what_is_counted_may_stand_before_its_number_or_have_two_halves(
    text: str, value: float, counted: str
) -> None:
    (figure,) = read(text).figures
    assert (figure.value, figure.counted, figure.attribution) == (value, counted, 0)


def test_a_number_that_only_follows_a_count_counts_nothing() -> None:
    assert read("He moved the number of the house to 97 Quay Street.").figures == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The new LC 500 looks like the old car.", []),
        ("The old Boeing 737 planes were sold.", []),
        ("They left the 400 block of Quay Street.", []),
        ("She was the No. 1 pick of the club.", []),
        ("More than 600,000 Israelis live there.", [(600_000, None, "Israelis")]),
        ("It takes 16 seconds to open.", [(16, "second", None)]),
        ("It goes at up to 50 km/h.", [(50, "km/h", None)]),
        ("On Sunday 40 people left.", [(40, None, "people")]),
    ],
)
def test_numbers_of_things_count_nothing_and_units_are_whole(
    text: str, found: list[tuple[float, str | None, str | None]]
) -> None:
    assert [(one.value, one.unit, one.counted) for one in _figures(text)] == found
