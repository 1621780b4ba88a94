"""Who is cited, on an invented press that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}
BIG = "90000000000000002"  # what all ids of attributions begin with


def test_sources_come_most_cited_first_a_page_at_a_time(press: Any) -> None:
    first = press.get("sources", **WHOLE, limit=2)
    assert first["columns"] == [
        "source_key",
        "source_name",
        "kind",
        "country",
        "attributions",
        "articles",
        "outlets",
    ]
    assert first["rows"] == [
        ["ilse-varn", "Ilse Varn", "person", "NO", 4, 4, 3],
        ["harbour-office", "Harbour Office", "institution", "NO", 2, 2, 2],
    ]
    assert (first["count"], first["limit"], first["offset"]) == (5, 2, 0)
    rest = press.get("sources", **WHOLE, limit=3, offset=2)
    assert [row[0] for row in rest["rows"]] == [
        "name:<svg onload=alert(2)>",
        "name:=cmd|' /C calc'!A0",
        "name:Jeanne Roche",
    ]
    past = press.get("sources", **WHOLE, offset=5)
    assert (past["rows"], past["count"]) == ([], 5)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("varn", ["ilse-varn"]),
        ("i. v", ["ilse-varn"]),  # another name of hers
        ("ROCHE", ["name:Jeanne Roche"]),
        ("%", []),
        ("", ["ilse-varn", "harbour-office"]),
    ],
)
def test_words_stand_in_any_name_of_a_source(press: Any, words: str, found: list[str]) -> None:
    answer = press.get("sources", **WHOLE, words=words)
    assert [row[0] for row in answer["rows"]][:2] == found


def test_a_registered_source_is_described(press: Any) -> None:
    assert press.get("sources/ilse-varn", **WHOLE)["source"] == {
        "source_key": "ilse-varn",
        "source_name": "Ilse Varn",
        "kind": "person",
        "parent_key": "harbour-office",
        "parent_name": "Harbour Office",
        "country": "NO",
        "aliases": ["I. Varn"],
        "wikidata": "Q7",
    }


def test_a_source_that_left_the_registry_is_known_by_what_it_said(emptied: Any) -> None:
    answer = emptied.get("sources/ilse-varn", **WHOLE)
    assert answer["source"] == {
        **dict.fromkeys(("kind", "parent_key", "parent_name", "country", "wikidata")),
        "source_key": "ilse-varn",
        "source_name": "ilse-varn",
        "aliases": [],
    }
    assert sum(row[1] for row in answer["timeline"]["rows"]) == 4
    assert emptied.get("sources/ilse-varn/statements", **WHOLE)["count"] == 4
    assert emptied.response("sources/nobody", **WHOLE).status_code == 404


def test_a_source_has_days_outlets_verbs_and_company(press: Any) -> None:
    answer = press.get("sources/ilse-varn", **WHOLE)
    assert answer["timeline"]["rows"] == [
        ["2016-03-21", 2, 2],
        ["2016-03-22", 1, 1],
        ["2016-03-23", 1, 1],
        ["2016-03-24", 0, 0],
    ]
    # Kald Post has four attributions to identified sources, two of them hers.
    assert answer["outlets"]["rows"] == [
        ["kald-post", "Kald Post", 2, 1, 0.5],
        ["evil-echo", "<img src=x onerror=alert(1)>", 1, 0, 0.5],
        ["port-wire", "Port Wire", 1, 0, 0.5],
    ]
    assert answer["verbs"]["rows"] == [["said", 3], ["told", 1]]
    # Together in 2 articles of 6; she is in 4, the office in 2: ln(2·6 / (4·2)) / ln(6 / 2).
    assert answer["cocited"]["rows"] == [["harbour-office", "Harbour Office", 2, 0.3691]]


def test_a_source_is_narrowed_by_outlet_and_language(press: Any) -> None:
    answer = press.get("sources/ilse-varn", **WHOLE, outlet="kald-post")
    assert [row[1] for row in answer["timeline"]["rows"]] == [1, 1, 0, 0]
    assert answer["verbs"]["rows"] == [["said", 1], ["told", 1]]
    assert press.get("sources/ilse-varn/statements", **WHOLE, language="fr")["count"] == 0


def test_statements_come_newest_first_with_their_evidence(press: Any) -> None:
    answer = press.get("sources/ilse-varn/statements", **WHOLE)
    assert answer["count"] == 4
    assert [row[0] for row in answer["rows"]] == [f"{BIG}{n}" for n in ("08", "06", "03", "01")]
    assert dict(zip(answer["columns"], answer["rows"][2], strict=True)) == {
        "attribution_id": "9000000000000000203",
        "article_id": "9000000000000000102",
        "published_at": "2016-03-21T10:00:00Z",
        "outlet_id": "kald-post",
        "outlet": "Kald Post",
        "title": "Quay stays closed",
        "source_surface": "Ilse Varn",
        "cue": "said",
        "content": "The quay stays closed",
        "kind": "indirect",
        "via": "Port Wire",
        "sentence": "The quay stays closed, Ilse Varn said.",
        "confidence": 0.9,
    }
    assert [
        row[0] for row in press.get("sources/ilse-varn/statements", **WHOLE, limit=1, offset=1)["rows"]
    ] == [f"{BIG}06"]


@pytest.mark.parametrize("name", ["Jeanne Roche", "<svg onload=alert(2)>", "=cmd|' /C calc'!A0"])
def test_a_source_outside_the_registry_is_found_by_its_name(press: Any, name: str) -> None:
    from urllib.parse import quote

    path = f"sources/{quote('name:' + name, safe='')}"
    answer = press.get(path, **WHOLE)
    assert answer["source"]["source_key"] == f"name:{name}"
    assert answer["source"]["kind"] is None
    assert sum(row[1] for row in answer["timeline"]["rows"]) == 1
    assert press.get(f"{path}/statements", **WHOLE)["count"] == 1


@pytest.mark.parametrize("key", ["nobody", "name:Nobody", "name:", "name:Ilse Varn", "' or 1=1 --"])
def test_a_source_that_nobody_cited_is_not_found(press: Any, key: str) -> None:
    for path in (f"sources/{key}", f"sources/{key}/statements"):
        answer = press.response(path)
        assert answer.status_code == 404
        assert "look for its name" in answer.json()["detail"]
