"""How do records become JSON and records again?

The records' own types are the schema: whatever does not fit them is refused, so a damaged file is never
half read.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
# How deep a line of its own is given to each item: a manifest's captures, a state's addresses.
_LINES_DEEP = 3
# The library's fast encoder knows no line breaks, and its slow one takes most of the time of saving.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def to_plain(value: object) -> object:
    """Dictionaries, lists, texts and numbers for JSON; fields that hold their default are left out."""
    match value:
        case StrEnum():
            return value.value
        case str() | None | bool() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [to_plain(item) for item in value]
        case dict():
            return {str(name): to_plain(item) for name, item in value.items()}
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no plain form")
    return {
        name: to_plain(item)
        for name, default in _defaults(value.__class__)
        if (item := getattr(value, name)) != default
    }


@cache
def _defaults(record_type: Any) -> tuple[tuple[str, object], ...]:
    return tuple((field.name, field.default) for field in fields(record_type))


def to_lines(plain: object, depth: int = 0) -> str:
    """JSON that a person can read and compare: one line an item; the same text for the same value."""
    if not plain or depth == _LINES_DEEP or not isinstance(plain, list | dict):
        return _ENCODER.encode(plain)
    if isinstance(plain, list):
        return "[\n" + ",\n".join(to_lines(item, depth + 1) for item in plain) + "\n]"
    members = (f"{_ENCODER.encode(name)}: {to_lines(plain[name], depth + 1)}" for name in sorted(plain))
    return "{\n" + ",\n".join(members) + "\n}"


def of_plain(record_type: type[Record], value: object) -> Record:
    """The record that ``to_plain`` made the value of; ValueError where it is not one."""
    read = _read(record_type, value)
    if not isinstance(read, record_type):
        raise ValueError(f"expected {record_type.__name__}, got {value!r:.80}")
    return read


@cache
def _hints(record_type: type) -> Mapping[str, Any]:
    return get_type_hints(record_type)


def _read(kind: Any, value: object) -> object:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _read(_present(kind), value)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in _expect(list, value))
    if origin is dict:
        return {name: _read(get_args(kind)[1], item) for name, item in _expect(dict, value).items()}
    if is_dataclass(kind):
        return _read_record(kind, _expect(dict, value))
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind in (datetime, date):
        return kind.fromisoformat(_expect(str, value))
    return _expect(kind, value)


def _read_record(kind: Any, value: dict[str, object]) -> object:
    hints = _hints(kind)
    if unknown := value.keys() - hints.keys():
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _read(hints[name], item) for name, item in value.items()})
    except TypeError as error:  # a field is missing
        raise ValueError(str(error)) from error


def _present(kind: Any) -> Any:
    """The one type besides None of an optional type."""
    return next(option for option in get_args(kind) if option is not type(None))


Plain = TypeVar("Plain")


def _expect(kind: type[Plain], value: object) -> Plain:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"expected {kind.__name__}, got {value!r:.80}")
    return value
