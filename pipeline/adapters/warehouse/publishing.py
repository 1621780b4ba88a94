"""How do readers get a new build? By a rename: they see the old file or the new one, never half of one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_HALF = ".half"


def publish_file(build: Path, published: Path) -> None:
    """Copy the build, make the copy durable, and swap it in; readers of the old file keep it."""
    for left in published.parent.glob(f"{published.name}.*{_HALF}"):  # of a publish that was killed
        left.unlink(missing_ok=True)
    half = published.with_name(f"{published.name}.{os.getpid()}{_HALF}")
    shutil.copyfile(build, half)
    _sync(half)
    half.replace(published)
    _sync(published.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
