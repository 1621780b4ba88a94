"""When are two addresses the same page? One table of rules, each with what it joins and what it must not.

The rules of ``SPELLING`` give the address we write and fetch. Those of ``EDITION`` join what servers keep at
different addresses, so they say what was seen before and are never fetched. Both drop only what is known
not to change a page: a parameter nobody has listed stays, because a false duplicate loses an article while a
missed one costs one request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.urls.address import (
    DEFAULT_PORTS,
    Address,
    has_plain_escapes,
    normal_escapes,
    read,
    without_dots,
)

# Parameters that tell the server how a reader came, never what to show; compared in lower case.
_TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh mc_cid mc_eid
    _ga _gl _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id wickedid rb_clickid s_cid ncid cmpid
    at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_format at_link_id at_link_origin
    at_link_type at_ptr_name at_bbc_team __twitter_impression ito ocid smid smtyp
    """.split()  # noqa: SIM905, a table reads better than 50 lines
)
# Families of them: "utm_source", "mtm_campaign"; not "utmost".
_TRACKING_FAMILY = re.compile(r"(?:utm|mtm|pk|hsa|ns)_[a-z]")
# "PHPSESSID", "ASPSESSIONIDQQ"; not "session", which may choose what is shown.
_SESSION = re.compile(r"phpsessid|jsessionid|aspsessionid\w*")
# A session id written into the path: "/a;jsessionid=1F.n2"; not "/a;id=1".
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)
# Mobile and AMP editions of the same outlet: "www.m.paper.example"; not "media.example", "m.example".
_EDITION_HOST = re.compile(r"(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)")
# "/story/amp", "/story.amp", "/story.amp.html", "/amp/story"; not "/amp", "/amplifiers", "/amp-news/story".
_AMP_PATH = re.compile(r"(?<=[^/])/amp/?$|\.amp(?:\.html)?$|^/amp(?=/[^/])")
_AMP_PAIRS = frozenset({"amp", "amp=1", "amp=true", "amp=y", "_amp=true", "outputtype=amp", "output=amp"})
# "/c/s/www.paper.example/a" at an AMP cache, "/amp/s/paper.example/a" at a search engine; "s" is for https.
_AMP_CACHE = re.compile(r"/(?:[cvi]|amp)/(?P<safe>s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)$")
_AMP_CACHES = re.compile(
    r"(?:[\w-]+\.)*cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]{2,6}|(?:www\.)?bing\.com"
)
# "/world/index.html"; not "/world/index-2.html".
_INDEX_FILE = re.compile(r"(?<=/)(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that does not tell pages apart, with a pair it joins and a pair it leaves apart."""

    name: str
    change: Callable[[Address], Address]
    same: tuple[str, str]
    apart: tuple[str, str]


def tracking(address: Address) -> Address:
    return _without(address, lambda name, _: name in _TRACKING or bool(_TRACKING_FAMILY.match(name)))


def sessions(address: Address) -> Address:
    path = _SESSION_IN_PATH.sub("", address.path) if ";" in address.path else address.path
    kept = _without(address, lambda name, _: bool(_SESSION.fullmatch(name)))
    return kept if path == address.path else kept._replace(path=path)


def empty_pairs(address: Address) -> Address:
    return address if all(address.pairs) else address._replace(pairs=tuple(filter(None, address.pairs)))


def default_port(address: Address) -> Address:
    return address._replace(port=None) if address.port == DEFAULT_PORTS[address.scheme] else address


def fragment(address: Address) -> Address:
    """ "#!/story/1" was how single-page sites addressed their pages; any other fragment is a place in one."""
    return address if address.fragment[:1] in ("", "!") else address._replace(fragment="")


def escapes(address: Address) -> Address:
    if has_plain_escapes(address):
        return address
    return address._replace(
        path=normal_escapes(address.path),
        pairs=tuple(normal_escapes(pair, in_query=True) for pair in address.pairs),
        fragment=normal_escapes(address.fragment, in_query=True),
    )


def dot_segments(address: Address) -> Address:
    path = without_dots(address.path)
    return address if path == address.path else address._replace(path=path)


def amp_cache(address: Address) -> Address:
    """The page that a cache keeps a copy of; in one step, so that no address unwraps twice."""
    if not _AMP_CACHES.fullmatch(address.host) or not (kept := _AMP_CACHE.match(address.path)):
        return address
    inner = read(("https://" if kept["safe"] else "http://") + kept["rest"])
    if inner is None or _AMP_CACHES.fullmatch(inner.host):
        return address
    return default_port(inner._replace(pairs=address.pairs, fragment=address.fragment))


def secure_scheme(address: Address) -> Address:
    return address._replace(scheme="https") if address.scheme == "http" and address.port is None else address


def edition_host(address: Address) -> Address:
    found = _EDITION_HOST.match(address.host)
    return address._replace(host=address.host[found.end() :]) if found else address


def amp_path(address: Address) -> Address:
    path = address.path
    while (shorter := _AMP_PATH.sub("", path)) != path:
        path = shorter
    return address if path == address.path else address._replace(path=path)


def amp_pairs(address: Address) -> Address:
    return _without(address, lambda _, pair: pair in _AMP_PAIRS)


def index_file(address: Address) -> Address:
    if address.pairs:  # "/index.php?id=9" and "/?id=9" may be two programs
        return address
    path = _INDEX_FILE.sub("", address.path)
    return address if path == address.path else address._replace(path=path)


def trailing_slash(address: Address) -> Address:
    path = address.path.rstrip("/")
    return address if path == address.path else address._replace(path=path or "/")


SPELLING: tuple[Rule, ...] = (
    Rule(
        name="session ids",
        change=sessions,
        same=("http://p.example/a;jsessionid=1F.n2?id=1&PHPSESSID=x", "http://p.example/a?id=1"),
        apart=("http://p.example/a;id=1?session=1", "http://p.example/a"),
    ),
    Rule(
        name="tracking parameters",
        change=tracking,
        same=("http://p.example/a?utm_source=x&id=1&FBCLID=z", "http://p.example/a?id=1"),
        apart=("http://p.example/?utmost=1&source=x&ref=2", "http://p.example/"),
    ),
    Rule(
        name="empty parameters",
        change=empty_pairs,
        same=("http://p.example/a?&id=1&&", "http://p.example/a?id=1"),
        apart=("http://p.example/a?print", "http://p.example/a"),
    ),
    Rule(
        name="default ports",
        change=default_port,
        same=("https://p.example:443/a", "https://p.example/a"),
        apart=("http://p.example:8080/a", "http://p.example/a"),
    ),
    Rule(
        name="fragments",
        change=fragment,
        same=("http://p.example/a#top", "http://p.example/a"),
        apart=("http://app.example/#!/story/1", "http://app.example/#!/story/2"),
    ),
    Rule(
        name="percent-encoding",
        change=escapes,
        same=("http://p.example/%7Eé%2fb?q=c d", "http://p.example/~%C3%A9%2Fb?q=c%20d"),
        apart=("http://p.example/a%2Fb?q=a+b", "http://p.example/a/b?q=a%2Bb"),
    ),
    Rule(
        name="dot segments",
        change=dot_segments,
        same=("http://p.example/a/./b/%2e%2E/c", "http://p.example/a/c"),
        apart=("http://p.example/a//b", "http://p.example/a/b"),
    ),
)
EDITION: tuple[Rule, ...] = (
    Rule(
        name="AMP caches",
        change=amp_cache,
        same=("https://p-example.cdn.ampproject.org/c/s/p.example/a", "https://p.example/a"),
        apart=("https://www.google.com/amp/s/p.example/a", "https://www.google.com/amp/s/p.example/b"),
    ),
    Rule(
        name="http and https",
        change=secure_scheme,
        same=("http://p.example/a", "https://p.example/a"),
        apart=("http://p.example:8080/a", "https://p.example:8443/a"),
    ),
    Rule(
        name="mobile hosts",
        change=edition_host,
        same=("https://www.m.paper.example/a", "https://paper.example/a"),
        apart=("https://m.example/a", "https://news.m.example/a"),
    ),
    Rule(
        name="AMP paths",
        change=amp_path,
        same=("https://p.example/2016/story/amp/", "https://p.example/2016/story"),
        apart=("https://p.example/2016/amplifiers", "https://p.example/2016"),
    ),
    Rule(
        name="AMP parameters",
        change=amp_pairs,
        same=("https://p.example/a?id=1&outputType=amp", "https://p.example/a?id=1"),
        apart=("https://p.example/a?amp=230", "https://p.example/a"),
    ),
    Rule(
        name="index files",
        change=index_file,
        same=("https://p.example/world/index.html", "https://p.example/world/"),
        apart=("https://p.example/world/index-2.html", "https://p.example/world/"),
    ),
    Rule(
        name="trailing slashes",
        change=trailing_slash,
        same=("https://p.example/a/", "https://p.example/a"),
        apart=("https://p.example/a/b", "https://p.example/a"),
    ),
)


def _without(address: Address, is_noise: Callable[[str, str], bool]) -> Address:
    """The address without the pairs of the query that are noise, by name and by the pair in lower case."""
    if not any(address.pairs):
        return address
    kept = tuple(
        pair
        for pair in address.pairs
        if not is_noise(unquote(pair.partition("=")[0]).lower(), unquote(pair).lower())
    )
    return address if kept == address.pairs else address._replace(pairs=kept)
