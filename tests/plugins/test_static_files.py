"""The files of the Coverage page: all of them are named, and none loads anything from elsewhere or writes HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "plugins" / "wirewatch_airflow" / "static"
SCRIPTS = sorted(STATIC.rglob("*.js"))
# Where links for people may lead; nothing is fetched from there.
LINKED = {"https://www.wikidata.org"}


def named(script: Path) -> str:
    return str(script.relative_to(STATIC))


def test_the_files_that_are_served_are_those_that_are_there(airflow: Path) -> None:
    assert airflow.is_dir()
    from wirewatch_airflow.static_files import FILES

    assert set(FILES) == {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_a_module_imports_only_modules_beside_it(script: Path) -> None:
    imported = re.findall(r'^import .*? from "(.+?)";', script.read_text(encoding="utf-8"), re.M | re.S)
    for name in imported:
        assert name.startswith("./"), name
        assert (script.parent / name).is_file(), name


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_a_module_loads_nothing_from_elsewhere_and_writes_no_html(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[\w.-]+", code)) <= LINKED
    written = r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|\beval\b|new Function|document\.write"
    assert not re.search(written, code)


def test_the_looks_load_nothing() -> None:
    assert not re.search(
        r"url\(|@import|@font-face", (STATIC / "coverage/coverage.css").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_every_link_that_opens_elsewhere_gives_nothing_along(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    assert code.count('target: "_blank"') == code.count('rel: "noopener noreferrer"')
