"""Batches on disk: where is what processing made of one outlet and interval?

``<root>/<outlet_id>/<interval>.arrow``; a row is a manifest or a page, with everything that hangs on it
nested in it. A file is written whole under another name and then renamed: it is true or absent. Arrow's own
format rather than Parquet: a batch is read once or twice, whole, and is five times cheaper to read so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline.adapters.columns import arrow_type, reader, writer
from pipeline.errors import ArchiveError
from pipeline.interval import Interval
from pipeline.records import Batch, Document, Manifest

_FORMAT = b"wirewatch batch 2"


class Batches:
    """Batches as Arrow files under a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, batch: Batch) -> None:
        """Keep the batch in place of any earlier one of its outlet and interval."""
        path = self.path(batch.outlet_id, batch.interval)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.getpid()}.half")
        try:
            with half.open("wb") as file:
                _write(_table(batch), file)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def read(self, outlet_id: str, interval: Interval) -> Batch | None:
        """The batch of exactly this interval; None where the outlet has none."""
        path = self.path(outlet_id, interval)
        try:
            # A single small file: reading ahead in threads would cost more than it brings.
            options = pa.ipc.IpcReadOptions(use_threads=False)
            with path.open("rb") as file, pa.ipc.open_file(file, options=options) as reading:
                table = reading.read_all()
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError) as error:
            raise ArchiveError(
                f"{path} cannot be read ({error}); process the interval again to replace it"
            ) from error
        if (table.schema.metadata or {}).get(b"format") != _FORMAT:
            raise ArchiveError(f"{path} is not a batch of this version; process the interval again")
        return _batch(outlet_id, interval, table)

    def path(self, outlet_id: str, interval: Interval) -> Path:
        return self._root / outlet_id / f"{interval.name}.arrow"


def _write(table: pa.Table, file: BinaryIO) -> None:
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_file(file, table.schema, options=options) as writing:
        writing.write_table(table)


def _table(batch: Batch) -> pa.Table:
    write_manifest, write_document = writer(Manifest), writer(Document)
    manifests = [write_manifest(manifest) for manifest in batch.manifests]
    documents = [write_document(document) for document in batch.documents]
    columns: list[tuple[str, list[Any], pa.DataType]] = [
        ("manifest", manifests + [None] * len(documents), arrow_type(Manifest)),
        ("document", [None] * len(manifests) + documents, arrow_type(Document)),
    ]
    return pa.table(
        [pa.array(values, type=kind) for _, values, kind in columns],
        schema=pa.schema(
            [(name, kind) for name, _, kind in columns],
            metadata={b"format": _FORMAT, b"recipe": batch.recipe.encode()},
        ),
    )


def _batch(outlet_id: str, interval: Interval, table: pa.Table) -> Batch:
    read_manifest, read_document = reader(Manifest), reader(Document)
    return Batch(
        outlet_id=outlet_id,
        interval=interval,
        manifests=tuple(read_manifest(row) for row in table["manifest"].to_pylist() if row is not None),
        documents=tuple(read_document(row) for row in table["document"].to_pylist() if row is not None),
        recipe=(table.schema.metadata or {}).get(b"recipe", b"").decode(),
    )
