"""Which section an outlet put its article in."""

from __future__ import annotations

import pytest

from pipeline.extract.labels import section
from pipeline.extract.page import read_page


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [("World", "World"), ("Property,Home Page,Popular", "Property"), ("Arts, Culture", "Arts, Culture"), ("Article", None), ("Quaypost", None), ("1,000 Words", "1,000 Words")],
)  # fmt: skip
def test_a_section_is_one_and_no_kind_of_page(stated: str, wanted: str | None) -> None:
    html = f"<head><meta property='article:section' content='{stated}'></head><body><p>Text</p></body>"
    assert section(read_page(html.encode(), "https://quaypost.example/a/harbour")) == wanted


def test_a_section_may_be_called_as_the_host_it_has_to_itself() -> None:
    page = b"<head><meta property='article:section' content='Sport'></head><body><p>Text</p></body>"
    assert section(read_page(page, "https://sport.quay.example/a")) == "Sport"
    assert section(read_page(page, "https://sport.co.example/a")) is None  # there it is the outlet's own name
