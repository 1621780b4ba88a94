"""Which blocks of running text does a page hold, and what stands around each?

A block is the text between two block-level boundaries; what it stands in is kept as bits, one for each
kind of surroundings that a body scorer may like or dislike. The tree is read as lexbor writes it out again:
every element closed, "<" and ">" nowhere but in tags, so one regular expression sees all of it, several
times faster than asking the tree node by node, and no depth of nesting can exhaust a stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pipeline.extract.surroundings import BIT, own_bits
from pipeline.text import clean_line

# What the page's reader drops before anyone looks (``page``): no reader sees it, or it is no text.
UNSEEN = (
    "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "video", "audio", "canvas",
    "object", "embed", "math", "datalist", "map", "progress", "meter", "xmp", "noembed", "noframes", "plaintext",
)  # fmt: skip
_BLOCK = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "search", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip

_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_TAG_LIMIT = 800_000
_BLOCK_LIMIT = 6_000
_PARAGRAPH = 80  # characters without links, from which a block reads like a paragraph


@dataclass(slots=True)
class Box:
    """An element that holds blocks: what the scorer gathers about it while reading."""

    parent: Box | None
    tag: str
    own: int  # bits of the element itself
    inside: int  # bits of all it stands in, its own among them
    depth: int
    number: int  # its place among the elements that hold blocks, outer before inner
    attributes: str = ""  # as lexbor writes them
    size: int = 0  # characters of text in it, links left out
    linked: int = 0  # characters of linked text in it
    blocks: int = 0
    direct: int = 0  # characters of paragraph-like blocks directly in it
    prose: int = 0  # the same, with a share of those a step or two deeper


@dataclass(slots=True)
class Block:
    text: str
    tag: str  # of the nearest block-level element
    box: Box  # that element
    size: int  # characters, those of scripts without spaces counted several times
    linked: int
    strong: int
    breaks: bool  # ended by line breaks, not by an element
    order: int


def visual_size(text: str) -> int:
    """Length in characters of an alphabet: one of a script without spaces says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


# Inline elements that are set apart on the page by what they are: captions, share bars, bylines.
_INLINE_APART = (
    BIT["button"] | BIT["label"] | BIT["c_caption"] | BIT["c_share"] | BIT["c_meta"] | BIT["c_hidden"]
    | BIT["hidden"] | BIT["c_related"] | BIT["c_ad"]
)  # fmt: skip
_MAY_BE_APART = frozenset(("span", "button", "label", "time"))


# The text before a tag; whether it closes; its name; its attributes; whether a closing tag follows at once.
_TAG = re.compile(r"([^<]*)<(/?)([^\s>/]+)([^>]*)>(?=(</)?)")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# What a tag is to the reader of blocks; every other one is only inline.
_BOUNDARY, _MAYBE, _LINK, _STRONG, _BREAK, _RULE = range(1, 7)
_KINDS = {
    **dict.fromkeys(_BLOCK, _BOUNDARY),
    **dict.fromkeys(_MAY_BE_APART, _MAYBE),
    "a": _LINK, "b": _STRONG, "strong": _STRONG, "br": _BREAK, "hr": _RULE,
}  # fmt: skip


class _Gatherer:
    """Collects runs of text until a boundary closes them into a block; knows what is open around them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.boxes = [Box(None, "body", 0, 0, 0, 0)]  # those that hold a block, outer before inner
        # The open elements that part text; tag and attributes of those in which no block has been found yet.
        self.around: list[Box | tuple[str, str]] = [*self.boxes]
        self.is_boundary: list[bool] = []  # of the open elements that may part text
        self.links = self.strongs = 0  # how many are open
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.breaks = 0  # how many have come since the last text

    def read(self, markup: str) -> None:
        tags = iter(_TAG.findall(markup)[1:_TAG_LIMIT])  # the first is the root's own
        for text, closes, tag, attributes, is_empty in tags:
            if text:
                self.text(text)
            kind = _KINDS.get(tag) or (_MAYBE if "-" in tag else 0)
            if not kind:
                continue
            if kind <= _MAYBE:
                if closes:
                    self.leave()
                elif is_empty:
                    next(tags, None)  # it parts no text
                else:
                    self.enter(kind, tag, attributes)
                if len(self.blocks) >= _BLOCK_LIMIT:
                    return
            elif kind == _LINK:
                self.links += -1 if closes else 1
            elif kind == _STRONG:
                self.strongs += -1 if closes else 1
            elif kind == _BREAK:
                self.breaks += 1
            else:
                self.close()
        self.close()

    def text(self, content: str) -> None:
        if content.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        if "&" in content:
            content = _unescaped(content)
        if self.breaks:
            if self.breaks > 1:
                self.close(breaks=True)
            elif self.parts:
                self.parts.append("\n")
            self.breaks = 0
        self.parts.append(content)
        if self.links or self.strongs:
            size = visual_size(content.strip())
            self.linked += size if self.links else 0
            self.strong += size if self.strongs else 0

    def enter(self, kind: int, tag: str, attributes: str) -> None:
        """An element that is a block, or inline but perhaps set apart on the page."""
        parts_text = kind == _BOUNDARY or own_bits(tag, attributes) & _INLINE_APART != 0
        self.is_boundary.append(parts_text)
        if parts_text:
            self.close()
            self.around.append((tag, attributes))

    def leave(self) -> None:
        if self.is_boundary and self.is_boundary.pop():
            self.close()
            self.around.pop()

    def close(self, *, breaks: bool = False) -> None:
        """Make a block of the text since the last one."""
        self.breaks = 0
        if not self.parts:
            return
        if text := clean_line("".join(self.parts)):
            size = visual_size(text)
            linked, strong = min(self.linked, size), min(self.strong, size)
            box = self.box()
            self.blocks.append(Block(text, box.tag, box, size, linked, strong, breaks, len(self.blocks)))
            plain = size - linked
            box.size += plain
            box.linked += linked
            box.blocks += 1
            if plain >= _PARAGRAPH:
                box.direct += plain
        self.parts.clear()
        self.linked = self.strong = 0

    def box(self) -> Box:
        """The innermost of the open elements that part text, made known with all around it."""
        unknown = []
        for element in reversed(self.around):
            if isinstance(element, Box):
                box = element
                break
            unknown.append(element)
        for tag, attributes in reversed(unknown):
            own = own_bits(tag, attributes)
            box = Box(box, tag, own, box.inside | own, box.depth + 1, len(self.boxes), attributes)
            self.around[box.depth] = box
            self.boxes.append(box)
        return box


def blocks_of(root: LexborNode | None) -> list[Block]:
    """The blocks of a tree in reading order; what lies beyond the limits of any real page is left out."""
    gatherer = _Gatherer()
    markup = (root.html or "") if root is not None else ""
    gatherer.read(_COMMENT.sub("", markup) if "<!--" in markup else markup)
    _sum_up(gatherer.boxes)
    return gatherer.blocks


def _sum_up(boxes: list[Box]) -> None:
    """Give each element what the elements in it hold; of paragraphs in those near it, a share."""
    for box in reversed(boxes):
        outer = box.parent
        if outer is not None:
            outer.size += box.size
            outer.linked += box.linked
            outer.blocks += box.blocks
    for box in boxes:
        if box.direct:
            share, near = box.direct, box
            for _ in range(3):
                near.prose += share
                share >>= 1
                if near.parent is None:
                    break
                near = near.parent


def _unescaped(text: str) -> str:
    """Text as lexbor writes it, with its four references read: "a &amp; b", "&lt;i&gt;"."""
    for reference, character in (("&nbsp;", "\xa0"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(reference, character)
    return text
