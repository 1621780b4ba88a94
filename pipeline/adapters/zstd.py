"""What does a body packed with zstd hold, unpacked no further than we are willing to read?

Python 3.11 has no zstd of its own; Arrow, which we have for other reasons, does. It is loaded when the first such
body comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_MAGIC = b"\x28\xb5\x2f\xfd"
# RFC 9659: what a content coding may ask a client to remember.
_MAX_WINDOW = 8 << 20


class _Pulled:
    """Chunks as the file that Arrow reads; what goes wrong while they come is kept, to be told apart."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = b""
        self.failure: Exception | None = None
        self.closed = False

    def read(self, size: int) -> bytes:
        try:
            while not self._left and (chunk := next(self._chunks, None)) is not None:
                self._left = chunk
        except Exception as error:
            self.failure = error
            raise
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def begins_with(self, size: int) -> bytes:
        """The first bytes, which stay to be read."""
        while len(self._left) < size and (chunk := next(self._chunks, None)) is not None:
            self._left += chunk
        return self._left[:size]

    def close(self) -> None:
        self.closed = True


def unpacked(chunks: Iterable[bytes], chunk_bytes: int) -> Iterator[bytes]:
    """The body, a chunk at a time; ValueError where it is not zstd, breaks off or asks for too much memory."""
    source = _Pulled(chunks)
    head = source.begins_with(18)
    if not head:
        return
    if not head.startswith(_MAGIC) or window(head) > _MAX_WINDOW:
        raise ValueError("not the zstd that its headers say, or with a window larger than we take")
    import pyarrow as pa

    reader = pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd")
    try:
        while text := reader.read(chunk_bytes):
            yield bytes(text)
    except OSError as error:
        if source.failure is not None:
            raise source.failure from None
        what = "the zstd breaks off" if "runcated" in str(error) else "not the zstd that its headers say"
        raise ValueError(f"{what}: {error}") from error


def window(head: bytes) -> int:
    """How many bytes a frame asks its reader to remember, by its first 18 bytes (RFC 8878, 3.1.1.1)."""
    descriptor = head[4] if len(head) > 4 else 0
    if not descriptor & 0x20:  # a window is said, in an exponent and eighths of it
        exponent, eighths = divmod(head[5] if len(head) > 5 else 0, 8)
        return (1 << (10 + exponent)) * (8 + eighths) // 8
    start = 5 + (0, 1, 2, 4)[descriptor & 3]
    size = (1, 2, 4, 8)[descriptor >> 6]
    return int.from_bytes(head[start : start + size], "little") + (256 if size == 2 else 0)
