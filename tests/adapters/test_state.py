"""The seen-state's files."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from pipeline.adapters.state import StateFiles
from pipeline.protocols import SeenState
from pipeline.records import Validators

STATE = SeenState(
    validators={"https://p.example/feed": Validators(etag='"a"', last_modified=None)},
    seen={"https://p.example/1": datetime(2016, 3, 27, 10, tzinfo=UTC)},
)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    files = StateFiles(tmp_path / "state")
    assert files.load("p") == SeenState(validators={}, seen={})
    files.save("p", STATE)
    assert files.load("p") == STATE
    assert files.load("q") == SeenState(validators={}, seen={})


def test_a_damaged_file_remembers_nothing_and_can_be_saved_again(tmp_path: Path) -> None:
    files = StateFiles(tmp_path)
    files.save("p", STATE)
    path = tmp_path / "p.json"
    path.write_bytes(path.read_bytes()[:20])
    assert files.load("p") == SeenState(validators={}, seen={})
    files.save("p", STATE)
    assert files.load("p") == STATE


def test_saving_leaves_no_draft_behind(tmp_path: Path) -> None:
    StateFiles(tmp_path).save("p", STATE)
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]


def test_only_one_at_a_time_collects_an_outlet(tmp_path: Path) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with StateFiles(tmp_path).alone("anvil"):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with StateFiles(tmp_path).alone("anvil"):
        inside.set()
        with StateFiles(tmp_path).alone("harbour"):
            other.join(timeout=0.2)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
