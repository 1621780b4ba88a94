"""Commands on one page or text: what would the pipeline make of this?"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import DAY, CatalogOption, DataOption, ExitCode, day_of, pipeline, put, say
from pipeline.errors import UsageError
from pipeline.records import Article, Figure, Mention, Outlet, Reject
from pipeline.urls import is_http
from pipeline.wiring import Pipeline

if TYPE_CHECKING:
    from pipeline.adapters.catalog import Catalog

_PANEL = "One page"


def register(app: typer.Typer) -> None:
    for command in (extract, attribute):
        app.command(rich_help_panel=_PANEL)(command)


def extract(
    page: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="A saved page, an address, or - for stdin.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="Where a saved page came from.")] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """One page as JSON: the article, its attributions, mentions and figures, or why it is none.

    Example: wirewatch extract page.html --url https://outlet.example/2016/03/27/story
    """
    from pipeline import attribution
    from pipeline.stages.process import read_text

    work = pipeline(data, catalog)
    html, address, encoding, fetched_at = _page(page, url, work)
    outlet = work.catalog.of_url(address)
    result = work.extract(html, address, outlet=outlet, fetched_at=fetched_at, encoding=encoding)
    if isinstance(result, Reject):
        result = replace(result, key=address)  # a parser that was ended could not name its page
        put(
            _dump(
                {
                    "article": None,
                    "attributions": [],
                    "mentions": [],
                    "figures": [],
                    "attribution_skipped": None,
                    "rejects": [_flat(result)],
                }
            )
        )
        raise typer.Exit(ExitCode.LOSSES)
    article = _named(result, outlet, work.catalog)
    reading = read_text(article, work.lexicon, work.engine)
    put(
        _dump(
            {
                "article": _article(article, work.catalog),
                "attributions": [attribution.to_json(one, article.body) for one in reading.attributions],
                "mentions": [_flat(mention) for mention in reading.mentions],
                "figures": [_flat(figure) for figure in reading.figures],
                "attribution_skipped": reading.skipped_reason,
                "rejects": [],
            }
        )
    )


def attribute(
    text: Annotated[str, typer.Argument(metavar="FILE|-", help="Plain text, or - for stdin.")],
    title: Annotated[str | None, typer.Option("--title", help="The headline, if there is one.")] = None,
    date: Annotated[
        datetime | None,
        typer.Option("--date", **DAY, help="When it was published: offices are dated."),
    ] = None,
    data: DataOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Plain text as a JSON list of attributions: who said what, with offsets into the text.

    Example: wirewatch attribute story.txt --date 2016-03-27
    """
    from pipeline import attribution

    work = pipeline(data, catalog)
    try:
        body = _bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:  # offsets into a text that was guessed would be worth nothing
        raise UsageError(
            f"{text} is not text in UTF-8 ({error.reason} at byte {error.start}): convert it first; "
            "for a saved page there is `wirewatch extract`"
        ) from error
    published = datetime.combine(day, datetime.min.time(), UTC) if (day := day_of(date)) else None
    reading = attribution.read(
        body, title=title, published_at=published, lexicon=work.lexicon, engine=work.engine
    )
    put(_dump([attribution.to_json(one, body) for one in reading.attributions]))
    if reading.skipped_reason is not None:
        say(f"no attribution was read: {reading.skipped_reason}")


def _page(page: str, url: str | None, work: Pipeline) -> tuple[bytes, str, str | None, datetime | None]:
    """Bytes, address, charset by header, moment of fetching."""
    if is_http(page):
        from pipeline.stages.process import charset

        response = work.page(page)
        encoding = charset(response.header("Content-Type"))
        return response.body, response.final_url, encoding, response.fetched_at
    if url is not None and not is_http(url):
        raise UsageError(f"--url {url} is not an http or https address")
    return _bytes(page), url or "", None, None


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from error


def _named(article: Article, outlet: Outlet | None, catalog: Catalog) -> Article:
    """The article with its outlet: by its address, or by how the page names itself."""
    known = outlet or (catalog.of_name(article.site_name) if article.site_name else None)
    return replace(article, outlet_id=known.outlet_id) if known else article


def _article(article: Article, catalog: Catalog) -> dict[str, object]:
    flat = _flat(article)
    name = catalog.outlet(article.outlet_id).name if article.outlet_id else article.site_name
    return {"outlet": name, **flat, "word_count": article.word_count}


def _flat(record: Article | Reject | Mention | Figure) -> dict[str, object]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_instant)


def _instant(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
