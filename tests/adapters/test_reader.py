from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse.schema import migrate, migrations
from pipeline.errors import QueryError, QueryTimeoutError, UsageError, WarehouseError

BODY = "The quay stays closed, Ilse Varn said. Nobody was hurt."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A published file with one article of one attribution, and two more days of the rollup."""
    directory = tmp_path_factory.mktemp("warehouse")
    with duckdb.connect(directory / "wirewatch.duckdb") as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        con.execute(
            "insert into captures (capture_id, url, fetched_at, digest, warc_file, warc_offset) values "
            "(3, 'https://kald-post.example/quay', '2016-03-27 12:00:00+00', 'sha256:ab', 'k/1.warc.gz', 512)"
        )
        con.execute(
            "insert into articles (article_id, capture_id, outlet_id, title, body, day) values "
            "(1, 3, 'kald-post', '=2+3', ?, '2016-03-27')",
            [BODY],
        )
        con.execute(
            "insert into attributions (attribution_id, article_id, ordinal, source_id, source_name, cue, content, "
            "sentence, sentence_start, sentence_end) values (2, 1, 1, 'ilse-varn', 'Ilse Varn', 'said', "
            "'The quay stays closed', ?, 0, 38)",
            [BODY[:38]],
        )
        con.execute("insert into outlets (outlet_id, name) values ('kald-post', 'Kald Post')")
        con.execute(
            "insert into daily_outlets (day, outlet_id, articles) values ('2016-03-27', 'kald-post', 1)"
        )
        con.execute(
            "insert into daily_sources values "
            "('2016-03-27', 'kald-post', 'ilse-varn', null, 'identified', 4, 1, 2, '2016-03-27 08:00:00+00', 'en'), "
            "('2016-03-02', 'kald-post', 'ilse-varn', null, 'identified', 9, 1, 2, '2016-03-02 08:00:00+00', 'en')"
        )
        con.execute(
            "insert into daily_citations by name select * exclude (outlet_id, first_at, language), 1 as outlets from daily_sources"
        )
    return directory


@pytest.fixture
def reader(folder: Path) -> Reader:
    return Reader(folder)


def test_nothing_published_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="wirewatch run"):
        Reader(tmp_path).query("select 1")


def test_trends_are_listed_before_anything_is_published(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    names = [info.name for info in reader.trends()]
    assert {"attention", "share_of_voice", "who_quotes_whom", "source_diversity"} <= set(names)
    assert {"spikes", "syndication", "wire_provenance", "first_to_report"} <= set(names)
    assert [row[0] for row in reader.listing().rows] == names


def test_a_trend_looks_at_the_newest_fortnight_by_default(reader: Reader) -> None:
    assert reader.trend("share_of_voice", {}).rows[0][2] == 4


def test_a_trend_takes_days_and_parameters(reader: Reader) -> None:
    whole = reader.trend("share_of_voice", {"outlet": "kald-post"}, date(2016, 3, 1), date(2016, 3, 27))
    assert whole.rows[0][2] == 13
    assert (
        reader.trend("share_of_voice", {"outlet": "kald-post"}, date(2015, 1, 1), date(2015, 1, 2)).rows == ()
    )


@pytest.mark.parametrize(
    ("name", "params", "told"),
    [
        ("no_such_trend", {}, "there are: attention"),
        ("share_of_voice", {"outlets": "x"}, "has no parameter outlets"),
        ("share_of_voice", {"top": "many"}, "'many' is no integer"),
        ("source_timeline", {}, "source .* must be given"),
        ("share_of_voice", {"start": "yesterday"}, "'yesterday' is no date"),
        (
            "share_of_voice",
            {"outlet": "kald-pots"},
            "no outlet 'kald-pots' is known here; the nearest: kald-post",
        ),
        (
            "share_of_voice",
            {"outlet": "KALD-POST"},
            "no outlet 'KALD-POST' is known here; the nearest: kald-post",
        ),
        ("share_of_voice", {"outlet": "zzz"}, "no outlet 'zzz' is known here$"),
    ],
)
def test_a_wrong_call_of_a_trend_says_what_is_wrong(
    name: str, params: dict[str, str | None], told: str, reader: Reader
) -> None:
    with pytest.raises(UsageError, match=told):
        reader.trend(name, params)


@pytest.mark.parametrize("number", [1, 2])
def test_evidence_leads_from_an_id_to_sentence_and_capture(number: int, reader: Reader) -> None:
    table = reader.evidence(number)
    found = dict(zip(table.columns, table.rows[0], strict=True))
    assert found["sentence"] == BODY[found["sentence_start"] : found["sentence_end"]]
    assert (found["url"], found["digest"]) == ("https://kald-post.example/quay", "sha256:ab")
    assert (found["warc_file"], found["warc_offset"]) == ("k/1.warc.gz", 512)
    assert found["fetched_at"] == datetime(2016, 3, 27, 12, tzinfo=UTC)


def test_evidence_of_nothing_says_so(reader: Reader) -> None:
    with pytest.raises(UsageError, match="17 is the id of no article and no attribution"):
        reader.evidence(17)


@pytest.mark.parametrize(
    "sql",
    [
        "select body from articles",
        "with a as (select 1 as x) select x from a",
        "from articles select title",
        "(select 1)",
        "values (1)",
        "describe articles",
        "show tables",
        "summarize articles",
        "explain select 1",
        "EXPLAIN ANALYZE select count(*) from articles",
        "explain (format json) from articles",
        "select 1 as query; ",
        "with query as (select 1) from query",
        "pivot articles on language in ('en', 'fr') using count(*)",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) from n",
    ],
)
def test_questions_are_answered(sql: str, reader: Reader) -> None:
    assert reader.query(sql).rows


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select 1; select 2", "one statement is run, this is 2"),
        ("", "there is no statement to run"),
        ("pivot articles on language using count(*)", "a pivot's columns must be named here"),
        ("from sqlite_scan('other.sqlite', 'secrets')", "sqlite_scan is refused"),
        ("select (select 1 from system.main.\"SQLite_Scan\"('a', 'b'))", "sqlite_scan is refused"),
        ("with a as (from postgres_query('a', 'select 1')) from a", "postgres_query is refused"),
        ("explain (format json) from ducklake_snapshots('wirewatch')", "ducklake_snapshots is refused"),
        ("/* a */ explain from sqlite_scan('a', 'b')", "sqlite_scan is refused|plain select"),
        ("from query('from sqlite_' || 'scan(1, 2)')", "query is refused"),
        ("from json_execute_serialized_sql('{}')", "json_execute_serialized_sql is refused"),
        ("select path from duckdb_databases()", "duckdb_databases is refused"),
        ("table duckdb_databases", "duckdb_databases is refused"),
        (
            "from __ducklake_metadata_wirewatch.ducklake_table",
            "(__ducklake_metadata_wirewatch|ducklake_table) is refused",
        ),
        ("drop table articles", "only questions are answered"),
        ("insert into articles select * from articles", "not insert"),
        ("update articles set title = ''", "not update"),
        ("delete from articles", "not delete"),
        ("create temp table a as select 1", "not create"),
        ("copy articles to 'stolen.csv'", "not copy"),
        ("export database 'stolen'", "not export"),
        ("attach 'other.duckdb'", "not attach"),
        ("install httpfs", "not load"),
        ("load httpfs", "not load"),
        ("set enable_external_access = true", "not set"),
        ("use memory", "not set"),
        ("pragma enable_profiling", "Pragma|pragma|configuration|locked"),
        ("checkpoint", "not call"),
        ("from read_csv('/etc/passwd')", "Permission Error"),
        ("from read_text('/etc/hostname')", "Permission Error"),
        ("from 'articles.parquet'", "Permission Error"),
        ("from glob('/etc/*')", "Permission Error"),
        ("from 'https://example.org/a.csv'", "Permission Error|disabled"),
        ("from reader", "does not exist"),  # a Python variable of ours
        ("select $secret", "parameters cannot be given"),
        ("selec 1", "syntax error"),
        ("select no_such_column from articles", "no_such_column"),
    ],
)
def test_anything_else_is_refused_with_the_reason(sql: str, why: str, reader: Reader) -> None:
    with pytest.raises(QueryError, match=why):
        reader.query(sql)


def test_a_long_query_is_stopped(reader: Reader) -> None:
    with pytest.raises(QueryTimeoutError, match=r"stopped after 0\.2 seconds"):
        reader.query("select count(*) from range(1000000) a, range(1000000) b", max_seconds=0.2)


def test_a_negative_limit_is_wrong_use_and_no_old_warehouse(reader: Reader) -> None:
    with pytest.raises(UsageError, match="parameter top: a number of rows cannot be negative"):
        reader.trend("who_quotes_whom", {"top": "-1"})


@pytest.mark.parametrize("lost", ["drop table outlets", "alter table daily_sources drop column direct"])
def test_a_table_or_column_that_is_lacking_is_an_old_warehouse(
    folder: Path, tmp_path: Path, lost: str
) -> None:
    shutil.copy(folder / "wirewatch.duckdb", tmp_path)
    with duckdb.connect(tmp_path / "wirewatch.duckdb") as con:
        con.execute(lost)
    with pytest.raises(WarehouseError, match="what is published lacks"):
        Reader(tmp_path).trend("who_quotes_whom", {})


def test_a_long_answer_is_cut_and_says_so(reader: Reader) -> None:
    table = reader.query("from range(1000000000)", max_rows=3)
    assert ([row[0] for row in table.rows], table.truncated) == ([0, 1, 2], True)
    assert not reader.query("from range(3)", max_rows=3).truncated


def test_an_answer_of_long_texts_is_cut_before_it_fills_the_memory(reader: Reader) -> None:
    table = reader.query("select repeat('x', 100_000) as a from range(5000)", max_rows=5_000)
    assert table.truncated
    assert 600 < len(table.rows) <= 1_000


def test_a_question_may_not_take_all_memory(reader: Reader) -> None:
    whole = duckdb.sql("select current_setting('memory_limit')").fetchone()
    (given,) = reader.query("select current_setting('memory_limit')").rows
    assert whole is not None
    assert given[0] != whole[0]


def test_no_column_hides_another_of_its_name(reader: Reader) -> None:
    table = reader.query("select 1 as a, 2 as a, 3 as a_1, 4 as b, 5 as a")
    assert table.columns == ("a", "a_1", "a_1_1", "b", "a_2")
    assert table.rows == ((1, 2, 3, 4, 5),)


def test_many_threads_may_ask_at_once(reader: Reader) -> None:
    answers: list[int] = []

    def ask() -> None:
        answers.append(reader.query("select count(*) from articles").rows[0][0])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 8


def test_tables_are_exported_to_parquet(reader: Reader, tmp_path: Path) -> None:
    counts = {path.name: count for path, count in reader.export(tmp_path / "out")}
    assert counts["articles.parquet"] == 1
    assert pq.read_table(tmp_path / "out" / "articles.parquet")["body"].to_pylist() == [BODY]


def test_an_exported_csv_runs_no_formula(reader: Reader, tmp_path: Path) -> None:
    assert {path.name: count for path, count in reader.export(tmp_path, "csv")}["articles.csv"] == 1
    with (tmp_path / "articles.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'=2+3"


def test_no_other_format_is_exported(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="parquet or csv"):
        list(reader.export(tmp_path, "xlsx"))


def test_what_an_older_version_published_says_how_to_bring_it_up_to_date(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "wirewatch.duckdb") as con:
        migrate(con, migrations()[:3])
    for name in ("share_of_voice", "bursts"):
        with pytest.raises(WarehouseError, match=r"lacks .*(daily_citations|language).*wirewatch publish"):
            Reader(tmp_path).trend(name, {})
