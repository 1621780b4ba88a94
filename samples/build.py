"""Prints the bundled sample archive from its readable sources.

    python samples/build.py              writes samples/archive/<outlet_id>.warc.gz
    python samples/build.py --examples   writes tests/examples/outlets/<outlet_id>/<case>/
    python samples/build.py --table      writes the tables of samples/README.md

With ``--check`` nothing is written: it ends with status 1 where a file is not what the sources give.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from press import census, examples, warc
from press.archive import SAMPLES, Visited, visit_all
from press.prose import ProseError

EXAMPLES = SAMPLES.parent / "tests" / "examples" / "outlets"
_TABLE_START, _TABLE_END = "<!-- figures: python samples/build.py --table -->\n", "<!-- end of figures -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Prints the bundled sample archive from its readable sources."
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--examples", action="store_true", help="the examples that test the extractor")
    what.add_argument("--table", action="store_true", help="the tables of samples/README.md, also printed")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; status 1 where a file is out of date"
    )
    parser.add_argument("--out", type=Path, default=SAMPLES / "archive", help="folder of the archive")
    options = parser.parse_args(arguments)
    try:
        visited = visit_all()
        if options.examples:
            files = list(example_files(visited))
        elif options.table:
            files = [readme_file(visited)]
            print(census.table(visited))
        else:
            files = list(archive_files(visited, options.out))
    except ProseError as error:
        print(error, file=sys.stderr)
        return 2
    stale = [file for file, content in files if not _is_written(file, content)]
    for file in stale:
        print(f"{'out of date' if options.check else 'written'}: {file}", file=sys.stderr)
    if options.check:
        return 1 if stale else 0
    for file, content in files:
        if file in stale:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    return 0


def archive_files(visited: Sequence[Visited], folder: Path) -> Iterator[tuple[Path, bytes]]:
    for one in visited:
        content = warc.archive(one.site.outlet_id, (got for _, got in one.exchanges))
        yield folder / f"{one.site.outlet_id}.warc.gz", content


def example_files(visited: Sequence[Visited]) -> Iterator[tuple[Path, bytes]]:
    for path, content in examples.files(visited, SAMPLES / "examples.toml"):
        yield EXAMPLES / path, content


def readme_file(visited: Sequence[Visited]) -> tuple[Path, bytes]:
    """The README with today's tables between its two marks."""
    readme = SAMPLES / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(_TABLE_START)
    after = rest.split(_TABLE_END)[1]
    return readme, f"{before}{_TABLE_START}\n{census.table(visited)}\n{_TABLE_END}{after}".encode()


def _is_written(file: Path, content: bytes) -> bool:
    """True where the file holds this already; compression may differ between builds of zlib."""
    if not file.is_file():
        return False
    if file.suffix == ".gz":
        return gzip.decompress(file.read_bytes()) == gzip.decompress(content)
    return file.read_bytes() == content


if __name__ == "__main__":
    sys.exit(main())
