from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow.parquet as pq

from pipeline.adapters.tables import Format, Table, as_text, written

TABLE = Table(
    columns=("outlet", "articles", "share", "day", "at", "lag", "tags"),
    types=("VARCHAR", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP WITH TIME ZONE", "INTERVAL", "VARCHAR[]"),
    rows=(
        (
            "Kald Post",
            2**62,
            0.25,
            date(2016, 3, 27),
            datetime(2016, 3, 27, 9, 30, tzinfo=UTC),
            timedelta(hours=26),
            ["quay", "harbour"],
        ),
        ("@SUM(A1)", None, None, None, None, None, None),
    ),
)


def test_json_is_a_list_of_objects() -> None:
    first, second = json.loads(written(TABLE, Format.JSON))
    assert first == {
        "outlet": "Kald Post",
        "articles": 2**62,
        "share": 0.25,
        "day": "2016-03-27",
        "at": "2016-03-27T09:30:00Z",
        "lag": 93600.0,
        "tags": ["quay", "harbour"],
    }
    assert second["articles"] is None


def test_json_has_no_infinite_number() -> None:
    table = Table(columns=("x",), types=("DOUBLE",), rows=((float("inf"),), (float("nan"),)))
    assert json.loads(written(table, Format.JSON)) == [{"x": None}, {"x": None}]


def test_csv_makes_formulas_inert_and_leaves_negative_numbers() -> None:
    table = Table(
        columns=("a", "b"), types=("VARCHAR", "INTEGER"), rows=(("=1+1", -5), ("-x", 0), ("a=b", 1))
    )
    text = written(table, Format.CSV)
    assert isinstance(text, str)
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["'=1+1", "-5"], ["'-x", "0"], ["a=b", "1"]]


def test_parquet_keeps_the_types() -> None:
    payload = written(TABLE, Format.PARQUET)
    assert isinstance(payload, bytes)
    rows = pq.read_table(io.BytesIO(payload)).to_pylist()
    assert tuple(rows[0].values()) == TABLE.rows[0]


def test_parquet_takes_numbers_of_any_width() -> None:
    table = Table(
        columns=("h", "d", "s"),
        types=("HUGEINT", "DECIMAL(5,2)", "STRUCT(a INTEGER)"),
        rows=((7, Decimal("1.25"), {"a": 1}),),
    )
    payload = written(table, Format.PARQUET)
    assert isinstance(payload, bytes)
    assert pq.read_table(io.BytesIO(payload)).to_pylist() == [{"h": 7, "d": 1.25, "s": "{'a': 1}"}]


def test_people_get_aligned_columns_without_noise() -> None:
    table = Table(
        columns=("outlet", "share"), types=("VARCHAR", "DOUBLE"), rows=(("Kald Post", 0.25), ("Echo", 1.0))
    )
    assert as_text(table, 80) == "outlet     share\nKald Post   0.25\nEcho           1\n"


def test_a_row_wider_than_the_screen_is_shown_a_field_a_line() -> None:
    table = Table(columns=("title", "sentence"), types=("VARCHAR",) * 2, rows=(("Quay shut", "word " * 30),))
    lines = as_text(table, 60).splitlines()
    assert lines[0] == "   title  Quay shut"
    assert lines[1].startswith("sentence  word word")
    assert max(map(len, lines)) <= 60


def test_no_rows_and_more_rows_are_said() -> None:
    empty = Table(columns=("a",), types=("INTEGER",), rows=())
    assert as_text(empty, 80).splitlines()[-1] == "no rows"
    more = Table(columns=("a",), types=("INTEGER",), rows=((1,),), truncated=True)
    assert as_text(more, 80).splitlines()[-1] == "… and more: only the first 1 rows are shown"


def test_brackets_in_a_cell_are_no_markup() -> None:
    table = Table(columns=("a",), types=("VARCHAR",), rows=(("[bold]x[/bold]",),))
    assert "[bold]x[/bold]" in as_text(table, 80)


def test_a_plan_is_shown_as_it_is_drawn() -> None:
    plan = "┌───────┐\n│ SCAN\x1b │\n└───────┘\n"
    table = Table(
        columns=("explain_key", "explain_value"),
        types=("VARCHAR", "VARCHAR"),
        rows=(("physical_plan", plan),),
    )
    assert as_text(table) == "┌───────┐\n│ SCAN  │\n└───────┘\n"
