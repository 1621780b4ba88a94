from __future__ import annotations

from typing import Any

import duckdb
import pytest

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse
from pipeline.errors import WarehouseError

COUNT = "select count(*) from articles"


def test_readers_see_nothing_of_a_load_until_it_is_published(press: Any, warehouse: Warehouse) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    press.publish(warehouse)
    reader = Reader(press.file(warehouse).published.parent)
    before = reader.query(COUNT).rows
    press.load(warehouse, second, *more)
    assert reader.query(COUNT).rows == before
    press.publish(warehouse)
    assert reader.query(COUNT).rows > before


def test_an_open_reader_keeps_what_it_opened(press: Any, warehouse: Warehouse) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    press.publish(warehouse)
    with duckdb.connect(press.file(warehouse).published, read_only=True) as con:
        before = con.execute(COUNT).fetchall()
        press.load(warehouse, second, *more)
        press.publish(warehouse)
        assert con.execute(COUNT).fetchall() == before


def test_the_published_file_stands_alone(press: Any, warehouse: Warehouse) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    stale = press.file(warehouse).published.with_name("wirewatch.duckdb.4711.half")
    stale.write_bytes(b"of a publish that was killed")
    press.publish(warehouse)
    assert sorted(path.name for path in press.file(warehouse).published.parent.iterdir()) == [
        "build.duckdb",
        "wirewatch.duckdb",
    ]


def test_publishing_before_loading_says_so(press: Any, warehouse: Warehouse) -> None:
    press.file(warehouse).build.unlink()
    with pytest.raises(WarehouseError, match="load something first"):
        warehouse.publish()
