"""What stands in quotation marks? Also where the marks are mixed, missing, or opened again."""

from __future__ import annotations

import re
from dataclasses import dataclass

# One mark that opens or closes, or a paragraph's end; not the apostrophe in "don't".
_MARK = re.compile(r"[\"“”„‟«»]|``|''|(?<!\w)['‘](?=\w)|(?<=[\w.,!?…])['’](?!\w)|\n")
_DOUBLE_OPEN = frozenset("“„‟«") | {"``"}
_DOUBLE_CLOSE = frozenset("”»") | {"''"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A quotation with its marks. ``closed``: it has an end mark; else it ends with its paragraph."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool


def find_quotes(text: str) -> tuple[Quote, ...]:
    """The outermost quotations, in order, none crossing a paragraph.

    >>> [q.closed for q in find_quotes('“one" and "two')]
    [True, False]
    """
    quotes: list[Quote] = []
    opened: re.Match[str] | None = None
    single: re.Match[str] | None = None  # an opening single mark, while no double quote is open
    for match in _MARK.finditer(text):
        mark = match.group()
        if mark == "\n":
            if opened is not None:
                _keep(quotes, text, opened, match.start(), match.start())
            opened = single = None
        elif mark in "'‘’":
            if opened is not None:
                continue
            single = _single(quotes, text, single, match)
        elif opened is None:
            if mark in _DOUBLE_CLOSE and mark != "''":
                if _opens(text, match):  # »so« in German print, ”so” in Swedish and in slips
                    opened = match
                continue
            if mark == '"' and not _opens(text, match):
                continue
            opened, single = match, None
        elif mark in _DOUBLE_OPEN or (mark == '"' and _opens(text, match) and not _closes(text, match)):
            _keep(quotes, text, opened, match.start(), match.start())
            opened = match
        else:
            _keep(quotes, text, opened, match.start(), match.end())
            opened = None
    if opened is not None:
        _keep(quotes, text, opened, len(text), len(text))
    return tuple(quotes)


def _single(
    quotes: list[Quote], text: str, single: re.Match[str] | None, match: re.Match[str]
) -> re.Match[str] | None:
    """Single marks count only as a pair that closes after punctuation, as British papers print it."""
    following = text[match.end() : match.end() + 1]
    if match.group() != "’" and following and (following.isalnum()) and _opens(text, match):
        return None if following.isdigit() else (single or match)  # '90s
    before = text[match.start() - 1 : match.start()]
    if single is not None and before in ".,!?…":
        _keep(quotes, text, single, match.start(), match.end())
        return None
    return single


def _opens(text: str, match: re.Match[str]) -> bool:
    """A mark with space or an opening bracket before it, and none after: ` "so`, not `so" `."""
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    following = text[match.end() : match.end() + 1]
    return (not before or before.isspace() or before in "([{—–-:/…“‘'") and bool(following.strip())


def _closes(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    return bool(before.strip()) and before not in "([{—–"


def _keep(quotes: list[Quote], text: str, opened: re.Match[str], inner_end: int, end: int) -> None:
    inner_start = opened.end()
    while end == inner_end and inner_end > inner_start and text[inner_end - 1].isspace():
        inner_end = end = inner_end - 1
    if text[inner_start : inner_start + 1].strip() or text[inner_start:inner_end].strip():
        quotes.append(
            Quote(
                start=opened.start(),
                end=end,
                inner_start=inner_start,
                inner_end=inner_end,
                closed=end > inner_end,
            )
        )
