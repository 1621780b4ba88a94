"""Laws of a reading, and what hangs on more than one of its parts."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.attribution import Reading, reading, to_json
from pipeline.attribution.resolved import Rule
from pipeline.records import MentionKind

attribute = partial(reading.attribute, engine=None)  # the rules
read = partial(reading.read, engine=None)

_PIECES = st.sampled_from(
    ["“", "”", '"', "«", "»", "‘", "’", "'", "''", "\n", "\n\n", " ", ", ", ". ", ": ", "—", "(", ")", "%", "$", "-", "said", "told", "according to", "who", "that", "he", "she", "I", "and", "but", "as", "adding", "has", "was", "Ilse Brandvik", "Mr", "the Kemlin spokesman", "Kremlin", "Reuters", "statement", "officials", "Mira Oldane", "40", "between", "three", "3.5", "million", "percent", "2016", "militants", "QUESTION", "OLDANE", "al-Assad", "\x00", "\u202e", "😀"]
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_PIECES, max_size=60).map(" ".join),
    st.lists(_PIECES, max_size=60).map("".join),
)


def _check(text: str, reading: Reading) -> None:
    for index, one in enumerate(reading.attributions):
        assert one.content
        for spans in (one.source, one.cue, one.content):
            for start, end in spans:
                assert 0 <= start < end <= len(text)
                assert text[start:end] == text[start:end].strip()
        assert list(one.content) == sorted(one.content)
        assert one.inside is None or 0 <= one.inside < index
        assert 0 <= one.confidence <= 1
        assert one.rule in set(Rule)
    for mention in reading.mentions:
        assert 0 <= mention.start < mention.end <= len(text)
    for figure in reading.figures:
        assert 0 <= figure.start < figure.end <= len(text)
        assert figure.attribution is None or figure.attribution < len(reading.attributions)


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
@example("0 PERCENT")
def test_every_span_slices_back_on_any_text(text: str) -> None:
    _check(text, read(text, language="en"))


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(text, language="en") == read(text, language="en")


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_an_inner_statement_lies_in_the_content_of_its_outer_one(text: str) -> None:
    attributions = attribute(text)
    for one in attributions:
        if one.inside is not None:
            outer = attributions[one.inside]
            for start, end in (*one.cue, *one.content):
                assert any(first <= start and end <= last for first, last in outer.content)


_HOSTILE = {
    "quote marks": '"' * 100_000,
    "opening marks": "“" * 100_000,
    "open and close": "“x” " * 6_000,
    "no spaces": "said" * 6_000,
    "no stops": "he said that she told them and " * 1_000,
    "closings": "rain, he said, " * 1_800,
    "names": "Ilse Brandvik Mira Oldane " * 1_000,
    "speakers": "Ada said “x is y of z.” The spokesman said so. " * 600,
    "one paragraph of pronouns": "He said it. " * 2_200,
    "nulls": "\0 said \0" * 3_000,
    "right to left": "\u202eقال الوزير “نعم” said he " * 1_000,
    "emoji": "😀 said 😀 " * 2_500,
    "brackets": "(said, " * 11_000,
    "numbers": "40 and 1,000 " * 2_000,
    "lines": "A:\n" * 8_000,
    "apostrophes": "'a " * 8_000,
}


@pytest.mark.parametrize("name", sorted(_HOSTILE))
def test_hostile_text_is_read_to_its_end(name: str) -> None:
    text = _HOSTILE[name]
    for sample in (text[: len(text) // 8], text):
        _check(sample, read(sample, language="en"))


def test_a_role_held_on_the_day_resolves_a_description() -> None:
    text = "The Russian leader said that the road was open."
    (then,) = attribute(text, published_at=datetime(2010, 5, 1, tzinfo=UTC))
    (later,) = attribute(text, published_at=datetime(2016, 3, 28, tzinfo=UTC))
    assert (then.source_id, later.source_id) == ("dmitry-medvedev", "vladimir-putin")


def test_without_a_date_only_holders_named_in_the_article_count() -> None:
    described = "The Russian leader said that the road was open."
    (alone,) = attribute(described)
    named = attribute(f"Vladimir Putin came at noon. {described}")
    assert alone.source_id is None
    assert named[-1].source_id == "vladimir-putin"


def test_the_title_lends_its_full_names_to_bare_surnames() -> None:
    text = "Oldane said that the bridge was open."
    assert attribute(text)[0].source_id is None
    assert attribute(text, title="Mira Oldane opens the bridge")[0].source_id == "mira-oldane"


def test_of_two_sources_at_once_the_first_leads_and_the_other_is_beside() -> None:
    (attribution,) = attribute("Anselm Corrado and Mira Oldane said that the bridge was open.")
    assert (attribution.name, attribution.joint, attribution.rule) == (
        "Anselm Corrado",
        ("Mira Oldane",),
        Rule.JOINT,
    )


def test_two_words_for_one_person_are_one_source() -> None:
    (attribution,) = attribute("The actor and author Mira Oldane said that the bridge was open.")
    assert (attribution.name, attribution.joint) == ("Mira Oldane", ())


def test_a_pronoun_takes_the_gender_of_whom_it_names() -> None:
    found = attribute("Mira Oldane met Samir Haddoun. “It rained,” she said. “It snowed,” he said.")
    assert [a.source_id for a in found] == ["mira-oldane", "samir-haddoun"]


def test_who_has_just_spoken_goes_on_though_only_the_surname_is_known() -> None:
    text = "Mr Kest claimed that it was safe.\n\nOldwick replied: “No.” “Absolutely not,” he added."
    assert [a.name for a in attribute(text, engine=None)][-1] == "Oldwick"


def test_a_name_goes_on_after_small_words() -> None:
    found = attribute("Siân ap Gwynfor said it rained. María José Núñez de la O said it snowed.", engine=None)
    assert [a.name for a in found] == ["Siân ap Gwynfor", "María José Núñez de la O"]


def test_who_speaks_of_somebody_by_name_is_somebody_else() -> None:
    text = "Samir Haddoun said the tents were wet. Anselm Corrado, he added, had seen them."
    assert [a.source_id for a in attribute(text)] == ["samir-haddoun", "samir-haddoun"]


def test_mentions_are_linked_and_typed() -> None:
    text = "Mira Oldane flew from Geneva to the Halden Institute. Oldane was late."
    found = {(m.name, m.kind, m.source_id, text[m.start : m.end]) for m in read(text).mentions}
    assert found == {
        ("Mira Oldane", MentionKind.PERSON, "mira-oldane", "Mira Oldane"),
        ("Mira Oldane", MentionKind.PERSON, "mira-oldane", "Oldane"),
        ("Geneva", MentionKind.PLACE, "geneva", "Geneva"),
        (
            "Halden Institute for Conflict Studies",
            MentionKind.ORGANISATION,
            "halden-institute",
            "Halden Institute",
        ),
    }


def test_a_longer_name_is_no_mention_of_the_place_in_it() -> None:
    assert [m.name for m in read("She teaches at Damascus University in the city.").mentions] == [
        "Damascus University"
    ]


def test_json_has_the_words_beside_the_offsets() -> None:
    text = "“It rained,” Mira Oldane said. “It snowed.”"
    (attribution,) = attribute(text)
    form = to_json(attribution, text)
    assert set(form) == {
        "source", "cue", "content", "source_text", "cue_text", "content_text", "kind", "source_kind", "name",
        "joint", "source_id", "parent_source_id", "via", "rule", "inside", "confidence",
    }  # fmt: skip
    assert form["source"] == [[13, 24]]
    assert form["content_text"] == "“It rained,” … “It snowed.”"
    assert form["kind"] == "direct"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The crowd knew a WINNER when it saw the winner. NATO was not there.", ["NATO"]),
        ("The singer said she was a WINNER.", []),
        ("It is a HUGE, and a COLD, day for an OPEC minister.", ["OPEC"]),
        ("They asked WHAT IS THE PLAN of the Islamic State.", ["Islamic State"]),
        ("VOTING DAY\n\nOldane said that IS fighters had left.", ["Islamic State"]),
    ],
)
def test_words_in_capitals_are_names_only_where_they_abbreviate(text: str, names: list[str]) -> None:
    assert [one.name for one in read(text, language="en").mentions] == names


def test_a_body_may_be_on_something_but_not_on_a_day() -> None:
    text = "The National Institute on Drug Abuse and the Harbour Committee on Monday said it was over."
    assert [one.name for one in read(text, language="en").mentions] == [
        "National Institute on Drug Abuse",
        "Harbour Committee",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "He told the Committee on Foreign Affairs that talks had stalled.",
            ["Committee on Foreign Affairs"],
        ),
        ("The Committee on Foreign Affairs said it agreed.", ["Committee on Foreign Affairs"]),
        ("It is up to the Ministry of Foreign Affairs.", ["Ministry of Foreign Affairs"]),
        (
            "It was on Friday that Foreign Minister Odo Marsh and the new Finance Secretary Ilse Varn left.",
            ["Odo Marsh", "Ilse Varn"],
        ),
    ],
)
def test_what_an_office_is_over_is_a_title_only_before_one(text: str, names: list[str]) -> None:
    assert [one.name for one in read(text, language="en", engine=None).mentions] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Reuters, citing the Interior Ministry, said that 40 people were injured.",
            [("the Interior Ministry", "said", "that 40 people were injured", "Reuters")],
        ),
        (
            "Mira Oldane, citing a report, said that the bridge was open.",
            [
                ("Mira Oldane", "citing", "a report", None),
                ("Mira Oldane", "said", "that the bridge was open", None),
            ],
        ),
        (
            "Oldane resigned, citing reasons of health, and Marsh said he would follow.",
            [
                ("Oldane", "citing", "reasons of health", None),
                ("Marsh", "said", "he would follow", None),
            ],
        ),
    ],
)
def test_what_is_cited_ends_where_the_one_who_cites_speaks(
    text: str, found: list[tuple[str, str, str, str | None]]
) -> None:
    forms = [(to_json(one, text), one.via) for one in attribute(text)]
    assert [(f["source_text"], f["cue_text"], f["content_text"], via) for f, via in forms] == found
