"""An engine is kept while the same file is published, and let go of when another one is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse.plain_file import PlainFile, swap_in
from pipeline.errors import WarehouseError


def published(folder: Path, outlets: int) -> Reader:
    store = PlainFile(folder)
    with store.writing(threads=1) as con:
        con.execute("delete from outlets")
        con.execute("insert into outlets by name select 'o' || n as outlet_id from range(?) t(n)", [outlets])
    swap_in(store.build, store.published)
    return Reader(folder)


def count(reader: Reader) -> int:
    with reader.snapshot() as snapshot:
        return len(snapshot.ask("facets_outlets", {}).rows)


def test_a_new_publish_is_seen_by_the_next_who_asks(tmp_path: Path) -> None:
    reader = published(tmp_path, 2)
    assert count(reader) == 2
    published(tmp_path, 3)
    assert count(reader) == 3


def test_who_still_asks_keeps_the_state_it_began_with(tmp_path: Path) -> None:
    reader = published(tmp_path, 2)
    with reader.snapshot() as before:
        published(tmp_path, 3)
        assert count(reader) == 3
        assert len(before.ask("facets_outlets", {}).rows) == 2


def test_a_kept_engine_reads_nothing_else_and_writes_nothing(tmp_path: Path) -> None:
    reader = published(tmp_path, 2)
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with reader.snapshot() as snapshot:
        con = snapshot._con
        for sql in (
            f"from read_csv('{tmp_path}/secret.csv')",
            "delete from outlets",
            "set enable_external_access = true",
            f"attach '{tmp_path}/build.duckdb' as other",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(sql)
        assert con.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)


def test_what_an_older_version_published_is_said_to_be_that(tmp_path: Path) -> None:
    store = PlainFile(tmp_path)
    with store.writing(threads=1) as con:
        con.execute("alter table outlets drop column country")
    swap_in(store.build, store.published)
    with (
        pytest.raises(WarehouseError, match=r"older Wirewatch published it; `wirewatch publish`"),
        Reader(tmp_path).snapshot() as snapshot,
    ):
        snapshot.ask("facets_outlets", {})


def test_before_the_first_publish_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="wirewatch run"), Reader(tmp_path).snapshot():
        pass
