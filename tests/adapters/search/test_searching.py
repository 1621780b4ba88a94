from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.adapters.search import Question, SearchIndex, Searching
from pipeline.adapters.search.fields import opened
from pipeline.adapters.search.generations import mirrored
from pipeline.adapters.tables import Format, written
from pipeline.errors import UsageError, WarehouseError


def ids(searching: Searching, words: str, **narrowing: object) -> list[int]:
    return [hit.article_id for hit in searching.hits(Question(words=words, **narrowing)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("frost", {2}),
        ("freeze froze", set()),  # irregular forms are words of their own
        ("orchard", {2}),  # in another form
        ("ferry", {1, 6, 7}),
        ("quay closed", {1}),
        ('"quay stays"', {1}),
        ('"quay closed"', {1}),  # in the title
        ('"quay ferries"', set()),
        ('"quay ferries"~1', set()),
        ('"quay closed ferries"~1', {1}),
        ('"stays ferries"~2', {1}),
        ("quay -ferry", set()),
        ("orchards OR réfugiés", {2, 3}),
        ("refugie", {3}),  # as it is typed without accents
        ("ouverture", {3}),
        ("l'ouverture", {3}),
        ("причал", {5}),
        ("関", set()),
        ("码头", {4}),
        ("关闭，渡轮", {4}),
        ("tug*", {8}),
        ("refugees", {8}),  # of a language without stems as it stands
        ("title:quay", {1}),
        ("body:again", set()),
        ("source:varn", {6, 7}),
        ("source:ilse-varn", {6, 7}),
        ("source:harbour-office", {6, 7}),  # for whom she speaks
        ('source:"union of kald"', {2}),
        ("source:ilse-v", set()),
        ("outlet:saltern", {4, 5, 8}),
        ("language:fr", {3}),
        ("date:2016-03-22..2016-03-23", {3, 4, 5, 6}),
        ("ferry date:2016-03-21", {1}),
    ],
)
def test_a_search_finds_what_it_says(words: str, found: set[int], searching: Searching) -> None:
    assert set(ids(searching, words)) == found
    assert searching.hits(Question(words=words)).count == len(found)


def test_options_narrow_a_search(searching: Searching) -> None:
    assert set(ids(searching, "ferry", start=date(2016, 3, 22))) == {6, 7}
    assert set(ids(searching, "ferry", end=date(2016, 3, 22))) == {1}
    assert set(ids(searching, "quay OR quai", outlets=("le-mole", "saltern"))) == {3}
    assert set(ids(searching, "quay OR orchard", sources=("Ilse Varn", "growers"))) == {2, 6, 7}
    assert set(ids(searching, "quay OR quai", languages=("fr",))) == {3}


def test_a_word_of_the_title_counts_more(searching: Searching) -> None:
    assert ids(searching, "quay")[0] == 1


def test_of_equals_the_newer_comes_first_and_the_limit_cuts_after_ordering(searching: Searching) -> None:
    assert ids(searching, "ilse varn") == [7, 6]
    assert ids(searching, "ilse varn", limit=1) == [7]
    assert ids(searching, "ferry", is_newest_first=True) == [7, 6, 1]


def test_of_very_many_equals_the_newest_are_found(
    con: duckdb.DuckDBPyConnection, searching: Searching, index: SearchIndex
) -> None:
    con.execute(
        "insert into articles by name select 1000 + n as article_id, 1000 + n as page_id, 'saltern' as outlet_id, "
        "date '2016-04-01' as day, day::timestamptz + to_minutes((n * 7 % 600)::integer) as dated_at, "
        "'Lighthouse' as title, n::varchar as text_digest, 'en' as language from range(600) t(n)"
    )
    index.follow(con)
    newest = [1000 + n for n in sorted(range(600), key=lambda n: -(n * 7 % 600))]
    found = searching.hits(Question(words="title:lighthouse", limit=5, offset=20))
    assert [hit.article_id for hit in found.hits] == newest[20:25]
    assert found.count == 600


