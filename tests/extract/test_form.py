"""Live blogs, galleries, parts of an article and stubs are told apart, kept where they have text, and flagged."""

from __future__ import annotations

import json

import pytest

from pipeline.extract import extract
from pipeline.records import Article, Form, Reason, Reject

STORY = (
    "Engineers reopened the road to the old city on Sunday, two weeks after a bridge had given way there. "
)
POSTS = "".join(
    f"<article class='live-post'><time datetime='2016-03-27T{hour:02}:10:00Z'>{hour}:10</time><h3>Lane {hour} is open</h3>"
    f"<p>{STORY}The {hour}th lane was the next to be cleared, the mayor said at the barrier.</p></article>"
    for hour in range(8, 16)
)
PICTURES = "".join(
    f"<figure><img src='/{n}.jpg'><figcaption>Picture {n}: the bridge at night. Photo: Ann Lee</figcaption></figure>"
    f"<p>{STORY}Seen here from pier {n}, the bridge carries nothing yet but the workers' own carts.</p>"
    for n in range(1, 7)
)


def read(
    body: str, *, url: str = "https://kald.example/2016/03/27/road", head: str = "", data: object = None
) -> Article | Reject:
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if data else ""
    page = f"<html><head><title>The road is open</title>{head}{script}</head><body><main><h1>The road is open</h1>{body}</main></body></html>"
    return extract(page.encode(), url)


def form(*args: str, **options: object) -> Form:
    result = read(*args, **options)  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result.form


def test_an_article_is_one_text() -> None:
    assert form(f"<p>{STORY}</p>" * 3) is Form.ARTICLE


def test_a_live_blog_says_so_in_its_data() -> None:
    data = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "The road is open"}
    assert form(POSTS, data=data) is Form.LIVE_BLOG


def test_a_live_blog_is_known_by_its_address_and_its_timed_posts() -> None:
    assert form(POSTS, url="https://kald.example/live-updates/road") is Form.LIVE_BLOG
    assert form(f"<p>{STORY}</p>" * 3, url="https://kald.example/live-updates/road") is Form.ARTICLE
    assert form(POSTS, url="https://kald.example/lively-debate/road") is Form.ARTICLE


def test_the_posts_of_a_live_blog_are_its_text_in_order() -> None:
    result = read(POSTS, url="https://kald.example/liveblog/road")
    assert isinstance(result, Article)
    places = [result.body.find(f"The {hour}th lane") for hour in range(8, 16)]
    assert places == sorted(places)
    assert min(places) >= 0


def test_a_gallery_with_text_is_flagged_and_one_without_is_no_article() -> None:
    data = {"@context": "https://schema.org", "@type": "ImageGallery", "name": "The road is open"}
    result = read(PICTURES, data=data)
    assert isinstance(result, Article)
    assert result.form is Form.GALLERY
    assert "Photo: Ann Lee" not in result.body
    captions = "<figure><img src='/1.jpg'><figcaption>The bridge at night.</figcaption></figure>" * 9
    empty = read(captions + "<p>Nine pictures of the bridge, taken on Sunday by our readers.</p>", data=data)
    assert isinstance(empty, Reject)
    assert empty.reason is Reason.GALLERY


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("https://kald.example/2016/03/27/road", "/2016/03/27/road/2"),
        ("https://kald.example/2016/03/27/road?page=2", "?page=3"),
        ("https://kald.example/road-2.html", "/road-3.html"),
        ("https://kald.example/road", "https://kald.example/road?seite=2"),
    ],
)
def test_one_of_several_pages_names_the_next(url: str, following: str) -> None:
    assert form(f"<p>{STORY}</p>" * 3, url=url, head=f"<link rel='next' href='{following}'>") is Form.PART


def test_the_next_story_is_no_next_page() -> None:
    link = "<a rel='next' href='/2016/03/28/another-story'>Next story</a>"
    assert form(f"<p>{STORY}</p>" * 3 + link) is Form.ARTICLE
    assert form(f"<p>{STORY}</p>" * 3, head="<link rel='next' href='http://[bad'>") is Form.ARTICLE


def test_a_stub_is_flagged_and_a_prompt_alone_is_no_article() -> None:
    closed = {"@type": "NewsArticle", "headline": "The road is open", "isAccessibleForFree": False}
    result = read(f"<p>{STORY}</p><p>{STORY}It was the third time since the winter.</p>", data=closed)
    assert isinstance(result, Article)
    assert result.paywalled
    prompt = read("<p>Subscribe to continue reading.</p>")
    assert isinstance(prompt, Reject)
    assert prompt.reason is Reason.PAYWALL_STUB
