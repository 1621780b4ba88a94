"""What an engine's spans become: its words kept, who is meant and what stands inside what told as for the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attribution import Engine, Rule, read
from pipeline.records import Attribution, AttributionKind
from pipeline.text import Span


@dataclass(frozen=True, kw_only=True)
class _Spans:
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    confidence: float = 0.9


def _engine(*found: tuple[str | None, ...]) -> Engine:
    """Finds these words, each where it first stands after the one before it in its row."""

    def spans(text: str) -> Sequence[_Spans]:
        def at(words: str | None) -> tuple[Span, ...]:
            if words is None:
                return ()
            start = text.index(words)
            return ((start, start + len(words)),)

        return [
            _Spans(source=at(s), cue=at(c), content=tuple(span for part in parts for span in at(part)))
            for s, c, *parts in found
        ]

    return spans


def _read(text: str, *found: tuple[str | None, ...]) -> tuple[Attribution, ...]:
    return read(text, language="en", engine=_engine(*found)).attributions


def test_an_engines_spans_are_kept_and_its_sources_resolved() -> None:
    text = "Mira Oldane came. The road, she said, “is open now”."
    (found,) = _read(text, ("she", "said", "“is open now”"))
    assert [text[a:b] for a, b in (*found.source, *found.cue, *found.content)] == [
        "she",
        "said",
        "“is open now”",
    ]
    assert (found.name, found.rule, found.kind) == (
        "Mira Oldane",
        Rule.PRONOUN_NEAREST,
        AttributionKind.DIRECT,
    )
    assert 0 < found.confidence < 0.9


def test_what_stands_in_anothers_content_is_inside_it() -> None:
    text = "Mira Oldane said that Anselm Corrado believed the road was open."
    outer = ("Mira Oldane", "said", "that Anselm Corrado believed the road was open")
    by_engine = _read(text, ("Anselm Corrado", "believed", "the road was open"), outer)
    assert [(a.name, a.inside) for a in by_engine] == [("Mira Oldane", None), ("Anselm Corrado", 0)]


def test_statements_inside_statements_are_read_where_the_engine_finds_none() -> None:
    text = "Mira Oldane said that Anselm Corrado told her the road was open."
    found = _read(text, ("Mira Oldane", "said", "that Anselm Corrado told her the road was open"))
    assert [(a.name, a.inside) for a in found] == [("Mira Oldane", None), ("Anselm Corrado", 0)]


def test_a_verb_joined_to_another_goes_on_with_its_source() -> None:
    text = "Mira Oldane said the road was open and warned that it was wet."
    first, second = _read(
        text, ("Mira Oldane", "said", "the road was open"), (None, "warned", "that it was wet")
    )
    assert (second.source, second.name, second.rule) == ((), first.name, Rule.CONTINUED)


def test_a_passive_without_a_source_has_none() -> None:
    text = "Mira Oldane said the road was open and it is expected to stay so."
    found = _read(text, ("Mira Oldane", "said", "the road was open"), (None, "is expected", "to stay so"))
    assert [a.rule for a in found] == [Rule.REGISTERED_NAME, Rule.ABSENT]


def test_a_turn_of_a_transcript_is_one_for_an_engine_too() -> None:
    text = "Corrado: Is it open?\n\nOldane: We opened it on Monday."
    marked = _Spans(source=((22, 28),), cue=((28, 29),), content=((30, 52),))
    found = read(text, language="en", title="Mira Oldane answers", engine=lambda _: [marked])
    (turn,) = found.attributions
    assert (turn.name, turn.rule, turn.kind) == ("Mira Oldane", Rule.TRANSCRIPT, AttributionKind.DIRECT)


_TEXTS = st.lists(
    st.sampled_from(
        ["Mira Oldane", "said", "he", "the ministry", "“", "”", ",", ".", "\n\n", "U.S.", "40", ":", "\x00", "😀", "that"]
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_TEXTS, st.data())
def test_any_spans_of_an_engine_give_spans_that_slice_back(text: str, data: st.DataObject) -> None:
    offset = st.integers(0, len(text))
    part = st.tuples(offset, offset).map(lambda pair: (min(pair), max(pair)))
    parts = st.lists(part, max_size=3).map(tuple)
    found = data.draw(st.lists(st.builds(_Spans, source=parts, cue=parts, content=parts), max_size=5))
    for index, one in enumerate(read(text, language="en", engine=lambda _: found).attributions):
        assert one.content
        assert one.inside is None or one.inside < index
        for start, end in (*one.source, *one.cue, *one.content):
            assert 0 <= start < end <= len(text)


def test_the_first_of_two_verbs_has_the_source_that_an_engine_gave_to_the_second() -> None:
    text = "Mira Oldane rejected the plan and said the pier would stay."
    found = _read(text, (None, "rejected", "the plan"), ("Mira Oldane", "said", "the pier would stay"))
    assert [one.name for one in found] == ["Mira Oldane", "Mira Oldane"]


def test_a_passive_verb_has_no_source_of_the_verb_after_it() -> None:
    text = "Mira Oldane was accused of theft and said the pier would stay."
    found = _read(text, (None, "was accused of", "theft"), ("Mira Oldane", "said", "the pier would stay"))
    assert [one.name for one in found] == [None, "Mira Oldane"]


def test_whom_the_article_calls_she_is_the_she_who_speaks() -> None:
    text = (
        "Zolani Pirelt came with her sister. Zolani Pirelt met Mr Anselm Corrado on the pier.\n\n"
        "She said the pier would stay."
    )
    (found,) = _read(text, ("She", "said", "the pier would stay"))
    assert (found.name, found.rule) == ("Zolani Pirelt", Rule.PRONOUN_NEAREST)


def test_who_is_never_somebody_in_brackets() -> None:
    text = "They called Mira Oldane (sister of Anselm Corrado), who said the pier would stay."
    (found,) = _read(text, ("who", "said", "the pier would stay"))
    assert (found.name, found.rule) == ("Mira Oldane", Rule.RELATIVE)


def test_a_lone_name_keeps_the_title_that_tells_who_it_is() -> None:
    text = "Andrew came late. Prince Andrew said the pier would stay. Lady Oldane said it would not."
    found = _read(
        text, ("Prince Andrew", "said", "the pier would stay"), ("Lady Oldane", "said", "it would not")
    )
    assert [one.name for one in found] == ["Prince Andrew", "Lady Oldane"]


def test_brigades_that_share_a_prefix_are_two() -> None:
    text = "The Al-Marsa Brigades said it was over. The Al-Kadim Brigades said it was not."
    found = _read(
        text,
        ("The Al-Marsa Brigades", "said", "it was over"),
        ("The Al-Kadim Brigades", "said", "it was not"),
    )
    assert [one.name for one in found] == ["Al-Marsa Brigades", "Al-Kadim Brigades"]


def test_an_office_in_capitals_is_nobodys_name() -> None:
    text = "The then Harbour Secretary, Sajan Javis, said it was over."
    (found,) = _read(text, ("The then Harbour Secretary, Sajan Javis,", "said", "it was over"))
    assert (found.name, found.rule) == ("Sajan Javis", Rule.APPOSITION)


def test_a_body_goes_by_its_head_and_by_it() -> None:
    text = (
        "The Bureau of Fisheries and Coastal Waters said it was over. Later the Bureau added that it was late. "
        "It confirmed that nobody came."
    )
    found = _read(
        text,
        ("The Bureau of Fisheries and Coastal Waters", "said", "it was over"),
        ("the Bureau", "added", "that it was late"),
        ("It", "confirmed", "that nobody came"),
    )
    assert {one.name for one in found} == {"Bureau of Fisheries and Coastal Waters"}


def test_what_a_sentence_tells_before_its_speaker_is_one_statement() -> None:
    text = "Mira Oldane thanked the crew and repeated her thanks, Anselm Corrado added."
    outer, *inner = _read(
        text,
        ("Anselm Corrado", "added", "Mira Oldane", "her thanks"),
        (None, "thanked", "the crew and repeated"),
    )
    assert text[slice(*outer.content[0])] == "Mira Oldane thanked the crew and repeated her thanks"
    assert {(one.name, one.inside) for one in inner} == {("Mira Oldane", 0)}


def test_what_was_done_to_somebody_is_no_statement_unless_it_is_quoted() -> None:
    text = "The court convicted him of fraud. It sentenced him “for his own good”. He was diagnosed that day."
    found = _read(
        text,
        ("The court", "convicted", "him of fraud"),
        ("It", "sentenced", "“for his own good”"),
        (None, "was diagnosed", "that day"),
    )
    assert [text[slice(*one.cue[0])] for one in found] == ["sentenced", "was diagnosed"]


def test_a_source_cut_behind_by_goes_on_to_whom_it_names() -> None:
    text = "The pier is unsafe, according to a report by the Halden Port Authority published on Monday."
    (found,) = _read(text, ("a report by", "according to", "The pier is unsafe"))
    assert text[slice(*found.source[0])] == "a report by the Halden Port Authority"
    assert (found.name, found.rule) == ("Halden Port Authority", Rule.DOCUMENT_OF)


def test_whoever_stands_behind_by_is_the_source_of_both_verbs() -> None:
    text = "The plan was welcomed by Mira Oldane, saying that it was late."
    first, _ = _read(
        text, (None, "was welcomed by", "The plan"), ("Mira Oldane", "saying", "that it was late")
    )
    assert (first.name, first.rule) == ("Mira Oldane", Rule.CONTINUED)


def test_whom_a_medium_cites_is_the_source_and_the_medium_the_way_it_came() -> None:
    text = "SANA reported, citing a port official, that 40 ships had left."
    whole = ("SANA", "citing", "a port official,", "that 40 ships had left")
    (found,) = _read(text, whole)
    assert (text[slice(*found.source[0])], found.via) == ("a port official", "SANA")
    assert text[slice(*found.content[0])] == "that 40 ships had left"
    text = "SANA, citing Anselm Corrado, said that 40 ships had left."
    (found,) = _read(text, (None, "citing", "Anselm Corrado"), ("SANA", "said", "that 40 ships had left"))
    assert (found.name, found.via) == ("Anselm Corrado", "SANA")


def test_a_medium_that_spoke_is_not_the_government() -> None:
    text = "China had 26 cases, TASS said. The government denied it. The group said it was over."
    found = _read(
        text,
        ("TASS", "said", "China had 26 cases"),
        ("The government", "denied", "it"),
        ("The group", "said", "it was over"),
    )
    assert [one.name for one in found] == ["TASS", None, None]


def test_a_source_does_not_end_with_its_owner() -> None:
    text = "Russia’s reconciliation centre in Syria claimed that 40 flights were made."
    (found,) = _read(text, ("Russia’s", "claimed", "that 40 flights were made"))
    assert text[slice(*found.source[0])] == "Russia’s reconciliation centre"
    assert found.source_id != "russia"
