from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.people import looks_like_a_name, people

SITES = ("The Courier", "courier.example", "Stern", "Quay Post – Le Quai")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("By Ann Lee and Bo Ek in Moscow", ("Ann Lee", "Bo Ek")),
        ("Von Ann Lee, Bo Ek und Cy Dow", ("Ann Lee", "Bo Ek", "Cy Dow")),
        ("Par Ann Lee et Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Por Ann Lee y Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Di Ann Lee e Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Автор: Игорь Латышев", ("Игорь Латышев",)),
        ("Autorin/Autor Ann Lee", ("Ann Lee",)),
        ("Di Canio", ("Di Canio",)),
        ("View all posts by Ann Lee", ("Ann Lee",)),
        ("ANN LEE", ("Ann Lee",)),
        ("Ann Lee (Reuters)", ("Ann Lee",)),
        ("Ann Lee and Bo Ek, Quay Times", ("Ann Lee", "Bo Ek")),
        ("Associated Press Ann Lee", ()),
        ("Ann Lee, Nairobi", ("Ann Lee",)),
        ("By Ann Lee, in News, Harbour", ("Ann Lee",)),
        ("<a href='/ann'>Ann Lee</a>, ann@courier.example", ("Ann Lee",)),
        ("By Ann Lee Monday, March 28, 2016", ("Ann Lee",)),
        ("Ann Lee, Chief Technology Officer", ("Ann Lee",)),
        ("Ann Lee, Redakteurin", ("Ann Lee",)),
        ("Ludo van der Berg", ("Ludo van der Berg",)),
        ("松岡大地", ("松岡大地",)),
        ("이종화", ("이종화",)),
    ],
)  # fmt: skip
def test_a_byline_names_people(text: str, names: tuple[str, ...]) -> None:
    assert people([text], SITES) == names


@pytest.mark.parametrize(
    "text",
    [
        "Staff", "By The Courier staff", "Courier Online", "Reuters", "The Courier", "Web Desk", "Radio Norvik", "Le Quai", "Redaktion",
        "https://courier.example/ann", "The Courier (www.courier.example)", "Our correspondent", "编辑", "著者一覧", "12 comments",
    ],
)  # fmt: skip
def test_outlets_desks_and_addresses_are_nobody(text: str) -> None:
    assert people([text], SITES) == ()


def test_a_surname_may_be_an_outlets_name() -> None:
    assert people(["Anna Stern"], SITES) == ("Anna Stern",)
    assert people(["Stern Online"], SITES) == ()


def test_each_person_is_named_once() -> None:
    assert people(["Ann Lee", "By ANN LEE", "Bo Ek"], SITES) == ("Ann Lee", "Bo Ek")


@pytest.mark.parametrize("name", ["Ann Lee", "Ludo van der Berg", "J. R. Ek", "Şule Aydın", "松岡大地"])
def test_what_could_be_a_name_by_its_looks(name: str) -> None:
    assert looks_like_a_name(name)


@pytest.mark.parametrize(
    "text", ["Ann", "the ferry line", "Ferry closes for winter", "Who's there?", "a b", ""]
)
def test_what_could_not(text: str) -> None:
    assert not looks_like_a_name(text)


@given(st.lists(st.text(max_size=80), max_size=3))
def test_naming_people_never_fails(texts: list[str]) -> None:
    assert all(name.strip() for name in people(texts, SITES))
