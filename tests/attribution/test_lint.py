from __future__ import annotations

import pytest

from pipeline import bundled
from pipeline.attribution import actors, problems
from pipeline.records import ActorKind

_BODY = '[[actor]]\nid = "body"\nname = "The Body"\nkind = "institution"\n'


def _person(source_id: str, extra: str) -> str:
    return f'[[actor]]\nid = "{source_id}"\nname = "{source_id}"\nkind = "person"\n{extra}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_BODY + _person("ada", 'aliases = ["Body"]'), "is also body's"),
        (_person("ada", 'aliases = ["the Ada"]'), "repeats one it has"),
        (_BODY + _BODY, "stands twice"),
        (_person("ada", 'parent = "nowhere"'), "is not in the registry"),
        (_person("ada", 'roles = [{ titles = ["head"], of = "nowhere" }]'), "not in the registry"),
        (_person("ada", 'parent = "ada"'), "its own ancestor"),
        (_person("ada", 'colour = "blue"'), "unknown key 'colour'"),
        (_BODY + _person("ada", 'roles = [{ titles = ["head"], of = "body", rank = 1 }]'), "unknown key 'rank'"),
        (_person("ada", 'gender = "x"'), "gender 'x'"),
        (_BODY + 'gender = "f"\n', "no person"),
        ('[[actors]]\nid = "x"\n', "is no table"),
        (_person("Ada", ""), "is no slug"),
        (
            _BODY + _person("ada", 'roles = [{ titles = ["head"], of = "body", since = 2016-01-02, until = 2016-01-01 }]'),
            "ends before it starts",
        ),
        (
            _BODY
            + _person("ada", 'roles = [{ titles = ["head"], of = "body", since = 2015-01-01, until = 2016-02-01 }]')
            + _person("bea", 'roles = [{ titles = ["Head"], of = "body", since = 2016-01-01 }]'),
            "overlaps with ada",
        ),
    ],
)  # fmt: skip
def test_a_flaw_is_found_and_named(text: str, said: str) -> None:
    assert any(said in str(problem) for problem in problems(text))


def test_one_office_held_by_two_in_turn_is_sound() -> None:
    text = (
        _BODY
        + _person(
            "ada", 'roles = [{ titles = ["head"], of = "body", since = 2015-01-01, until = 2016-02-01 }]'
        )
        + _person("bea", 'roles = [{ titles = ["head"], of = "body", since = 2016-02-01 }]')
    )
    assert problems(text) == ()


def test_the_shipped_registry_is_sound() -> None:
    assert [str(problem) for problem in problems(bundled.text("catalog/sources.toml"))] == []


def test_the_shipped_registry_knows_people_states_agencies_and_groups() -> None:
    kinds = [actor.kind for actor in actors()]
    assert len(kinds) >= 300
    assert set(kinds) == set(ActorKind)
    assert kinds.count(ActorKind.PERSON) >= 120
