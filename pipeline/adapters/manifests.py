"""How does a manifest stand in its file?"""

from __future__ import annotations

import json

from pipeline.adapters.plain import of_plain, to_lines, to_plain
from pipeline.errors import ArchiveError
from pipeline.records import Manifest

# Raised when a reader of the old format would misread the new one.
_FORMAT = 1


def to_json(manifest: Manifest) -> bytes:
    """One JSON object, the same bytes for the same manifest."""
    document = {"format": _FORMAT, "manifest": to_plain(manifest)}
    return to_lines(document).encode() + b"\n"


def of_json(payload: bytes, name: str) -> Manifest:
    """The manifest in a file's bytes; ArchiveError naming the file where there is none."""
    try:
        document = json.loads(payload)
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']!r}, while this version reads {_FORMAT}")
        return of_plain(Manifest, document["manifest"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(
            f"{name} is no manifest: {error}. Remove it to collect its interval anew"
        ) from error
