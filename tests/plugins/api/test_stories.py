"""What was copied, on an invented press that can be counted by hand."""

from __future__ import annotations

from typing import Any

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}
STORY = "9000000000000000101"


def test_a_story_counts_outlets_copies_and_lags(press: Any) -> None:
    """Copied after 2 and after 47 hours, once word for word; a page and its correction are no story."""
    answer = press.get("stories", **WHOLE)
    assert answer["count"] == 1
    assert dict(zip(answer["columns"], answer["rows"][0], strict=True)) == {
        "cluster_id": STORY,
        "title": "Quay closed",
        "first_outlet_id": "port-wire",
        "first_outlet": "Port Wire",
        "first_at": "2016-03-21T08:00:00Z",
        "articles": 3,
        "outlets": 3,
        "verbatim": 1,
        "median_lag_hours": 24.5,
    }


def test_a_story_fits_where_one_of_its_articles_does(press: Any) -> None:
    for narrowed in ({"outlet": "evil-echo"}, {"source": "harbour-office"}, {"start": "2016-03-23"}):
        answer = press.get("stories", **{**WHOLE, **narrowed})
        assert [(row[0], row[5]) for row in answer["rows"]] == [(STORY, 3)], narrowed
    assert press.get("stories", **WHOLE, language="fr")["count"] == 0
    assert press.get("stories", start="2016-03-24")["rows"] == []


def test_a_story_shows_its_articles_figures_and_sources(press: Any) -> None:
    answer = press.get(f"stories/{STORY}")
    assert answer["story"] == {
        "cluster_id": STORY,
        "title": "Quay closed",
        "first_outlet_id": "port-wire",
        "first_outlet": "Port Wire",
        "first_at": "2016-03-21T08:00:00Z",
        "articles": 3,
        "outlets": 3,
    }
    members = [dict(zip(answer["members"]["columns"], row, strict=True)) for row in answer["members"]["rows"]]
    assert [
        (m["outlet_id"], m["lag_minutes"], m["similarity"], m["own_share"], m["is_first"]) for m in members
    ] == [
        ("port-wire", 0.0, 1.0, 0.0, True),
        ("kald-post", 120.0, 1.0, 0.0, False),
        ("evil-echo", 2820.0, 0.8, 0.2, False),
    ]
    assert members[1]["wire_credit"] == "PW"
    assert answer["figures"]["rows"] == [
        ["ferries", "at least", 40.0, "on sunday", "harbour-office", "Harbour Office", 2, 2],
        ["ferries", None, 60.0, None, "ilse-varn", "Ilse Varn", 1, 1],
    ]
    assert answer["sources"]["rows"] == [
        ["ilse-varn", "Ilse Varn", 3],
        ["harbour-office", "Harbour Office", 2],
        ["name:<svg onload=alert(2)>", "<svg onload=alert(2)>", 1],
    ]
