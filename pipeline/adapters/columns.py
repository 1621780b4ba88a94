"""Records as Parquet columns: how does a frozen record become a nested row, and come back equal?

The columns follow from the record's own fields, so a field added there needs no word here. A field
that an older file lacks takes its default.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import pyarrow as pa

_PLAIN: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}

_NONE = type(None)


@cache
def arrow_type(hint: Any) -> pa.DataType:
    """The column that holds values of an annotation; TypeError for one that no record uses yet."""
    hint = _present(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return pa.string()
    if is_dataclass(hint):
        return pa.struct(
            [pa.field(field.name, arrow_type(kind)) for field, kind in _fields(cast("type", hint))]
        )
    if get_origin(hint) is tuple:
        item, *rest = get_args(hint)
        if rest == [Ellipsis]:
            return pa.list_(arrow_type(item))
        return pa.list_(arrow_type(item), 1 + len(rest))  # a pair, such as a span
    if alternatives := _alternatives(hint):
        return pa.struct([pa.field(kind.__name__, arrow_type(kind)) for kind in alternatives])
    raise TypeError(f"no column for {hint}")


@cache
def writer(hint: Any) -> Callable[[Any], Any]:
    """A function from a value of the annotation to what Arrow takes."""
    hint = _present(hint)
    if hint in _PLAIN or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return _same
    if is_dataclass(hint):
        parts = [(field.name, writer(kind)) for field, kind in _fields(cast("type", hint))]
        return lambda record: (
            None if record is None else {name: write(getattr(record, name)) for name, write in parts}
        )
    if get_origin(hint) is tuple:
        write_item = writer(get_args(hint)[0])
        if write_item is _same:
            return lambda items: None if items is None else list(items)
        return lambda items: None if items is None else [write_item(item) for item in items]
    by_kind = {kind: writer(kind) for kind in _alternatives(hint)}
    return lambda record: {type(record).__name__: by_kind[type(record)](record)}


@cache
def reader(hint: Any) -> Callable[[Any], Any]:
    """The way back: a function from what Arrow gives to a value of the annotation."""
    hint = _present(hint)
    if hint is datetime:
        return lambda moment: None if moment is None else moment.astimezone(UTC)
    if hint in _PLAIN:
        return _same
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda word: None if word is None else hint(word)
    if is_dataclass(hint):
        return _record_reader(hint)
    if get_origin(hint) is tuple:
        read_item = reader(get_args(hint)[0])
        if read_item is _same:
            return lambda items: None if items is None else tuple(items)
        return lambda items: None if items is None else tuple(read_item(item) for item in items)
    by_name = {kind.__name__: reader(kind) for kind in _alternatives(hint)}
    return lambda row: next(by_name[name](part) for name, part in row.items() if part is not None)


def _record_reader(hint: Any) -> Callable[[Any], Any]:
    parts = [(field.name, reader(kind), _default(field)) for field, kind in _fields(cast("type", hint))]

    def read(row: dict[str, Any] | None) -> Any:
        if row is None:
            return None
        return hint(
            **{name: read_part(row[name]) if name in row else default() for name, read_part, default in parts}
        )

    return read


def _default(field: Field[Any]) -> Callable[[], Any]:
    if field.default is not MISSING:
        return lambda: field.default

    def missing() -> Any:
        raise ValueError(f"the file has no column {field.name}")

    return missing


@cache
def _fields(record: type) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(record)
    return tuple((field, hints[field.name]) for field in fields(record) if field.init)


def _present(hint: Any) -> Any:
    """The annotation without its None: every column may be empty."""
    if get_origin(hint) in (types.UnionType, Union) and _NONE in get_args(hint):
        (only,) = (kind for kind in get_args(hint) if kind is not _NONE)
        return only
    return hint


def _alternatives(hint: Any) -> tuple[type, ...]:
    """``Article | Reject``: one of several records."""
    if get_origin(hint) not in (types.UnionType, Union):
        return ()
    return cast("tuple[type, ...]", get_args(hint))


def _same(value: Any) -> Any:
    return value
