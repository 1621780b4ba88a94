"""The recipes are true: their Python and SQL run on a published warehouse."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.adapters.reader import Reader
from pipeline.adapters.warehouse.schema import migrate

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "recipes.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a published warehouse under its data, of one day and three statements."""
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "data" / "warehouse").mkdir(parents=True)
    with duckdb.connect(folder / "data" / "warehouse" / "wirewatch.duckdb") as con:
        migrate(con)
        con.execute(
            "insert into attributions (attribution_id, article_id, outlet_id, source_id, source_name) values "
            "(1, 1, 'kald-post', 'dmitry-peskov', 'Dmitry Peskov'), (2, 1, 'kald-post', 'dmitry-peskov', 'Dmitry Peskov'), "
            "(3, 2, 'port-wire', 'dmitry-peskov', 'Dmitry Peskov')"
        )
        con.execute(
            "insert into daily_outlets (day, outlet_id, articles) values ('2016-03-27', 'kald-post', 1)"
        )
        con.execute(
            "insert into daily_citations (day, source_id, voice, attributions, direct, articles, outlets) "
            "values ('2016-03-27', 'dmitry-peskov', 'identified', 3, 0, 2, 2)"
        )
        con.execute(
            "insert into daily_sources (day, outlet_id, source_id, voice, attributions, direct, articles) "
            "values ('2016-03-27', 'kald-post', 'dmitry-peskov', 'identified', 3, 0, 2)"
        )
    return folder


@pytest.mark.parametrize(
    ("number", "printed"),
    [(0, "kald-post 2\nport-wire 1\n"), (1, ""), (2, "'dmitry-peskov'")],
)
def test_the_python_runs_and_answers(number: int, printed: str, published: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", blocks("python")[number]],
        cwd=published,
        check=True,
        capture_output=True,
        text=True,
    )
    assert printed in done.stdout


def test_the_parquet_file_it_writes_has_the_rows(published: Path) -> None:
    subprocess.run([sys.executable, "-c", blocks("python")[1]], cwd=published, check=True)
    assert pq.read_table(published / "daily_outlets.parquet").column("outlet_id").to_pylist() == ["kald-post"]


def test_there_is_no_recipe_that_nobody_runs() -> None:
    assert len(blocks("python")) == 3
    assert len(blocks("sql")) == 1


def test_the_sql_answers(published: Path) -> None:
    (statement,) = [part for part in blocks("sql")[0].split(";\n") if part.startswith("select")]
    assert [row[1:] for row in Reader(published / "data" / "warehouse").query(statement).rows] == [(3, 2)]


@pytest.mark.parametrize("statement", re.findall(r'wirewatch query "(.*?)"', TEXT))
def test_the_commands_statements_answer(statement: str, published: Path) -> None:
    Reader(published / "data" / "warehouse").query(statement)
