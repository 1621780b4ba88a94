"""Which outlets do we know? Their files in ``catalog/outlets/``, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import soupsieve

from pipeline.adapters.files import replace
from pipeline.adapters.toml_table import TomlTable, nearest
from pipeline.errors import CatalogError, UsageError
from pipeline.records import Feed, FeedKind, Outlet, OutletKind, Selectors
from pipeline.text import clean_line
from pipeline.urls import host

# "meridian-wire", "bbc2"; not "Meridian Wire", "-x".
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_OUTLET_KEYS = (
    *("id", "name", "kind", "homepage", "hosts", "language", "country", "timezone", "aliases"),
    *("delay_seconds", "sample", "watched_from", "watched_until", "feeds", "selectors"),
    "unverified_certificates",
)
_FEED_KEYS = ("name", "kind", "url", "selector", "include", "exclude")
_SELECTOR_KEYS = ("body", "title", "byline", "published", "drop")


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
            hint = nearest(outlet_id, self._by_id) or "`wirewatch outlet list` names them all."
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
    return _of((file, _outlet(file)) for file in sorted(folder.glob("*.toml")))


def adopt(directory: Path, text: str) -> Outlet:
    """Write a proposed outlet's file into the catalogue; CatalogError where one of the two would be wrong.

    Twice is once; another file of that name is never overwritten.
    """
    folder = directory / "outlets"
    try:
        outlet_id = str(tomllib.loads(text).get("id", ""))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError("the proposed file", "TOML", str(error), "Mend its syntax there") from error
    if not _ID.fullmatch(outlet_id):
        raise CatalogError("the proposed file", "id", f"{outlet_id!r} is none", 'Write it as in "my-paper"')
    file = folder / f"{outlet_id}.toml"
    outlet = parse(file, text)
    standing = {known: known.read_text(encoding="utf-8") for known in folder.glob("*.toml")}
    if standing.setdefault(file, text) != text:
        raise CatalogError(
            file, "id", "the catalogue has another outlet of this id", "Edit that file, or choose another id"
        )
    _of((known, parse(known, its)) for known, its in sorted(standing.items()))
    try:
        replace(file, text.encode())
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}): make the folder writable for the user that runs this, "
            "or save the proposed file there yourself"
        ) from error
    return outlet


def _of(read: Iterable[tuple[Path, Outlet]]) -> Catalog:
    """The catalogue of these files, no two of which may claim the same host or name."""
    read = list(read)
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
        return parse(file, file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CatalogError(file, "TOML", str(error), "Mend the file's syntax there") from error


@lru_cache(maxsize=4096)  # a process that was forked from one that has read the same text need not
def parse(file: Path, text: str) -> Outlet:
    """The outlet that a file of this name and text describes; CatalogError where something is wrong in it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(file, "TOML", str(error), "Mend the file's syntax there") from error
    table = TomlTable(file, document, _OUTLET_KEYS)
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
        unverified_certificates=table.get("unverified_certificates", bool, False),
    )
    _check_whole(table, outlet)
    return outlet


def _check_whole(table: TomlTable, outlet: Outlet) -> None:
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


def _feed(outlet_id: str, table: TomlTable) -> Feed:
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


def _selectors(table: TomlTable) -> Selectors:
    own = table.table("selectors", _SELECTOR_KEYS)
    found = {
        name: _css(own, name) if name in own else None for name in ("body", "title", "byline", "published")
    }
    return Selectors(**found, drop=tuple(_checked_css(own, "drop", text) for text in own.texts("drop")))


def _css(table: TomlTable, key: str) -> str:
    return _checked_css(table, key, table.text(key))


def _checked_css(table: TomlTable, key: str, text: str) -> str:
    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        raise table.wrong(key, f"{text!r} is no CSS selector", str(error).partition("\n")[0]) from error
    return text


def _patterns(table: TomlTable, key: str) -> tuple[str, ...]:
    for pattern in table.texts(key):
        try:
            re.compile(pattern)
        except re.error as error:
            raise table.wrong(key, f"{pattern!r} is no regular expression", str(error)) from error
    return table.texts(key)


def _host(table: TomlTable, value: str) -> str:
    name = host(f"http://{value}/")
    if not name or "/" in value:
        raise table.wrong("hosts", f"{value!r} is no host", 'Write it as in "paper.example"')
    return name


def _timezone(table: TomlTable) -> str:
    name = table.text("timezone") if "timezone" in table else "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.wrong(
            "timezone", f"{name!r} is no time zone", 'Write it as in "Europe/Zurich"'
        ) from error
    return name
