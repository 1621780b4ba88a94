"""Which blocks are taken: the forest's arithmetic, its features, and the rule beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipeline.extract.blocks import Block, Box, blocks_of
from pipeline.extract.body import chosen
from pipeline.extract.features import COLUMNS, Hints, describe
from pipeline.extract.scoring import chances, forest

LINE = "Engineers reopened the road to the old city on Sunday, two weeks after a bridge had given way there. "


def blocks(body: str) -> list[Block]:
    return blocks_of(LexborHTMLParser(f"<body>{body}</body>").body)


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body)]


def test_a_forest_adds_the_leaves_that_a_blocks_answers_lead_to() -> None:
    trees = forest(
        {
            "bias": 0.5,
            "trees": [
                {"asks": [["size", 10], ["links", 0.5]], "leaves": [1.0, 2.0, 4.0, 8.0]},
                {"asks": [["links", 0.1]], "leaves": [0.0, -16.0]},
            ],
        },
        ("size", "links"),
    )
    table = np.array([[5, 20, 5, 20], [0, 0, 1, 1]], np.float32)
    scores = np.array([0.5 + 1, 0.5 + 2, 0.5 + 4 - 16, 0.5 + 8 - 16])
    assert trees.chances(table) == pytest.approx(1 / (1 + np.exp(-scores)), rel=1e-5)


def test_a_page_without_blocks_has_no_chances() -> None:
    assert chances(describe([], Hints())).tolist() == []


def test_elements_that_hold_a_block_are_numbered_outer_before_inner_and_no_others() -> None:
    found = blocks(
        f"<div class='empty'><p></p></div><div class='card'><ul><li>{LINE}</li></ul><p>{LINE}</p></div>"
    )
    boxes = {}
    for block in found:
        box: Box | None = block.box
        while box is not None:
            boxes[box.number] = box.tag
            box = box.parent
    assert boxes == {0: "body", 1: "div", 2: "ul", 3: "li", 4: "p"}


def test_an_empty_element_parts_no_text() -> None:
    assert texts("<p>One <span class='share'></span>line, <div></div>whole.</p>")[0].startswith("One line")


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class='x'>", "</div>", "<h1>", "</h1>", "<li>", "<a href='/a'>", "</a>", "<br>", "<b>",
         LINE, "One. Two", "1", "续", "«", "\u00a0", "<td>", "<article>", "</article>", "<span hidden>"]
    ),
    max_size=40,
)  # fmt: skip


@given(MARKUP)
@settings(max_examples=60, deadline=None)
def test_every_page_has_a_number_for_every_feature_and_a_chance_for_every_block(parts: list[str]) -> None:
    found = blocks("".join(parts))
    table = describe(found, Hints(title="one", description="two", stated_body="three"))
    assert table.shape == (len(COLUMNS), len(found))
    assert np.isfinite(table).all()
    likely = chances(table)
    assert ((likely >= 0) & (likely <= 1)).all()


@pytest.mark.parametrize("apart", ["cookie-banner", "hidden", "comments"])
def test_what_stands_in_a_consent_dialog_among_comments_or_hidden_is_not_taken(apart: str) -> None:
    found = blocks(f"<p>{LINE * 3}</p><div class='{apart}'><p>We store data on your device.</p></div>")
    assert [block.text for block in chosen(found, [0.9, 0.9])] == [found[0].text]


@pytest.mark.parametrize(
    "apart",
    [
        "<figure><figcaption><p>{}</p></figcaption></figure>",
        "<div class='wp-caption'><p>{}</p></div>",
        "<footer><p>{}</p></footer>",
    ],
)
def test_what_stands_beside_a_picture_or_at_the_foot_is_not_taken(apart: str) -> None:
    found = blocks(f"<article><p>{LINE * 3}</p></article>{apart.format(LINE.upper())}")
    assert [block.text for block in chosen(found, [0.9, 0.9])] == [found[0].text]


@pytest.mark.parametrize(
    "line", ["Related content:", "More:", "© dpa-infocom, dpa:230428-99-483045/5", "Copyright 2016 Quay Post"]
)
def test_a_line_that_leads_to_nothing_or_claims_rights_is_not_taken(line: str) -> None:
    found = blocks(f"<article><p>{LINE * 3}</p><p>{line}</p></article>")
    assert [block.text for block in chosen(found, [0.9, 0.9])] == [found[0].text]


@pytest.mark.parametrize("line", ["More was to come.", "Copyright law was changed in May."])
def test_a_sentence_that_begins_like_one_is_taken(line: str) -> None:
    found = blocks(f"<article><p>{LINE * 3}</p><p>{line}</p></article>")
    assert len(chosen(found, [0.9, 0.9])) == 2


def test_it_is_taken_where_there_is_nothing_else() -> None:
    found = blocks(f"<div class='cookie-accepted'><p>{LINE * 3}</p></div><p>Short.</p>")
    assert [block.text for block in chosen(found, [0.9, 0.9])] == [block.text for block in found]


def test_an_empty_element_parts_no_text_and_an_unclosed_one_does_not_swallow_the_rest() -> None:
    assert texts("<p>one<span class='share'></span> two</p><div>three<p>four") == ["one two", "three", "four"]


def test_references_are_read_and_comments_are_not() -> None:
    assert texts("<p>a &lt;b&gt; &amp;amp; c<!-- <p>no</p> --></p>") == ["a <b> &amp; c"]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert texts("<div>one<br>two<br><br>three</div>") == ["one two", "three"]
