"""How does a file change so that readers see all of the new contents, or none?"""

from __future__ import annotations

import fcntl
import os
import resource
from pathlib import Path
from tempfile import mkstemp

from pipeline.adapters.waiting import aside

_OPEN_FILES = 4_096


def replace(path: Path, payload: bytes, *, to_last: bool = True) -> None:
    """Write a file whole: after a kill at any moment it holds the old contents or the new.

    ``to_last``: also after a power cut, and the new ones once this has returned.
    """
    aside(_replace, path, payload, to_last)


def put(draft: Path, path: Path) -> None:
    """Make a finished draft in the same folder the file of that path, so that it outlives a power cut."""
    aside(_put, draft, path)


def _replace(path: Path, payload: bytes, to_last: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb", buffering=0) as draft:  # noqa: PTH123, it is open already
            draft.write(payload)
            os.fchmod(handle, 0o644)  # drafts are private, files are not
            if to_last:
                os.fsync(handle)
        os.replace(name, path)  # noqa: PTH105, a path object would say no more
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if to_last:
        _sync_folder(path.parent)


def _put(draft: Path, path: Path) -> None:
    with draft.open("rb") as stream:
        os.fsync(stream.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in this folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def allow_open_files() -> None:
    """Let this process open as many files as it may: each outlet has three while it is collected."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def is_locked(handle: int) -> bool:
    """Whether an open file is ours alone now, until it is closed; False where it is another's."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
