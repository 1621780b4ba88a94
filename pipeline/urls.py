"""Which page is this URL? Its canonical form, and the host that names its outlet.

Two URLs are the same page when ``canonical`` gives the same text. It drops only what is known not to
change a page, by the tables below: a parameter nobody has listed stays, because a false duplicate
loses an article while a missed one costs one request.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that tell the server how a reader came, never what to show; compared in lower case.
_TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh mc_cid mc_eid
    _ga _gl _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id wickedid rb_clickid s_cid ncid cmpid
    at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_format at_link_id at_link_origin
    at_link_type at_ptr_name at_bbc_team __twitter_impression ito ocid smid smtyp
    phpsessid jsessionid
    """.split()  # noqa: SIM905, a table reads better than 50 lines
)
# Families of them: "utm_source", "mtm_campaign"; not "utmost".
_TRACKING_FAMILY = re.compile(r"(?:utm|mtm|pk|hsa|ns)_[a-z]|aspsessionid")
# A session id written into the path: "/a;jsessionid=1F.n2"; not "/a;id=1".
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)
# Mobile and AMP editions of the same outlet: "www.m.paper.example"; not "media.example".
_EDITION = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
# A host as it stands in a canonical URL: "xn--90a.example", "[2001:db8::1]"; not "a b", "a..b".
_HOST = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\]"
)
# Characters browsers remove from any place in an address, and those they trim from its ends.
_INNER_NOISE = re.compile("[\t\n\r]")
_OUTER_NOISE = "".join(map(chr, range(0x21))) + "\u00a0\ufeff"
# "%2f" is an escape; "%2x" is a percent sign that should have been one.
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


def canonical(url: str, base: str | None = None) -> str:
    """The one spelling of a page's URL, resolved against ``base``; what is no web address is only trimmed.

    It never raises, and is its own fixed point.
    """
    text = _trimmed(url)
    if base is not None:
        try:
            text = _trimmed(urljoin(_trimmed(base), text))
        except ValueError:  # "http://[half"
            return text
    parts = _web_parts(text)
    if parts is None:
        return text
    split, hostname = parts
    scheme = split.scheme.lower()
    port = "" if split.port in (None, _DEFAULT_PORTS[scheme]) else f":{split.port}"
    path = _without_dots(_normal_escapes(_SESSION_IN_PATH.sub("", split.path), _PATH_SAFE))
    query = "&".join(
        _normal_escapes(pair, _QUERY_SAFE)
        for pair in split.query.split("&")
        if pair and not _is_tracking(pair)
    )
    # "#!/story/1" was how single-page sites addressed their pages; every other fragment is a place in one.
    fragment = "#" + _normal_escapes(split.fragment, _QUERY_SAFE) if split.fragment.startswith("!") else ""
    return f"{scheme}://{hostname}{port}{path}" + (f"?{query}" if query else "") + fragment


def host(url: str) -> str:
    """The host that tells outlets apart: without the www., m. or amp. of an edition; "" where there is none."""
    parts = _web_parts(_trimmed(url))
    if parts is None:
        return ""
    name = parts[1]
    while edition := _EDITION.match(name):
        name = name[edition.end() :]
    return name


def is_http(url: str) -> bool:
    """True for an absolute http or https address with a host that can be one."""
    return _web_parts(_trimmed(url)) is not None


def _trimmed(url: str) -> str:
    return _INNER_NOISE.sub("", url).strip(_OUTER_NOISE)


def _web_parts(text: str) -> tuple[SplitResult, str] | None:
    """The parts and the canonical host; None where it is no web address."""
    try:
        split = urlsplit(text)
        if split.scheme.lower() not in _DEFAULT_PORTS or split.port == 0:  # .port raises on "99999"
            return None
        hostname = _canonical_host(split.hostname or "")
    except ValueError:
        return None
    return (split, hostname) if _HOST.fullmatch(hostname) and len(hostname) <= 255 else None


def _canonical_host(raw: str) -> str:
    """In lower case and punycode, without the final dot; ValueError where it is no name."""
    if ":" in raw:
        return f"[{ipaddress.IPv6Address(raw).compressed}]"
    name = unquote(raw).lower().removesuffix(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii").lower().removesuffix(".")
    return name if all(len(label) <= 63 for label in name.split(".")) else ""


def _is_tracking(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in _TRACKING or _TRACKING_FAMILY.match(name) is not None


def _normal_escapes(text: str, safe: str) -> str:
    """Unreserved characters plain, all others as upper-case escapes of UTF-8, stray percent signs escaped."""
    out: list[str] = []
    position = 0
    for escape in _ESCAPE.finditer(text):
        out.append(quote(text[position : escape.start()], safe=safe, errors="replace"))
        character = chr(int(escape[1], 16))
        out.append(character if character in _UNRESERVED else f"%{escape[1].upper()}")
        position = escape.end()
    out.append(quote(text[position:], safe=safe, errors="replace"))
    return "".join(out)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4: "/a/./b/../c" is "/a/c"; empty segments stay, since servers tell them apart."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
