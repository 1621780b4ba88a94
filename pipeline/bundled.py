"""Where the data files are that ship with the code: ``catalog/``, ``sql/``, ``samples/``.

They stand beside the package in a checkout and inside it in a wheel. They are constants, as code is:
reading them is not reading the world, so the core may (docs/decisions/0002-bundled-data.md).
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

_READING_LIBRARIES = (
    "beautifulsoup4",
    "htmldate",
    "lxml",
    "onnxruntime",
    "py3langid",
    "selectolax",
    "trafilatura",
)
_PACKAGE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """The bundled file or folder of that name, such as ``catalog/agencies.toml``; it may not exist."""
    installed = _PACKAGE / "_bundled"
    return (installed if installed.is_dir() else _PACKAGE.parent) / name


@cache
def text(name: str) -> str:
    """The contents of a bundled text file, read once in a process."""
    return path(name).read_text(encoding="utf-8")


@cache
def fingerprint() -> str:
    """Of all the code, word lists, models and libraries that read pages: the same one reads a page alike."""
    found = sha256()
    for name in _READING_LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    code = [*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.json")]
    data = [*path("catalog").glob("*.toml"), *path("models/attribution").glob("*.onnx")]
    for file in sorted(code) + sorted(data):
        found.update(file.name.encode() + b"\0" + sha256(file.read_bytes()).digest())
    return found.hexdigest()
