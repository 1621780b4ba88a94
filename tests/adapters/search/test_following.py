"""The law of the index: however it came to be, it says what the tables say."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipeline.adapters.search import Question, SearchIndex, Searching
from pipeline.adapters.search.generations import days_of, making
from pipeline.adapters.warehouse.schema import migrate

SEARCHES = (
    "ferry",
    "quay OR quai",
    "title:quay",
    "source:varn",
    "closed",
    "frost -orchard",
    "refug*",
    "date:2016-03",
)


def answers(folder: Path, generation: str) -> list[object]:
    searching = Searching(folder, lambda: generation)
    return [
        (
            words,
            searching.hits(Question(words=words, limit=50)).table().rows,
            searching.counts(Question(words=words), by).rows,
        )
        for words in SEARCHES
        for by in ("day", "outlet", "source")
    ]


def without_scores(found: list[object]) -> list[object]:
    """Scores and so the order of answers weigh in removed articles until the index is written anew."""
    return [
        (words, sorted((row[:6], row[7:]) for row in rows), counts)
        for words, rows, counts in found  # type: ignore[misc]
    ]


def test_following_changes_says_what_writing_anew_says(
    con: duckdb.DuckDBPyConnection, index: SearchIndex, tmp_path: Path
) -> None:
    first = index.follow(con)
    con.execute("delete from articles where article_id = 2")
    con.execute("update articles set body = 'Ferries, ferries.', text_digest = 'new' where article_id = 1")
    con.execute("update attributions set source_name = 'Ilse Varnberg' where article_id = 6")
    con.execute(
        "insert into articles (article_id, page_id, outlet_id, language, dated_at, day, title, body, text_digest) "
        "values (9, 19, 'saltern', 'en', '2016-03-19 10:00:00+00', '2016-03-19', 'Quay', 'Closed.', 'q')"
    )
    second = index.follow(con)
    assert second != first
    anew = SearchIndex(tmp_path / "anew")
    assert anew.follow(con, anew=True) == second
    assert without_scores(answers(index.folder, second)) == without_scores(answers(anew.folder, second))


def test_only_adding_gives_the_same_answers_to_the_last_digit(tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311
    words = "quay ferry frost orchard harbour closed open valley tug refugee".split()  # noqa: SIM905
    index = SearchIndex(tmp_path / "grown")
    with duckdb.connect(":memory:") as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        for batch in range(5):
            con.executemany(
                "insert into articles (article_id, page_id, outlet_id, language, dated_at, day, title, body, text_digest) "
                "values ($1, $1, 'kald-post', 'en', timestamptz '2016-03-01 00:00:00+00' + to_hours($2), "
                "(timestamptz '2016-03-01 00:00:00+00' + to_hours($2))::date, $3, $4, md5($4))",
                [
                    [
                        batch * 20 + one,
                        random.randrange(600),
                        random.choice(words),
                        " ".join(random.choices(words, k=9)),
                    ]
                    for one in range(20)
                ],
            )
            name = index.follow(con)
        anew = SearchIndex(tmp_path / "anew")
        anew.follow(con, anew=True)
    assert answers(index.folder, name) == answers(anew.folder, name)


def test_a_long_writing_says_how_far_it_is(
    con: duckdb.DuckDBPyConnection, index: SearchIndex, caplog: pytest.LogCaptureFixture
) -> None:
    con.execute(
        "insert into articles by name select 100 + n as article_id, 100 + n as page_id, 'saltern' as outlet_id, "
        "date '2016-04-01' + (n // 20000)::integer as day, day::timestamptz as dated_at, 'Quay' as title, "
        "n::varchar as text_digest from range(50_000) t(n)"
    )
    with caplog.at_level("INFO", logger="wirewatch.search"):
        index.follow(con)
        told = [record.getMessage() for record in caplog.records]
        con.execute("update articles set title = 'Quays', text_digest = 'q' where article_id = 100")
        index.follow(con)
    total = con.execute("select count(*) from articles").fetchall()[0][0]
    assert told[-1] == f"search index: {total:,} of {total:,} articles written"
    assert len(told) > 2
    assert len(caplog.records) == len(told)  # a day that changed is no long work


def test_nothing_new_changes_nothing(con: duckdb.DuckDBPyConnection, index: SearchIndex) -> None:
    name = index.follow(con)
    before = {file.name: file.stat().st_mtime_ns for file in (index.folder / name).iterdir()}
    assert index.follow(con) == name
    assert {file.name: file.stat().st_mtime_ns for file in (index.folder / name).iterdir()} == before
    assert con.execute("from search_state").fetchall() == [(name,)]


def test_a_reader_keeps_the_state_it_has_while_another_is_made(
    con: duckdb.DuckDBPyConnection, index: SearchIndex
) -> None:
    old = index.follow(con)
    searching = Searching(index.folder, lambda: old)
    before = searching.hits(Question(words="quay", limit=50))
    for number in range(3):
        con.execute("update articles set title = ? where article_id = 1", [f"Ferry number {number}"])
        con.execute("update articles set text_digest = title")
        index.tidy(index.follow(con))
    assert not (index.folder / old).exists()
    assert searching.hits(Question(words="quay", limit=50)) == before
    assert len(list(index.folder.iterdir())) == 2


def interrupted(folder: Path, days: dict[str, str], base: Path) -> None:
    with making(folder, days, base) as half:
        assert half.is_dir()
        raise KeyboardInterrupt


def test_a_state_is_whole_or_not_there(con: duckdb.DuckDBPyConnection, index: SearchIndex) -> None:
    name = index.follow(con)
    days = days_of(index.folder / name)
    with pytest.raises(KeyboardInterrupt):
        interrupted(index.folder, {**days, "2016-04-01": "1:2:3"}, index.folder / name)
    assert answers(index.folder, name)
    assert index.follow(con, anew=True) == name
    assert [path.name for path in index.folder.iterdir()] == [name]


def test_a_state_that_was_lost_is_written_again(con: duckdb.DuckDBPyConnection, index: SearchIndex) -> None:
    name = index.follow(con)
    shutil.rmtree(index.folder)
    assert index.follow(con) == name
    assert answers(index.folder, name)


def test_a_worn_index_is_written_anew(
    con: duckdb.DuckDBPyConnection, index: SearchIndex, tmp_path: Path
) -> None:
    index.follow(con)
    for number in range(3):
        con.execute("update articles set text_digest = 'x' || ? || article_id", [number])
        name = index.follow(con)
    anew = SearchIndex(tmp_path / "anew")
    anew.follow(con, anew=True)
    con.execute("update articles set text_digest = 'last' where article_id = 1")
    index.follow(con)
    anew.follow(con, anew=True)
    name = con.execute("select generation from search_state").fetchall()[0][0]
    sizes = [len(list((folder / name).iterdir())) for folder in (index.folder, anew.folder)]
    assert abs(sizes[0] - sizes[1]) <= 8


def test_searches_run_while_states_come_and_go(con: duckdb.DuckDBPyConnection, index: SearchIndex) -> None:
    current = [index.follow(con)]
    searching = Searching(index.folder, lambda: current[0])
    counts: set[int] = set()
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                counts.add(searching.hits(Question(words="lighthouse")).count)
            except BaseException as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    try:
        for number in range(5):
            con.execute(
                "insert into articles (article_id, page_id, outlet_id, language, dated_at, day, title, text_digest) "
                "values ($1, $1, 'kald-post', 'en', '2016-03-25 10:00:00+00', '2016-03-25', 'Lighthouse', 'l')",
                [100 + number],
            )
            current[0] = index.follow(con)
            index.tidy(current[0])
    finally:
        stop.set()
        for thread in readers:
            thread.join()
    assert not failures
    assert counts <= set(range(6))
    assert searching.hits(Question(words="lighthouse")).count == 5
