"""What did the archive see at a URL, in the interval that is collected anew?

Any WARC files serve in the network's place, through the same protocol: of the captures whose date lies in
the interval the latest answers, archived redirects are followed, and what the network's transport would
refuse is refused here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from pipeline.adapters.answers import settled
from pipeline.adapters.warc_records import CAPTURES, Placed, read_at, warc_date
from pipeline.errors import ArchiveError, NotArchivedError, RefusedError, TransientError, UsageError
from pipeline.interval import Interval
from pipeline.protocols import Permit
from pipeline.records import Reason, Response, Validators
from pipeline.urls import canonical

_ENDINGS = (".warc.gz", ".warc")
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 8

_Index = Mapping[str, Sequence[tuple[datetime, int]]]


class ReplayTransport:
    """Serves what WARC files hold of one interval."""

    def __init__(self, files: Sequence[Path], interval: Interval) -> None:
        """``files``: WARC files, and folders whose WARC files are meant, at any depth."""
        self._interval = interval
        self._files = tuple(_warc_files(files))

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,  # noqa: ARG002, the archive holds all
        permit: Permit | None = None,
    ) -> Response:
        target = canonical(url)
        for _ in range(_MAX_REDIRECTS + 1):
            if target != canonical(url) and permit is not None:
                permit(target)
            response = self._latest(url, target)
            location = response.header("Location")
            if response.status not in _REDIRECTS or not location:
                return settled(response)
            target = canonical(location, target)
        raise RefusedError(url, Reason.REDIRECTS, f"more than {_MAX_REDIRECTS}")

    def _latest(self, url: str, target: str) -> Response:
        """The latest capture of ``target`` in the interval, as the answer to ``url``."""
        found: tuple[datetime, Path, int] | None = None
        elsewhere = False
        for file in self._files:
            captures = _index_of(file).get(target, ())
            elsewhere = elsewhere or bool(captures)
            before_end = bisect_left(captures, (self._interval.end, -1))
            if before_end and (latest := captures[before_end - 1])[0] in self._interval:
                found = max(found, (latest[0], file, latest[1])) if found else (latest[0], file, latest[1])
        if found is None:
            raise NotArchivedError(url, elsewhere=elsewhere)
        try:
            response = self._resolved(_read(found[1], found[2]))
        except ArchiveError as error:
            raise TransientError(url, Reason.UNREACHABLE, str(error)) from error
        final_url = target if response.final_url == response.url else response.final_url
        return Response(
            url=url,
            final_url=url if final_url == canonical(url) else final_url,
            status=response.status,
            headers=response.headers,
            body=response.body,
            fetched_at=response.fetched_at,
        )

    def _resolved(self, placed: Placed) -> Response:
        """The response itself, or of a revisit what it found unchanged, at the time it did."""
        reference = placed.refers_to
        if reference is None:
            return placed.response
        target = canonical(reference.url or placed.response.url)
        for file in self._files:
            for at, offset in _index_of(file).get(target, ()):
                if reference.at in (None, at) and (original := _read(file, offset)).refers_to is None:
                    earlier = original.response
                    kept = earlier if reference.not_modified else placed.response
                    return replace(
                        placed.response, status=kept.status, headers=kept.headers, body=earlier.body
                    )
        raise ArchiveError(f"unchanged since {reference.at}, and no replayed file has that capture")


def _read(file: Path, offset: int) -> Placed:
    try:
        with file.open("rb") as stream:
            return read_at(stream, offset, str(file))
    except OSError as error:
        raise ArchiveError(f"{file}: {error}") from error


def _warc_files(files: Iterable[Path]) -> Iterable[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(path for ending in _ENDINGS for path in file.rglob(f"*{ending}"))
        elif file.is_file():
            yield file
        else:
            raise UsageError(f"{file}: there is no such WARC file or folder to replay")


def _index_of(file: Path) -> _Index:
    state = file.stat()
    return _index(file, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1024)
def _index(file: Path, _size: int, _changed: int) -> _Index:
    """Where each URL's captures start, in time order; read once in a process while the file stays as it is."""
    index: dict[str, list[tuple[datetime, int]]] = {}
    try:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=CAPTURES, parse_http=False):
                url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
                try:
                    at = warc_date(record.headers.get("WARC-Date") or "")
                except ValueError:
                    continue  # a capture without a date belongs to no interval
                index.setdefault(canonical(url), []).append((at, record.stream_pos))
    except (OSError, ValueError) as error:  # what came before the damage still serves
        if not index:
            raise UsageError(f"{file}: this is no WARC file ({error})") from error
    return {url: sorted(captures) for url, captures in index.items()}
