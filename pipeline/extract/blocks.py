"""Which blocks of running text does a page hold, and what stands around each?

One walk over the tree, without recursion, so that no depth of nesting can exhaust the stack. A block is
the text between two block-level boundaries; what it stands in is kept as bits, one for each kind of
surroundings that a body scorer may like or dislike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pipeline.extract.surroundings import BIT, own_bits
from pipeline.text import clean_line

# No reader sees what stands in these, or it is no text.
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "select",
        "textarea",
        "video",
        "audio",
        "canvas",
        "object",
        "embed",
        "math",
        "datalist",
        "head",
        "title",
        "map",
        "progress",
        "meter",
        "-comment",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)

_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_NODE_LIMIT = 400_000
_BLOCK_LIMIT = 6_000


@dataclass(slots=True)
class Box:
    """An element that holds blocks: what the scorer gathers about it while reading."""

    parent: Box | None
    tag: str
    own: int  # bits of the element itself
    inside: int  # bits of all it stands in, its own among them
    depth: int
    size: int = 0  # characters of text in it, links left out
    linked: int = 0  # characters of linked text in it
    prose: int = 0  # characters of paragraph-like blocks directly in it
    blocks: int = 0


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


class _Gatherer:
    """Collects runs of text until a boundary closes them into a block; knows what is open around them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.box = Box(None, "body", 0, 0, 0)
        self.in_link = self.in_strong = False
        # Open elements: the node, and the state to go back to after it; whether it closes a block.
        self.open: list[tuple[LexborNode, Box, bool, bool, bool]] = []
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.pending_breaks = 0

    def text(self, content: str) -> None:
        if content.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        if self.pending_breaks > 1:
            self.close(breaks=True)
        elif self.pending_breaks and self.parts:
            self.parts.append("\n")
        self.pending_breaks = 0
        self.parts.append(content)
        if self.in_link:
            self.linked += visual_size(content.strip())
        if self.in_strong:
            self.strong += visual_size(content.strip())

    def enter(self, node: LexborNode, tag: str) -> None:
        is_block = tag in _BLOCK
        own = own_bits(tag, node) if is_block or tag in _MAY_BE_APART or "-" in tag else 0
        is_block = is_block or bool(own & _INLINE_APART)
        self.open.append((node, self.box, self.in_link, self.in_strong, is_block))
        if is_block:
            self.close()
            self.box = Box(self.box, tag, own, self.box.inside | own, self.box.depth + 1)
        elif tag == "a":
            self.in_link = True
        elif tag in ("b", "strong"):
            self.in_strong = True

    def leave(self) -> LexborNode:
        node, box, in_link, in_strong, is_block = self.open.pop()
        if is_block:
            self.close()
        self.box, self.in_link, self.in_strong = box, in_link, in_strong
        return node

    def close(self, *, breaks: bool = False) -> None:
        if self.parts and (text := clean_line("".join(self.parts))):
            size = visual_size(text)
            self.blocks.append(
                Block(
                    text,
                    self.box.tag,
                    self.box,
                    size,
                    min(self.linked, size),
                    min(self.strong, size),
                    breaks,
                    len(self.blocks),
                )
            )
        self.parts.clear()
        self.linked = self.strong = self.pending_breaks = 0


def blocks_of(root: LexborNode | None) -> list[Block]:
    """The blocks of a tree in reading order; what lies beyond the limits of any real page is left out."""
    gatherer = _Gatherer()
    node = root.first_child if root is not None else None
    seen = 0
    while node is not None and seen < _NODE_LIMIT and len(gatherer.blocks) < _BLOCK_LIMIT:
        seen += 1
        node = _visited(node, gatherer)
    gatherer.close()
    _sum_up(gatherer.blocks)
    return gatherer.blocks


def _visited(node: LexborNode, gatherer: _Gatherer) -> LexborNode | None:
    """Takes in one node; the node after it in reading order."""
    tag = node.tag or ""
    if tag == "-text":
        gatherer.text(node.text_content or " ")
    elif tag == "br":
        gatherer.pending_breaks += 1
    elif tag == "hr":
        gatherer.close()
    elif tag not in _SKIPPED and (child := node.first_child) is not None:
        gatherer.enter(node, tag)
        return child
    following = node.next
    while following is None and gatherer.open:
        following = gatherer.leave().next
    return following


def _sum_up(blocks: list[Block]) -> None:
    for block in blocks:
        plain = block.size - block.linked
        prose = plain if plain >= 80 else 0
        box: Box | None = block.box
        level = 0
        while box is not None:
            box.size += plain
            box.linked += block.linked
            box.blocks += 1
            if level < 3:
                box.prose += prose >> level
            box = box.parent
            level += 1
