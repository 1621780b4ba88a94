from __future__ import annotations

from pipeline.extract.language import language_of

ENGLISH = "The harbour wall of Norvik gave way on Monday, and the ferry line is closed until the spring."
GERMAN = "Die Hafenmauer von Norvik gab am Montag nach, und die Fähre fährt bis zum Frühling nicht mehr."
DANISH = "Havnemuren i Norvik gav efter i mandags, og færgen sejler ikke igen før til foråret, siger havnen."


def test_the_language_is_detected_and_says_how_sure_that_is() -> None:
    found = language_of(GERMAN * 3, "en")
    assert found.code == "de"
    assert found.confidence is not None
    assert 0.9 < found.confidence <= 1


def test_a_standfirst_in_another_language_does_not_decide() -> None:
    assert language_of(f"{ENGLISH}\n\n" + GERMAN * 30).code == "de"


def test_the_pages_own_word_is_all_there_is_for_a_line() -> None:
    assert language_of("", "de-AT").code == "de"
    assert language_of("", "de-AT").confidence is None
    assert language_of("", "nb_NO").code == "no"
    assert language_of("", "deutsch").code is None


def test_the_pages_own_word_does_not_outweigh_the_text() -> None:
    assert language_of(DANISH * 3, "en").code == "da"
