"""Who publishes, on an invented press that can be counted by hand."""

from __future__ import annotations

from typing import Any

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}


def test_outlets_say_how_much_is_agency_copy(press: Any) -> None:
    """One article in three of the Kald Post prints the agency's credit; an agency is none of its own customers."""
    answer = press.get("outlets", **WHOLE)
    assert answer["columns"][-5:] == ["articles", "attributions", "wire_share", "verdict", "last_day"]
    assert answer["rows"] == [
        ["kald-post", "Kald Post", "paper", "NO", "en", 3, 5, 0.3333, "undated", "2016-03-24"],
        ["evil-echo", "<img src=x onerror=alert(1)>", "online", None, "en", 1, 2, 0.0, "ok", "2016-03-23"],
        ["le-mole", "Le Môle", "paper", "FR", "fr", 1, 1, 0.0, "lost", "2016-03-22"],
        ["port-wire", "Port Wire", "agency", "NO", "en", 1, 2, None, "ok", "2016-03-21"],
    ]


def test_an_outlet_that_was_silent_keeps_its_last_day(press: Any) -> None:
    answer = press.get("outlets", start="2016-03-24", end="2016-03-24", outlet="port-wire")
    assert answer["rows"] == [
        ["port-wire", "Port Wire", "agency", "NO", "en", 0, 0, None, None, "2016-03-21"]
    ]


def test_an_outlet_has_days_sources_agencies_health_rejects_and_feeds(press: Any) -> None:
    answer = press.get("outlets/kald-post", **WHOLE)
    assert answer["outlet"] == {
        "outlet_id": "kald-post",
        "name": "Kald Post",
        "kind": "paper",
        "homepage": "https://kald-post.example/",
        "country": "NO",
        "language": "en",
    }
    assert answer["volume"]["rows"] == [
        ["2016-03-21", 1, 1, 2],
        ["2016-03-22", 1, 0, 2],
        ["2016-03-23", 0, 0, 0],
        ["2016-03-24", 1, 0, 1],
    ]
    assert answer["sources"]["rows"] == [
        ["ilse-varn", "Ilse Varn", 2, 1],
        ["harbour-office", "Harbour Office", 1, 1],
        ["name:=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", 1, 0],
    ]
    assert answer["agencies"]["rows"] == [["Port Wire", 1, 0.3333]]  # printed as PW
    assert answer["health"]["rows"] == [
        ["2016-03-21", 9, 1, 1, 0, 0, 17.0, 0, "ok"],
        ["2016-03-22", 9, 3, 2, 1, 0, 15.0, 0, "ok"],
        ["2016-03-24", 9, 1, 1, 0, 1, 8.0, 0, "undated"],
    ]
    assert answer["rejects"]["rows"] == [["listing", 1], ["unchanged", 1]]
    assert answer["feeds"]["rows"] == [
        [
            "kald-post/news",
            "https://kald-post.example/rss",
            "syndication",
            "ok",  # the time after, it was not due
            "2016-03-24T06:00:00Z",
        ]
    ]


def test_rejects_and_gaps_come_newest_first(press: Any) -> None:
    answer = press.get("outlets/kald-post/rejects", **WHOLE)
    assert answer["columns"] == ["at", "stage", "reason", "key", "detail"]
    assert [row[:4] for row in answer["rows"]] == [
        ["2016-03-23T06:10:00Z", "load", "unchanged", "https://kald-post.example/quay"],
        ["2016-03-22T06:10:00Z", "process", "listing", "https://kald-post.example/news/"],
    ]
    only = press.get("outlets/kald-post/rejects", **WHOLE, reason="listing")
    assert (only["count"], only["rows"][0][4]) == (1, "states CollectionPage")
    lost = press.get("outlets/le-mole/rejects", **WHOLE)
    assert lost["rows"] == [
        ["2016-03-23T00:00:00Z", "gap", "feed_malformed", "https://le-mole.example/rss", "not well-formed"]
    ]


def test_an_unknown_outlet_is_not_found(press: Any) -> None:
    for path in ("outlets/nosuch", "outlets/nosuch/rejects"):
        answer = press.response(path)
        assert (answer.status_code, answer.json()["detail"]) == (
            404,
            "there is no outlet nosuch; `outlets` lists them",
        )
