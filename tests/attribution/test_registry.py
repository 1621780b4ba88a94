from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attribution.registry import name_words, normal, one_edit, parse_registry
from pipeline.errors import CatalogError

_TEXT = """
[[actor]]
id = "tarsia"
name = "Tarsia"
kind = "place"
adjectives = ["Tarsian"]

[[actor]]
id = "tarsian-admiralty"
name = "Tarsian Admiralty"
kind = "institution"
aliases = ["Admiralty of Tarsia", "TA"]
parent = "tarsia"

[[actor]]
id = "ada-voss"
name = "Ada Voss"
kind = "person"
gender = "f"
roles = [{ titles = ["spokeswoman", "harbour master"], of = "tarsian-admiralty", since = 2015-01-01, until = 2016-03-01 }]

[[actor]]
id = "nils-orre"
name = "Nils Orre"
kind = "person"
roles = [
  { titles = ["harbour master"], of = "tarsian-admiralty", since = 2016-03-01 },
  { titles = ["president"], of = "tarsia", since = 2016-03-01 },
]
"""
_REGISTRY = parse_registry(_TEXT)


@pytest.mark.parametrize(
    "surface", ["Tarsian Admiralty", "the TARSIAN  Admiralty", "Admiralty of Tarsia’s", "T.A."]
)
def test_spellings_that_are_equal_after_normalising_name_one_actor(surface: str) -> None:
    found = _REGISTRY.find(surface)
    assert found is not None
    assert found.source_id == "tarsian-admiralty"


@pytest.mark.parametrize("surface", ["Tarsian Admiral", "ta", "Admiralty", ""])
def test_spellings_that_only_resemble_a_name_name_nobody(surface: str) -> None:
    assert _REGISTRY.find(surface) is None


def test_an_office_is_held_until_the_day_before_its_end() -> None:
    words = {"tarsian", "admiralty", "harbour", "master"}
    last, first = date(2016, 2, 29), date(2016, 3, 1)
    assert [actor.source_id for actor, _ in _REGISTRY.holders(words, last)] == ["ada-voss"]
    assert [actor.source_id for actor, _ in _REGISTRY.holders(words, first)] == ["nils-orre"]


def test_a_title_many_offices_share_needs_its_institution_named() -> None:
    on = date(2015, 6, 1)
    assert _REGISTRY.holders({"tarsian", "spokeswoman"}, on) == []
    assert len(_REGISTRY.holders({"tarsian", "admiralty", "spokeswoman"}, on)) == 1


@pytest.mark.parametrize("rank", ["deputy", "former", "vice", "acting"])
def test_a_deputy_is_not_the_holder(rank: str) -> None:
    assert _REGISTRY.holders({rank, "tarsian", "president"}, date(2016, 4, 1)) == []


def test_one_wrong_letter_is_mended_in_long_declared_words_only() -> None:
    assert _REGISTRY.repair("admirlty") == "admiralty"
    assert _REGISTRY.repair("admirallti") == "admirallti"
    assert _REGISTRY.repair("vosse") == "vosse"


@given(st.text(alphabet="abcd", max_size=8), st.text(alphabet="abcd", max_size=8))
def test_one_edit_is_the_same_both_ways(one: str, other: str) -> None:
    assert one_edit(one, other) == one_edit(other, one)
    assert one_edit(one, one)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(surface: str) -> None:
    once = " ".join(name_words(surface))
    assert " ".join(name_words(once)) == once or once.startswith("the ")
    assert normal(normal(surface)) == normal(surface) or normal(surface).startswith("the ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[actor]]\nname = "X"\nkind = "ngo"', "has no id"),
        ('[[actor]]\nid = "x"\nname = "X"\nkind = "planet"', "planet"),
        ('[[actor]]\nid = "x"\nname = "X"\nkind = "person"\nroles = [{ of = "y" }]', "titles"),
        (
            '[[actor]]\nid = "x"\nname = "X"\nkind = "person"\nroles = [{ titles = ["a"], of = "y", since = "2016" }]',
            "no date",
        ),
        ("[[actor", "syntax"),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(text: str, said: str) -> None:
    with pytest.raises(CatalogError, match=r"catalog/sources\.toml") as caught:
        parse_registry(text)
    assert said in str(caught.value)
