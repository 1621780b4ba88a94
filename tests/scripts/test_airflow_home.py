"""Settings, secrets and passwords of this checkout's Airflow."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import airflow_home


def test_what_the_caller_has_set_wins(tmp_path: Path) -> None:
    made = airflow_home.environment({"AIRFLOW__CORE__PARALLELISM": "3"}, home=tmp_path)
    assert made["AIRFLOW__CORE__PARALLELISM"] == "3"
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"


def test_the_home_is_absolute_wherever_it_was_named_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = airflow_home.environment({"AIRFLOW_HOME": "here"})
    assert made["AIRFLOW_HOME"] == str(tmp_path / "here")
    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{tmp_path}/here/airflow.db"


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first = airflow_home.made_up(tmp_path / "secrets.json", {"a": 32, "b": 32})
    assert airflow_home.made_up(tmp_path / "secrets.json", {"a": 32, "b": 32}) == first
    assert first["a"] != first["b"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_dotenv_file_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a remark\n\nPORT=9090\nexport A='b c'\nEMPTY=\nURL=https://x.example/?a=b\n"
    )
    assert airflow_home.read_dotenv(tmp_path / ".env") == {
        "PORT": "9090",
        "A": "b c",
        "EMPTY": "",
        "URL": "https://x.example/?a=b",
    }


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\nnonsense\n")
    with pytest.raises(SystemExit, match=r"\.env:2: expected NAME=value"):
        airflow_home.read_dotenv(tmp_path / ".env")


def test_no_dotenv_file_is_no_setting(tmp_path: Path) -> None:
    assert airflow_home.read_dotenv(tmp_path / ".env") == {}


def test_the_example_of_settings_can_be_read() -> None:
    assert "WIREWATCH_CONTACT" in airflow_home.read_dotenv(airflow_home.ROOT / ".env.example")
