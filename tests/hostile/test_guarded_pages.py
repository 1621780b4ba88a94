"""Pages made to hurt a parser, read through the guard: each costs itself alone, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pipeline.adapters.guard import Guard, Limits
from pipeline.extract import extract
from pipeline.records import Article, Reject

URL = "https://courier.example/world/2016/03/27/road-reopens"
PROSE = (
    "<article><h1>Road to the old city reopens</h1>"
    + "<p>Engineers reopened the road to the old city on Sunday, two weeks after a bridge had given way.</p>"
    * 6
    + "</article>"
)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard(extract, Limits(cpu_seconds=5, wall_seconds=120.0))
    yield guard
    guard.close()


def hundred_megabytes() -> bytes:
    return b"<html><body><p " + b"a=b " * 25_000_000 + b">x</p>"


BAIT: dict[str, Callable[[], bytes]] = {
    "nested 50,000 deep": lambda: ("<div>" * 50_000 + PROSE).encode(),
    "nested 50,000 deep behind closing tags": lambda: ("</p><div>" * 50_000 + PROSE).encode(),
    "a colspan of 9e15": lambda: (
        f"<table><tr><td colspan=9000000000000000>{PROSE}</td></tr></table>".encode()
    ),
    "100 MB of attributes": hundred_megabytes,
    "bait for quadratic patterns": lambda: (PROSE + "<!--" * 200_000 + "<script " * 100_000).encode(),
    "links that never end": lambda: ("<html><head>" + "<link " * 60_000 + "</head>" + PROSE).encode(),
    "metadata that never end": lambda: (
        "<html><head>" + '<meta name="name=name=name=' * 60_000 + "</head>" + PROSE
    ).encode(),
    "an element with 200,000 attributes": lambda: f"<div {'a=b ' * 200_000}>{PROSE}</div>".encode(),
}


@pytest.mark.parametrize("name", BAIT)
def test_a_hostile_page_is_answered_for_and_the_next_one_is_read(guard: Guard, name: str) -> None:
    assert isinstance(guard(BAIT[name](), URL), Article | Reject)
    after = guard(PROSE.encode(), URL)
    assert isinstance(after, Article)
    assert "two weeks after a bridge" in after.body
