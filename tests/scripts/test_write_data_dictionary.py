from __future__ import annotations

import re
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "write_data_dictionary.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = util.spec_from_file_location("write_data_dictionary", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_data_dictionary_is_current(script: ModuleType) -> None:
    written = script.PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "run: python scripts/write_data_dictionary.py"


def test_every_column_has_a_meaning(script: ModuleType) -> None:
    assert re.findall(r"^\| `\w+` \| [^|]+ \|\s*\|$", script.page(), re.MULTILINE) == []


def test_every_table_but_the_schemas_own_is_described(script: ModuleType) -> None:
    import duckdb

    from pipeline.adapters.warehouse.schema import migrate

    with duckdb.connect(":memory:") as con:
        migrate(con)
        tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    described = set(re.findall(r"^### (\w+)$", script.page(), re.MULTILINE))
    assert tables - {"schema_migrations"} <= described
