from __future__ import annotations

import pytest

from pipeline.extract.authors import is_byline, people


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("By Ann Lee and Bo Ek in Moscow", ("Ann Lee", "Bo Ek")),
        ("Von Ann Lee, Bo Ek und Cy Dow", ("Ann Lee", "Bo Ek", "Cy Dow")),
        ("ANN LEE", ("Ann Lee",)),
        ("Ann Lee (Reuters)", ("Ann Lee",)),
        ("<a href='/ann'>Ann Lee</a>, ann@courier.example", ("Ann Lee",)),
        ("By Ann Lee Monday, March 28, 2016", ("Ann Lee",)),
        ("Автор: Игорь Латышев", ("Игорь Латышев",)),
        ("Staff", ()),
        ("By The Courier staff", ()),
        ("Reuters", ()),
        ("The Courier", ()),
        ("https://courier.example/ann", ()),
        ("Ann Lee, Chief Technology Officer", ("Ann Lee",)),
    ],
)  # fmt: skip
def test_a_byline_names_people_only(text: str, names: tuple[str, ...]) -> None:
    assert people([text], ["The Courier", "courier.example"]) == names


def test_a_line_that_only_says_who_wrote_it_is_a_byline_and_a_sentence_is_not() -> None:
    assert is_byline("By Ann Lee, Moscow", ["Ann Lee"])
    assert not is_byline("Ann Lee said that the bridge was open.", ["Ann Lee"])
    assert not is_byline("What we know", ["Ann Lee"])
