"""Bodies that unpack to far more than they weigh, or are not packed as their headers say."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from functools import reduce

import brotli
import pyarrow as pa

from hostile_web.case import ARTICLE, Case, Kind, bad_feed, bad_page, rss, saying
from hostile_web.server import Behaviour, Handler
from pipeline.records import FeedStatus, Reason

_BLOCK = bytes(1_000_000)


def _deflated(megabytes: int) -> bytes:
    """So many times the same block, which is packed once: packing all of it would take seconds."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def _checked(check: Callable[[bytes, int], int], first: int, megabytes: int) -> int:
    return reduce(lambda sum_, _: check(_BLOCK, sum_), range(megabytes), first)


def _gzip_bomb(megabytes: int) -> bytes:
    end = struct.pack("<II", _checked(zlib.crc32, 0, megabytes), megabytes * len(_BLOCK))
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + _deflated(megabytes) + end


def _zlib_bomb(megabytes: int) -> bytes:
    return b"\x78\xda" + _deflated(megabytes) + struct.pack(">I", _checked(zlib.adler32, 1, megabytes))


def _brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(_BLOCK) for _ in range(megabytes)) + packer.finish()


def _zstd(body: bytes) -> bytes:
    packed: bytes = pa.compress(body, "zstd", asbytes=True)
    return packed


BOMB = _gzip_bomb(200)


def _packed(encoding: str, payload: bytes) -> Behaviour:
    return saying(payload, Content_Encoding=encoding)


def _chunked(encoding: str, payload: bytes) -> Behaviour:
    def say(handler: Handler) -> None:
        handler.say(
            200,
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(payload), payload),
            Transfer_Encoding="chunked",
            Content_Encoding=encoding,
        )

    return say


def _case(name: str, server: str, behaviour: Behaviour, reason: Reason | None) -> Case:
    return bad_page(name, Kind.PACKING, server, behaviour, reason)


CASES = (
    _case("gzip bomb", "packs 200 MB of zeros with gzip", _packed("gzip", BOMB), Reason.OVERSIZE),
    _case(
        "deflate bomb",
        "packs 100 MB with deflate",
        _packed("deflate", _zlib_bomb(100)),
        Reason.OVERSIZE,
    ),
    _case("brotli bomb", "packs 200 MB with Brotli", _packed("br", _brotli_bomb(200)), Reason.OVERSIZE),
    _case("zstd bomb", "packs 200 MB with zstd", _packed("zstd", _zstd(bytes(200_000_000))), Reason.OVERSIZE),
    _case(
        "zstd window",
        "asks for a window of 2 GB to unpack zstd",
        _packed("zstd", b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(60)),
        Reason.HTTP_ERROR,
    ),
    _case(
        "zstd that breaks off",
        "sends the first half of a zstd body",
        _packed("zstd", _zstd(bytes(range(256)) * 400)[:150]),
        Reason.HTTP_ERROR,
    ),
    _case(
        "bomb in a bomb",
        "packs 200 MB with gzip twice",
        _packed("gzip, gzip", gzip.compress(BOMB)),
        Reason.OVERSIZE,
    ),
    _case(
        "bomb in chunks",
        "sends a doubly packed bomb in one chunk",
        _chunked("gzip, gzip", gzip.compress(BOMB)),
        Reason.OVERSIZE,
    ),
    _case(
        "bomb of many members",
        "sends 300 gzip members of a megabyte each",
        _packed("gzip", gzip.compress(_BLOCK) * 300),
        Reason.OVERSIZE,
    ),
    _case(
        "packed a hundred times",
        "names gzip a hundred times",
        _packed(", ".join(["gzip"] * 100), b"x"),
        Reason.HTTP_ERROR,
    ),
    _case("not the gzip it says", "calls plain text gzip", _packed("gzip", ARTICLE), Reason.HTTP_ERROR),
    _case(
        "damaged gzip",
        "sends gzip that is damaged midway",
        _packed("gzip", gzip.compress(ARTICLE)[:200] + b"\xff" * 90),
        Reason.HTTP_ERROR,
    ),
    _case(
        "gzip that breaks off",
        "sends the first half of a gzip body",
        _packed("gzip", gzip.compress(ARTICLE)[:400]),
        Reason.HTTP_ERROR,
    ),
    _case(
        "unknown packing",
        "names a packing that nobody knows",
        _packed("x-secret", ARTICLE[::-1]),
        Reason.HTTP_ERROR,
    ),
    _case(
        "packing not offered",
        "packs with compress though not offered it",
        _packed("compress", b"\x1f\x9d\x90" + bytes(60)),
        Reason.HTTP_ERROR,
    ),
    _case(
        "codec for a charset",
        'names the codec of Python "zlib" as its charset',
        saying(ARTICLE, "text/html; charset=zlib"),
        None,
    ),
    bad_feed(
        "feed in a codec",
        Kind.PACKING,
        'serves a feed whose charset is "hex"',
        saying(rss("/one"), "application/rss+xml; charset=hex"),
        FeedStatus.OK,
        kept=("/one",),
    ),
    bad_feed(
        "bomb for a feed",
        Kind.PACKING,
        "serves a gzip bomb as its feed",
        _packed("gzip", BOMB),
        FeedStatus.OVERSIZE,
        lost=(("/feed.xml", Reason.OVERSIZE),),
    ),
)
