"""Where do the states of the index lie? A folder each, whole and never changed, named by what is in it.

Tantivy writes the files of an index once and only ever adds or removes some, so a new state shares the files
that it has in common with the one before by hard links.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.adapters.search.fields import FORMAT

Days = Mapping[str, str]  # by day in ISO 8601: what it holds, hashed

_DAYS = "days.json"
_HALF = ".half"
# What Tantivy writes anew with every commit: a link would change the state before.
_OWN = (_DAYS, "meta.json", ".managed.json")
_WORN = 0.1  # share of removed articles from which an index is written anew


def named(days: Days) -> str:
    """The name of the state that holds just these days."""
    return sha256(json.dumps([FORMAT, dict(days)], sort_keys=True).encode()).hexdigest()[:16]


def days_of(generation: Path) -> dict[str, str]:
    """What it holds by day; nothing where it was never finished."""
    try:
        days = json.loads((generation / _DAYS).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return dict(days) if named(days) == generation.name else {}


def is_worn(generation: Path) -> bool:
    """Whether it carries along so much of what was removed that ranking and speed suffer."""
    segments = json.loads((generation / "meta.json").read_text(encoding="utf-8"))["segments"]
    removed = sum((segment["deletes"] or {}).get("num_deleted_docs", 0) for segment in segments)
    return bool(removed > _WORN * sum(segment["max_doc"] for segment in segments))


@contextmanager
def making(folder: Path, days: Days, base: Path | None) -> Iterator[Path]:
    """A folder to write the state of these days in, begun from another; it counts only when all went well."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"*{_HALF}"):  # of a publish that was killed
        shutil.rmtree(left, ignore_errors=True)
    name = named(days)
    half = folder / f"{name}{_HALF}"
    half.mkdir()
    if base is not None:
        _share(base, half)
    yield half
    (half / _DAYS).write_text(json.dumps(dict(days), sort_keys=True), encoding="utf-8")
    for file in half.iterdir():
        _sync(file)
    _sync(half)
    shutil.rmtree(folder / name, ignore_errors=True)  # unfinished, or asked to be written anew
    half.rename(folder / name)
    _sync(folder)


def mirrored(generation: Path) -> TemporaryDirectory[str]:
    """A passing folder that shows a state's files, to read them where the state's own cannot be written.

    Tantivy takes a lock, which is a file beside the index, even to read.
    """
    mirror = TemporaryDirectory(prefix="wirewatch-search-")
    for file in generation.iterdir():
        (Path(mirror.name) / file.name).symlink_to(file.resolve())
    return mirror


def drop_others(folder: Path, keep: str) -> None:
    """Remove all states but one and the newest beside it, which a reader may be about to open."""
    others = [path for path in folder.iterdir() if path.name != keep] if folder.is_dir() else []
    for old in sorted(others, key=lambda path: path.stat().st_mtime_ns)[:-1]:
        shutil.rmtree(old, ignore_errors=True)


def _share(base: Path, half: Path) -> None:
    for file in base.iterdir():
        if file.suffix == ".lock":
            continue
        if file.name in _OWN:
            shutil.copyfile(file, half / file.name)
            continue
        try:
            os.link(file, half / file.name)
        except OSError:  # a file system without hard links
            shutil.copyfile(file, half / file.name)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
