"""The store of one machine: how do one writer and many readers share DuckDB files?

The writer has a build file; readers open the published one, which a publish swaps by a rename: they see
the old file or the new one, never half of one, and keep what they have open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from pipeline.adapters.warehouse.schema import migrate
from pipeline.adapters.warehouse.store import refuse_unchecked, transaction
from pipeline.errors import WarehouseBusyError, WarehouseError

BUILD = "build.duckdb"
PUBLISHED = "wirewatch.duckdb"

_HALF = ".half"
_AT_ONCE = 1 << 30  # bytes


class PlainFile:
    """A folder with the build file, which one process writes, and the published file."""

    attempts = 1  # the file is ours alone while it is open: no other load is met

    def __init__(self, directory: Path) -> None:
        self.build = directory / BUILD
        self.published = directory / PUBLISHED

    @contextmanager
    def writing(self, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        self.build.parent.mkdir(parents=True, exist_ok=True)
        con = _opened(self.build, threads)
        try:
            # Aware instants shift silently in any other zone.
            con.execute("set TimeZone = 'UTC'")
            migrate(con)
            yield con
        finally:
            con.close()

    def claimed(self, con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
        """Any transaction: whoever has the file open has it alone."""
        return transaction(con)

    @contextmanager
    def publishing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.build.is_file():
            raise WarehouseError(f"{self.build} does not exist: load something first")
        with self.writing(threads=1) as con:
            refuse_unchecked(con)
            yield con
            con.execute("checkpoint")
            # The open connection keeps other processes from writing while the file is copied.
            swap_in(self.build, self.published)


def swap_in(source: Path, target: Path) -> None:
    """Copy a file, make the copy durable, and put it in another's place; readers of the old one keep it."""
    for left in target.parent.glob(f"{target.name}.*{_HALF}"):  # of a publish that was killed
        left.unlink(missing_ok=True)
    half = target.with_name(f"{target.name}.{os.getpid()}{_HALF}")
    _copy(source, half)
    _sync(half)
    half.replace(target)
    _sync(target.parent)


def _copy(source: Path, target: Path) -> None:
    """All bytes: sharing their blocks where the file system can (btrfs, XFS), else copied within the kernel.

    Through Python's buffers the same copy takes ten times the processor time.
    """
    with source.open("rb") as read, target.open("wb") as write:
        try:
            while os.copy_file_range(read.fileno(), write.fileno(), _AT_ONCE):
                pass
        except (AttributeError, OSError):  # another system, or two file systems of an old kernel
            read.seek(0)
            write.seek(0)
            write.truncate()
            shutil.copyfileobj(read, write)


def _opened(file: Path, threads: int | None) -> duckdb.DuckDBPyConnection:
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
        return duckdb.connect(file, config=config)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise WarehouseBusyError(f"{file}: another process is writing it; try again later") from error
        raise WarehouseError(f"{file} cannot be opened: {error}") from error
    except duckdb.Error as error:
        raise WarehouseError(f"{file} cannot be opened: {error}") from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
