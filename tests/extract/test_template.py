"""What the pages of an outlet teach, and what that does to another page of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from pipeline.extract.blocks import Block, blocks_of
from pipeline.extract.template import Reading, judged, learnt, mark, ready, style
from pipeline.records import Template

DAY = date(2016, 3, 28)
PROMPT = "Get the week's best stories in your inbox, every Friday morning before eight."
STORY = (
    "Engineers reopened road {number} to the old city on Sunday, after bridge {number} had given way there."
)


def blocks(number: int) -> list[Block]:
    return blocks_of(
        LexborHTMLParser(
            f"<body><div class='story'><p>{STORY.format(number=number)}</p><p>{PROMPT}</p></div>"
            f"<div class='box'><p>Box {number}: what the bridge of road {number} cost to build, and who paid.</p></div></body>"
        ).body
    )


def reading(number: int, taken: frozenset[int] = frozenset({0, 1})) -> Reading:
    return Reading(
        digest=f"sha256:{number}",
        blocks=blocks(number),
        chances=[0.9, 0.7, 0.3],
        taken=taken,
        words=100 + number,
        dated_by="json-ld" if number else "url",
    )


def template(count: int = 6) -> Template:
    return learnt("paper", DAY, [reading(number) for number in range(count)])


def test_a_line_that_the_pages_share_is_no_articles_own() -> None:
    assert template().lines == (mark(PROMPT),)
    found = blocks(99)
    chances = judged(ready(template()), found, np.array([0.9, 0.7, 0.3], np.float32))
    assert chances[0] > 0.9
    assert chances[1] == 0


def test_a_line_of_one_page_in_many_is_its_own() -> None:
    other = "They had waited for this since the winter, the mayor said on the new bridge."
    extra = [reading(number) for number in range(6)]
    assert mark(other) not in learnt("paper", DAY, extra).lines
    assert mark(STORY.format(number=1)) not in template().lines


def test_the_style_of_what_was_taken_speaks_for_a_block_and_that_of_what_was_left_against_it() -> None:
    found = blocks(99)
    habits = {habit.style: habit for habit in template().habits}
    assert habits[style(found[0])].taken > 0
    assert habits[style(found[2])].taken == 0
    chances = judged(ready(template()), found, np.array([0.5, 0.5, 0.5], np.float32))
    assert chances[0] > 0.5 > chances[2]


def test_a_story_told_twice_teaches_once() -> None:
    twice = [reading(1), reading(1), reading(1)]
    assert (
        mark(STORY.format(number=1))
        not in learnt("paper", DAY, [*twice, *(reading(n) for n in range(2, 8))]).lines
    )


def test_a_page_that_shares_most_of_its_text_keeps_it() -> None:
    """It was captured before: what it shares is its own."""
    known = ready(learnt("paper", DAY, [reading(1)]))
    found = blocks(1)
    assert (judged(known, found, np.array([0.9, 0.9, 0.9], np.float32)) > 0).all()


def test_what_was_learnt_does_not_depend_on_anything_but_the_pages() -> None:
    assert template() == template()
    assert template().learnt_from == tuple(f"sha256:{number}" for number in range(6))
    assert template().median_words == 102
    assert template().dated_by == "json-ld"


def test_without_a_template_the_page_speaks_for_itself() -> None:
    chances = np.array([0.9, 0.7, 0.3], np.float32)
    assert judged(ready(None), blocks(1), chances) is chances


def test_a_template_of_another_version_teaches_nothing() -> None:
    old = Template(outlet_id="paper", since=DAY, version="0", lines=(mark(PROMPT),))
    assert not ready(old).lines


def test_what_an_outlet_never_takes_is_still_most_of_a_page_of_another_kind() -> None:
    """A list of winners, at an outlet whose lists are menus."""
    links = "<p>{number} of what was left out in places like this one, line after line, for a good while.</p>"
    menus = [
        Reading(
            digest=f"sha256:{number}",
            blocks=blocks_of(
                LexborHTMLParser(
                    f"<body><p class='text'>{STORY.format(number=number)}</p>"
                    + "".join(
                        f"<div>{links.format(number=100 * number + place)}</div>" for place in range(30)
                    )
                    + "</body>"
                ).body
            ),
            chances=[0.9, *[0.3] * 30],
            taken=frozenset({0}),
        )
        for number in range(6)
    ]
    known = ready(learnt("paper", DAY, menus))
    listed = blocks_of(
        LexborHTMLParser(
            "<body>" + "".join(f"<div>{links.format(number=n)}</div>" for n in range(5)) + "</body>"
        ).body
    )
    assert min(known.weights.values()) < 0
    chances = np.full(len(listed), 0.45, np.float32)
    assert (judged(known, listed, chances) < chances).all()
    known = replace(known, weights=dict.fromkeys(known.weights, -1.0))
    assert (judged(known, listed, chances) >= chances).all()
