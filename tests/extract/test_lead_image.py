from __future__ import annotations

import pytest

from pipeline.extract.lead_image import lead_image
from pipeline.extract.page import read_page


def of(head: str) -> str | None:
    return lead_image(read_page(f"<head>{head}</head><body><p>x".encode(), "https://courier.example/a/b"))


def test_the_picture_is_the_one_that_the_page_names_with_its_whole_address() -> None:
    assert of("<meta property='og:image' content='/i/ferry.jpg'>") == "https://courier.example/i/ferry.jpg"
    linked = '<script type="application/ld+json">{"@type":"NewsArticle","image":[{"url":"//pics.example/f.jpg"}]}</script>'
    assert of(linked) == "https://pics.example/f.jpg"


@pytest.mark.parametrize(
    "stated", ["/img/default-share.png", "/logo.svg", "data:image/png;base64,AA", "https://[", "javascript:x", "/a b.jpg"]
)  # fmt: skip
def test_a_logo_or_no_address_is_no_picture(stated: str) -> None:
    assert of(f"<meta property='og:image' content='{stated}'>") is None


def test_a_stand_in_gives_way_to_the_next_picture() -> None:
    head = "<meta property='og:image' content='/default.png'><meta name='twitter:image' content='/catalogo/f.jpg'>"
    assert of(head) == "https://courier.example/catalogo/f.jpg"
