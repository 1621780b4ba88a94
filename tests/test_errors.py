"""Errors: their text says what is wrong and what to do."""

from __future__ import annotations

from pipeline.errors import CatalogError, NotArchivedError, TransientError, WirewatchError


def test_a_catalog_error_names_file_key_problem_and_remedy() -> None:
    error = CatalogError(
        "outlets/anvil.toml", "feeds[0].kind", "'rrs' is no kind", "Write one of: rss, listing."
    )
    assert str(error) == "outlets/anvil.toml: feeds[0].kind: 'rrs' is no kind. Write one of: rss, listing."


def test_a_transient_error_keeps_what_the_server_asked_for() -> None:
    error = TransientError("https://anvil.example/", "overloaded", "503", retry_after=120.0)
    assert error.retry_after == 120.0
    assert isinstance(error, WirewatchError)


def test_a_missing_capture_says_whether_another_interval_has_it() -> None:
    assert "another interval" in str(NotArchivedError("https://anvil.example/", elsewhere=True))
    assert "not in the archive" in str(NotArchivedError("https://anvil.example/", elsewhere=False))
