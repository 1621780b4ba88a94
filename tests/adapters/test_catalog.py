"""The catalogue: what is right is read, what is wrong is told with file, key and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import bundled
from pipeline.adapters.catalog import Catalog, load
from pipeline.errors import CatalogError, UsageError
from pipeline.records import FeedKind, OutletKind

WHOLE = """
id = "paper"
name = "The Paper"
kind = "paper"
homepage = "https://www.Paper.example"
hosts = ["m.paper.example", "paper-files.example"]
language = "en"
country = "GB"
timezone = "Europe/London"
aliases = ["Paper", "Paper Online"]
delay_seconds = 2
sample = true
watched_from = 2016-03-21
watched_until = 2016-04-04
[[feeds]]
name = "world"
kind = "syndication"
url = "https://www.paper.example/world.xml"
exclude = ['/live/\\d+']
[[feeds]]
name = "list"
kind = "listing"
url = "https://www.paper.example/news/"
selector = "ul.news > li a"
[selectors]
body = "div.story"
drop = ["aside", ".promo"]
"""
BARE = 'id = "paper"\nname = "P"\nkind = "paper"\nhomepage = "https://p.example/"\nlanguage = "en"\n'


def catalog_of(folder: Path, **files: str) -> Catalog:
    (folder / "outlets").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "outlets" / f"{name}.toml").write_text(text, encoding="utf-8")
    return load(folder)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (outlet,) = catalog_of(tmp_path, paper=WHOLE).outlets
    assert (outlet.outlet_id, outlet.kind, outlet.homepage) == (
        "paper",
        OutletKind.PAPER,
        "https://www.paper.example/",
    )
    assert outlet.hosts == ("paper.example", "paper-files.example")
    assert [(feed.feed_id, feed.kind) for feed in outlet.feeds] == [
        ("paper/world", FeedKind.SYNDICATION),
        ("paper/list", FeedKind.LISTING),
    ]
    assert outlet.feeds[0].exclude == (r"/live/\d+",)
    assert outlet.delay_seconds == 2.0
    assert outlet.watched_until == date(2016, 4, 4)
    assert (outlet.selectors.body, outlet.selectors.title, outlet.selectors.drop) == (
        "div.story",
        None,
        ("aside", ".promo"),
    )


def test_a_bare_file_is_an_outlet_that_is_described_and_not_watched(tmp_path: Path) -> None:
    (outlet,) = catalog_of(tmp_path, paper=BARE).outlets
    assert (outlet.timezone, outlet.country, outlet.feeds, outlet.watched_from) == ("UTC", None, (), None)
    assert outlet.hosts == ("p.example",)


def test_a_file_that_has_changed_is_read_anew_and_no_other(tmp_path: Path) -> None:
    other = BARE.replace("paper", "other", 1).replace("p.example", "o.example").replace('"P"', '"O"')
    before = catalog_of(tmp_path, paper=BARE, other=other)
    after = catalog_of(tmp_path, paper=BARE.replace('"P"', '"Q"'))
    assert (before.outlet("paper").name, after.outlet("paper").name) == ("P", "Q")
    assert after.outlet("other") is before.outlet("other")


def test_outlets_are_found_by_url_and_name(tmp_path: Path) -> None:
    second = (
        BARE.replace('"paper"\nname', '"files"\nname')
        .replace('"P"', '"Files"')
        .replace("p.example", "files.paper.example")
    )
    catalog = catalog_of(tmp_path, paper=WHOLE, files=second)
    paper = catalog.outlet("paper")
    assert catalog.of_url("http://m.paper.example/a") is paper
    assert catalog.of_url("https://blogs.paper.example/a") is paper
    assert catalog.of_url("https://files.paper.example/a") is catalog.outlet("files")
    assert catalog.of_url("https://notpaper.example/a") is None
    assert catalog.of_url("javascript:void(0)") is None
    assert catalog.of_name("  the PAPER ") is paper
    assert catalog.of_name("The") is None
    with pytest.raises(UsageError, match="Did you mean 'paper'"):
        catalog.outlet("papper")


WRONG = {
    "no TOML": (BARE + "x =", "TOML", "Mend"),
    "an unknown key": (BARE + 'homepge = "x"', "homepge", "Did you mean 'homepage'?"),
    "a far key": (BARE + "zzz = 1", "zzz", "Known here: id, name"),
    "a missing key": (BARE.replace('name = "P"\n', ""), "name", "Add name ="),
    "a wrong type": (BARE + 'sample = "yes"', "sample", "sample = true"),
    "a number for a text": (BARE.replace('"P"', "7"), "name", 'name = "…"'),
    "an empty text": (BARE.replace('"P"', '" "'), "name", "Fill it in"),
    "another name than the file's": (BARE.replace('"paper"\nname', '"other"\nname'), "id", 'id = "paper"'),
    "an id of no form": (BARE.replace('"paper"\nname', '"The Paper"\nname'), "id", "must match"),
    "an unknown kind": (BARE.replace('kind = "paper"', 'kind = "papper"'), "kind", "Did you mean 'paper'?"),
    "no address": (BARE.replace("https://p.example/", "p.example"), "homepage", "Write it whole"),
    "no host": (BARE + 'hosts = ["https://p.example/"]', "hosts", "paper.example"),
    "no list": (BARE + 'aliases = "P"', "aliases", "aliases ="),
    "a list of numbers": (BARE + "aliases = [1]", "aliases", '["one", "two"]'),
    "a language of no form": (BARE.replace('"en"', '"English"'), "language", "must match"),
    "an unknown zone": (BARE + 'timezone = "Europe/Zürich"', "timezone", "Europe/Zurich"),
    "a negative delay": (BARE + "delay_seconds = -1", "delay_seconds", "Between 0"),
    "a true delay": (BARE + "delay_seconds = true", "delay_seconds", "delay_seconds ="),
    "a day as text": (BARE + 'watched_from = "2016-03-21"', "watched_from", "2016-03-21"),
    "an instant for a day": (BARE + "watched_from = 2016-03-21T10:00:00Z", "watched_from", "the day alone"),
    "an end before its start": (
        BARE + "watched_from = 2016-03-21\nwatched_until = 2016-03-21",
        "watched_until",
        "first day no longer",
    ),
    "an end without a start": (BARE + "watched_until = 2016-03-21", "watched_until", "first day no longer"),
    "watched without feeds": (BARE + "watched_from = 2016-03-21", "watched_from", "[[feeds]]"),
    "feeds that are no tables": (BARE + "feeds = [1]", "feeds", "[[feeds]]"),
    "one feed table": (BARE + '[feeds]\nname = "a"', "feeds", "feeds ="),
    "an unknown key of a feed": (
        BARE + '[[feeds]]\nname = "a"\nkind = "syndication"\nulr = "x"',
        "feeds[0].ulr",
        "Did you mean 'url'?",
    ),
    "a listing without a selector": (
        BARE + '[[feeds]]\nname = "a"\nkind = "listing"\nurl = "https://p.example/"',
        "feeds[0].selector",
        "Say which links",
    ),
    "a selector of no listing": (
        BARE + '[[feeds]]\nname = "a"\nkind = "sitemap"\nurl = "https://p.example/"\nselector = "a"',
        "feeds[0].selector",
        "Say which links",
    ),
    "a selector of no form": (
        BARE + '[[feeds]]\nname = "a"\nkind = "listing"\nurl = "https://p.example/"\nselector = "a["',
        "feeds[0].selector",
        "",
    ),
    "a pattern of no form": (
        BARE + '[[feeds]]\nname = "a"\nkind = "sitemap"\nurl = "https://p.example/"\ninclude = ["("]',
        "feeds[0].include",
        "unterminated",
    ),
    "two feeds of one name": (
        BARE + '[[feeds]]\nname = "a"\nkind = "sitemap"\nurl = "https://p.example/"\n' * 2,
        "feeds",
        "its own",
    ),
    "an unknown selector": (BARE + '[selectors]\nbdy = "p"', "selectors.bdy", "Did you mean 'body'?"),
    "a drop of no form": (BARE + '[selectors]\ndrop = ["a["]', "selectors.drop", ""),
}


@pytest.mark.parametrize(("text", "key", "remedy"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_told_with_its_remedy(tmp_path: Path, text: str, key: str, remedy: str) -> None:
    with pytest.raises(CatalogError) as caught:
        catalog_of(tmp_path, paper=text)
    assert caught.value.file == tmp_path / "outlets" / "paper.toml"
    assert caught.value.key == key
    assert caught.value.remedy
    assert remedy in caught.value.remedy
    assert str(tmp_path / "outlets" / "paper.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("change", "key"),
    [(("https://p.example/", "https://www.p.example/x"), "hosts"), (("p.example", "q.example"), "aliases")],
)
def test_a_host_or_name_has_one_owner(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    other = BARE.replace('"paper"\nname', '"zweit"\nname').replace(*change)
    with pytest.raises(CatalogError, match="is paper's too") as caught:
        catalog_of(tmp_path, paper=BARE, zweit=other)
    assert caught.value.key == key


def test_a_folder_without_outlets_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no such folder"):
        load(tmp_path)


def test_the_bundled_catalogue_is_right() -> None:
    catalog = load(bundled.path("catalog"))
    assert len(catalog.outlets) >= 8
    assert all(catalog.of_url(outlet.homepage) is outlet for outlet in catalog.outlets)
