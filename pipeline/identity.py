"""Ids: hashes of what makes a thing itself, so the same input gives the same rows on any machine."""

from __future__ import annotations

from hashlib import sha256

# Between two parts of an identity; it occurs in no URL, id or instant.
_SEPARATOR = "\x1f"


def digest(payload: bytes) -> str:
    """``sha256:…`` of a payload: the name of exactly these bytes."""
    return f"sha256:{sha256(payload).hexdigest()}"


def key(*parts: str) -> str:
    """The full hash (64 hex digits) of an identity given by its parts, in order."""
    return sha256(_SEPARATOR.join(parts).encode()).hexdigest()


def number(full_key: str) -> int:
    """The first 63 bits of a key: a positive BIGINT to join on; the key itself is stored beside it."""
    return int(full_key[:16], 16) >> 1
