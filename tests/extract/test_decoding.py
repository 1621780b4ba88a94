from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.decoding import decode

RUSSIAN = (
    "Инженеры открыли в воскресенье дорогу к старому городу, закрытую две недели назад после обрушения моста. "
    * 4
)
FRENCH = (
    "Les ingénieurs ont rouvert dimanche la route de la vieille ville, fermée depuis deux semaines. « Enfin ! », a lancé une commerçante. "
    * 3
)


def test_a_byte_order_mark_outranks_every_label() -> None:
    found = decode("\ufeffété".encode(), "windows-1251")
    assert (found.text, found.how) == ("été", "bom")


def test_the_header_outranks_the_page() -> None:
    found = decode(b"<meta charset='koi8-r'>" + RUSSIAN.encode("cp1251"), "windows-1251")
    assert (found.how, RUSSIAN in found.text) == ("header", True)


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", None, "no-such-charset"])
def test_cyrillic_bytes_are_read_as_cyrillic_whatever_the_label(label: str | None) -> None:
    assert RUSSIAN in decode(f"<html><p>{RUSSIAN}</p>".encode("cp1251"), label).text


def test_western_bytes_labelled_utf_8_are_read_as_western() -> None:
    assert FRENCH in decode(f"<meta charset=utf-8><p>{FRENCH}</p>".encode("cp1252"), "utf-8").text


def test_utf_8_labelled_latin_1_is_read_as_utf_8() -> None:
    assert FRENCH in decode(FRENCH.encode(), "iso-8859-1").text


def test_a_cut_character_does_not_make_the_page_another_charset() -> None:
    found = decode(RUSSIAN.encode() + b"\xd0", None)
    assert found.encoding == "utf-8"
    assert RUSSIAN in found.text


def test_twice_encoded_marks_are_mended_and_real_accents_are_not_touched() -> None:
    assert decode("It isnâ€™t over, and it wonâ€™t be".encode()).text == "It isn’t over, and it won’t be"
    assert decode("pâté, Âge, Ãgua".encode()).text == "pâté, Âge, Ãgua"


@given(st.binary(max_size=500), st.sampled_from([None, "utf-8", "cp1252", "utf-16", "hex", "gbk", "\x00"]))
def test_decoding_never_fails(payload: bytes, label: str | None) -> None:
    assert isinstance(decode(payload, label).text, str)


@given(st.text(max_size=200))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    plain = text.replace("Ã", "").replace("Â", "").replace("â", "").replace("\ufeff", "")
    if "\x00" not in plain:
        assert decode(plain.encode(), "utf-8").text == plain


def test_bytes_without_a_label_are_first_tried_as_the_charset_of_the_pages_language() -> None:
    french = "Le ministère a dit que la route était rouverte à l'été. "
    assert french in decode(f"<html lang=fr><p>{french}</p>".encode("cp1252")).text
    assert RUSSIAN in decode(f"<html lang=fr><p>{RUSSIAN}</p>".encode("cp1251")).text
    assert RUSSIAN in decode(f"<html lang=ru><p>{RUSSIAN}</p>".encode("koi8-r")).text
