from __future__ import annotations

from functools import partial

import pytest

from pipeline.attribution import reading

attribute = partial(reading.attribute, engine=None)  # the rules
read = partial(reading.read, engine=None)

_FRENCH = (
    "La ministre a déclaré mardi que le pont serait ouvert dans les prochains jours. « Nous avons tout fait », "
    "a-t-elle dit devant les députés, selon un communiqué publié par son cabinet."
)
_POLISH = "Minister powiedział we wtorek, że most zostanie otwarty w najbliższych dniach, a prace nie będą przerwane."
_GERMAN = (
    "Die Ministerin sagte am Dienstag, dass die Brücke in den nächsten Tagen für den Verkehr geöffnet wird."
)
_RUSSIAN = "Министр заявил во вторник, что мост откроют в ближайшие дни, и добавил, что работы не остановят."
_SPANISH = "El ministro dijo el martes que el puente se abrirá en los próximos días para todos los vecinos."


@pytest.mark.parametrize(
    ("text", "code"), [(_POLISH, "pl"), (_GERMAN, "de"), (_RUSSIAN, "ru"), (_SPANISH, "es")]
)
def test_text_in_another_language_yields_a_reason_and_no_guess(text: str, code: str) -> None:
    found = read(text)
    assert found.attributions == ()
    assert found.skipped_reason == f"language: {code}"


def test_the_language_that_the_article_gives_is_believed() -> None:
    assert read("The minister said that it rained.", language="pl").skipped_reason == "language: pl"
    assert read("The minister said that it rained.", language="en-GB").skipped_reason is None


@pytest.mark.parametrize("text", ["Oldane said so twice.", "Ilse Brandvik: rain", "", "   \n"])
def test_a_few_words_are_english_unless_they_speak_against_it(text: str) -> None:
    assert read(text).skipped_reason is None


def test_french_is_read_by_its_own_rules() -> None:
    found = read(_FRENCH)
    assert found.skipped_reason is None
    assert [_FRENCH[slice(*a.cue[0])] for a in found.attributions] == ["a déclaré", "a"]
    assert {a.source_kind for a in found.attributions} == {"role", "pronoun"}


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Selon un agent qui a requis l'anonymat, la ville est reprise.", "un agent", "la ville est reprise"),
        ("D'après le ministre, qui parlait à Paris, la loi passera.", "le ministre", "la loi passera"),
        ("Selon Jean Morel, ministre de l'intérieur, la loi passera.", "Jean Morel", "la loi passera"),
        ("Selon le ministre, la loi passera, et vite.", "le ministre", "la loi passera, et vite"),
        ("Le ministre a annoncé une perte plus grande que prévu.", "Le ministre", "une perte plus grande que prévu"),
    ],
)  # fmt: skip
def test_what_tells_more_of_a_french_source_is_no_content(text: str, source: str, content: str) -> None:
    (found,) = attribute(text)
    assert text[slice(*found.source[0])] == source
    assert [text[slice(*part)] for part in found.content] == [content]


def test_english_cues_guess_nothing_in_french() -> None:
    assert (
        read("Le mot « said » et le mot « told » sont dans les titres de la presse anglaise.").attributions
        == ()
    )


def test_an_english_sentence_is_read() -> None:
    assert len(attribute("Oldane said that the bridge was open.")) == 1


_HOSTILE = {
    "incises": "« oui », a dit M. Morel, « non », a-t-il ajouté. " * 400,
    "open marks": "« oui, dit-elle, " * 1_500,
    "commas": "le ministre, la ministre, a dit que " * 800,
    "no stops": "selon le ministre selon la ministre il a dit que " * 600,
    "elisions": "l’d’qu’n’ " * 2_000,
    "nulls": "\0 a déclaré \0 que \0" * 1_500,
}


@pytest.mark.parametrize("name", sorted(_HOSTILE))
def test_hostile_french_is_read_to_its_end_and_every_span_slices_back(name: str) -> None:
    text = _HOSTILE[name]
    for sample in (text[: len(text) // 8], text):
        reading = read(sample, language="fr")
        for found in reading.attributions:
            assert found.content
            for first, end in (*found.source, *found.cue, *found.content):
                assert 0 <= first < end <= len(sample)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "Selon un agent qui a requis l'anonymat, la ville est reprise, a indiqué le maire.",
            "la ville est reprise",
        ),
        ("Selon le maire, la ville est reprise, mais vide.", "la ville est reprise, mais vide"),
        (
            "Selon la police, le suspect, a dit le juge, est en fuite.",
            "le suspect, a dit le juge, est en fuite",
        ),
    ],
)
def test_who_closes_a_french_sentence_is_no_part_of_what_is_said(text: str, content: str) -> None:
    (one,) = attribute(text)
    assert [text[start:end] for start, end in one.content] == [content]
