from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.extract.authors import Written, written
from pipeline.extract.blocks import blocks_of
from pipeline.extract.byline import is_byline, near_title
from pipeline.extract.page import read_page

NAMES = ("The Quay Post", "quaypost.example", "quaypost")
TITLE = "Ferry line closes for the winter"
TEXT = "<p>The last ferry left Norvik on Monday with eleven passengers, the harbour office said.</p>" * 3


def of(near: str = "", *, head: str = "", author: Any = None, after: str = "", last: int = 0) -> Written:
    data = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    linked = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if author else ""
    html = f"<head>{head}{linked}</head><body><main><h1>{TITLE}</h1>{near}{TEXT}{after}</main></body>"
    page = read_page(html.encode(), "https://quaypost.example/a/ferry")
    blocks = blocks_of(page.tree.body)
    return written(page, blocks, near_title(blocks, TITLE), site_names=NAMES, last=last or len(blocks) - 1)


def test_structured_data_name_people_in_all_their_forms() -> None:
    people = [
        {"@type": "Person", "name": "Ann Lee"},
        {"@type": "Person", "givenName": "Bo", "familyName": "van Ek"},
        {"@type": "Organization", "name": "Harbour Wire"},
        "Cy Dow",
    ]
    assert of(author=people).authors == ("Ann Lee", "Bo van Ek", "Cy Dow")


def test_an_organisation_as_the_author_leaves_the_printed_byline_to_say_it() -> None:
    stated = {"@type": "Organization", "name": "The Quay Post"}
    near = "<div class='post-author'><a href='/authors/77'>Ann Lee</a> — 24 October, 15:26</div>"
    found = of(near, author=stated)
    assert found.authors == ("Ann Lee",)
    assert found.byline == "Ann Lee — 24 October, 15:26"


def test_wordpress_says_who_wrote_it_in_two_elements_in_any_language() -> None:
    head = "<meta name='twitter:label1' content='Verfasst von'><meta name='twitter:data1' content='Ann Lee'>"
    assert of(head=head).authors == ("Ann Lee",)
    reading = head.replace("Verfasst von", "Lesedauer")
    assert of(head=reading).authors == ()


@pytest.mark.parametrize(
    "near",
    [
        "<p>By Ann Lee</p>",
        "<div>Mon 25 April | 14:07 | Von <span class='authorname'>Ann Lee</span></div>",
        "<div><span class='byline-pre'>By</span> <span class='byline-name'>Ann Lee</span></div>",
        "<ul class='metaAuthorList'><li class='metaAuthorList-item'><a href='/author/ann'>Ann Lee</a></li></ul>",
        "<p><a rel='author' href='/x'>Ann Lee, Quay Times</a> - Dec 20</p>",
    ],
)
def test_a_byline_printed_near_the_headline_names_its_people(near: str) -> None:
    assert of(near).authors == ("Ann Lee",)


def test_authors_of_other_articles_are_not_this_ones() -> None:
    teasers = "".join(
        f"<div class='related'><span class='author'>{name}</span></div>" for name in ("Cy Dow", "Di Eng")
    )
    assert of(after=f"<h2>More</h2>{'<p>x</p>' * 20}{teasers}").authors == ()


def test_a_label_says_it_anywhere_on_the_page() -> None:
    facts = (
        "<ul><li><strong>Datum</strong> 28.04.2023</li><li><strong>Autorin/Autor</strong> Ann Lee</li></ul>"
    )
    assert of(after="<p>x</p>" * 20 + facts).authors == ("Ann Lee",)


def test_a_name_in_bold_closes_the_text() -> None:
    assert of(after="<p style='text-align:right'><strong>Lê An</strong></p>").authors == ("Lê An",)
    assert of(after="<p><strong>Read more</strong></p>").authors == ()


def test_photographers_and_stylists_are_no_authors() -> None:
    near = (
        "<div><span class='byline'>By </span><span class='byline'>Ann Lee</span>"
        "<span class='byline'>Photography by </span><span class='byline'>Bo Ek</span></div>"
    )
    stated = [{"@type": "Person", "name": name} for name in ("Ann Lee", "Bo Ek")]
    assert of(near, author=stated).authors == ("Ann Lee",)


def test_the_only_person_that_the_data_describe_wrote_it() -> None:
    graph = '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","name":"x"},{"@type":"Person","name":"Ann Lee"}]}</script>'
    assert of(head=graph).authors == ("Ann Lee",)


def test_a_line_that_only_says_who_wrote_it_is_a_byline_and_a_sentence_is_not() -> None:
    assert is_byline("By Ann Lee, Moscow", ["Ann Lee"])
    assert not is_byline("Ann Lee said that the bridge was open.", ["Ann Lee"])
    assert not is_byline("What we know", ["Ann Lee"])


def test_whom_only_the_data_name_did_not_write_what_the_byline_gives_to_another() -> None:
    editor = {"@type": "Person", "name": "Cy Dow"}
    assert of("<p>By Ann Lee</p>", author=editor).authors == ("Ann Lee",)
    assert of("<p>By Ann Lee and others</p><p>Cy Dow, Norvik</p>", author=editor).authors == ("Cy Dow",)
