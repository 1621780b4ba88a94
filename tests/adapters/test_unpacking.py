"""Unpacking bodies: what was packed comes out, and nothing that was not."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.unpacking import unpacked

PACKERS = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
    "": bytes,
}
bodies = st.one_of(st.binary(max_size=500), st.integers(0, 300_000).map(lambda size: b"ab" * size))


def pieces(payload: bytes, size: int) -> list[bytes]:
    return [payload[at : at + size] for at in range(0, len(payload), size)]


@given(
    body=bodies,
    names=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3),
    size=st.sampled_from([1, 7, 4096]),
)
def test_packing_and_unpacking_in_any_pieces_gives_the_same(body: bytes, names: list[str], size: int) -> None:
    packed = body
    for name in names:
        packed = PACKERS[name](packed)
    if len(packed) > 2_000:
        size = 4096
    chunks = list(unpacked(pieces(packed, size), ", ".join(names)))
    assert b"".join(chunks) == body
    # Brotli takes its limit as advice.
    assert max(map(len, chunks), default=0) <= 4 * 65_536


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_body_that_breaks_off_is_told(name: str) -> None:
    packed = PACKERS[name](bytes(range(256)) * 20)
    with pytest.raises(ValueError, match="breaks off"):
        list(unpacked([packed[:-3]], name))


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_what_is_not_packed_is_told(name: str) -> None:
    with pytest.raises(ValueError, match=f"not the {name}"):
        list(unpacked([b"<p>plain text, and some more of it</p>"], name))


def test_deflate_without_its_header_is_read() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert b"".join(unpacked([packer.compress(b"hello") + packer.flush()], "deflate")) == b"hello"


def test_gzip_of_many_members_and_with_padding_is_read() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"") + gzip.compress(b"two") + bytes(20)
    assert b"".join(unpacked(pieces(packed, 5), "gzip")) == b"onetwo"


@pytest.mark.parametrize("encoding", ["zstd", "compress", "x-secret", "gzip, klingon"])
def test_a_packing_that_was_not_offered_is_told(encoding: str) -> None:
    with pytest.raises(ValueError, match="did not offer"):
        list(unpacked([b"x"], encoding))


def test_nothing_packed_as_anything_is_nothing() -> None:
    assert b"".join(unpacked([], "gzip, br")) == b""
