"""What was published and fetched, on an invented press that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}


def numbered(number: int) -> str:
    """Ids are far beyond what a JavaScript number holds."""
    return str(9000000000000000000 + number)


def test_articles_come_newest_first_with_their_copies(press: Any) -> None:
    answer = press.get("articles", **WHOLE)
    assert answer["count"] == 6
    shown = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    assert [row["article_id"] for row in shown] == [numbered(n) for n in (106, 105, 104, 103, 102, 101)]
    assert shown[4] == {
        "article_id": numbered(102),
        "published_at": "2016-03-21T10:00:00Z",
        "outlet_id": "kald-post",
        "outlet": "Kald Post",
        "title": "Quay stays closed",
        "byline": None,
        "wire_credit": "PW",
        "language": "en",
        "word_count": 16,
        "attributions": 2,
        "cluster_id": numbered(101),
        "copies": 2,
    }
    # A page and its own correction stand in one cluster, and are no copies of each other.
    assert (shown[2]["cluster_id"], shown[2]["copies"]) == (numbered(104), 0)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"outlet": "kald-post"}, [106, 104, 102]),
        ({"outlet": ["le-mole", "port-wire"]}, [103, 101]),
        ({"language": "fr"}, [103]),
        ({"source": "harbour-office"}, [102, 101]),
        ({"source": ["name:Jeanne Roche", "harbour-office"]}, [103, 102, 101]),
        ({"source": "ilse-varn", "outlet": "kald-post"}, [104, 102]),
        ({"start": "2016-03-23", "end": "2016-03-23"}, [105]),
        ({"outlet": "' or true --"}, []),
    ],
)
def test_articles_are_narrowed(press: Any, narrowed: dict[str, Any], found: list[int]) -> None:
    answer = press.get("articles", **{**WHOLE, **narrowed})
    assert [row[0] for row in answer["rows"]] == [numbered(n) for n in found]
    assert answer["count"] == len(found)


def test_an_article_comes_with_all_that_was_read_in_it(press: Any) -> None:
    answer = press.get(f"articles/{numbered(101)}")
    article = answer["article"]
    assert (article["title"], article["outlet"], article["byline"], article["tags"]) == (
        "Quay closed",
        "Port Wire",
        "By P. Wire",
        ["quay"],
    )
    assert (article["published_at"], article["collected_at"]) == (
        "2016-03-21T08:00:00Z",
        "2016-03-21T08:30:00Z",
    )
    first, second = answer["attributions"]
    assert (first["attribution_id"], first["source_key"], first["cue"]) == (
        numbered(201),
        "ilse-varn",
        "said",
    )
    assert second["content_spans"] == [[40, 67]]
    assert article["body"][40:67] == second["content"] == '"At least 40 ferries wait,"'
    assert answer["mentions"] == [
        {"source_key": "ilse-varn", "name": "Ilse Varn", "kind": "person", "start": 23, "end": 32},
        {
            "source_key": "harbour-office",
            "name": "Harbour Office",
            "kind": "organisation",
            "start": 72,
            "end": 86,
        },
    ]
    (figure,) = answer["figures"]
    assert (figure["attribution_id"], figure["value"], figure["qualifier"], figure["counted"]) == (
        numbered(202),
        40.0,
        "at least",
        "ferries",
    )
    assert answer["story"] == {"cluster_id": numbered(101), "articles": 3}


def test_offsets_count_characters_not_units_of_utf16(press: Any) -> None:
    answer = press.get(f"articles/{numbered(103)}")
    body = answer["article"]["body"]
    assert "😀" in body
    (said,) = answer["attributions"]
    assert [body[start:end] for start, end in said["source_spans"]] == ["Jeanne Roche"]
    assert [body[start:end] for start, end in said["content_spans"]] == ["« Nous attendons les bateaux. »"]


def test_a_chain_leads_from_the_outlet_over_the_agency_to_the_sources(press: Any) -> None:
    links = press.get(f"articles/{numbered(102)}")["chain"]
    assert [(link["role"], link["key"], link["name"], link["evidence"]) for link in links] == [
        ("outlet", "kald-post", "Kald Post", None),
        ("agency", "port-wire", "Port Wire", "credit"),  # printed as PW
        ("source", "ilse-varn", "Ilse Varn", None),
        ("source", "harbour-office", "Harbour Office", None),
    ]
    assert links[2]["via"] == "Port Wire"
    uncredited = press.get(f"articles/{numbered(105)}")["chain"]
    assert [(link["role"], link["name"], link["evidence"]) for link in uncredited][1] == (
        "agency",
        "Port Wire",
        "copy",
    )
    own = press.get(f"articles/{numbered(101)}")["chain"]
    assert [link["role"] for link in own] == ["outlet", "source", "source"]


def test_authors_captures_and_states_of_a_page(press: Any) -> None:
    answer = press.get(f"articles/{numbered(104)}")
    assert answer["authors"] == ["Bo Tarn", "Ola Lund"]
    assert [
        (state["article_id"], state["word_count"], state["is_this"]) for state in answer["revisions"]
    ] == [
        (numbered(104), 14, True),
        (numbered(107), 19, False),
    ]
    assert answer["story"] is None
    # The same address again, unchanged, is a capture of the article too.
    captures = press.get(f"articles/{numbered(102)}")["captures"]
    assert [capture["capture_id"] for capture in captures] == [numbered(302), numbered(308)]
    assert captures[0]["warc_file"] == "kald-post/2016-03-21.warc.gz"


def test_a_capture_names_what_was_read_from_it(press: Any) -> None:
    answer = press.get(f"captures/{numbered(308)}")
    assert (
        answer["capture"]["outlet_id"],
        answer["capture"]["kind"],
        answer["capture"]["interval_start"],
    ) == (
        "kald-post",
        "page",
        "2016-03-23T00:00:00Z",
    )
    assert answer["articles"] == [{"article_id": numbered(102), "title": "Quay stays closed"}]


def test_what_the_archive_let_go_of_is_said(press: Any) -> None:
    answer = press.response(f"captures/{numbered(301)}/page")
    assert answer.status_code == 404
    assert "the archive does not hold it any more" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["articles", "captures", "stories"])
def test_an_unknown_id_is_not_found_and_no_id_is_refused(press: Any, path: str) -> None:
    assert press.response(f"{path}/1").status_code == 404
    for wrong in ("-1", "9223372036854775808", "1e3", "one"):
        assert press.response(f"{path}/{wrong}").status_code == 400, wrong
    assert press.response("captures/1/page").status_code == 404
