"""Which watches and digests are there? Their files in ``catalog/watches/`` and ``catalog/digests/``, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from pipeline.adapters.search.words import parsed
from pipeline.adapters.toml_table import TomlTable, nearest
from pipeline.alerts import THRESHOLDS, USUAL_OVER, Digest, Every, Threshold, Watch, WatchKind
from pipeline.errors import CatalogError, UsageError

# "palmyra", "first-mentions"; not "Palmyra!", "-x".
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WATCH_KEYS = (
    *("id", "title", "kind", "threshold", "over", "least"),
    *("words", "sources", "outlets", "languages", "deliver", "active"),
)
_DIGEST_KEYS = ("id", "title", "every", "deliver")
_LEAST = {Threshold.SPIKE: 3, Threshold.CONFLICTING_FIGURES: 2}  # where the file names none; else 1
# A threshold whose ``least`` would bound nothing.
_WITHOUT_LEAST = (Threshold.SILENT, Threshold.COPIES)

Kept = TypeVar("Kept")


def watches(directory: Path, *, outlet_ids: Collection[str]) -> tuple[Watch, ...]:
    """The catalogue's watches, by id; CatalogError at the first thing wrong, with its remedy."""
    return _read(directory / "watches", lambda file: _watch(file, outlet_ids))


def digests(directory: Path) -> tuple[Digest, ...]:
    """The catalogue's digests, by id; CatalogError as for watches."""
    return _read(directory / "digests", _digest)


def _read(folder: Path, read: Callable[[Path], Kept]) -> tuple[Kept, ...]:
    """None where there is no folder: nobody has to watch anything."""
    return tuple(read(file) for file in sorted(folder.glob("*.toml")))


def _table(file: Path, keys: Sequence[str]) -> TomlTable:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "TOML", str(error), "Mend the file's syntax there") from error
    table = TomlTable(file, document, keys)
    own_id = table.matching("id", _ID)
    if own_id != file.stem:
        raise table.wrong(
            "id", f"{own_id!r} is not the file's name", f'Write id = "{file.stem}" or rename the file'
        )
    return table


def _watch(file: Path, outlet_ids: Collection[str]) -> Watch:
    table = _table(file, _WATCH_KEYS)
    kind = table.word("kind", WatchKind)
    threshold = table.word("threshold", Threshold)
    if threshold not in THRESHOLDS[kind]:
        raise table.wrong(
            "threshold",
            f"{kind} are not watched for {threshold}",
            f"One of {', '.join(THRESHOLDS[kind])}",
        )
    if (kind is WatchKind.WORDS) != ("words" in table):
        raise table.wrong(
            "words", 'kind = "words" needs them, and no other kind has them', 'As in words = "palmyra museum"'
        )
    if "sources" in table and kind is not WatchKind.SOURCES:
        raise table.wrong("sources", f"{kind} have none", 'Leave them out, or write kind = "sources"')
    if "languages" in table and kind is not WatchKind.WORDS:
        raise table.wrong("languages", f"{kind} have none", 'Leave them out, or write kind = "words"')
    if "least" in table and threshold in _WITHOUT_LEAST:
        raise table.wrong("least", f"it bounds nothing for {threshold}", "Leave it out, and set over")
    if "words" in table:
        try:
            parsed(table.text("words"))
        except UsageError as error:
            raise table.wrong("words", str(error), "Write them as in `wirewatch search`") from error
    sources = table.texts("sources")
    # Of all sources there are, every day brings some that are new: fewer than three statements tell little.
    fallback = _LEAST.get(threshold, 3 if kind is WatchKind.SOURCES and not sources else 1)
    return Watch(
        watch_id=file.stem,
        title=table.text("title"),
        kind=kind,
        threshold=threshold,
        over=table.number("over", USUAL_OVER[threshold]),
        least=int(table.number("least", fallback)),
        words=table.text("words") if "words" in table else None,
        sources=sources,
        outlets=_outlets(table, outlet_ids),
        languages=_matching(table, "languages", _LANGUAGE, '["en", "fr"]'),
        deliver=_channels(table),
        is_active=table.get("active", bool, True),
    )


def _outlets(table: TomlTable, known: Collection[str]) -> tuple[str, ...]:
    for outlet_id in table.texts("outlets"):
        if outlet_id not in known:
            hint = nearest(outlet_id, known) or "`wirewatch outlet list` names them all"
            raise table.wrong("outlets", f"there is no outlet {outlet_id!r}", hint)
    return table.texts("outlets")


def _digest(file: Path) -> Digest:
    table = _table(file, _DIGEST_KEYS)
    return Digest(
        digest_id=file.stem,
        title=table.text("title"),
        every=table.word("every", Every),
        deliver=_channels(table),
    )


def _channels(table: TomlTable) -> tuple[str, ...]:
    return _matching(table, "deliver", _ID, '["desk"]')


def _matching(table: TomlTable, key: str, shape: re.Pattern[str], specimen: str) -> tuple[str, ...]:
    for text in table.texts(key):
        if not shape.fullmatch(text):
            raise table.wrong(key, f"{text!r} does not have its form", f"Write it as in {key} = {specimen}")
    return tuple(dict.fromkeys(table.texts(key)))
