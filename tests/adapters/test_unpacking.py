"""Unpacking bodies: what was packed comes out, and nothing that was not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters import zstd
from pipeline.adapters.unpacking import unpacked

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda body: pa.compress(body, "zstd", asbytes=True),
    "identity": bytes,
    "": bytes,
}
bodies = st.one_of(st.binary(max_size=500), st.integers(0, 300_000).map(lambda size: b"ab" * size))


def pieces(payload: bytes, size: int) -> list[bytes]:
    return [payload[at : at + size] for at in range(0, len(payload), size)]


@settings(deadline=None)
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


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_breaks_off_is_told(name: str) -> None:
    packed = PACKERS[name](bytes(range(256)) * 20)
    with pytest.raises(ValueError, match="breaks off"):
        list(unpacked([packed[:-3]], name))


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_packed_is_told(name: str) -> None:
    with pytest.raises(ValueError, match=f"not the {name}"):
        list(unpacked([b"<p>plain text, and some more of it</p>"], name))


def test_deflate_without_its_header_is_read() -> None:
    packer = zlib.compressobj(wbits=-15)
    assert b"".join(unpacked([packer.compress(b"hello") + packer.flush()], "deflate")) == b"hello"


def test_gzip_of_many_members_and_with_padding_is_read() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"") + gzip.compress(b"two") + bytes(20)
    assert b"".join(unpacked(pieces(packed, 5), "gzip")) == b"onetwo"


@pytest.mark.parametrize("encoding", ["compress", "x-secret", "gzip, klingon"])
def test_a_packing_that_was_not_offered_is_told(encoding: str) -> None:
    with pytest.raises(ValueError, match="did not offer"):
        list(unpacked([b"x"], encoding))


def test_nothing_packed_as_anything_is_nothing() -> None:
    assert b"".join(unpacked([], "gzip, br")) == b""


def test_a_bomb_of_zstd_is_unpacked_no_further_than_it_is_read() -> None:
    packed = PACKERS["zstd"](bytes(300_000_000))
    assert len(packed) < 40_000
    chunks = unpacked([packed], "zstd")
    assert sum(len(next(chunks)) for _ in range(10)) <= 10 * 65_536


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ("28b52ffd 00 58", 2 << 20),  # 10 + 11: 2 MiB
        ("28b52ffd 00 68", 8 << 20),
        ("28b52ffd 00 69", 9 << 20),
        ("28b52ffd 20 07", 7),  # a single segment, its size in one byte
        ("28b52ffd a0 00000010", 256 << 20),
    ],
)
def test_the_memory_that_a_frame_of_zstd_asks_for_is_known_before_it_is_given(head: str, size: int) -> None:
    payload = bytes.fromhex(head)
    assert zstd.window(payload.ljust(18, b"\0")) == size
    if size > 8 << 20:
        with pytest.raises(ValueError, match="larger than we take"):
            list(unpacked([payload + bytes(20)], "zstd"))


def test_what_goes_wrong_on_the_way_stays_what_it_is() -> None:
    packed = PACKERS["zstd"](bytes(range(256)) * 2_000)

    def breaking() -> Iterator[bytes]:
        yield packed[:100]
        raise TimeoutError("total deadline passed")

    with pytest.raises(TimeoutError, match="deadline"):
        list(unpacked(breaking(), "zstd"))
