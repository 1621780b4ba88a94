"""How does an outlet stand in its file? The catalogue's TOML, written as a person would."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.records import Outlet


def to_toml(outlet: Outlet, *, heading: str = "") -> str:
    """The text of ``catalog/outlets/<outlet_id>.toml``; reading it gives the same outlet."""
    return "\n".join(_lines(outlet, heading)) + "\n"


def _lines(outlet: Outlet, heading: str) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in heading.splitlines())
    yield f"id = {_text(outlet.outlet_id)}"
    yield f"name = {_text(outlet.name)}"
    yield f"kind = {_text(outlet.kind)}"
    yield f"homepage = {_text(outlet.homepage)}"
    if outlet.hosts:
        yield f"hosts = {_texts(outlet.hosts)}"
    yield f"language = {_text(outlet.language)}"
    if outlet.country is not None:
        yield f"country = {_text(outlet.country)}"
    if outlet.timezone != "UTC":
        yield f"timezone = {_text(outlet.timezone)}"
    if outlet.aliases:
        yield f"aliases = {_texts(outlet.aliases)}"
    yield f"delay_seconds = {outlet.delay_seconds}"
    if outlet.watched_from is not None:
        yield f"watched_from = {outlet.watched_from}"
    for feed in outlet.feeds:
        yield ""
        yield "[[feeds]]"
        yield f"name = {_text(feed.feed_id.partition('/')[2])}"
        yield f"kind = {_text(feed.kind)}"
        yield f"url = {_text(feed.url)}"
        if feed.selector is not None:
            yield f"selector = {_text(feed.selector)}"
        if feed.include:
            yield f"include = {_texts(feed.include)}"
        if feed.exclude:
            yield f"exclude = {_texts(feed.exclude)}"


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's too, but for DEL, which needs one there."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"
