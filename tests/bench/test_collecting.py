"""What the benches of collecting claim, at a size that tests can wait for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

BENCH = Path(__file__).parents[2] / "bench"


def bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_run_killed_again_and_again_archives_every_article_once(tmp_path: Path) -> None:
    figures = bench("kill_collect").measured(tmp_path, kills=4, outlets=5, articles=12)
    assert figures["archived_once"] == figures["articles"] == 60
    assert (figures["listed_or_kept_twice"], figures["damaged"], figures["drafts_left"]) == (0, 0, 0)
    assert figures["kills_while_running"] > 0
    # A kill can catch an answer on its way to the disk in each of the four threads.
    assert figures["asked_again"] <= 4 * figures["kills"]


def test_a_large_warc_is_imported_in_little_memory(tmp_path: Path) -> None:
    figures = bench("import_warc").measured(tmp_path, megabytes=70)
    assert figures["imported"] == figures["pages"]
    assert figures["peak_mb"] < 300
