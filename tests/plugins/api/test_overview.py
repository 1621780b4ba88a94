"""Facets and overview, on an invented press that can be counted by hand."""

from __future__ import annotations

from typing import Any

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}
HOSTILE_OUTLET = "<img src=x onerror=alert(1)>"


def rows(answer: Any, table: str) -> list[list[Any]]:
    found: list[list[Any]] = answer[table]["rows"]
    return found


def test_facets_name_days_outlets_and_languages(press: Any) -> None:
    facets = press.get("facets")
    assert (facets["start"], facets["end"]) == ("2016-03-21", "2016-03-24")
    assert [outlet["outlet_id"] for outlet in facets["outlets"]] == [
        "evil-echo",
        "kald-post",
        "le-mole",
        "port-wire",
    ]
    assert facets["outlets"][1] == {
        "outlet_id": "kald-post",
        "name": "Kald Post",
        "kind": "paper",
        "language": "en",
        "country": "NO",
    }
    assert facets["languages"] == [{"language": "en", "articles": 5}, {"language": "fr", "articles": 1}]
    assert facets["may_act"] is False
    assert facets["published_at"].endswith("Z")


def test_counts_leave_corrections_out(press: Any) -> None:
    """Seven pages, one of them a correction; eleven attributions, one of them the correction's."""
    assert press.get("overview", **WHOLE)["counts"] == {
        "found": 36,
        "new": 8,
        "articles": 6,
        "attributions": 10,
        "sources": 5,
        "rejected": 1,
        "gaps": 1,
    }


def test_without_days_the_newest_fortnight_is_meant(press: Any) -> None:
    answer = press.get("overview")
    assert (answer["start"], answer["end"]) == ("2016-03-11", "2016-03-24")
    assert len(rows(answer, "attention")) == 14
    assert answer["counts"]["articles"] == 6


def test_one_day_given_fixes_the_other(press: Any) -> None:
    first = press.get("overview", start="2016-03-23")
    assert (first["start"], first["end"], first["counts"]["articles"]) == ("2016-03-23", "2016-03-24", 2)
    last = press.get("overview", end="2016-03-21")
    assert (last["start"], last["end"], last["counts"]["articles"]) == ("2016-03-08", "2016-03-21", 2)


def test_attention_has_a_row_a_day(press: Any) -> None:
    assert rows(press.get("overview", start="2016-03-20", end="2016-03-24"), "attention") == [
        ["2016-03-20", 0, 0],
        ["2016-03-21", 2, 4],
        ["2016-03-22", 2, 3],
        ["2016-03-23", 1, 2],
        ["2016-03-24", 1, 1],
    ]


def test_the_foremost_sources_have_a_row_a_day_whatever_the_filters(press: Any) -> None:
    narrowings: list[dict[str, Any]] = [
        {},
        {"language": "fr"},
        {"outlet": ["kald-post", "port-wire"]},
        {"source": "ilse-varn"},
    ]
    for narrowed in narrowings:
        answer = press.get("overview", **WHOLE, **narrowed)
        by_day = rows(answer, "foremost")
        totals: dict[str, int] = {}
        for _, key, _, attributions, _, _ in by_day:
            totals[key] = totals.get(key, 0) + attributions
        top = [row[0] for row in rows(answer, "top_sources")[:5]]
        assert list(totals) == top, narrowed
        assert list(totals.values()) == [row[3] for row in rows(answer, "top_sources")[:5]], narrowed
        assert len(by_day) == 4 * len(top)


def test_top_sources_are_counted_by_attributions_articles_and_outlets(press: Any) -> None:
    assert rows(press.get("overview", **WHOLE), "top_sources") == [
        ["ilse-varn", "Ilse Varn", "person", 4, 4, 3],
        ["harbour-office", "Harbour Office", "institution", 2, 2, 2],
        ["name:<svg onload=alert(2)>", "<svg onload=alert(2)>", None, 1, 1, 1],
        ["name:=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", None, 1, 1, 1],
        ["name:Jeanne Roche", "Jeanne Roche", None, 1, 1, 1],
    ]


def test_outlets_and_gaps_say_what_is_missing(press: Any) -> None:
    answer = press.get("overview", **WHOLE)
    assert rows(answer, "outlets") == [
        ["kald-post", "Kald Post", 3, 5, 1, 1, 0, "undated", "2016-03-24"],
        ["evil-echo", HOSTILE_OUTLET, 1, 2, 0, 0, 0, "ok", "2016-03-23"],
        ["le-mole", "Le Môle", 1, 1, 0, 0, 1, "lost", "2016-03-22"],
        ["port-wire", "Port Wire", 1, 2, 0, 0, 0, "ok", "2016-03-21"],
    ]
    assert rows(answer, "gaps") == [
        [
            "le-mole",
            "Le Môle",
            "2016-03-23",
            "feed_malformed",
            "https://le-mole.example/rss",
            "not well-formed",
        ]
    ]


def test_a_language_narrows_articles_attributions_and_sources(press: Any) -> None:
    french = press.get("overview", **WHOLE, language="fr")
    assert (french["counts"]["articles"], french["counts"]["attributions"], french["counts"]["sources"]) == (
        1,
        1,
        1,
    )
    assert rows(french, "top_sources") == [["name:Jeanne Roche", "Jeanne Roche", None, 1, 1, 1]]
    both = press.get("overview", **WHOLE, language=["fr", "en"])
    assert both["counts"] == press.get("overview", **WHOLE)["counts"]
    assert both["top_sources"] == press.get("overview", **WHOLE)["top_sources"]


def test_a_source_narrows_to_what_cites_it(press: Any) -> None:
    answer = press.get("overview", **WHOLE, source="harbour-office")
    assert (answer["counts"]["articles"], answer["counts"]["attributions"], answer["counts"]["sources"]) == (
        2,
        2,
        1,
    )
    named = press.get("overview", **WHOLE, source=["harbour-office", "name:Jeanne Roche"])
    assert (named["counts"]["articles"], named["counts"]["attributions"], named["counts"]["sources"]) == (
        3,
        3,
        2,
    )


def test_an_outlet_narrows_collecting_too(press: Any) -> None:
    answer = press.get("overview", **WHOLE, outlet=["le-mole", "port-wire"])
    assert answer["counts"] == {
        "found": 5,
        "new": 2,
        "articles": 2,
        "attributions": 3,
        "sources": 3,
        "rejected": 0,
        "gaps": 1,
    }
    assert rows(press.get("overview", **WHOLE, outlet="port-wire"), "gaps") == []


def test_what_rises_is_what_the_trend_says(sample: Any) -> None:
    """The same z as the trend `risers`, worked out by hand in its own example."""
    period = {"start": "2016-03-27", "end": "2016-03-28"}
    trend = sample.get("trends/risers", **period)
    named = dict(enumerate(trend["columns"]))
    risers = [{named[at]: value for at, value in enumerate(row)} for row in trend["rows"]]
    assert risers
    assert [[row["source"], row["articles_before"], row["articles"]] for row in risers] == [
        [name, before, now]
        for _, name, before, now, _ in rows(sample.get("overview", **period), "rising_sources")
    ]
