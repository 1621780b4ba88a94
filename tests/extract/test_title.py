from __future__ import annotations

import json

import pytest

from pipeline.extract.blocks import blocks_of
from pipeline.extract.page import read_page
from pipeline.extract.title import clean, headline

NAMES = ("The Quay Post", "quaypost.example", "quaypost", "QP")


def of(
    *, linked: str = "", shared: str = "", printed: str = "", whole: str = "", body: str = ""
) -> str | None:
    data = {"@type": "NewsArticle", "headline": linked} if linked else {"@type": "Thing"}
    html = (
        f"<head><title>{whole}</title><meta property='og:title' content=\"{shared}\">"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head><body>{printed and f'<h1>{printed}</h1>'}{body}</body>"
    )
    page = read_page(html.encode(), "https://quaypost.example/a/harbour")
    return headline(page, blocks_of(page.tree.body), NAMES)


def test_the_outlets_own_word_for_its_headline_comes_first() -> None:
    stated = "Harbour wall gives way at Norvik"
    assert of(linked=stated, shared="Norvik's harbour wall: what we know") == stated
    assert of(linked=stated, printed="Breaking Harbour wall gives way at Norvik overnight") == stated


def test_what_is_printed_and_shared_wins_over_a_headline_for_search_engines() -> None:
    printed = "Norvik wakes up without its harbour wall"
    search = "Harbour wall collapse in Norvik explained"
    assert of(linked=search, whole=f"{search} | The Quay Post", printed=printed, shared=printed) == printed


def test_a_headline_about_something_else_is_not_believed() -> None:
    assert (
        of(linked="Ten soups for autumn", shared="Ferry line closes", printed="Ferry line closes")
        == "Ferry line closes"
    )
    assert (
        of(linked="The Quay Post", shared="Ferry line closes", printed="Ferry line closes")
        == "Ferry line closes"
    )


def test_a_headline_cut_to_length_is_taken_whole_where_it_stands_whole() -> None:
    whole = "Council votes to rebuild the harbour wall by spring, say two members"
    assert of(linked="Council votes to rebuild the harbour wall…", shared=whole) == whole


def test_a_title_of_a_word_or_two_yields_to_a_printed_headline() -> None:
    printed = "Council votes to rebuild the wall"
    assert of(whole="Quayside", printed=printed) == printed
    assert of(whole="Wall rebuilt by spring", printed="Quayside News") == "Wall rebuilt by spring"


def test_a_line_above_the_headline_inside_its_element_is_left_out_where_the_page_does_so_elsewhere() -> None:
    printed = "<span class='kicker meta'>Opinion</span> What the wall was for"
    assert of(shared="What the wall was for", printed=printed) == "What the wall was for"


def test_microdata_name_the_headline() -> None:
    body = "<h2 itemprop='headline'>Ferry line closes for the winter</h2>"
    assert of(whole="Ferry line closes for the winter - news of today - The Quay Post", body=body) == (
        "Ferry line closes for the winter"
    )


def test_without_any_statement_the_first_printed_heading_is_the_headline() -> None:
    assert of(printed="Ferry line closes for the winter") == "Ferry line closes for the winter"
    assert of() is None


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Ferry closes | The Quay Post", "Ferry closes"),
        ("The Quay Post - Ferry closes", "Ferry closes"),
        ("Ferry closes | QP | 28.04.2023", "Ferry closes"),
        ("Ferry closes &amp;amp; reopens – quaypost.example", "Ferry closes & reopens"),
        ("Budget 2023 - what changes", "Budget 2023 - what changes"),
        ("Tug-of-war over the ferry", "Tug-of-war over the ferry"),
    ],
)  # fmt: skip
def test_the_outlets_name_around_a_headline_is_taken_off(text: str, cleaned: str) -> None:
    assert clean(text, NAMES) == cleaned
