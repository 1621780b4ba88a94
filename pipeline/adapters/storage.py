"""Where do the archive's files lie: in a folder here, or in a bucket somewhere?

Both hold whole files by name ("outlet/2016-03-27T05.warc.gz"), and show a file only when all of it is there.
Files that still grow are drafts, always in a folder of this machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from pipeline.adapters.files import put, replace
from pipeline.adapters.waiting import aside
from pipeline.errors import UsageError

_SEPARATORS = ("://", "::")  # of fsspec's addresses: "s3://bucket/news", "simplecache::s3://bucket"


class Storage(Protocol):
    """Whole files by name."""

    def draft(self, name: str) -> Path:
        """Where a file grows before it is put; its folder is there."""
        ...

    def put(self, draft: Path, name: str) -> None:
        """Make a finished draft the file of that name, at once and whole, and the draft go."""
        ...

    def write(self, name: str, payload: bytes) -> None: ...

    def read(self, name: str) -> bytes:
        """FileNotFoundError where there is none."""
        ...

    def open(self, name: str) -> BinaryIO:
        """To read and seek in; FileNotFoundError where there is none."""
        ...

    def names(self, ending: str, folder: str = "") -> Sequence[str]:
        """Files with that ending, in one folder or in all, in order."""
        ...

    def remove(self, name: str) -> None: ...


class Folder:
    """Files under a folder of this machine, or of a volume that several share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def draft(self, name: str) -> Path:
        path = self._root / f"{name}.part"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, draft: Path, name: str) -> None:
        put(draft, self._root / name)

    def write(self, name: str, payload: bytes) -> None:
        replace(self._root / name, payload)

    def read(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def names(self, ending: str, folder: str = "") -> Sequence[str]:
        folders = [folder] if folder else self._listed("")
        return sorted(
            f"{each}/{name}" for each in folders for name in self._listed(each) if name.endswith(ending)
        )

    def _listed(self, folder: str) -> Sequence[str]:
        try:
            with os.scandir(self._root / folder) as found:
                return [entry.name for entry in found]
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def remove(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)

    def __str__(self) -> str:
        return str(self._root)


class Bucket:
    """Objects of any file system that fsspec knows; putting one is atomic, as S3 and its likes promise."""

    def __init__(self, url: str, drafts: Path, **options: Any) -> None:
        """``options`` go to the file system, such as ``endpoint_url`` and ``key``."""
        try:
            from fsspec.core import url_to_fs

            # What others of our processes write must be seen, so no listing is kept.
            self._files, self._root = url_to_fs(url, use_listings_cache=False, **options)
        except (ImportError, ValueError) as error:
            raise UsageError(
                f"{url}: {error}. Storage of this kind needs its package, such as s3fs"
            ) from error
        self._url = url
        self._drafts = drafts / sha256(url.encode()).hexdigest()[:16]

    def draft(self, name: str) -> Path:
        path = self._drafts / f"{name}.part"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, draft: Path, name: str) -> None:
        aside(self._files.put_file, str(draft), self._path(name))
        draft.unlink()

    def write(self, name: str, payload: bytes) -> None:
        aside(self._files.pipe_file, self._path(name), payload)

    def read(self, name: str) -> bytes:
        return cast("bytes", aside(self._files.cat_file, self._path(name)))

    def open(self, name: str) -> BinaryIO:
        return cast("BinaryIO", aside(partial(self._files.open, self._path(name), "rb", block_size=1 << 18)))

    def names(self, ending: str, folder: str = "") -> Sequence[str]:
        prefix = f"{self._root}/{folder}" if folder else self._root
        start = len(self._root.rstrip("/")) + 1
        found = aside(self._files.find, prefix)
        return sorted(
            path[start:] for path in found if path.endswith(ending) and path[start:].count("/") == 1
        )

    def remove(self, name: str) -> None:
        if aside(self._files.exists, self._path(name)):
            aside(self._files.rm_file, self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def __str__(self) -> str:
        return self._url


def storage_at(place: str, drafts: Path) -> Storage:
    """A folder by its path, or a bucket by its address; ``drafts``: where a bucket's files grow."""
    return Bucket(place, drafts) if any(mark in place for mark in _SEPARATORS) else Folder(Path(place))
