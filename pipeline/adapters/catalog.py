"""Which outlets do we know? Their files in ``catalog/outlets/``, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import soupsieve

from pipeline.errors import CatalogError, UsageError
from pipeline.records import Feed, FeedKind, Outlet, OutletKind, Selectors
from pipeline.text import clean_line
from pipeline.urls import canonical, host, is_http

# "meridian-wire", "bbc2"; not "Meridian Wire", "-x".
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_OUTLET_KEYS = (
    *("id", "name", "kind", "homepage", "hosts", "language", "country", "timezone", "aliases"),
    *("delay_seconds", "sample", "watched_from", "watched_until", "feeds", "selectors"),
)
_FEED_KEYS = ("name", "kind", "url", "selector", "include", "exclude")
_SELECTOR_KEYS = ("body", "title", "byline", "published", "drop")

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The outlets, in the order of their ids."""

    outlets: tuple[Outlet, ...]
    _by_id: Mapping[str, Outlet] = field(repr=False)
    _by_host: Mapping[str, Outlet] = field(repr=False)
    _by_name: Mapping[str, Outlet] = field(repr=False)

    def outlet(self, outlet_id: str) -> Outlet:
        """The outlet of that id; UsageError, with the nearest id, where there is none."""
        if (outlet := self._by_id.get(outlet_id)) is None:
            hint = _nearest(outlet_id, self._by_id) or "`wirewatch outlet list` names them all."
            raise UsageError(f"no outlet {outlet_id!r} in the catalogue. {hint}")
        return outlet

    def of_url(self, url: str) -> Outlet | None:
        """The outlet whose page this is, by its host or the nearest host above it."""
        name = host(url)
        while name:
            if outlet := self._by_host.get(name):
                return outlet
            name = name.partition(".")[2]
        return None

    def of_name(self, name: str) -> Outlet | None:
        """The outlet that goes by a name, in any case."""
        return self._by_name.get(clean_line(name).casefold())


def load(directory: Path) -> Catalog:
    """The catalogue in a folder's ``outlets/``; CatalogError at the first thing wrong, with its remedy."""
    folder = directory / "outlets"
    if not folder.is_dir():
        raise CatalogError(folder, "outlets", "there is no such folder", "Name the folder that holds it")
    read = [(file, _outlet(file)) for file in sorted(folder.glob("*.toml"))]
    hosts = ((file, outlet, outlet.hosts) for file, outlet in read)
    names = ((file, outlet, _names(outlet)) for file, outlet in read)
    return Catalog(
        tuple(outlet for _, outlet in read),
        {outlet.outlet_id: outlet for _, outlet in read},
        _owners("hosts", hosts),
        _owners("aliases", names),
    )


def _names(outlet: Outlet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean_line(name).casefold() for name in (outlet.name, *outlet.aliases)))


def _owners(key: str, claims: Iterable[tuple[Path, Outlet, Iterable[str]]]) -> dict[str, Outlet]:
    """Who each host or name belongs to; two owners would make every look-up a guess."""
    owners: dict[str, Outlet] = {}
    for file, outlet, values in claims:
        for value in values:
            if (other := owners.setdefault(value, outlet)) is not outlet:
                raise CatalogError(
                    file, key, f"{value!r} is {other.outlet_id}'s too", "Leave it to one of the two"
                )
    return owners


def _outlet(file: Path) -> Outlet:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "TOML", str(error), "Mend the file's syntax there") from error
    table = _Table(file, document, _OUTLET_KEYS)
    outlet_id = table.matching("id", _ID)
    if outlet_id != file.stem:
        raise table.wrong(
            "id", f"{outlet_id!r} is not the file's name", f'Write id = "{file.stem}" or rename the file'
        )
    homepage = table.address("homepage")
    own_hosts = tuple(_host(table, value) for value in table.texts("hosts"))
    outlet = Outlet(
        outlet_id=outlet_id,
        name=table.text("name"),
        kind=table.word("kind", OutletKind),
        homepage=homepage,
        language=table.matching("language", _LANGUAGE),
        country=table.matching("country", _COUNTRY) if "country" in table else None,
        timezone=_timezone(table),
        hosts=tuple(dict.fromkeys((host(homepage), *own_hosts))),
        aliases=table.texts("aliases"),
        feeds=tuple(_feed(outlet_id, feed) for feed in table.tables("feeds", _FEED_KEYS)),
        delay_seconds=table.number("delay_seconds", 1.0),
        watched_from=table.day("watched_from"),
        watched_until=table.day("watched_until"),
        sample=table.get("sample", bool, False),
        selectors=_selectors(table),
    )
    _check_whole(table, outlet)
    return outlet


