"""Which kinds of surroundings a name tells of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.surroundings import _CLASSES, BIT, own_bits

PARTS = st.lists(
    st.sampled_from(
        ["article", "body", "-", "_", "list", "listen", "ad", "ads", "advert", "share", "related", "read", "more", "pop",
         "up", "popular", "post", "text", "p", "nav", "tags", "bio", "x1", "foot", "er", "live", "next", "h"]
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@given(PARTS)
def test_a_name_has_the_bit_of_every_pattern_that_is_found_in_it(parts: list[str]) -> None:
    name = "".join(parts)
    wanted = sum(bit for bit, pattern in _CLASSES if pattern.search(name))
    assert own_bits("span", f' class="{name}"') == wanted


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        (' class="Related-Links"', {"c_related"}),
        (' hidden="" class="x"', {"hidden"}),
        (' style="display: none"', {"hidden"}),
        (' style="display: block"', set()),
        (' itemprop="articleBody"', {"itemprop_body"}),
        (' class="share" id="comments"', {"c_share", "c_comment"}),
        (f' data-x="{"y" * 200}" class="share"', {"c_share"}),
    ],
)
def test_attributes_tell_by_class_id_style_and_property(attributes: str, names: set[str]) -> None:
    assert own_bits("span", attributes) == sum(BIT[name] for name in names)


def test_a_tag_tells_too() -> None:
    assert own_bits("nav", "") == BIT["nav"]