def test_of_a_page_only_the_best_state_is_shown(
    con: duckdb.DuckDBPyConnection, searching: Searching, index: SearchIndex
) -> None:
    con.execute("update articles set page_id = 16 where article_id = 7")
    index.follow(con)
    found = searching.hits(Question(words="ilse"))
    assert [hit.article_id for hit in found.hits] == [7]
    assert found.count == 2


def test_a_snippet_gives_offsets_into_the_body(searching: Searching, con: duckdb.DuckDBPyConnection) -> None:
    table = searching.hits(Question(words="ferry")).table()
    for row in table.rows:
        hit = dict(zip(table.columns, row, strict=True))
        (body,) = con.execute(
            "select body from articles where article_id = ?", [hit["article_id"]]
        ).fetchone() or ("",)
        assert body[hit["snippet_start"] : hit["snippet_end"]] == hit["snippet"]
        assert {body[start:end] for start, end in hit["highlights"]} <= {"Ferries"}
    assert table.rows[-1][-1] == [[23, 30]]


def test_every_format_writes_what_was_found(searching: Searching) -> None:
    found = searching.hits(Question(words="quay"))
    for output in Format:
        assert written(found.table(), output)
    assert "The *quay* stays closed." in str(written(found.table_for_people(), Format.TABLE))


def test_articles_are_counted_by_what_is_asked(searching: Searching) -> None:
    question = Question(words="quay OR quai OR причал")
    assert searching.counts(question, "day").rows == (
        ("2016-03-21", 1), ("2016-03-22", 1), ("2016-03-23", 2), ("2016-03-24", 1),
    )  # fmt: skip
    assert searching.counts(question, "month").rows == (("2016-03", 5),)
    assert searching.counts(question, "outlet").rows == (("kald-post", 3), ("le-mole", 1), ("saltern", 1))
    assert searching.counts(question, "source").rows == (("Ilse Varn", 2),)
    with pytest.raises(UsageError, match="day, month, outlet, source, language"):
        searching.counts(question, "author")


def test_words_without_a_letter_are_refused(searching: Searching) -> None:
    with pytest.raises(UsageError, match="no letter or digit"):
        searching.hits(Question(words="— …"))


def test_where_no_article_was_published_nothing_is_found(
    con: duckdb.DuckDBPyConnection, index: SearchIndex
) -> None:
    con.execute("delete from articles")
    name = index.follow(con)
    assert ids(Searching(index.folder, lambda: name), "quay OR ferr*") == []


def test_without_an_index_the_remedy_is_told(tmp_path: Path) -> None:
    for published in (None, "0123456789abcdef"):
        with pytest.raises(WarehouseError, match="wirewatch publish"):
            Searching(tmp_path, lambda name=published: name).hits(Question(words="quay"))  # type: ignore[misc]


def test_a_damaged_index_says_how_to_mend_it(index: SearchIndex, con: duckdb.DuckDBPyConnection) -> None:
    name = index.follow(con)
    (index.folder / name / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(WarehouseError, match="--reindex"):
        Searching(index.folder, lambda: name).hits(Question(words="quay"))
    index.follow(con, anew=True)
    assert ids(Searching(index.folder, lambda: name), "frost") == [2]


def test_hostile_text_is_shown_as_letters(
    con: duckdb.DuckDBPyConnection, searching: Searching, index: SearchIndex
) -> None:
    con.execute(
        "update articles set title = ?, body = ?, text_digest = 'x' where article_id = 8",
        [
            "=cmd|' /C calc'!A1 \x1b[2J",
            "\x1b]0;owned\x07 tugboat \u202egnp.exe <script>alert(1)</script> [bold]x[/bold]",
        ],
    )
    index.follow(con)
    found = searching.hits(Question(words="tugboat"))
    shown = str(written(found.table_for_people(), Format.TABLE))
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert "[bold]x[/bold]" in shown
    assert "'=cmd" in str(written(found.table(), Format.CSV))


def test_a_state_that_cannot_be_written_is_read_through_links(searching: Searching) -> None:
    (state,) = searching.folder.iterdir()
    with mirrored(state) as folder:
        assert opened(Path(folder)).searcher().num_docs == opened(state).searcher().num_docs > 0
    assert list(state.iterdir())