def _check_whole(table: _Table, outlet: Outlet) -> None:
    """What no single key can get wrong."""
    ids = [feed.feed_id for feed in outlet.feeds]
    if len(ids) != len(set(ids)):
        raise table.wrong("feeds", "two feeds share a name", "Give each its own")
    if outlet.watched_until is not None and (
        outlet.watched_from is None or outlet.watched_until <= outlet.watched_from
    ):
        raise table.wrong(
            "watched_until", "it is not after watched_from", "Name the first day no longer collected"
        )
    if outlet.watched_from is not None and not outlet.feeds:
        raise table.wrong("watched_from", "there is no feed to collect", "Add one under [[feeds]]")


def _feed(outlet_id: str, table: _Table) -> Feed:
    kind = table.word("kind", FeedKind)
    selector = _css(table, "selector") if "selector" in table else None
    if (kind is FeedKind.LISTING) != (selector is not None):
        raise table.wrong(
            "selector", "listings need one, and no other kind has one", "Say which links a listing's are"
        )
    return Feed(
        feed_id=f"{outlet_id}/{table.matching('name', _ID)}",
        url=table.address("url"),
        kind=kind,
        selector=selector,
        include=_patterns(table, "include"),
        exclude=_patterns(table, "exclude"),
    )


def _selectors(table: _Table) -> Selectors:
    own = table.table("selectors", _SELECTOR_KEYS)
    found = {
        name: _css(own, name) if name in own else None for name in ("body", "title", "byline", "published")
    }
    return Selectors(**found, drop=tuple(_checked_css(own, "drop", text) for text in own.texts("drop")))


def _css(table: _Table, key: str) -> str:
    return _checked_css(table, key, table.text(key))


def _checked_css(table: _Table, key: str, text: str) -> str:
    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        raise table.wrong(key, f"{text!r} is no CSS selector", str(error).partition("\n")[0]) from error
    return text


def _patterns(table: _Table, key: str) -> tuple[str, ...]:
    for pattern in table.texts(key):
        try:
            re.compile(pattern)
        except re.error as error:
            raise table.wrong(key, f"{pattern!r} is no regular expression", str(error)) from error
    return table.texts(key)


def _host(table: _Table, value: str) -> str:
    name = host(f"http://{value}/")
    if not name or "/" in value:
        raise table.wrong("hosts", f"{value!r} is no host", 'Write it as in "paper.example"')
    return name


def _timezone(table: _Table) -> str:
    name = table.text("timezone") if "timezone" in table else "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.wrong(
            "timezone", f"{name!r} is no time zone", 'Write it as in "Europe/Zurich"'
        ) from error
    return name


class _Table:
    """One TOML table, its keys known and its values of the types asked for."""

    def __init__(self, file: Path, values: Mapping[str, object], keys: Sequence[str], path: str = "") -> None:
        self._file = file
        self._values = values
        self._path = path
        for key in values:
            if key not in keys:
                hint = _nearest(key, keys) or f"Known here: {', '.join(keys)}"
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
            hint = _nearest(text, list(words)) or f"One of {', '.join(words)}"
            raise self.wrong(key, f"{text!r} is none of its words", hint) from error

    def address(self, key: str) -> str:
        text = self.text(key)
        if not is_http(text):
            raise self.wrong(
                key, f"{text!r} is no web address", 'Write it whole, as in "https://paper.example/"'
            )
        return canonical(text)

    def number(self, key: str, default: float) -> float:
        value = self.get(key, int | float, default)  # type: ignore[arg-type]
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

    def table(self, key: str, keys: Sequence[str]) -> _Table:
        return _Table(self._file, self.get(key, dict, {}), keys, f"{self._path}{key}.")

    def tables(self, key: str, keys: Sequence[str]) -> Iterator[_Table]:
        for index, values in enumerate(self.get(key, list, [])):
            if not isinstance(values, dict):
                raise self.wrong(key, f"{values!r} is no table", f"Begin each with [[{key}]]")
            yield _Table(self._file, values, keys, f"{self._path}{key}[{index}].")


_SPECIMENS: Mapping[object, str] = {str: '"…"', list: '["…"]', bool: "true", date: "2016-03-21", dict: "{…}"}


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint at what was probably meant."""
    near = get_close_matches(word, list(known), 1)
    return f"Did you mean {near[0]!r}?" if near else None
