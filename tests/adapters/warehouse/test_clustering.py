from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from pipeline.adapters.warehouse import Warehouse
from pipeline.interval import HOUR

CLUSTERS = "select a.url, c.is_first, c.lag, c.similarity from clusters c join articles a using (article_id) order by c.lag, a.url"


def test_a_copy_in_another_outlet_is_in_the_cluster_of_the_first(press: Any, warehouse: Warehouse) -> None:
    text = press.prose("one story")
    original = press.page("port-wire", "story", press.noon(0), body=text)
    copy = press.page(
        "kald-post", "ours", press.noon(0) + 3 * HOUR, body=text + "\n\nWith our own line at the end."
    )
    day = press.day(0)
    press.load(
        warehouse, day, press.batch("kald-post", day, [copy]), press.batch("port-wire", day, [original])
    )
    (first, second) = press.ask(warehouse, CLUSTERS)
    assert first == ("https://port-wire.example/story", True, 0, 1.0)
    assert second[:3] == ("https://kald-post.example/ours", False, 3 * 3600)
    assert 0.7 < second[3] < 1


def test_an_article_without_copies_is_in_no_cluster(press: Any, warehouse: Warehouse) -> None:
    day = press.day(0)
    press.load(
        warehouse, day, press.batch("port-wire", day, [press.page("port-wire", "alone", press.noon(0))])
    )
    assert press.ask(warehouse, CLUSTERS) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_is_one_cluster_in_any_order_and_falls_apart_without_its_middle(
    order: tuple[int, ...], press: Any, warehouse: Warehouse
) -> None:
    """The first and last text share too little; the middle one shares enough with both."""
    lines = press.prose("a long story", 30).split("\n\n")
    texts = ["\n\n".join(lines[first : first + 20]) for first in (0, 5, 10)]
    pages = [
        press.page("port-wire", f"p{number}", press.noon(number), body=texts[number]) for number in range(3)
    ]
    for number in order:
        press.load(warehouse, press.day(number), press.batch("port-wire", press.day(number), [pages[number]]))
    assert press.ask(warehouse, "select count(*), count(distinct cluster_id) from clusters") == [(3, 1)]
    press.load(warehouse, press.day(1), press.batch("port-wire", press.day(1), []))
    assert press.ask(warehouse, "select count(*) from clusters") == [(0,)]


def test_the_cluster_is_led_by_who_published_first_not_by_who_was_loaded_first(
    press: Any, warehouse: Warehouse
) -> None:
    text = press.prose("one story")
    late = press.page("kald-post", "late", press.noon(0), body=text, published_at=press.noon(0) - HOUR)
    early = press.page("port-wire", "early", press.noon(1), body=text, published_at=press.noon(0) - 5 * HOUR)
    press.load(warehouse, press.day(0), press.batch("kald-post", press.day(0), [late]))
    press.load(warehouse, press.day(1), press.batch("port-wire", press.day(1), [early]))
    assert [row[:3] for row in press.ask(warehouse, CLUSTERS)] == [
        ("https://port-wire.example/early", True, 0),
        ("https://kald-post.example/late", False, 4 * 3600),
    ]


def test_the_same_text_a_month_later_is_not_compared(press: Any, warehouse: Warehouse) -> None:
    text = press.prose("one story")
    for number, outlet_id in ((0, "port-wire"), (30, "kald-post")):
        page = press.page(outlet_id, "story", press.noon(number), body=text)
        press.load(warehouse, press.day(number), press.batch(outlet_id, press.day(number), [page]))
    assert press.ask(warehouse, CLUSTERS) == []
