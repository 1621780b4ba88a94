"""Addresses that must not be asked, and redirects that lead nowhere good."""

from __future__ import annotations

from hostile_web.case import Case, Kind, article, bad_page, status
from hostile_web.server import Behaviour, Handler, Web
from pipeline.records import Reason


def _to(location: str, code: int = 302) -> Behaviour:
    return status(code, Location=location)


def _case(name: str, server: str, behaviour: Behaviour, reason: Reason | None, **others: Behaviour) -> Case:
    return bad_page(name, Kind.ADDRESSES, server, behaviour, reason, **others)


def _linked(name: str, server: str, link: str, reason: Reason) -> Case:
    return bad_page(name, Kind.ADDRESSES, server, article, reason, link=link)


def _ever_onward(handler: Handler) -> None:
    handler.say(302, Location=handler.path + "?more")


def _to_long(handler: Handler) -> None:
    handler.say(302, Location="/" + "x" * 60_000)


def _rebinding(web: Web) -> str:
    return web.at("/bad", "rebinding.example")


CASES = (
    _linked("private address", "lists a page at 10.0.0.7", "http://10.0.0.7/bad", Reason.FORBIDDEN_ADDRESS),
    _linked(
        "metadata address",
        "lists a page at the cloud's metadata address",
        "http://169.254.169.254/bad",
        Reason.FORBIDDEN_ADDRESS,
    ),
    _linked(
        "address as a number",
        "lists 10.0.0.7 written as one number",
        "http://167772167/bad",
        Reason.FORBIDDEN_ADDRESS,
    ),
    _linked(
        "wrapped address",
        "lists 10.0.0.7 wrapped in IPv6",
        "http://[::ffff:10.0.0.7]/bad",
        Reason.FORBIDDEN_ADDRESS,
    ),
    _linked(
        "name of a private address",
        "lists a name that resolves to 10.0.0.7",
        "http://inside.example/bad",
        Reason.FORBIDDEN_ADDRESS,
    ),
    bad_page(
        "rebinding name",
        Kind.ADDRESSES,
        "has a name that resolves to itself once and to 10.0.0.7 ever after",
        article,
        Reason.FORBIDDEN_ADDRESS,
        link=_rebinding,
    ),
    _linked("no such host", "lists a host nobody knows", "http://nowhere.example/bad", Reason.UNREACHABLE),
    _linked(
        "closed port", "lists a port where nobody listens", "http://hostile.example:1/bad", Reason.UNREACHABLE
    ),
    _case("redirect to itself", "redirects to the same address", _to("/bad"), Reason.REDIRECTS),
    _case("redirect without end", "redirects ever onward", _ever_onward, Reason.REDIRECTS),
    _case(
        "circle of redirects",
        "redirects in a circle of two",
        _to("/back"),
        Reason.REDIRECTS,
        back=_to("/bad"),
    ),
    _case("redirect to a script", "redirects to javascript:", _to("javascript:alert(1)"), Reason.REDIRECTS),
    _case("redirect to a file", "redirects to file:", _to("file:///etc/hostname", 301), Reason.REDIRECTS),
    _case("redirect to nonsense", "redirects to half an address", _to("http://[half"), Reason.REDIRECTS),
    _case(
        "redirect to a private address",
        "redirects to 10.0.0.7",
        _to("http://10.0.0.7/bad", 307),
        Reason.FORBIDDEN_ADDRESS,
    ),
    _case(
        "redirect to loopback over IPv6",
        "redirects to [::1]",
        _to("http://[::1]:9/bad", 308),
        Reason.FORBIDDEN_ADDRESS,
    ),
    _case("redirect without a target", "says 302 and not where to", status(302, b"gone"), Reason.HTTP_ERROR),
    _case("redirect to a long address", "redirects to 60,000 letters", _to_long, Reason.REDIRECTS),
)
