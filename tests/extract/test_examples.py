"""Every sample page yields the record that a person read and wrote beside it, field by field.

An example is a folder ``tests/examples/outlets/<outlet_id>/<case>/`` with ``page.html`` and ``expected.json``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import catalog
from pipeline.extract import extract
from pipeline.records import Article, Outlet, Reject

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "tests" / "examples" / "outlets"
CASES = sorted(path.parent for path in EXAMPLES.glob("*/*/expected.json"))
FIELDS = (
    "title", "authors", "byline", "published_at", "modified_at", "canonical_url", "section", "language", "dateline",
    "wire_credit", "paywalled", "body",
)  # fmt: skip


@cache
def outlets() -> dict[str, Outlet]:
    return {outlet.outlet_id: outlet for outlet in catalog.load(ROOT / "catalog").outlets}


@cache
def read(case: Path) -> tuple[dict[str, Any], Article | Reject]:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    result = extract(
        (case / "page.html").read_bytes(),
        expected["url"],
        outlet=outlets()[expected["outlet"]],
        fetched_at=datetime.fromisoformat(expected["fetched_at"]).astimezone(UTC),
        encoding=charset(expected.get("content_type")),
    )
    return expected, result


def charset(content_type: str | None) -> str | None:
    """What the response's header declared, right or wrong."""
    _, found, name = (content_type or "").partition("charset=")
    return name.strip() if found else None


def said(article: Article, name: str) -> object:
    """A field in the form in which an expected record has it."""
    value = getattr(article, name)
    if name == "body":
        return value.split("\n\n")
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return list(value) if isinstance(value, tuple) else value


def named(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def checks() -> list[tuple[Path, str]]:
    found = []
    for case in CASES:
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        found += [
            (case, name) for name in (("reject",) if "reject" in expected else FIELDS) if name in expected
        ]
    return found


@pytest.mark.parametrize(
    ("case", "name"), checks(), ids=lambda value: named(value) if isinstance(value, Path) else value
)
def test_a_sample_page_yields_what_a_person_read_on_it(case: Path, name: str) -> None:
    expected, result = read(case)
    if name == "reject":
        assert isinstance(result, Reject), f"taken for an article: {result.title!r}"
        assert result.reason == expected["reject"]
        return
    assert isinstance(result, Article), f"rejected: {result.reason} ({result.detail})"
    wanted = expected[name]
    if name.endswith("_at") and wanted is not None:
        wanted = datetime.fromisoformat(wanted).astimezone(UTC)
    assert said(result, name) == wanted


def test_every_sample_outlet_has_an_example() -> None:
    samples = {outlet.outlet_id for outlet in outlets().values() if outlet.sample}
    assert samples
    assert samples <= {case.parent.name for case in CASES}
