"""Pages that are captured as they are, and must not bring down whoever reads them."""

from __future__ import annotations

from hostile_web.case import ARTICLE, Case, Kind, bad_page, saying
from pipeline.records import Reason


def _case(
    name: str,
    server: str,
    body: bytes,
    verdict: Reason | None,
    content_type: str = "text/html; charset=utf-8",
) -> Case:
    return bad_page(name, Kind.PAGES, server, saying(body, content_type), None, verdict=verdict)


_HEAD, _, _TAIL = ARTICLE.partition(b"<article>")


def _with(extra: bytes) -> bytes:
    """A good article with something bad before it."""
    return _HEAD + extra + b"<article>" + _TAIL


CASES = (
    _case(
        "deep page",
        "nests 30,000 elements",
        b"<html><body>" + b"<div>" * 30_000 + b"text",
        Reason.PARSER_FAILED,
    ),
    _case(
        "unclosed formatting",
        "opens 20,000 bold elements and closes none",
        _with(b"<p>" + b"<b>" * 20_000),
        Reason.PARSER_FAILED,
    ),
    _case(
        "tables in tables",
        "opens 2,000 tables in each other",
        b"<html><body>" + b"<table><tr><td>" * 2_000 + b"x",
        Reason.NO_BODY,
    ),
    _case(
        "endless attribute",
        "opens an attribute that never closes",
        b"<html><body><p title='" + b"x" * 500_000,
        Reason.NO_BODY,
    ),
    _case(
        "eighty thousand attributes",
        "gives one element 80,000 attributes",
        _with(b"<div " + b" ".join(b"a%d=b" % n for n in range(80_000)) + b"></div>"),
        Reason.PARSER_FAILED,
    ),
    _case(
        "colspan without end",
        "spans 9×10¹⁵ columns",
        _with(b"<table><tr><td colspan=9000000000000000 rowspan=9000000000000000>x</td></tr></table>"),
        None,
    ),
    _case("empty page", "answers 200 with nothing", b"", Reason.EMPTY),
    _case("zeros for a page", "answers with zero bytes", bytes(200_000), Reason.EMPTY),
    _case("PDF called HTML", "calls a PDF text/html", b"%PDF-1.7\n" + bytes(range(256)) * 100, Reason.PDF),
    _case("JSON called HTML", "calls JSON text/html", b'{"a": [1, 2, 3], "b": {"c": "d"}}', Reason.JSON),
    _case(
        "deep data block",
        "puts 100,000 nested lists into its JSON-LD",
        _with(b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>"),
        None,
    ),
    _case(
        "refresh to a private address",
        "asks readers to go on to 10.0.0.7",
        _with(b'<meta http-equiv=refresh content="0;url=http://10.0.0.7/">'),
        None,
    ),
    _case(
        "half a megabyte of entities",
        "writes 100,000 entities that nobody knows",
        _with(b"<p>" + b"&zzz;" * 100_000 + b"</p>"),
        None,
    ),
    _case(
        "charset that is a codec",
        'names the codec "unicode_escape" as its charset',
        ARTICLE,
        None,
        "text/html; charset=unicode_escape",
    ),
)
