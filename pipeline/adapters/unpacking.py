"""What does a packed body hold, unpacked no further than we are willing to read?

Each layer gives at most a chunk at a time and keeps the rest packed, so that a bomb in a bomb costs no more
memory than a page. A body that breaks off, or is packed in a way we never offered, is told rather than kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped, unused-ignore]  # some releases have no types

from pipeline.adapters import zstd

# What we offer to take, in this order.
OFFERED = "gzip, deflate, br, zstd"
_CHUNK = 65_536
_MAX_LAYERS = 5


class _Layer(Protocol):
    """Takes packed bytes and gives unpacked ones, a chunk at most each time; b"" asks for what is left."""

    def unpack(self, packed: bytes) -> bytes: ...

    @property
    def has_more(self) -> bool:
        """Whether bytes it took wait to be unpacked."""
        ...

    @property
    def is_whole(self) -> bool: ...


class _Zlib:
    """gzip with any number of members, or deflate with its header or, as some servers send it, without."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._member = zlib.decompressobj(window)
        self._left = b""
        self._begun = False

    def unpack(self, packed: bytes) -> bytes:
        packed = self._left + packed
        self._left = b""
        if self._member.eof:
            if self._window != _GZIP or not packed.startswith(b"\x1f\x8b"):
                return b""  # padding behind the body, which no reader minds
            self._member = zlib.decompressobj(self._window)
        try:
            text = self._member.decompress(packed, _CHUNK)
        except zlib.error:
            if self._begun or self._window != _DEFLATE:
                raise
            self._window = -zlib.MAX_WBITS
            self._member = zlib.decompressobj(self._window)
            text = self._member.decompress(packed, _CHUNK)
        self._begun = self._begun or bool(packed)
        self._left = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return text

    @property
    def has_more(self) -> bool:
        return bool(self._left)

    @property
    def is_whole(self) -> bool:
        return self._member.eof or not self._begun


class _Brotli:
    def __init__(self) -> None:
        self._reader = brotli.Decompressor()
        self._begun = False
        self._gave = False  # the last call gave text: there may be more of it

    def unpack(self, packed: bytes) -> bytes:
        if self._reader.is_finished():
            self._gave = False
            return b""
        self._begun = self._begun or bool(packed)
        text: bytes = self._reader.process(packed, output_buffer_limit=_CHUNK)
        self._gave = bool(text)
        return text

    @property
    def has_more(self) -> bool:
        # A reader whose last input is in says that it can accept more, though its output was cut at the limit.
        return self._gave or not self._reader.can_accept_more_data()

    @property
    def is_whole(self) -> bool:
        return bool(self._reader.is_finished()) or not self._begun


_ZSTD = "zstd"
_GZIP, _DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS
_LAYERS: dict[str, Callable[[], _Layer]] = {
    "gzip": lambda: _Zlib(_GZIP),
    "x-gzip": lambda: _Zlib(_GZIP),
    "deflate": lambda: _Zlib(_DEFLATE),
    "br": _Brotli,
}


def unpacked(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body by its Content-Encoding, a chunk at a time; ValueError where it is not packed as that says."""
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if unknown := [name for name in names if name not in _LAYERS and name != _ZSTD]:
        raise ValueError(f"packed as {unknown[0]!r:.40}, which we did not offer to take")
    if len(names) > _MAX_LAYERS:
        raise ValueError(f"packed {len(names)} times")
    for name in reversed(names):
        chunks = zstd.unpacked(chunks, _CHUNK) if name == _ZSTD else _through(chunks, _LAYERS[name](), name)
    yield from chunks


def _through(chunks: Iterable[bytes], layer: _Layer, name: str) -> Iterator[bytes]:
    try:
        for chunk in chunks:
            yield layer.unpack(chunk)
            while layer.has_more:
                yield layer.unpack(b"")
    except (zlib.error, brotli.error) as error:
        raise ValueError(f"not the {name} that its headers say: {error}") from error
    if not layer.is_whole:
        raise ValueError(f"the {name} breaks off")
