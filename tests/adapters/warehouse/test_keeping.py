from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse, keeping
from pipeline.errors import UsageError, WarehouseBusyError, WarehouseError
from pipeline.stages.rebuild import rebuild

COUNT = "select count(*) from articles"


def test_a_backup_taken_while_a_load_goes_on_is_what_was_published(
    press: Any, warehouse: Warehouse, tmp_path: Path
) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    press.publish(warehouse)
    published = Reader(press.file(warehouse).published.parent).query(COUNT).rows
    target = tmp_path / "backups" / "monday.duckdb"
    with warehouse.store.writing():
        keeping.backup(press.file(warehouse), target)
    press.load(warehouse, second, *more)
    with duckdb.connect(target, read_only=True) as con:
        assert con.execute(COUNT).fetchall() == list(published)


def test_a_backup_takes_the_place_of_an_older_one_and_of_nothing_else(
    press: Any, warehouse: Warehouse, tmp_path: Path
) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    press.publish(warehouse)
    target, letter = tmp_path / "backup.duckdb", tmp_path / "letter.txt"
    for _ in range(2):
        keeping.backup(press.file(warehouse), target)
    letter.write_text("Dear all")
    with pytest.raises(UsageError, match="no warehouse of Wirewatch: name another file"):
        keeping.backup(press.file(warehouse), letter)
    assert letter.read_text() == "Dear all"


def test_a_restored_warehouse_has_the_rows_of_its_backup_and_takes_loads(
    press: Any, warehouse: Warehouse, tmp_path: Path
) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    press.publish(warehouse)
    before = press.hashes(warehouse)
    keeping.backup(press.file(warehouse), tmp_path / "backup.duckdb")
    press.load(warehouse, second, *more)
    after = press.hashes(warehouse)
    keeping.restore(press.file(warehouse), tmp_path / "backup.duckdb")
    assert press.hashes(warehouse) == before
    press.load(warehouse, second, *more)
    assert press.hashes(warehouse) == after


def test_a_file_that_is_no_warehouse_is_not_restored(
    press: Any, warehouse: Warehouse, tmp_path: Path
) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(other) as con:
        con.execute("create table anything (a integer)")
    with pytest.raises(WarehouseError, match="no warehouse of Wirewatch"):
        keeping.restore(press.file(warehouse), other)
    other.write_bytes(b"half a file")
    with pytest.raises(WarehouseError, match="cannot be read"):
        keeping.restore(press.file(warehouse), other)
    with pytest.raises(UsageError, match="is no file"):
        keeping.restore(press.file(warehouse), tmp_path / "missing.duckdb")


def test_compacting_changes_no_row_and_later_loads_come_to_the_same(
    press: Any, warehouse: Warehouse, new_warehouse: Callable[[str], Warehouse]
) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    before = press.hashes(warehouse)
    keeping.compact(press.file(warehouse))
    assert press.hashes(warehouse) == before
    press.load(warehouse, second, *more)
    undisturbed = new_warehouse("undisturbed")
    for day, day_batches in press.fortnight(2).items():
        press.load(undisturbed, day, *day_batches)
    assert press.hashes(warehouse) == press.hashes(undisturbed)


def test_a_rebuild_ends_in_the_rows_that_were_there(
    press: Any, warehouse: Warehouse, new_warehouse: Callable[[str], Warehouse]
) -> None:
    days = press.fortnight(2)
    for day in reversed(days):
        press.load(warehouse, day, *days[day])
        warehouse.check(day)
    fresh = new_warehouse("fresh")
    processed: list[tuple[str, str]] = []
    articles = rebuild(
        {day: tuple(outlet.outlet_id for outlet in press.outlets) for day in reversed(days)},
        process=lambda outlet_id, day: processed.append((day.name, outlet_id)),
        load=lambda day, _: press.load(fresh, day, *days[day]),
        check=fresh.check,
    )
    assert articles == press.ask(warehouse, COUNT)[0][0]
    assert processed == sorted(processed)
    assert keeping.take_over(press.file(warehouse), press.file(fresh)) == ()
    warehouse.publish()


def test_what_was_loaded_and_not_checked_is_not_published(press: Any, warehouse: Warehouse) -> None:
    """Another run may load between the check of this one and its publish."""
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    warehouse.check(first)
    press.load(warehouse, second, *more)
    with pytest.raises(WarehouseBusyError, match="loaded for 2016-03-22 00:00 has not passed"):
        warehouse.publish()
    warehouse.check(second)
    warehouse.publish()
