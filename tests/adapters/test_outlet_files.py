"""Outlets as files of the catalogue."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.catalog import load
from pipeline.adapters.outlet_files import to_toml
from pipeline.records import Feed, FeedKind, Outlet, OutletKind
from pipeline.text import clean_line

OUTLET = Outlet(
    outlet_id="paper",
    name='The "Paper" of Örebro',
    kind=OutletKind.PAPER,
    homepage="https://www.paper.example/",
    hosts=("paper.example", "paper.test"),
    language="sv",
    country="SE",
    timezone="Europe/Stockholm",
    aliases=("Paper",),
    delay_seconds=2.5,
    watched_from=date(2016, 3, 21),
    feeds=(
        Feed(
            feed_id="paper/all",
            url="https://paper.example/rss",
            kind=FeedKind.SYNDICATION,
            exclude=(r"/\d+$",),
        ),
        Feed(
            feed_id="paper/front",
            url="https://paper.example/",
            kind=FeedKind.LISTING,
            selector='a[href^="/n"]',
        ),
    ),
)


def test_a_written_outlet_is_read_as_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "paper.toml").write_text(to_toml(OUTLET, heading="Proposed.\nCheck it."), encoding="utf-8")
    assert load(tmp_path).outlets == (OUTLET,)


@given(st.text().map(clean_line).filter(bool))
def test_any_name_can_be_written(name: str) -> None:

    assert (
        tomllib.loads(
            to_toml(
                Outlet(
                    outlet_id="p",
                    name=name,
                    kind=OutletKind.NGO,
                    homepage="https://p.example/",
                    language="en",
                    country=None,
                )
            )
        )["name"]
        == name
    )
