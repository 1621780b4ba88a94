from __future__ import annotations

import pytest

from pipeline.extract.canonical import plausible

FETCHED = "https://www.courier.example/world/road-reopens?utm=1"


@pytest.mark.parametrize(
    ("url", "believed"),
    [
        ("https://www.courier.example/world/road-reopens", True),
        ("https://courier.example/world/road-reopens", True),
        ("https://m.courier.example/world/road-reopens", True),
        ("https://www.courier.example/", False),
        ("https://elsewhere.example/world/road-reopens", False),
        ("javascript:void(0)", False),
        ("https://www.courier.example/a b", False),
        ("https://[broken/", False),
    ],
)
def test_a_canonical_url_is_believed_only_where_it_is_plausible(url: str, believed: bool) -> None:
    assert plausible(url, FETCHED) is believed
