"""Answers as tables: how is a result written for people, spreadsheets and programs?"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A result: its columns, their SQL types, and rows of Python values."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False  # there were more rows than were asked for


_ARROW: dict[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "BLOB": pa.binary(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
    "FLOAT": pa.float32(),
    "INTEGER": pa.int32(),
    "INTERVAL": pa.duration("us"),
    "TIMESTAMP": pa.timestamp("us"),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", tz="UTC"),
    "VARCHAR": pa.string(),
}
_NUMERIC = re.compile(r"(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL.*)")
# What a spreadsheet would run as a formula: "=1+1", "@SUM(A1)", "-2+3"; not "a=b".
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_PLAN = ("explain_key", "explain_value")  # what EXPLAIN answers with: boxes of several lines
_WIDEST = 60  # characters of one cell in a table for people


def written(table: Table, output: Format) -> str | bytes:
    """The table in a format; bytes for Parquet, text for all others."""
    if output is Format.CSV:
        return as_csv(table)
    if output is Format.JSON:
        return as_json(table)
    if output is Format.PARQUET:
        return as_parquet(table)
    return as_text(table)


def as_csv(table: Table) -> str:
    """RFC 4180 with a header; cells that a spreadsheet would run as formulas are made inert by a quote."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([inert(column) for column in table.columns])
    writer.writerows([[inert(plain(value)) for value in row] for row in table.rows])
    return out.getvalue()


def inert(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def as_json(table: Table) -> str:
    """A list of objects, a row each."""
    rows = [dict(zip(table.columns, map(plain, row), strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"


def as_parquet(table: Table) -> bytes:
    arrays = [
        pa.array(values, type=_ARROW[kind]) if kind in _ARROW else _loose(values, kind)
        for kind, values in zip(table.types, _turned(table), strict=True)
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(table.columns)), out, compression="zstd")
    return out.getvalue()


def as_text(table: Table, width: int | None = None) -> str:
    """A table for people; a few rows that are wider than the screen are shown a field a line, a plan as drawn."""
    if table.columns == _PLAN:
        return "".join(_drawn(plan) + "\n" for _, plan in table.rows)
    screen = width or shutil.get_terminal_size((120, 24)).columns
    cells = [[shown(value) for value in row] for row in table.rows]
    widths = [
        max([len(name), *(min(len(row[at]), _WIDEST) for row in cells)])
        for at, name in enumerate(table.columns)
    ]
    out = io.StringIO()
    console = Console(file=out, width=screen, force_terminal=False, color_system=None, highlight=False)
    if sum(widths) + 2 * len(widths) > screen and 0 < len(cells) <= 20:
        _print_records(console, table.columns, cells)
    else:
        _print_grid(console, table, cells)
    if table.truncated:
        console.print(f"… and more: only the first {len(cells)} rows are shown")
    elif not cells:
        console.print("no rows")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _print_grid(console: Console, table: Table, cells: list[list[str]]) -> None:
    grid = Grid(box=None, pad_edge=False, show_header=True)
    for name, kind in zip(table.columns, table.types, strict=True):
        numeric = bool(_NUMERIC.fullmatch(kind))
        grid.add_column(Text(name), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in cells:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)


def _print_records(console: Console, columns: tuple[str, ...], cells: list[list[str]]) -> None:
    for number, row in enumerate(cells):
        grid = Grid(box=None, pad_edge=False, show_header=False)
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, cell in zip(columns, row, strict=True):
            grid.add_row(Text(name), Text(cell))
        if number:
            console.print()
        console.print(grid)


def plain(value: Any) -> Any:
    """A value as JSON and CSV have it: instants in ISO 8601 with Z, durations in seconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    return value


def shown(value: Any) -> str:
    """A value as people read it: no noise digits, no seconds that say nothing, no letter a terminal would obey."""
    text = _shown(value)
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)


def _drawn(value: Any) -> str:
    return "\n".join(shown(line).rstrip() for line in str(value).splitlines())


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (float, Decimal)):
        number = float(value)
        return f"{number:.3f}".rstrip("0").rstrip(".") if abs(number) < 1e6 else f"{number:.4g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.second == 0 else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item) for item in value)
    return str(plain(value))


def _duration(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{days} d " if days else "") + f"{hours}:{minutes:02}"


def _turned(table: Table) -> list[list[Any]]:
    return [[row[at] for row in table.rows] for at in range(len(table.columns))]


def _loose(values: list[Any], kind: str) -> pa.Array:
    """A column of a type that is not listed: numbers as they fit, all else as text."""
    if _NUMERIC.fullmatch(kind) or kind.endswith("[]"):
        try:
            return pa.array([float(value) if isinstance(value, Decimal) else value for value in values])
        except (pa.ArrowException, OverflowError):
            pass
    return pa.array([None if value is None else str(plain(value)) for value in values], type=pa.string())
