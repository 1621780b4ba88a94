"""How much memory does a worker hold after ten thousand pages, and does it grow?

    python bench/extraction_memory.py --corpus DIR [--pages 10000] [--json FILE]

Extracts pages of the corpus, over and over where it has fewer, in one process, and prints the memory in use and its
peak after every tenth part. A different part of the address is used each time round, so that nothing is a repeat by
its address; the pages' bytes are read again each time and not kept.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from extraction import Page, read_corpus, wirewatch

_PAGE_BYTES = resource.getpagesize()


def pages(corpus: Path, wanted: int) -> Iterator[Page]:
    """The corpus again and again, until there were so many pages."""
    given = 0
    for time_round in count():
        before = given
        for page in read_corpus(corpus):
            if given == wanted:
                return
            given += 1
            yield replace(page, url=f"{page.url.partition('#')[0]}#{time_round}")
        if given == before:
            return  # an empty corpus


def memory_mb() -> float:
    """What the process holds now."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return held * _PAGE_BYTES / 2**20


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with pages.jsonl")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args(arguments)
    figures: dict[str, float] = {}
    every = max(1, options.pages // 10)
    start = time.process_time()
    print(f"{'pages':>7} {'held MB':>8} {'peak MB':>8} {'CPU s':>7}")
    for number, page in enumerate(pages(options.corpus, options.pages), start=1):
        wirewatch(page)
        if number % every == 0:
            held, peak, seconds = memory_mb(), peak_mb(), time.process_time() - start
            print(f"{number:7} {held:8.1f} {peak:8.1f} {seconds:7.1f}", flush=True)
            figures |= {f"held_mb.{number}": round(held, 1), f"peak_mb.{number}": round(peak, 1)}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
