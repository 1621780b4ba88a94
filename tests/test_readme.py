"""The README is true: what it shows is what the commands print, and what it points at is there."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import readme_outputs
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of all sample days, as ``make run`` leaves it."""
    data = tmp_path_factory.mktemp("fortnight")
    line = Pipeline(settings({"WIREWATCH_DATA": str(data), "WIREWATCH_CATALOG": str(ROOT / "catalog")}))
    for day in Interval.of_days(date(2016, 3, 21), date(2016, 4, 3)).days():
        outlet_ids = line.watched(day)
        for outlet_id in outlet_ids:
            line.collect(outlet_id, day)
            line.process(outlet_id, day)
        line.load(day, outlet_ids)
        line.check(day)
    line.publish()
    return data


def test_there_are_five_examples_with_output() -> None:
    shown = readme_outputs.examples(TEXT)
    assert len(shown) >= 5
    assert all(output.strip() for _, output in shown)


def test_every_example_prints_what_the_readme_shows(fortnight: Path) -> None:
    def printed(arguments: list[str]) -> str:
        command = [sys.executable, "-m", "pipeline", *arguments, "--data", str(fortnight)]
        environ = {"COLUMNS": str(readme_outputs.WIDTH), "NO_COLOR": "1", "PATH": ""}
        return subprocess.run(
            command, env=environ, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    assert readme_outputs.refreshed(TEXT, printed) == TEXT


def test_links_and_pictures_point_at_files_that_are_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert len(targets) >= 6
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_make_targets_it_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z]+)", TEXT))
    assert {"run", "test", "up"} <= named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
