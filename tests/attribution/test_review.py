"""Who is cited and in no entry of the registry: proposed as lines that parse, never merged."""

from __future__ import annotations

import tomllib
from datetime import date

from pipeline.attribution import default_lexicon
from pipeline.attribution.registry import parse_actors
from pipeline.attribution.review import Unregistered, nearest, proposals

_REGISTRY = default_lexicon().registry


def _cited(
    surface: str, *, is_named: bool = True, kind: str = "named", of: str | None = None
) -> Unregistered:
    return Unregistered(
        surface=surface, is_named=is_named, source_kind=kind, parent_source_id=of, statement_count=3,
        article_count=2, outlet_count=1, first_day=date(2016, 3, 27), last_day=date(2016, 3, 28),
        attribution_id=7, sentence=f"{surface}\nsaid so.",
    )  # fmt: skip


def _proposed(one: Unregistered) -> str:
    (proposal,) = proposals([one], _REGISTRY)
    return proposal


def test_a_name_is_proposed_as_an_entry_that_parses_with_its_evidence() -> None:
    proposal = _proposed(_cited('Anouk "Nou" Delvaux', of="kremlin"))
    assert (
        "3 statements in 2 articles of 1 outlet, 2016-03-27 to 2016-03-28; wirewatch evidence 7" in proposal
    )
    assert "said so." in proposal
    (actor,) = parse_actors(proposal)
    assert (actor.name, actor.kind, actor.parent_id) == ('Anouk "Nou" Delvaux', "person", "kremlin")


def test_a_name_nearly_an_actors_is_proposed_as_its_alias_too() -> None:
    proposal = _proposed(_cited("Mira Oldanne"))
    assert "nearly Mira Oldane (mira-oldane)" in proposal
    assert '"Mira Oldanne"]' in proposal


def test_a_body_is_proposed_as_one() -> None:
    (actor,) = parse_actors(_proposed(_cited("Quarry Safety Board", kind="organisation")))
    assert (actor.source_id, actor.kind) == ("quarry-safety-board", "institution")


def test_a_description_is_proposed_as_a_role_and_adds_nobody() -> None:
    proposal = _proposed(_cited("the quarry’s spokeswoman", is_named=False, kind="role", of="kremlin"))
    assert tomllib.loads(proposal) == {}
    assert 'roles = [{ titles = ["quarry spokeswoman"], of = "kremlin" }]' in proposal


def test_a_name_like_no_actors_is_near_none() -> None:
    assert nearest("Anouk Delvaux", _REGISTRY) is None
