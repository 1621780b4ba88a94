"""Does a table of a file that people edit hold what it should, and if not, what should they write instead?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pipeline.errors import CatalogError
from pipeline.text import clean_line
from pipeline.urls import canonical, is_http

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


class TomlTable:
    """One TOML table, its keys known and its values of the types asked for."""

    def __init__(self, file: Path, values: Mapping[str, object], keys: Sequence[str], path: str = "") -> None:
        self._file = file
        self._values = values
        self._path = path
        for key in values:
            if key not in keys:
                hint = nearest(key, keys) or f"Known here: {', '.join(keys)}"
                raise self.wrong(key, "there is no such key", hint)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, key: str, problem: str, remedy: str) -> CatalogError:
        return CatalogError(self._file, self._path + key, problem, remedy)

    def get(self, key: str, kind: type[Value], default: Value | None = None) -> Value:
        value = self._values.get(key, default)
        if value is None:
            raise self.wrong(key, "it is missing", f"Add {key} = {_SPECIMENS.get(kind, '…')}")
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise self.wrong(
                key, f"{value!r} is of the wrong type", f"Write it as in {key} = {_SPECIMENS.get(kind, '…')}"
            )
        return value

    def text(self, key: str) -> str:
        text = clean_line(self.get(key, str))
        if not text:
            raise self.wrong(key, "it is empty", "Fill it in, or leave the key out where it may be missing")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        texts = self.get(key, list, [])
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.wrong(key, f"{texts!r} is no list of texts", f'Write it as in {key} = ["one", "two"]')
        return tuple(texts)

    def matching(self, key: str, shape: re.Pattern[str]) -> str:
        text = self.text(key)
        if not shape.fullmatch(text):
            raise self.wrong(key, f"{text!r} does not have its form", f"It must match {shape.pattern}")
        return text

    def word(self, key: str, words: type[Word]) -> Word:
        text = self.text(key)
        try:
            return words(text)
        except ValueError as error:
            hint = nearest(text, [word.value for word in words]) or f"One of {', '.join(words)}"
            raise self.wrong(key, f"{text!r} is none of its words", hint) from error

    def address(self, key: str) -> str:
        text = self.text(key)
        if not is_http(text):
            raise self.wrong(
                key, f"{text!r} is no web address", 'Write it whole, as in "https://paper.example/"'
            )
        return canonical(text)

    def number(self, key: str, default: float) -> float:
        value = self.get(key, int | float, default)  # type: ignore[arg-type]  # a union is no type
        if not 0 <= value <= 3600:
            raise self.wrong(key, f"{value} is out of range", "Between 0 and 3600")
        return float(value)

    def day(self, key: str) -> date | None:
        if key not in self:
            return None
        value = self.get(key, date)
        if isinstance(value, datetime):
            raise self.wrong(key, f"{value} is an instant", f"Write the day alone, as in {key} = 2016-03-21")
        return value

    def table(self, key: str, keys: Sequence[str]) -> TomlTable:
        return TomlTable(self._file, self.get(key, dict, {}), keys, f"{self._path}{key}.")

    def tables(self, key: str, keys: Sequence[str]) -> Iterator[TomlTable]:
        for index, values in enumerate(self.get(key, list, [])):
            if not isinstance(values, dict):
                raise self.wrong(key, f"{values!r} is no table", f"Begin each with [[{key}]]")
            yield TomlTable(self._file, values, keys, f"{self._path}{key}[{index}].")


_SPECIMENS: Mapping[object, str] = {str: '"…"', list: '["…"]', bool: "true", date: "2016-03-21", dict: "{…}"}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint at what was probably meant."""
    near = get_close_matches(word, list(known), 1)
    return f"Did you mean {near[0]!r}?" if near else None
