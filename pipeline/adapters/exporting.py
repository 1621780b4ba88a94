"""How does a whole table leave the warehouse, whatever its size?"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipeline.adapters.tables import inert, plain

_AT_ONCE = 10_000  # rows


def write_parquet(result: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write a result to a Parquet file; its number of rows."""
    batches = result.to_arrow_reader(_AT_ONCE)
    count = 0
    with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def write_csv(result: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write a result to a CSV file that no spreadsheet runs as formulas; its number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column[0] for column in result.description or ()])
        while rows := result.fetchmany(_AT_ONCE):
            writer.writerows([[inert(plain(value)) for value in row] for row in rows])
            count += len(rows)
    return count
