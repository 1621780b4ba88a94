"""What does importing a large WARC cost? Peak memory, speed, and the pages found, in a process of its own.

    python bench/import_warc.py --megabytes 1000 --json import.json

The file is made by an independent tool (warcio), uncompressed pages of random letters from three hosts.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_CHILD = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.settings import settings
from pipeline.wiring import Pipeline

work = Pipeline(settings({}, data=Path(sys.argv[2]), catalog=Path(sys.argv[3])))
started = time.monotonic()
counts = work.import_warc(Path(sys.argv[1]), every_host=True).counts
print(json.dumps({
    **counts,
    "seconds": round(time.monotonic() - started, 2),
    # Not ru_maxrss: that of a child begins at its parent's.
    "peak_mb": round(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024, 1),
}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), options.megabytes)
    for name, value in figures.items():
        print(f"{name:>20}  {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def measured(folder: Path, megabytes: int) -> dict[str, float]:
    """The figures of importing a file of that size."""
    (folder / "catalog" / "outlets").mkdir(parents=True)
    file = folder / "big.warc"
    pages = write_warc(file, megabytes * 1_000_000)
    started = time.monotonic()
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(file), str(folder / "data"), str(folder / "catalog")],
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(child.stdout)
    assert figures["imported"] == pages
    return {
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "pages": pages,
        "mb_per_second": round(file.stat().st_size / 1e6 / figures["seconds"], 1),
        "wall_seconds": round(time.monotonic() - started, 2),
        **figures,
    }


def write_warc(file: Path, size: int) -> int:
    """A WARC of about that size; the number of its pages."""
    dice = random.Random(7)  # noqa: S311, the same file each time
    texts = [dice.randbytes(300_000).hex() for _ in range(40)]
    pages = 0
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=False, warc_version="1.0")
        while stream.tell() < size:
            body = f"<html><title>Page {pages}</title><p>{texts[pages % len(texts)]}</p></html>".encode()
            record = writer.create_warc_record(
                f"http://host{pages % 3}.example/page/{pages}",
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2016-03-27T12:00:00Z"},
            )
            writer.write_record(record)
            pages += 1
    return pages


if __name__ == "__main__":
    main()
