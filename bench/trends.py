"""Does every trend answer at the speed of thought, and how much faster than other engines?

    python bench/trends.py --json trends.json
    python bench/trends.py --articles 10000000 --words 0 --peers --lake

A warehouse of an invented press is generated (bench/press.py), three years of it whatever its size, and compacted as
maintenance does it every week. Every file of ``sql/trends`` is asked over its own default period and, where its
question is of a longer one, over a year. The peers answer nine questions of this kind (bench/peers.py) on the same
rows in the same run: over the articles and attributions, and (``…_rolled``) over our rollup of days, which is given
to them too. Times are medians of warm runs: by the clock, and of the processor, which a busy machine does not
lengthen.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import peers

import press
from pipeline import bundled
from pipeline.adapters import named_sql
from pipeline.adapters.reader import answered
from pipeline.adapters.warehouse import keeping
from pipeline.adapters.warehouse.lake import Lake, lake_address
from pipeline.adapters.warehouse.plain_file import PlainFile

Figures = dict[str, float | int]

_GIVEN = {"source_timeline": {"source": "source-1"}}  # what must be given
_LONGER = (
    "attention",
    "share_of_voice",
    "who_quotes_whom",
    "source_diversity",
    "bursts",
    "regime_shift",
    "cocitation",
    "risers",
    "spikes",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=60, help="of each body, 0 for none")
    parser.add_argument("--runs", type=int, default=5, help="warm ones of each question")
    parser.add_argument("--threads", type=int, help="of DuckDB; all processors by default")
    parser.add_argument("--memory", default="6GB", help="that DuckDB may take")
    parser.add_argument("--peers", nargs="*", default=list(peers.PEERS), choices=list(peers.PEERS))
    parser.add_argument("--lake", action="store_true", help="the trends on a lake of the same rows, too")
    parser.add_argument("--folder", type=Path, help="kept, and used again; a temporary one by default")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-trends-", dir=asked.folder) as passing:
        figures = measured(asked.folder or Path(passing), Path(passing), asked)
    for name, value in figures.items():
        print(f"{name:44} {value:12.2f}" if isinstance(value, float) else f"{name:44} {value:12}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measured(kept: Path, passing: Path, asked: argparse.Namespace) -> Figures:
    file = PlainFile(kept)
    is_new = not file.build.exists()
    press.fill(file, asked.articles, words=asked.words, is_signed=False)
    if is_new:
        keeping.compact(file)
    with _opened(file, asked) as con:
        ((articles,),) = con.execute("select count(*) from articles").fetchall()
        figures: Figures = {"articles": articles}
        on_file = _trends(con, asked.runs)
        figures |= _named(on_file)
        times = {"duckdb": _asked_duckdb(con, asked.runs)}
        for peer in asked.peers:
            with peers.PEERS[peer](con, passing, press.LAST, asked.runs) as asks:
                for what, ask in asks.items():
                    times[what] = {name: ask(name) for name in peers.QUESTIONS}
        figures |= _compared(times)
    if asked.lake:
        figures |= _on_a_lake(file, passing, asked, on_file)
    return figures


@contextmanager
def _opened(file: PlainFile, asked: argparse.Namespace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(file.build, read_only=True) as con:
        _limit(con, asked)
        yield con


def _limit(con: duckdb.DuckDBPyConnection, asked: argparse.Namespace) -> None:
    con.execute("set TimeZone = 'UTC'")
    con.execute("set memory_limit = $limit", {"limit": asked.memory})
    if asked.threads:
        con.execute("set threads = $threads", {"threads": asked.threads})


# ---- the trends --------------------------------------------------------------------------------------


def _trends(con: duckdb.DuckDBPyConnection, runs: int) -> dict[str, peers.Times]:
    times = {}
    for query in named_sql.folder(bundled.path("sql/trends")):
        for period, start in (("", None), ("_year", press.LAST - timedelta(days=364))):
            if period and query.name not in _LONGER:
                continue
            given: dict[str, str | None] = dict(_GIVEN.get(query.name, {}))
            if start:
                given["start"] = start.isoformat()
            values = query.bound(given, last=press.LAST)
            times[query.name + period] = peers.timed(
                lambda query=query, values=values: answered(con, query, values).rows,  # type: ignore[misc]  # its defaults
                runs,
            )
    return times


def _named(times: dict[str, peers.Times]) -> Figures:
    figures: Figures = {}
    for name, (wall, busy) in times.items():
        figures |= {f"{name}_ms": wall, f"{name}_cpu_ms": busy}
    for kind, place in (("ms", 0), ("cpu_ms", 1)):
        usual = [taken[place] for name, taken in times.items() if not name.endswith("_year")]
        figures |= {f"trends_slowest_{kind}": max(usual), f"trends_median_{kind}": statistics.median(usual)}
    return figures


# ---- the same questions to others --------------------------------------------------------------------


def _asked_duckdb(con: duckdb.DuckDBPyConnection, runs: int) -> dict[str, peers.Times]:
    return {
        name: peers.timed(lambda name=name: con.execute(peers.sql(name, press.LAST)).fetchall(), runs)  # type: ignore[misc]  # its defaults
        for name in peers.QUESTIONS
    }


def _compared(times: dict[str, dict[str, peers.Times]]) -> Figures:
    figures: Figures = {}
    for peer, by_question in times.items():
        for name, (wall, busy) in by_question.items():
            if not math.isnan(wall):  # not asked
                figures |= {f"peer_{name}_{peer}_ms": wall, f"peer_{name}_{peer}_cpu_ms": busy}
    ours = times["duckdb"]
    for peer in times.keys() - {"duckdb", "numpy", "numbers"}:
        for kind, place in (("", 0), ("_cpu", 1)):
            ratios = [taken[place] / ours[name][place] for name, taken in times[peer].items()]
            figures[f"{peer}_over_duckdb{kind}_median"] = statistics.median(ratios)
            figures[f"{peer}_over_duckdb{kind}_least"] = min(ratios)
    if "numpy" in times:
        ratios = [ours[name][1] / taken[1] for name, taken in times["numpy"].items() if taken[1] > 0]
        figures["duckdb_over_numpy_cpu_most"] = max(ratios)
    if times.keys() >= {"numpy", "numbers"}:
        same = [
            times["numbers"][name][1] / taken[1] for name, taken in times["numpy"].items() if taken[1] > 0
        ]
        figures["duckdb_over_numpy_same_columns_cpu_most"] = max(same)
    return figures


def _on_a_lake(
    file: PlainFile, passing: Path, asked: argparse.Namespace, on_file: dict[str, peers.Times]
) -> Figures:
    """Every trend on a lake's published snapshot of the same rows: processor time over the file's, and beyond it."""
    lake = Lake(lake_address(f"ducklake:sqlite:{passing}/catalogue.sqlite", f"{passing}/lake", {}))
    keeping.move_to(lake, file)
    with lake.publishing():
        pass
    with duckdb.connect() as con:
        lake.attach_published(con)
        _limit(con, asked)
        on_lake = _trends(con, asked.runs)
    total = sum(busy for _, busy in on_lake.values()) / sum(busy for _, busy in on_file.values())
    ratios = [on_lake[name][1] / busy for name, (_, busy) in on_file.items()]
    return {
        **{f"lake_{name}_cpu_ms": busy for name, (_, busy) in on_lake.items()},
        "lake_over_file_cpu": total,
        "lake_over_file_cpu_median": statistics.median(ratios),
        "lake_over_file_cpu_most": max(ratios),
        "lake_beyond_file_cpu_ms_median": statistics.median(
            on_lake[name][1] - busy for name, (_, busy) in on_file.items()
        ),
    }


if __name__ == "__main__":
    main()
