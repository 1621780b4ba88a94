from __future__ import annotations

from datetime import date

import pytest

from pipeline.adapters.named_sql import parsed
from pipeline.errors import UsageError, WarehouseError

TEXT = """\
-- title:    Who is cited
-- question: Whom do
--           outlets cite?
-- params:   start date = last - 13, end date = last, source varchar = null, top integer,
--           exact boolean = true
-- reads:    daily_sources
select $start, $end, $source, $top, $exact
-- question: not a header any more
"""
LAST = date(2016, 3, 28)


def test_a_header_is_read_with_its_continued_lines() -> None:
    query = parsed("cited", TEXT)
    assert (query.title, query.question, query.reads) == (
        "Who is cited",
        "Whom do outlets cite?",
        ("daily_sources",),
    )
    assert [param.name for param in query.params] == ["start", "end", "source", "top", "exact"]


def test_defaults_may_count_on_the_newest_day() -> None:
    values = parsed("cited", TEXT).bound({"top": "5"}, last=LAST)
    assert values == {"start": date(2016, 3, 15), "end": LAST, "source": None, "top": 5, "exact": True}


def test_a_given_value_wins_over_the_default() -> None:
    values = parsed("cited", TEXT).bound(
        {"top": "5", "start": "2016-01-02", "source": "null", "exact": "False"}, last=LAST
    )
    assert (values["start"], values["source"], values["exact"]) == (date(2016, 1, 2), "null", False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, r"top \(integer\) must be given"),
        ({"top": "5", "exact": "perhaps"}, "'perhaps' is no boolean"),
        ({"top": "5", "bottom": "1"}, "has no parameter bottom"),
    ],
)
def test_what_cannot_be_bound_is_told(given: dict[str, str | None], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parsed("cited", TEXT).bound(given, last=LAST)


def test_a_file_without_a_question_is_refused() -> None:
    with pytest.raises(WarehouseError, match=r"cited\.sql: its header lacks question"):
        parsed("cited", "-- title: Who is cited\nselect 1")


def test_a_parameter_of_no_known_kind_is_refused() -> None:
    with pytest.raises(WarehouseError, match="'top int' is not written as"):
        parsed("cited", "-- title: a\n-- question: b?\n-- params: top int\nselect 1")
