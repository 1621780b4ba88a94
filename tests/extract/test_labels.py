"""Which section an outlet put its article in."""

from __future__ import annotations

import pytest

from pipeline.extract.labels import section
from pipeline.extract.page import read_page


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [("World", "World"), ("Property,Home Page,Popular", "Property"), ("Arts, Culture", "Arts, Culture"), ("Article", None), ("Quaypost", None)],
)  # fmt: skip
def test_a_section_is_one_and_no_kind_of_page(stated: str, wanted: str | None) -> None:
    html = f"<head><meta property='article:section' content='{stated}'></head><body><p>Text</p></body>"
    assert section(read_page(html.encode(), "https://quaypost.example/a/harbour")) == wanted
