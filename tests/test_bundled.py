"""What ships with the code: found, read, and told apart from what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import bundled


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one module, with a word list beside it."""
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "catalog").mkdir()
    (tmp_path / "pipeline" / "reading.py").write_text("WORDS = 1")
    (tmp_path / "catalog" / "cues.toml").write_text('said = "says"')
    monkeypatch.setattr(bundled, "_PACKAGE", tmp_path / "pipeline")
    return tmp_path


def fingerprint() -> str:
    return bundled.fingerprint.__wrapped__()


@pytest.mark.parametrize("file", ["pipeline/reading.py", "catalog/cues.toml", "models/attribution/new.onnx"])
def test_the_fingerprint_tells_changes_of_code_lists_and_models(package: Path, file: str) -> None:
    before = fingerprint()
    assert fingerprint() == before
    (package / file).parent.mkdir(parents=True, exist_ok=True)
    (package / file).write_text("changed = 2")
    assert fingerprint() != before


def test_the_fingerprint_of_the_package_itself_has_its_model() -> None:
    assert bundled.path("models/attribution/attribution.int8.onnx").is_file()
    assert len(fingerprint()) == 64
