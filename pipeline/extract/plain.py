"""What if the file is text without markup: one paragraph a line?"""

from __future__ import annotations

import re

from pipeline.extract.language import language_of
from pipeline.extract.opening import opening
from pipeline.records import Article, Outlet
from pipeline.text import PARAGRAPH_BREAK, clean_line

# Any tag, comment or doctype: "<p>", "</div", "<!doctype"; not "a < b", "<3".
_MARKUP = re.compile(r"<(?:[a-zA-Z][a-zA-Z0-9-]*[\s/>]|/[a-zA-Z]|!--|!doctype|\?xml)", re.I)


def is_plain(text: str) -> bool:
    return _MARKUP.search(text[:200_000]) is None


def paragraphs(text: str) -> tuple[str, ...]:
    """By line; where blank lines part the paragraphs and lines are wrapped, by blank line."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line for part in parts for line in part.split("\n") if line.strip()]
    wrapped = len(parts) > 1 and len(lines) > 2 * len(parts) and max(map(len, lines)) <= 100
    return tuple(line for chunk in (parts if wrapped else lines) if (line := clean_line(chunk)))


def article_of_text(text: str, url: str, outlet: Outlet | None) -> Article | None:
    """The article of a plain text; None where it has no sentence."""
    names = (outlet.name, *outlet.aliases) if outlet else ()
    opened = opening(paragraphs(text), names=names, plain_text=True)
    body = PARAGRAPH_BREAK.join(opened.paragraphs)
    if len(body.split()) < 8 and len(body) < 60:
        return None
    language = language_of(body)
    return Article(
        url=url,
        canonical_url=url,
        title=None,
        body=body,
        language=language.code,
        language_confidence=language.confidence,
        dateline=opened.dateline,
        wire_credit=opened.wire_credit,
        site_name=opened.site_name or (outlet.name if outlet else None),
        outlet_id=outlet.outlet_id if outlet else None,
    )
