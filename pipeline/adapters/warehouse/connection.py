"""How is the build file opened? By one process at a time, in UTC, with compression on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.adapters.warehouse.schema import migrate
from pipeline.errors import WarehouseBusyError, WarehouseError


@contextmanager
def writing(file: Path, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file with today's schema, made if it is missing; WarehouseBusyError while another has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        # Without it DuckDB takes `using compression zstd` and does not do it.
        "storage_compatibility_version": "latest",
        "autoinstall_known_extensions": "false",
        # A quarter of the default: a small load touches some 300 columns, each a block at least. Scans of
        # millions of rows take the same time, the file is no larger.
        "default_block_size": "65536",
        # Closing writes the log into the file: doing so at the commit too would do it twice.
        "checkpoint_threshold": "1GB",
        "threads": threads or os.cpu_count() or 1,
    }
    try:
        con = duckdb.connect(file, config=config)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise WarehouseBusyError(f"{file}: another process is writing it; try again later") from error
        raise WarehouseError(f"{file} cannot be opened: {error}") from error
    except duckdb.Error as error:
        raise WarehouseError(f"{file} cannot be opened: {error}") from error
    try:
        # Aware instants shift silently in any other zone.
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        yield con
    finally:
        con.close()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the statements inside, or none."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
