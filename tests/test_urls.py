"""Laws and cases of URL identity."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.urls import canonical, host, is_http, page_key
from pipeline.urls.address import read, trimmed
from pipeline.urls.rules import EDITION, SPELLING, Rule

SAME = {
    "scheme and host are caseless": ("HTTP://WWW.Paper.Example/A", "http://www.paper.example/A"),
    "an empty path is the root": ("http://paper.example", "http://paper.example/"),
    "a default port says nothing": ("https://paper.example:443/a", "https://paper.example/a"),
    "another port is another server": ("http://paper.example:8080/a", "http://paper.example:8080/a"),
    "the other scheme's port is kept": ("http://paper.example:443/a", "http://paper.example:443/a"),
    "a fragment is a place in the page": ("http://paper.example/a#top", "http://paper.example/a"),
    "a hash-bang is the page": ("http://app.example/#!/story/1", "http://app.example/#!/story/1"),
    "credentials name no page": ("http://user:pw@paper.example/a", "http://paper.example/a"),
    "tracking goes": ("http://p.example/a?utm_source=x&id=1&fbclid=z", "http://p.example/a?id=1"),
    "tracking goes in any case": ("http://p.example/a?UTM_Medium=x&GCLID=1", "http://p.example/a"),
    "an escaped tracking name goes": ("http://p.example/a?utm%5Fsource=x", "http://p.example/a"),
    "meaning stays": ("http://p.example/?article=9&page=2", "http://p.example/?article=9&page=2"),
    "lookalikes stay": (
        "http://p.example/?utmost=1&source=x&ref=2",
        "http://p.example/?utmost=1&source=x&ref=2",
    ),
    "the order of parameters stays": ("http://p.example/?b=1&a=2", "http://p.example/?b=1&a=2"),
    "repeated parameters stay": ("http://p.example/?a=1&a=2", "http://p.example/?a=1&a=2"),
    "empty pairs go": ("http://p.example/a?&id=1&&", "http://p.example/a?id=1"),
    "a lone question mark goes": ("http://p.example/a?", "http://p.example/a"),
    "a name without a value stays": ("http://p.example/a?print", "http://p.example/a?print"),
    "session ids in the path go": ("http://p.example/a;jsessionid=1F.n2?x=1", "http://p.example/a?x=1"),
    "path parameters stay": ("http://p.example/a;id=1", "http://p.example/a;id=1"),
    "dots are resolved": ("http://p.example/a/./b/../c", "http://p.example/a/c"),
    "escaped dots are dots": ("http://p.example/a/%2e%2E/c", "http://p.example/c"),
    "dots never leave the root": ("http://p.example/../../a", "http://p.example/a"),
    "a final dot segment is a folder": ("http://p.example/a/b/..", "http://p.example/a/"),
    "double slashes stay": ("http://p.example/a//b", "http://p.example/a//b"),
    "a trailing slash stays": ("http://p.example/a/", "http://p.example/a/"),
    "needless escapes are undone": ("http://p.example/%7Ea%2db", "http://p.example/~a-b"),
    "escapes are upper case": ("http://p.example/a%2fb", "http://p.example/a%2Fb"),
    "spaces are escaped": ("http://p.example/a b?q=c d", "http://p.example/a%20b?q=c%20d"),
    "a plus stays a plus": ("http://p.example/?q=a+b", "http://p.example/?q=a+b"),
    "letters are escaped as UTF-8": ("http://p.example/é", "http://p.example/%C3%A9"),
    "a stray percent is escaped": ("http://p.example/100%zz", "http://p.example/100%25zz"),
    "foreign hosts are punycode": ("http://ПРИМЕР.example/", "http://xn--e1afmkfd.example/"),
    "a final dot of the host goes": ("http://p.example./a", "http://p.example/a"),
    "line breaks inside go": ("  http://p.example/a\n  b ", "http://p.example/a%20%20b"),
    "IPv6 is compressed": ("http://[2001:DB8:0:0::1]:80/", "http://[2001:db8::1]/"),
}


@pytest.mark.parametrize(("given_url", "expected"), SAME.values(), ids=SAME.keys())
def test_canonical_form(given_url: str, expected: str) -> None:
    assert canonical(given_url) == expected
    assert canonical(expected) == expected


NO_ADDRESS = [
    "javascript:void(0)",
    "mailto:desk@paper.example",
    "ftp://paper.example/a",
    "/only/a/path",
    "",
    "http://",
    "http://[half",
    "http://a..b/",
    "http://paper.example:99999/",
    "http://pa per.example/",
    "http://-.example/",
    "http:///path",
    "http://" + "a" * 64 + ".example/",
    "data:text/html,<p>hi</p>",
]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_web_address_is_left_alone(text: str) -> None:
    assert not is_http(text)
    assert canonical(text) == text
    assert host(text) == ""


def test_a_relative_link_is_resolved_against_its_page() -> None:
    assert canonical("../b?utm_source=x", "http://p.example/a/c/") == "http://p.example/a/b"
    assert canonical("//q.example/b", "https://p.example/") == "https://q.example/b"
    assert canonical("javascript:void(0)", "https://p.example/") == "javascript:void(0)"
    assert canonical("http://[half", "https://p.example/") == "http://[half"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.paper.example/a", "paper.example"),
        ("https://m.paper.example/a", "paper.example"),
        ("https://www.amp.paper.example:8443/a", "paper.example"),
        ("https://news.paper.example/a", "news.paper.example"),
        ("https://media.example/a", "media.example"),
        ("https://m.example/a", "m.example"),
    ],
)
def test_host_names_the_outlet_and_not_the_edition(url: str, expected: str) -> None:
    assert host(url) == expected


_pieces = st.text(
    alphabet=st.one_of(st.sampled_from("abz01%2FeE./?&=#;:@!~+ _-[]é\t"), st.characters()), max_size=40
)
_urls = st.one_of(
    _pieces,
    st.builds("http://{}/{}".format, st.sampled_from(["p.example", "ПРИМЕР.example", "[::1]:80"]), _pieces),
    st.builds("https://{}".format, _pieces),
)


@given(_urls)
def test_a_canonical_url_is_a_fixed_point(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert is_http(once) == is_http(url)
    assert host(once) == host(url)


@given(_urls, _urls)
def test_resolving_against_a_base_is_stable_too(url: str, base: str) -> None:
    once = canonical(url, base)
    assert canonical(once) == once or not is_http(once)


@given(st.dictionaries(st.sampled_from(["id", "p", "page", "article", "q"]), st.text("ab1"), min_size=1))
def test_no_parameter_that_is_not_listed_is_ever_dropped(parameters: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    noisy = "utm_source=feed&" + query + "&fbclid=1"
    assert canonical(f"http://p.example/?{noisy}") == f"http://p.example/?{query}"


@given(_urls)
def test_a_web_address_comes_out_in_plain_ascii(url: str) -> None:
    if is_http(url):
        assert canonical(url).isascii()
        assert " " not in canonical(url)


def joined(url: str, rules: Sequence[Rule]) -> str:
    """The address after these rules alone."""
    address = read(trimmed(url))
    assert address is not None
    for rule in rules:
        address = rule.change(address)
    return address.text


RULES = (*SPELLING, *EDITION)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_joins_what_it_should_and_nothing_that_looks_alike(rule: Rule) -> None:
    one, other = rule.same
    assert page_key(one) == page_key(other)
    assert page_key(rule.apart[0]) != page_key(rule.apart[1])
    if rule in SPELLING:
        assert canonical(one) == canonical(other)
        assert canonical(rule.apart[0]) != canonical(rule.apart[1])
    without = [other_rule for other_rule in RULES if other_rule is not rule]
    assert joined(one, without) != joined(other, without), "another rule does its work"


def test_an_edition_is_joined_but_fetched_where_it_stands() -> None:
    assert canonical("http://m.paper.example/a/amp/") == "http://m.paper.example/a/amp/"
    assert page_key("http://m.paper.example/a/amp/") == "https://paper.example/a"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://ПРИМЕР.example:80/a/", "https://xn--e1afmkfd.example/a"),
        ("https://www.google.com/amp/s/www.paper.example/a/amp", "https://paper.example/a"),
        ("https://amp.paper.example/a.amp.html?utm_source=x", "https://paper.example/a"),
        ("https://paper.example/world/index.html/amp", "https://paper.example/world"),
        ("https://paper.example/index.php?id=9", "https://paper.example/index.php?id=9"),
        ("https://paper.example/amp/", "https://paper.example/amp"),
        ("https://paper.example", "https://paper.example/"),
        ("mailto:desk@paper.example", "mailto:desk@paper.example"),
    ],
)
def test_the_key_of_a_page(url: str, key: str) -> None:
    assert page_key(url) == key


_editions = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "m.", "www.m.", "amp.", "www-p-example.cdn.ampproject.org/c/s/"]),
    st.sampled_from(["p.example", "p.example:80", "p.example:8443", "google.com"]),
    _pieces,
    st.sampled_from(["", "/", "/amp", "/amp/amp/", ".amp.html", "/index.html", "/index.htm/amp/"]),
    st.sampled_from(["", "?amp=1", "?id=1&amp", "#top", "?output=amp&utm_source=x"]),
)


@given(st.one_of(_urls, _editions))
def test_a_page_key_is_a_fixed_point_and_no_matter_of_spelling(url: str) -> None:
    key = page_key(url)
    assert page_key(key) == key
    assert page_key(canonical(url)) == key
    assert canonical(key) == key
    assert is_http(key) == is_http(url)
