"""Ids: the same on any machine, different for different things."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.identity import digest, key, number

PARTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1f")), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_keys_are_equal_exactly_when_the_parts_are(one: list[str], other: list[str]) -> None:
    assert (key(*one) == key(*other)) == (one == other)


@given(PARTS)
def test_numbers_fit_a_signed_bigint(parts: list[str]) -> None:
    assert 0 <= number(key(*parts)) < 2**63


def test_a_key_does_not_change_between_releases() -> None:
    assert key("article", "levant-monitor", "https://levantmonitor.example/1") == (
        "3821c52d1b515b05401dac3f856f13ad580ca73cf649f39e19a1535b869b8db1"
    )


def test_a_digest_names_its_algorithm() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
