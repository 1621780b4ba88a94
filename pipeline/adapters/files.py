"""How does a file change so that readers see all of the new contents, or none?"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace(path: Path, payload: bytes) -> None:
    """Write a file whole: after a kill at any moment it holds the old contents or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            draft.write(payload)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(0o644)  # drafts are private, files are not
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
