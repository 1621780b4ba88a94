"""What does a page say of itself in JSON-LD?"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.extract.markup import linked_data

Node = Mapping[str, Any]

# What wraps the JSON in the wild: comments, CDATA marks, a closing semicolon.
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", re.S
)
# A comma before a closing bracket: `"a", ]`; not `"a", "b"]`.
_SPARE_COMMA = re.compile(r",\s*([}\]])")
_ARTICLE = re.compile(r"(?:^|/)(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|SocialMediaPosting)$")
_NODE_LIMIT = 5000
# What is tried with a script, one after the other: as it is; without spare commas; with its references read.
_MENDS: tuple[Callable[[str], str], ...] = (str, partial(_SPARE_COMMA.sub, r"\1"), html.unescape)


def nodes(text: str) -> tuple[Node, ...]:
    """Every object with a type on the page, outer before inner; broken scripts are passed over."""
    found: list[Node] = []
    for source in linked_data(text):
        found.extend(_typed(_parsed(source)))
        if len(found) > _NODE_LIMIT:
            break
    return tuple(found)


def _parsed(source: str) -> object:
    source = source.strip()
    if not (source.startswith(("{", "[")) and source.endswith(("}", "]"))):
        source = _WRAPPING.sub("", _WRAPPING.sub("", source)).strip()
    for mend in _MENDS:
        try:
            return json.loads(mend(source), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _typed(value: object) -> Iterator[Node]:
    waiting = [value]
    seen = 0
    while waiting and seen < _NODE_LIMIT:
        seen += 1
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict):
            if value.get("@type"):
                yield value
            waiting.extend(
                value[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(value.get(key), (dict, list))
            )


def types(node: Node) -> tuple[str, ...]:
    return strings(node.get("@type"))


def is_article(node: Node) -> bool:
    return any(_ARTICLE.search(name) for name in types(node))


def strings(value: object) -> tuple[str, ...]:
    """The texts in a value that may be a text, a list, or objects with names."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Sequence):
        return tuple(text for item in value for text in strings(item))
    if isinstance(value, Mapping):
        return strings(value.get("name") or value.get("@value"))
    return ()


def first(node: Node, *keys: str) -> str | None:
    """The first text that one of these keys has."""
    for key in keys:
        for text in strings(node.get(key)):
            if text.strip():
                return text.strip()
    return None


def main_article(found: Sequence[Node], url: str) -> Node | None:
    """The article that the page is about: the one that names this URL, else the one said most of."""
    articles = [node for node in found if is_article(node)]
    if not articles:
        return None
    path = url.split("#")[0].split("?")[0].rstrip("/")

    def weight(node: Node) -> tuple[bool, bool, bool, int]:
        named = [*strings(node.get("url")), *strings(node.get("@id"))]
        page = node.get("mainEntityOfPage")
        named += strings(page) + (strings(page.get("@id")) if isinstance(page, Mapping) else ())
        here = any(name.split("#")[0].split("?")[0].rstrip("/") == path for name in named)
        return (
            here,
            bool(node.get("headline")),
            bool(node.get("datePublished")),
            len(first(node, "articleBody") or ""),
        )

    return max(articles, key=weight)
