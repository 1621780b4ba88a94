"""Where in the markup do scripts, styles and comments begin and end?

By searching for each end once: an element that nobody closed reaches to the end of the page, as browsers
have it, so that no page can make the search quadratic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What opens something that is no text: "<script", "<!--"; not "<scripture>".
_OPENING = re.compile(r"<(script|style|noscript|svg)\b|<!--", re.I)
# `<script type="application/ld+json">`; not `<script type="application/json">`.
_LINKED_DATA = re.compile(r"<script\b[^<>]{0,400}?application/ld\+json[^<>]{0,400}>", re.I)
_ENDS = {name: re.compile(rf"</{name}", re.I) for name in ("script", "style", "noscript", "svg")}


def without_scripts(text: str) -> str:
    """The markup without scripts, styles, drawings and comments."""
    kept, at = [], 0
    while (opening := _OPENING.search(text, at)) is not None:
        kept.append(text[at : opening.start()])
        if opening[1] is None:
            end = text.find("-->", opening.end())
            at = end + 3 if end >= 0 else len(text)
            continue
        closing = _ENDS[opening[1].lower()].search(text, opening.end())
        end = text.find(">", closing.end()) if closing else -1
        at = end + 1 if end >= 0 else len(text)
    return "".join((*kept, text[at:]))


def linked_data(text: str) -> Iterator[str]:
    """The contents of the scripts that hold JSON-LD."""
    at = 0
    while (opening := _LINKED_DATA.search(text, at)) is not None:
        closing = _ENDS["script"].search(text, opening.end())
        if closing is None:
            return
        yield text[opening.end() : closing.start()]
        at = closing.end()
