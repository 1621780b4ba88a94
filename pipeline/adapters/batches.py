"""Batches on disk: where is what processing made of one outlet and interval?

``<root>/<outlet_id>/<interval>.arrow``; a line is a manifest or a page, with everything that hangs on it nested in it:
its records, and the rows that these come to, a column for each of the warehouse's tables. A file is written whole under
another name and then renamed: it is true or absent. Arrow's own format rather than Parquet: a batch is read once or
twice, whole, and is five times cheaper to read so.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import bundled
from pipeline.adapters.columns import arrow_type, reader, writer
from pipeline.adapters.warehouse.rows import OF_BATCHES, Row, as_table, item_rows, row_schemas, rows_of
from pipeline.errors import ArchiveError
from pipeline.interval import Interval
from pipeline.protocols import BatchRows
from pipeline.records import Batch, Document, Manifest

_FORMAT = b"wirewatch batch 2"
_RECORDS = ("manifest", "document")
_AT_ONCE = 256  # lines that are held as rows and as columns before they are written


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
                _write(batch, file)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def read(self, outlet_id: str, interval: Interval) -> Batch | None:
        """The batch of exactly this interval; None where the outlet has none."""
        table = self._columns(outlet_id, interval, _RECORDS)
        return None if table is None else _batch(outlet_id, interval, table)

    def rows(
        self, outlet_id: str, interval: Interval, names: Collection[str] | None = None
    ) -> BatchRows | None:
        """The rows of that batch, in all tables or those named; made of its records where those kept are other code's."""
        schemas = {name: schema for name, schema in row_schemas().items() if names is None or name in names}
        kept = self._columns(outlet_id, interval, schemas)
        if kept is None:
            return None
        wanted = pa.schema([(name, _nested(schema)) for name, schema in schemas.items()])
        made_by = (kept.schema.metadata or {}).get(b"rows", b"").decode()
        if made_by != bundled.fingerprint() or not kept.schema.equals(wanted):
            batch = self.read(outlet_id, interval)
            if batch is None:
                return None
            made = rows_of(batch).tables
            return BatchRows(outlet_id=outlet_id, tables={name: made[name] for name in schemas})
        tables = {
            name: pa.Table.from_struct_array(pc.list_flatten(kept[name].combine_chunks())).cast(schema)
            for name, schema in schemas.items()
        }
        return BatchRows(outlet_id=outlet_id, tables=tables)

    def _columns(self, outlet_id: str, interval: Interval, names: Collection[str]) -> pa.Table | None:
        """Those of a batch's file that have these names; only they are unpacked."""
        path = self.path(outlet_id, interval)
        try:
            with path.open("rb") as file:
                with pa.ipc.open_file(file) as reading:
                    schema = reading.schema
                table = schema.empty_table().select([])
                if fields := [at for at, name in enumerate(schema.names) if name in names]:
                    # A single small file: reading ahead in threads would cost more than it brings.
                    options = pa.ipc.IpcReadOptions(use_threads=False, included_fields=fields)
                    file.seek(0)
                    with pa.ipc.open_file(file, options=options) as reading:
                        table = reading.read_all()
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError) as error:
            raise ArchiveError(
                f"{path} cannot be read ({error}); process the interval again to replace it"
            ) from error
        if (table.schema.metadata or {}).get(b"format") != _FORMAT:
            raise ArchiveError(f"{path} is not a batch of this version; process the interval again")
        return table

    def path(self, outlet_id: str, interval: Interval) -> Path:
        return self._root / outlet_id / f"{interval.name}.arrow"


def _write(batch: Batch, file: BinaryIO) -> None:
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    schema = _schema().with_metadata(
        {b"format": _FORMAT, b"rows": bundled.fingerprint().encode(), b"recipe": batch.recipe.encode()}
    )
    with pa.ipc.new_file(file, schema, options=options) as writing:
        lines = zip(_records(batch), item_rows(batch), strict=True)
        while some := list(islice(lines, _AT_ONCE)):
            records, rows = zip(*some, strict=True)
            columns = [
                *(pa.array([one[name] for one in records], _schema().field(name).type) for name in _RECORDS),
                *(_column([one[name] for one in rows], row_schemas()[name]) for name in OF_BATCHES),
            ]
            writing.write_batch(pa.record_batch(columns, schema=schema))


def _schema() -> pa.Schema:
    kinds = {"manifest": arrow_type(Manifest), "document": arrow_type(Document)}
    return pa.schema([*kinds.items(), *((name, _nested(of)) for name, of in row_schemas().items())])


def _records(batch: Batch) -> Iterator[Mapping[str, object]]:
    """Of each line, its manifest or its page."""
    write_manifest, write_document = writer(Manifest), writer(Document)
    for manifest in batch.manifests:
        yield {"manifest": write_manifest(manifest), "document": None}
    for document in batch.documents:
        yield {"manifest": None, "document": write_document(document)}


def _column(rows: Sequence[Sequence[Row]], schema: pa.Schema) -> pa.Array:
    """The rows of a table that each line has."""
    offsets = pa.array(accumulate(map(len, rows), initial=0), pa.int32())
    flat = as_table([row for some in rows for row in some], schema)
    parts = [
        pa.array([], kind) if not part.num_chunks else part.combine_chunks()
        for kind, part in zip(schema.types, flat.columns, strict=True)
    ]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(parts, fields=list(schema)))


def _nested(schema: pa.Schema) -> pa.DataType:
    """An item's rows of one table."""
    return pa.list_(pa.struct(list(schema)))


def _batch(outlet_id: str, interval: Interval, table: pa.Table) -> Batch:
    read_manifest, read_document = reader(Manifest), reader(Document)
    return Batch(
        outlet_id=outlet_id,
        interval=interval,
        manifests=tuple(read_manifest(row) for row in table["manifest"].to_pylist() if row is not None),
        documents=tuple(read_document(row) for row in table["document"].to_pylist() if row is not None),
        recipe=(table.schema.metadata or {}).get(b"recipe", b"").decode(),
    )
