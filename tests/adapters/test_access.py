"""What the environment gives along to an outlet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.adapters.access import Access, of_environment
from pipeline.errors import UsageError
from pipeline.records import Feed, FeedKind, Outlet, OutletKind

OUTLET = Outlet(
    outlet_id="halden-courier",
    name="Halden Courier",
    kind=OutletKind.PAPER,
    homepage="https://courier.example/",
    language="en",
    country=None,
    hosts=("courier.example",),
    feeds=(Feed(feed_id="halden-courier/all", url="https://feeds.example/c.xml", kind=FeedKind.SYNDICATION),),
)


def test_headers_cookies_and_a_proxy_go_to_the_outlets_hosts_alone() -> None:
    access = of_environment(
        {
            "WIREWATCH_OUTLET_HALDEN_COURIER_HEADERS": '{"X-Api-Key": "k1"}',
            "WIREWATCH_OUTLET_HALDEN_COURIER_COOKIES": '{"session": "s1"}',
            "WIREWATCH_OUTLET_HALDEN_COURIER_PROXY": "http://user:pw@10.0.0.5:3128",
            "WIREWATCH_DATA": "data",
        },
        [OUTLET],
    )
    mine = access("https://www.news.courier.example/a")
    assert mine.headers == {"X-Api-Key": "k1"}
    assert mine.cookies == {"session": "s1"}
    assert mine.proxy == "http://user:pw@10.0.0.5:3128"
    assert access("https://feeds.example/c.xml") == mine
    for other in ("https://other.example/", "https://evilcourier.example/", "not an address"):
        assert access(other) == Access()


def test_a_secret_is_never_printed() -> None:
    access = Access(headers={"X": "s3cret"}, cookies={"Y": "s3cret"}, proxy="http://u:s3cret@p.example")
    assert "s3cret" not in repr(access)


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("WIREWATCH_OUTLET_HALDEN_COURIER_HEADERS", "s3cret", "no JSON object"),
        ("WIREWATCH_OUTLET_HALDEN_COURIER_HEADERS", '["s3cret"]', "JSON object of texts"),
        ("WIREWATCH_OUTLET_HALDEN_COURIER_COOKIES", '{"a": "s3cret\\r\\nHost: x"}', "JSON object of texts"),
        ("WIREWATCH_OUTLET_HALDEN_COURIER_PROXY", "s3cret", "must be an address"),
        ("WIREWATCH_OUTLET_HALDEN_COURIER_TOKEN", "s3cret", "must end in"),
        ("WIREWATCH_OUTLET_NOBODY_PROXY", "http://s3cret.example", "no outlet"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not(variable: str, value: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        of_environment({variable: value}, [OUTLET])
    assert variable in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_an_outlet_whose_certificates_are_not_checked_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outlet = replace(OUTLET, unverified_certificates=True)
    access = of_environment({"WIREWATCH_OUTLET_HALDEN_COURIER_COOKIES": '{"session": "s1"}'}, [outlet])
    mine = access("https://www.news.courier.example/a")
    assert (mine.verified, mine.cookies) == (False, {"session": "s1"})
    assert access("https://other.example/").verified
    assert "certificates of courier.example, feeds.example are not checked" in caplog.text
