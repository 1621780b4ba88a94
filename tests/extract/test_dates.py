from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.extract.blocks import blocks_of
from pipeline.extract.dates import Dates, dates
from pipeline.extract.page import read_page
from pipeline.records import Precision

FETCHED = datetime(2016, 3, 28, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
URL = "https://courier.example/a"


def of(html: str, url: str = URL) -> Dates:
    page = read_page(html.encode(), url)
    blocks = blocks_of(page.tree.body)
    return dates(page, blocks[:20], zone=BERLIN, fetched_at=FETCHED, blocks=blocks)


def linked(**stated: str) -> str:
    fields = "".join(f',"{name}":"{value}"' for name, value in stated.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle"{fields}}}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def published(html: str, url: str = URL) -> tuple[str, str, Precision]:
    found = of(html, url).published
    assert found is not None
    return f"{found.at:%Y-%m-%dT%H:%M}", found.found_in, found.instant.precision


def test_structured_data_is_asked_before_metadata_and_metadata_before_the_url() -> None:
    data = linked(datePublished="2016-03-26T10:00:00Z")
    tag = meta("article:published_time", "2016-03-25T10:00:00Z")
    url = "https://courier.example/2016/03/24/road"
    assert [published(html, url)[1] for html in (data + tag, tag, "<p>x</p>")] == ["json-ld", "meta", "url"]


def test_a_time_without_an_offset_takes_the_one_that_the_page_states_it_with_elsewhere() -> None:
    html = linked(datePublished="2016-03-26 18:11:01.0") + meta("date", "2016-03-26T18:11:01+03:00")
    assert published(html) == ("2016-03-26T15:11", "meta", Precision.INSTANT)


def test_a_time_without_an_offset_anywhere_is_read_in_the_outlets_zone() -> None:
    assert published(linked(datePublished="2016-03-26 18:11")) == (
        "2016-03-26T17:11",
        "json-ld",
        Precision.LOCAL,
    )


def test_a_day_takes_its_time_from_another_statement_of_the_same_day() -> None:
    html = linked(datePublished="2016-03-26") + "<h1>Ferry</h1><div>Sat 26.03.16 | 14:07 Uhr | Politik</div>"
    assert published(html) == ("2016-03-26T13:07", "text", Precision.LOCAL)
    other = linked(datePublished="2016-03-26") + "<h1>Ferry</h1><div>25.03.2016 14:07</div>"
    assert published(other)[2] is Precision.DAY


def test_the_line_of_a_date_is_believed_before_a_line_that_mentions_one() -> None:
    html = (
        "<h1>Ferry</h1><p>The ferry of Norvik in the harbour before its last voyage, 24 March 2016</p>"
        "<ul><li><strong>Datum</strong> 26.03.2016</li></ul>"
    )
    assert published(html)[0].startswith("2016-03-25T23:00")  # the first moment of the 26th in Berlin


def test_the_day_under_a_picture_is_not_the_articles() -> None:
    html = "<h1>Ferry</h1><figure><figcaption>Norvik, 24 March 2016</figcaption></figure><p>No ferry.</p>"
    assert of(html).published is None


def test_the_only_time_printed_counts_even_where_it_is_called_an_update() -> None:
    html = "<p>Aktualisiert am <time datetime='2016-03-26T19:20:36+0200'>26.03.2016</time></p>"
    assert published(html) == ("2016-03-26T17:20", "time", Precision.INSTANT)
    assert published(linked(datePublished="2016-03-25T08:00:00Z") + html)[0] == "2016-03-25T08:00"


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("2016-04-02T10:00:00Z", "after the page was fetched"),
        ("1970-01-01T00:00:00Z", "before 1990"),
        ("1445-10-25", "a calendar that the page does not name"),
    ],
)
def test_what_cannot_be_is_not_taken_and_the_reason_is_kept(stated: str, why: str) -> None:
    found = of(meta("article:published_time", stated) + "<body><p>x</p>")
    assert found.published is None
    assert found.refused is not None
    assert why in found.refused
    assert stated in found.refused


def test_a_change_before_the_publication_is_not_taken() -> None:
    html = meta("article:published_time", "2016-03-25T10:00:00Z")
    assert of(html + meta("article:modified_time", "2016-03-24T10:00:00Z")).modified is None
    later = of(html + meta("article:modified_time", "2016-03-25T12:00:00Z")).modified
    assert later is not None
    assert later.found_in == "meta"


def test_a_time_elements_text_knows_the_offset_that_its_attribute_leaves_out() -> None:
    html = "<p>Filed <time datetime='2016-03-26 05:00:00'>03/26/2016 05:00 AM EST</time></p>"
    assert published(html) == ("2016-03-26T10:00", "time", Precision.INSTANT)
