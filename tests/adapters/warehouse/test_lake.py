"""A lake holds what a file holds, whoever loads beside whom."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import dedup
from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse import Warehouse, keeping
from pipeline.adapters.warehouse import lake as lake_module
from pipeline.adapters.warehouse.lake import Lake, lake_address
from pipeline.adapters.warehouse.rows import rows_of
from pipeline.adapters.warehouse.schema import migrate, migrations
from pipeline.errors import QueryError, UsageError, WarehouseBusyError, WarehouseError

sys.path.append(str(Path(__file__).resolve().parents[3] / "bench"))

import postgres

# PostgreSQL and an object store of one's own, and many loads: minutes on a machine that does much else.
pytestmark = pytest.mark.timeout(900)

COUNT = "select count(*), count(distinct article_id) from articles"
OF_A_LAKE = {"main.owners", "main.publications"}


def a_lake(folder: Path, data: str | None = None, **environ: str) -> Warehouse:
    address = lake_address(
        f"ducklake:sqlite:{folder}/catalogue.sqlite", data or str(folder / "data"), environ
    )
    return Warehouse(Lake(address), near=dedup)


def rows(press: Any, warehouse: Warehouse) -> dict[str, tuple[int, str]]:
    return {table: held for table, held in press.hashes(warehouse).items() if table not in OF_A_LAKE}


def test_loaders_beside_each_other_come_to_the_rows_of_a_file(
    press: Any, new_warehouse: Callable[[str], Warehouse], tmp_path: Path
) -> None:
    """Two outlets of a day at once, which share clusters, rollups and the registry; then the third."""
    (day, batches) = next(iter(press.fortnight(1).items()))
    file, lake = new_warehouse("file"), a_lake(tmp_path)
    press.load(file, day, *batches)
    with pytest.raises(WarehouseError, match=r"cannot be opened|nothing was published"):
        Reader(tmp_path, lake=lake.store).query(COUNT)  # type: ignore[arg-type]
    first, second, third = zip(press.outlets, batches, strict=True)
    with ThreadPoolExecutor(2) as pool:
        loads = [
            pool.submit(a_lake(tmp_path).load, day, [outlet], press.actors, [rows_of(batch)])
            for outlet, batch in (first, second)
        ]
        assert sum(load.result().articles for load in loads) == 8
    lake.load(day, [third[0]], press.actors, [rows_of(third[1])])
    assert rows(press, lake) == rows(press, file)


def test_what_is_loaded_beside_a_check_is_not_passed_by_it(press: Any, tmp_path: Path) -> None:
    (day, (good, other, _)) = next(iter(press.fortnight(1).items()))
    lake = a_lake(tmp_path)
    press.load(lake, day, good)
    first = other.documents[0]
    wrong = replace(
        first, attributions=tuple(replace(one, content=((0, 99_999),)) for one in first.attributions)
    )
    with ThreadPoolExecutor(2) as pool:
        checked = pool.submit(lake.check, day)
        loaded = pool.submit(
            press.load, a_lake(tmp_path), day, replace(other, documents=(wrong, *other.documents[1:]))
        )
        checked.result()
        assert loaded.result().articles
    with pytest.raises(WarehouseBusyError):
        lake.publish()


def test_only_tables_that_no_question_reads_have_rows_in_the_catalogue(press: Any, tmp_path: Path) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    lake = a_lake(tmp_path)
    press.load(lake, day, *batches)
    press.publish(lake)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue:
        inlined = catalogue.execute(
            "select table_name from ducklake_table where end_snapshot is null "
            "and table_id in (select table_id from ducklake_inlined_data_tables)"
        ).fetchall()
    assert {name for (name,) in inlined} == {"schema_migrations", "owners", "unchecked", "publications"}


def test_the_turn_of_a_process_that_is_killed_is_the_next_ones(tmp_path: Path) -> None:
    lake = a_lake(tmp_path).store
    with lake.writing():
        """It is made."""
    (lock,) = tmp_path.rglob("*.making.lock")
    holds = f"import fcntl, time; f = open({str(lock)!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('holds', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "holds\n"
            lake.patience_seconds = 0.0  # type: ignore[attr-defined]  # a lake's
            with pytest.raises(WarehouseBusyError, match="has been making the lake"), lake.writing():
                pytest.fail("two have the same turn")
        finally:
            holder.kill()
    with lake.writing() as con:
        assert con.execute("select count(*) from owners").fetchall() == [(1,)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL server programs (initdb) on this machine")
    with postgres.serving(tmp_path_factory.mktemp("server") / "postgres") as server:
        yield server


class Cutting:
    """Near-duplicates as ever; but who asks for them loses the session at the server that holds its turn."""

    def __init__(self, server: postgres.Server) -> None:
        self.server, self.cut = server, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(dedup, name)

    def clusters(self, *given: Any) -> Any:
        with closing(postgres.connected(self.server.host)) as connection, connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
            self.cut += cursor.rowcount
        return dedup.clusters(*given)


def test_a_load_whose_turn_the_server_ends_is_whole(
    press: Any, new_warehouse: Callable[[str], Warehouse], tmp_path: Path, server: postgres.Server
) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    with closing(postgres.connected(server.host)) as connection, connection.cursor() as cursor:
        cursor.execute("create database cut")
    address = lake_address(
        f"ducklake:postgres:dbname=cut user={postgres.USER} host={server.host}", str(tmp_path / "data"), {}
    )
    cutting = Cutting(server)
    lake, file = Warehouse(Lake(address), near=cutting), new_warehouse("file")
    press.load(lake, day, *batches)
    assert cutting.cut
    press.load(file, day, *batches)
    assert rows(press, Warehouse(Lake(address), near=dedup)) == press.hashes(file)


def test_a_lake_with_its_catalogue_in_postgresql_and_its_data_on_an_object_store_is_a_store_as_any(
    press: Any,
    new_warehouse: Callable[[str], Warehouse],
    tmp_path: Path,
    object_store: dict[str, str],
    server: postgres.Server,
) -> None:
    """Loaders on two connections at once, a check, a publish, a reader before and after, the rows of a file."""
    (first, batches), (second, more) = press.fortnight(2).items()
    file = new_warehouse("file")
    for day, loaded in ((first, batches), (second, more)):
        press.load(file, day, *loaded)

    def lake() -> Warehouse:
        catalogue = f"ducklake:postgres:dbname=postgres user={postgres.USER} host={server.host}"
        return Warehouse(Lake(lake_address(catalogue, "s3://news/lake", object_store)), near=dedup)

    with ThreadPoolExecutor(2) as pool:
        loads = [
            pool.submit(lake().load, first, [outlet], press.actors, [rows_of(batch)])
            for outlet, batch in zip(press.outlets, batches, strict=True)
        ]
        assert sum(load.result().articles for load in loads) == 12
    reader = Reader(tmp_path, lake=lake().store)  # type: ignore[arg-type]
    with pytest.raises(WarehouseError, match="nothing was published"):
        reader.query(COUNT)
    press.publish(lake())
    assert reader.query(COUNT).rows == ((12, 12),)
    held, other = lake().store, lake()
    other.store.patience_seconds = 0.0  # type: ignore[attr-defined]  # a lake's
    with (
        held.writing() as con,
        held.claimed(con),
        pytest.raises(WarehouseBusyError, match="been loading"),
    ):
        press.load(other, second, *more)
    press.load(lake(), second, *more)
    press.load(lake(), second, *more)
    assert reader.query(COUNT).rows == ((12, 12),)
    press.publish(lake())
    press.publish(file)
    assert rows(press, lake()) == press.hashes(file)
    lake().store.compact()  # type: ignore[attr-defined]
    ((count, distinct),) = reader.query(COUNT).rows
    assert count == distinct > 12
    assert reader.trend("emerging_terms", {}).columns[0] == "term"


def test_readers_of_a_lake_see_what_was_published_and_nothing_else(press: Any, tmp_path: Path) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    lake = a_lake(tmp_path)
    press.load(lake, first, batches[0])
    press.publish(lake)
    reader = Reader(tmp_path, lake=lake.store)  # type: ignore[arg-type]
    before = reader.query(COUNT).rows
    press.load(lake, second, more[0])
    assert reader.query(COUNT).rows == before
    with pytest.raises(QueryError, match="file system operations are disabled"):
        reader.query("select * from read_csv('/etc/hostname')")
    for beyond in (f"sqlite_scan('{tmp_path}/catalogue.sqlite', 'ducklake_table')", "duckdb_databases()"):
        with pytest.raises(QueryError, match="is refused"):
            reader.query(f"from {beyond}")
    with pytest.raises(QueryError, match="does not exist"):
        reader.query(f"from '{tmp_path}/catalogue.sqlite'")
    press.publish(lake)
    lake.store.compact()  # type: ignore[attr-defined]
    assert reader.query(COUNT).rows > before
    assert reader.trend("share_of_voice", {}).rows


def test_a_file_moves_to_a_lake_on_an_object_store(
    press: Any, warehouse: Warehouse, tmp_path: Path, object_store: dict[str, str]
) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    warehouse.check(day)
    lake = a_lake(tmp_path, "s3://news/lake", **object_store)
    keeping.move_to(lake.store, press.file(warehouse))  # type: ignore[arg-type]
    lake.publish()
    assert rows(press, lake) == press.hashes(warehouse)
    assert Reader(tmp_path, lake=lake.store).query(COUNT).rows == ((12, 12),)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="holds rows already"):
        keeping.move_to(lake.store, press.file(warehouse))  # type: ignore[arg-type]


def test_a_lake_of_an_older_version_comes_to_the_rows_that_loading_makes_today(
    press: Any, warehouse: Warehouse, tmp_path: Path
) -> None:
    """Of one from before rollups told languages apart: opening it brings it to today's schema."""
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    lake = a_lake(tmp_path)
    number = next(one.number for one in migrations() if one.sql.startswith("-- title: in which language"))
    with lake.store._engine(1) as con:  # type: ignore[attr-defined]  # a lake's
        lake.store._attach(con, "")  # type: ignore[attr-defined]
        migrate(con, migrations()[: number - 1], dialect=lake_module._portable)
        con.execute(lake_module._OWNERS + lake_module._PUBLICATIONS)
        con.execute(f"attach '{press.file(warehouse).build}' as file (read_only)")
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'wirewatch'"
        ).fetchall()
        for (table,) in tables:
            names = ", ".join(f'"{row[0]}"' for row in con.execute(f"describe {table}").fetchall())
            if table not in {*OF_A_LAKE, "main.schema_migrations"}:
                con.execute(f"insert into {table} by name select {names} from file.{table}")  # noqa: S608 - our tables
    assert rows(press, lake) == press.hashes(warehouse)


@pytest.mark.parametrize("given", ["ducklake:mysql:x", "ducklake:sqlite:", "sqlite:file", "ducklake:"])
def test_an_address_that_is_none_says_how_to_write_it(given: str) -> None:
    with pytest.raises(UsageError, match="ducklake:sqlite:FILE"):
        lake_address(given, "data", {})


@pytest.mark.parametrize(
    ("catalogue", "shown"),
    [
        ("postgres:dbname=lake host=db.example password=quay user=ann", "postgres:dbname=lake host=db.example password=… user=ann"),
        ("postgres:dbname=lake password='a quay' host=db.example", "postgres:dbname=lake password=… host=db.example"),
        ("postgres:postgres://ann:quay@db.example/lake", "postgres:postgres://ann:…@db.example/lake"),
        ("sqlite:lake.sqlite", "sqlite:lake.sqlite"),
    ],
)  # fmt: skip
def test_a_lake_is_named_without_its_password(catalogue: str, shown: str) -> None:
    assert lake_address(f"ducklake:{catalogue}", "data", {}).shown == shown
    with pytest.raises(UsageError) as refused:
        lake_address(catalogue, "data", {})
    assert "quay" not in str(refused.value)
