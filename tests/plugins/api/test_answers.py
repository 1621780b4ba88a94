"""How answers leave: JSON that is inert, tables as CSV and Parquet, trends, search, SQL, and the documents."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest

WHOLE = {"start": "2016-03-21", "end": "2016-03-24"}
EVIL = "9000000000000000105"


def test_hostile_titles_names_and_bodies_travel_as_data(press: Any) -> None:
    paths = [
        "facets",
        "overview",
        "sources",
        f"sources/{quote('name:<svg onload=alert(2)>', safe='')}",
        "outlets",
        "outlets/evil-echo",
        "articles",
        f"articles/{EVIL}",
        "stories/9000000000000000101",
    ]
    for path in paths:
        answer = press.response(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json", path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert "sandbox" in answer.headers["content-security-policy"], path
    article = press.get(f"articles/{EVIL}")
    assert article["article"]["title"] == "<script>alert('t')</script>"
    assert "<script>alert(3)</script>" in article["article"]["body"]
    assert article["attributions"][1]["source_name"] == "<svg onload=alert(2)>"
    assert article["attributions"][1]["inside_id"] == article["attributions"][0]["attribution_id"]


def test_a_refusal_is_as_inert_as_an_answer(press: Any) -> None:
    answer = press.response("outlets/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_archived_page_is_saved_and_never_shown(press: Any) -> None:
    answer = press.response("captures/9000000000000000305/page")
    assert answer.content == b"<!doctype html><title>x</title><script>alert('captured')</script>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"] == 'attachment; filename="capture-9000000000000000305.txt"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_a_page_of_a_table_as_csv_holds_no_formula(press: Any) -> None:
    answer = press.response("articles", **WHOLE, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["article_id"][-3:] for row in rows] == ["106", "105", "104", "103", "102", "101"]
    assert rows[0]["title"] == '\'=HYPERLINK("http://x.example")'
    sources = list(csv.reader(io.StringIO(press.response("sources", **WHOLE, format="csv").text)))
    assert ["name:=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "", "", "1", "1", "1"] in sources


def test_a_table_as_parquet_keeps_its_types(press: Any) -> None:
    answer = press.response("articles", **WHOLE, format="parquet")
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.parquet"'
    table = pq.read_table(io.BytesIO(answer.content))
    assert str(table.schema.field("article_id").type) == "int64"
    assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"
    assert table.column("word_count").to_pylist() == [8, 18, 14, 15, 16, 16]


def test_one_table_of_a_view_can_be_had_alone(press: Any) -> None:
    answer = press.response("sources/ilse-varn", **WHOLE, table="verbs", format="csv")
    assert answer.text == "cue,attributions\r\nsaid,3\r\ntold,1\r\n"
    assert press.get("overview", **WHOLE, table="attention")["columns"] == ["day", "articles", "attributions"]
    unnamed = press.response("overview", **WHOLE, format="csv")
    assert (unnamed.status_code, "name it by table=, one of attention, " in unnamed.text) == (400, True)
    unknown = press.response("overview", **WHOLE, table="verbs")
    assert (unknown.status_code, "there is no table verbs here" in unknown.text) == (400, True)


def test_a_trend_answers_in_every_format_and_takes_only_its_own_parameters(press: Any) -> None:
    answer = press.get("trends/share_of_voice", **WHOLE)
    assert answer["rows"][0][0] == "Ilse Varn"
    shown = press.response("trends/share_of_voice", **WHOLE, format="csv").text
    assert shown.splitlines()[0].split(",") == answer["columns"]
    refused = press.response("trends/share_of_voice", nosuch="1")
    assert (refused.status_code, "has no parameter nosuch" in refused.text) == (400, True)
    timeline = press.get("trends/source_timeline", source="ilse-varn", **WHOLE)
    assert timeline["rows"][0][timeline["columns"].index("attribution_id")] == "9000000000000000201"


def test_a_search_is_paged_and_narrowed(press: Any) -> None:
    answer = press.get("search", words="quay")
    assert answer["count"] == 3
    whole = [row[0] for row in answer["rows"]]
    assert {one[-3:] for one in whole} == {"101", "102", "105"}
    assert [row[0] for row in press.get("search", words="quay", limit=2, offset=1)["rows"]] == whole[1:]
    newest = press.get("search", words="quay", newest=True)
    assert [row[0][-3:] for row in newest["rows"]] == ["105", "102", "101"]
    assert press.get("search", words="quay", source="name:<svg onload=alert(2)>")["count"] == 1
    assert press.get("search", words="quay", outlet="kald-post", language="en", **WHOLE)["count"] == 1
    deep = press.response("search", words="quay", offset=9_999)
    assert (deep.status_code, "narrow it" in deep.text) == (400, True)


def test_a_search_is_counted_by_what_tells_articles_apart(press: Any) -> None:
    assert press.get("search/counts", words="quay")["rows"] == [["2016-03-21", 2], ["2016-03-23", 1]]
    assert press.get("search/counts", words="quay", by="outlet")["rows"] == [
        ["evil-echo", 1],
        ["kald-post", 1],
        ["port-wire", 1],
    ]
    assert press.response("search/counts", words="quay", by="title").status_code == 400


def test_sql_answers_with_types_and_says_when_there_is_more(press: Any) -> None:
    sql = "select outlet_id, count(*) as articles from articles group by outlet_id order by 2 desc, 1"
    answer = press.post("query", sql=sql).json()
    assert (answer["columns"], answer["types"]) == (["outlet_id", "articles"], ["VARCHAR", "BIGINT"])
    assert answer["rows"][0] == ["kald-post", 4]
    assert answer["truncated"] is False
    assert answer["seconds"] >= 0
    cut = press.post("query", sql=sql, limit=1).json()
    assert (cut["rows"], cut["truncated"]) == ([["kald-post", 4]], True)


def test_a_download_says_in_a_header_when_there_is_more(press: Any) -> None:
    for limit, truncated in ((1, "true"), (100, "false")):
        answer = press.response("query", sql="from range(2)", format="csv", limit=limit)
        assert answer.headers["Wirewatch-Truncated"] == truncated


def test_numbers_that_javascript_would_round_come_as_texts(press: Any) -> None:
    answer = press.post(
        "query", sql="select 9007199254740993 as big, 7 as small, [9007199254740993] as many"
    ).json()
    assert answer["rows"] == [["9007199254740993", 7, ["9007199254740993"]]]
    ids = press.post("query", sql="select min(article_id) as article_id from articles").json()
    assert ids["rows"] == [["9000000000000000101"]]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("drop table articles", "only questions are answered"),
        ("insert into articles (title) values ('x')", "only questions are answered"),
        ("copy articles to 'out.csv'", "only questions are answered"),
        ("attach 'other.duckdb'", "only questions are answered"),
        ("set enable_external_access = true", "only questions are answered"),
        ("select 1; select 2", "one statement is run, this is 2"),
        ("", "at least 1 character"),
        ("selekt 1", "Parser Error"),
        ("select nosuch from articles", "Binder Error"),
        ("from read_csv('/etc/passwd')", "Permission Error"),
        ("select * from read_text('/etc/passwd')", "Permission Error"),
        ("select $1", "write them into the statement"),
    ],
)
def test_sql_that_does_more_than_read_is_refused_with_the_reason(press: Any, sql: str, said: str) -> None:
    answer = press.post("query", sql=sql)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_a_question_is_sent_as_json_and_nothing_else(press: Any) -> None:
    assert press.post("query", sql="select 1", limit=10_001).status_code == 400
    assert press.post("query", sql="select 1", more=True).status_code == 400
    assert press.post("query", sql="x" * 20_001).status_code == 400


def test_an_answer_to_sql_can_be_downloaded(press: Any) -> None:
    answer = press.response("query", sql="select '=1+1' as a, title from articles where false", format="csv")
    assert (answer.text, answer.headers["content-disposition"]) == (
        "a,title\r\n",
        'attachment; filename="query.csv"',
    )
    parquet = press.response("query", sql="select day from articles order by 1 limit 1", format="parquet")
    assert [str(day) for day in pq.read_table(io.BytesIO(parquet.content)).column("day").to_pylist()] == [
        "2016-03-21"
    ]


def test_the_dictionary_describes_what_can_be_asked(press: Any) -> None:
    tables = {table["name"]: table for table in press.get("dictionary")["tables"]}
    assert tables["articles"]["description"].startswith("A page in one state of its text.")
    columns = {column["name"]: column for column in tables["articles"]["columns"]}
    assert columns["article_id"] == {
        "name": "article_id",
        "type": "bigint",
        "description": "hash of outlet, URL and digest of the page",
    }
    known = press.post(
        "query", sql="select distinct table_name from duckdb_tables() where schema_name = 'main'"
    ).json()
    assert {name for (name,) in known["rows"]} - {"schema_migrations"} <= set(tables)


def test_the_openapi_document_names_every_path(press: Any) -> None:
    document = press.get("openapi.json")
    assert document["info"]["title"] == "Wirewatch"
    assert {"/api/overview", "/api/sources/{key}/statements", "/api/query"} <= set(document["paths"])
    parameters = document["paths"]["/api/articles"]["get"]["parameters"]
    assert {"start", "end", "outlet", "language", "source", "limit", "offset", "format"} == {
        parameter["name"] for parameter in parameters
    }


def test_the_sample_days_add_up_over_all_views(sample: Any) -> None:
    """What one view counts, the others show."""
    overview = sample.get("overview")
    counts = overview["counts"]
    articles = sample.get("articles", limit=500)
    assert counts["articles"] == articles["count"] == len(articles["rows"]) > 20
    assert counts["articles"] == sum(row[1] for row in overview["attention"]["rows"])
    at = articles["columns"].index("attributions")
    assert counts["attributions"] == sum(row[at] for row in articles["rows"])
    sources = sample.get("sources", limit=500)
    assert counts["sources"] == sources["count"]
    assert overview["top_sources"]["rows"] == [row[:3] + row[4:] for row in sources["rows"][:20]]
    outlets = sample.get("outlets")
    assert counts["articles"] == sum(row[outlets["columns"].index("articles")] for row in outlets["rows"])
    key, _, _, _, attributions, cited, spread = sources["rows"][0]
    source = sample.get(f"sources/{key}")
    assert sum(row[1] for row in source["timeline"]["rows"]) == attributions
    assert sum(row[2] for row in source["timeline"]["rows"]) == cited
    assert len(source["outlets"]["rows"]) == spread
    assert sum(row[1] for row in source["verbs"]["rows"]) <= attributions
    assert sample.get(f"sources/{key}/statements")["count"] == attributions
    english_and_others = [one["language"] for one in sample.get("facets")["languages"]]
    assert sample.get("overview", language=english_and_others)["counts"] == counts


def test_every_article_of_the_sample_leads_to_its_bytes(sample: Any) -> None:
    for row in sample.get("articles", limit=5)["rows"]:
        answer = sample.get(f"articles/{row[0]}")
        body = answer["article"]["body"]
        for said in answer["attributions"]:
            assert " … ".join(body[start:end] for start, end in said["content_spans"]) == said["content"]
            assert all(body[start:end] for start, end in said["cue_spans"])
        for mention in answer["mentions"]:
            assert body[mention["start"] : mention["end"]]
        capture = answer["captures"][0]
        page = sample.response(f"captures/{capture['capture_id']}/page")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/plain")
