from __future__ import annotations

from pipeline.extract import extract
from pipeline.extract.gate import of_text
from pipeline.records import Article, Reason, Reject

STORY = (
    "<p>The last ferry left Norvik on Monday with eleven passengers, the harbour office said in a letter.</p>"
)


def test_a_comparison_in_a_script_is_no_overloaded_element() -> None:
    script = "for(i=0;i<e " + "a b c; " * 4_000
    page = f"<html><body><script>{script}</script><article><h1>Ferry</h1>{STORY * 6}</article></body></html>"
    assert of_text(page) is None
    verdict = of_text(f"<html><body><div {'a b c ' * 4_000}>{STORY}</div></body></html>")
    assert verdict is not None
    assert verdict.reason is Reason.PARSER_FAILED


def test_a_front_page_is_one_under_an_address_that_tracks_its_reader() -> None:
    teaser = "<h2><a href='/a'>The ferry line of Norvik closes for the whole of the winter</a></h2>"
    html = f"<html><body><main>{teaser * 6}</main></body></html>".encode()
    for url in ("https://courier.example/", "https://courier.example/?utm_source=mail"):
        found = extract(html, url)
        assert isinstance(found, Reject)
        assert found.reason is Reason.LISTING


def test_an_article_under_a_query_is_no_front_page() -> None:
    html = f"<html><body><article><h1>Ferry line closes</h1>{STORY * 8}</article></body></html>".encode()
    assert isinstance(extract(html, "https://courier.example/?article=97321"), Article)


def test_a_brief_in_a_script_without_spaces_is_an_article() -> None:
    html = "<html lang=zh><body><article><h1>道路重新开放</h1><p>该部周日表示，经过两周的施工，通往老城的道路已经重新开放。</p></article></body></html>"
    assert isinstance(extract(html.encode(), "https://courier.example/a/97321"), Article)
