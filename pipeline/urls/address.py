"""What are the parts of a web address, and is it one at all?"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
# A run asks for the same few thousand addresses again and again.
REMEMBERED = 16_384

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
# "/2016/03/27/story.html", "id=1"; not "/a b", "/%7Ea", "/a[1]".
_PLAIN = re.compile(r"[A-Za-z0-9\-._~/:@!$&'()*+,;=]*")
_PATH_SAFE = "/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


class Address(NamedTuple):
    """A web address in parts; credentials are none of them, since they name no page."""

    scheme: str
    host: str
    port: int | None
    path: str
    pairs: tuple[str, ...]  # of the query: "name=value" or "name"
    fragment: str

    @property
    def text(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "?" + "&".join(self.pairs) if self.pairs else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}" + (
            f"#{self.fragment}" if self.fragment else ""
        )


def trimmed(url: str) -> str:
    return _INNER_NOISE.sub("", url).strip(_OUTER_NOISE)


@lru_cache(maxsize=REMEMBERED)
def read(text: str) -> Address | None:
    """The parts of a trimmed text, its host in canonical form; None where it is no web address."""
    try:
        split = urlsplit(text)
        scheme, port = split.scheme.lower(), split.port  # .port raises on "99999"
        if scheme not in DEFAULT_PORTS or port == 0:
            return None
        host = _canonical_host(split.hostname or "")
    except ValueError:
        return None
    if not _HOST.fullmatch(host) or len(host) > 255:
        return None
    pairs = tuple(split.query.split("&")) if split.query else ()
    return Address(scheme, host, port, split.path, pairs, split.fragment)


def has_plain_escapes(address: Address) -> bool:
    """Whether nothing in it is, or should be, escaped: true of most."""
    return bool(_PLAIN.fullmatch(f"{address.path}{address.fragment}{''.join(address.pairs)}"))


def normal_escapes(text: str, *, in_query: bool = False) -> str:
    """Unreserved characters plain, all others as upper-case escapes of UTF-8, stray percent signs escaped."""
    safe = _QUERY_SAFE if in_query else _PATH_SAFE
    out: list[str] = []
    position = 0
    for escape in _ESCAPE.finditer(text):
        out.append(quote(text[position : escape.start()], safe=safe, errors="replace"))
        character = chr(int(escape[1], 16))
        out.append(character if character in _UNRESERVED else f"%{escape[1].upper()}")
        position = escape.end()
    out.append(quote(text[position:], safe=safe, errors="replace"))
    return "".join(out)


def without_dots(path: str) -> str:
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


def _canonical_host(raw: str) -> str:
    """In lower case and punycode, without the final dot; ValueError where it is no name."""
    if ":" in raw:
        return f"[{ipaddress.IPv6Address(raw).compressed}]"
    name = unquote(raw).lower().removesuffix(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii").lower().removesuffix(".")
    return name if all(len(label) <= 63 for label in name.split(".")) else ""
