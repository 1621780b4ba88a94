"""Which blocks of running text does a page hold, and what stands around each?

One walk over the tree, without recursion, so that no depth of nesting can exhaust the stack. A block is
the text between two block-level boundaries; what it stands in is kept as bits, one for each kind of
surroundings that a body scorer may like or dislike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from pipeline.text import clean_line

# No reader sees what stands in these, or it is no text.
_SKIPPED = frozenset(
    "script style noscript template svg iframe select textarea video audio canvas object embed math datalist"
    " head title map progress meter -comment".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol option p pre search section summary"
    " table tbody td tfoot th thead tr ul".split()
)

# The surroundings that have a bit of their own: by tag, then by what class, id or role say.
_TAG_NAMES = (
    "nav aside footer header form figure figcaption ul ol table blockquote article main section a button"
    " li h1 details dl label td address"
).split()
# Each matches on a class, id, role or data attribute: "related-links"; most on whole parts of a name only.
_CLASS_PATTERNS: tuple[tuple[str, str], ...] = (
    ("c_body", r"article-?_?(?:body|text|content)|story-?_?(?:body|content|text)|entry-?_?content|post-?_?(?:body|content)"
               r"|articlebody|body-?(?:text|content|copy)|content-?body|rich-?text|news-?text|main-?text|detail-?(?:text|body)"),
    ("c_paragraph", r"paragraph|\bpara\b|\bp-\w|text-?block|-text\b|\btext-"),
    ("c_content", r"content|article|story|post\b"),
    ("c_lead", r"lead\b|lede|intro|standfirst|summary|teaser-?text|chapeau|dek\b|subtitle|subhead|sapo|excerpt|description|kicker"),
    ("c_related", r"relat|recomm|similar|read-?_?(?:more|next|also)|more-?_?(?:from|on|stories|news)|also-?like|most-?_?(?:read|popular|viewed)"
                  r"|popular|trending|\bnext|see-?also|further|suggest|associated|latest|outbrain|taboola|zergnet|onward|recirc"),
    ("c_teaser", r"teaser|\bcard|card\b|tease|promo|tile|list-?item|carousel|slider|slick|swiper|feed\b|stream|grid"),
    ("c_share", r"shar(?:e|ing)|social|follow|facebook|twitter|whatsapp|tweet|instagram|pinterest|addthis|telegram"),
    ("c_comment", r"comment|disqus|discuss|respond|reply|replies|\bopinions?\b"),
    ("c_ad", r"\bads?\b|\bads?[-_]|[-_]ads?\b|advert|sponsor|banner|dfp|adslot|commercial|affiliate|shopping|\bdeal"),
    ("c_newsletter", r"newsletter|subscri|sign-?_?up|mailing|registr|login|log-?in|paywall|donat|membership|piano|\boffer|regwall|support-us"),
    ("c_nav", r"\bnav|navi|menu|breadcrumb|bread-?crumb|pagination|pager|toolbar|skip|dropdown|sitemap|mega"),
    ("c_footer", r"foot|copyright|legal|disclaim|imprint|colophon|bottom-?bar|endnote"),
    ("c_header", r"header|masthead|topbar|top-?bar|\bhead\b|hero"),
    ("c_meta", r"\bmeta|byline|by-?line|author|dateline|\bdate|timestamp|\btime\b|publish|posted|credit|writer|reporter|\binfo\b|issued|updated|contribut"),
    ("c_bio", r"\bbio|biograph|about-?(?:the-)?author|author-?(?:bio|box|info|card|desc)|profile"),
    ("c_caption", r"caption|legend|image|photo|picture|gallery|figure|img|media|credit|lightbox|slideshow"),
    ("c_tags", r"\btags?\b|tag-?list|taglist|topics?\b|keyword|categor|label"),
    ("c_cookie", r"cookie|consent|gdpr|onetrust|privacy|cmp\b|didomi|usercentrics"),
    ("c_modal", r"modal|popup|pop-?up|overlay|dialog|tooltip|drawer|off-?canvas|lightbox|notification|alert"),
    ("c_side", r"side-?bar|\baside|\brail|right-?col|left-?col|secondary|complement|widget|column-?right"),
    ("c_hidden", r"hidden|hide\b|sr-only|visually|screen-?reader|invisible|offscreen|noprint|no-print|accessib"),
    ("c_embed", r"embed|player|video|audio|podcast|widget|iframe|twitter-tweet|tiktok|playlist|listen"),
    ("c_box", r"\bbox|factbox|fact-?box|infobox|info-?box|inset|pull-?quote|pullquote|inline|insert|callout|highlight|key-?point|timeline"),
    ("c_live", r"live|ticker|entry\b|liveblog|update"),
    ("c_list", r"\blist|list\b|items?\b|collection|river|archive|index"),
    ("c_main", r"\bmain\b|primary|wrapper|container|page\b|single"),
    ("c_title", r"title|headline|heading"),
)  # fmt: skip
NAMES: tuple[str, ...] = (*_TAG_NAMES, *(name for name, _ in _CLASS_PATTERNS), "hidden", "itemprop_body")
BIT = {name: 1 << place for place, name in enumerate(NAMES)}
_TAG_BIT = {name: BIT[name] for name in _TAG_NAMES}
_CLASSES = tuple((BIT[name], re.compile(pattern)) for name, pattern in _CLASS_PATTERNS)
# `style="display:none"`; not `style="display:block"`.
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_NODE_LIMIT = 400_000
_BLOCK_LIMIT = 30_000


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
    order: int = 0


@lru_cache(maxsize=50_000)
def _bits_of_name(name: str) -> int:
    """The bits of one class or id; cached, for an outlet's pages share their names."""
    lowered = name[:80].lower()
    bits = 0
    for bit, pattern in _CLASSES:
        if pattern.search(lowered):
            bits |= bit
    return bits


@lru_cache(maxsize=20_000)
def _bits_of_names(names: str) -> int:
    bits = 0
    for name in names.split()[:30]:
        bits |= _bits_of_name(name)
    return bits


def _own_bits(tag: str, node: LexborNode) -> int:
    bits = _TAG_BIT.get(tag, 0)
    attributes = node.attributes
    if not attributes:
        return bits
    names = []
    for name, value in attributes.items():
        if value is None:
            if name == "hidden":
                bits |= BIT["hidden"]
            continue
        if name in ("class", "id", "role", "data-component", "data-testid", "data-type", "data-module"):
            names.append(value)
        elif name == "itemprop" and "articleBody" in value:
            bits |= BIT["itemprop_body"]
        elif (name == "style" and _HIDING.search(value)) or (name == "aria-hidden" and value == "true"):
            bits |= BIT["hidden"]
    return bits | _bits_of_names(" ".join(names)) if names else bits


def visual_size(text: str) -> int:
    """Length in characters of an alphabet: one of a script without spaces says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


class _Gatherer:
    """Collects runs of text until a boundary closes them into a block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.pending_breaks = 0

    def text(self, content: str, *, in_link: bool, in_strong: bool, box: Box) -> None:
        if self.pending_breaks:
            if self.pending_breaks > 1:
                self.close(box, breaks=True)
            elif self.parts:
                self.parts.append("\n")
            self.pending_breaks = 0
        self.parts.append(content)
        if in_link:
            self.linked += visual_size(content.strip())
        if in_strong:
            self.strong += visual_size(content.strip())

    def close(self, box: Box, *, breaks: bool = False) -> None:
        if not self.parts:
            self.pending_breaks = 0
            return
        text = clean_line("".join(self.parts))
        if text:
            size = visual_size(text)
            block = Block(text, box.tag, box, size, min(self.linked, size), min(self.strong, size), breaks)
            block.order = len(self.blocks)
            self.blocks.append(block)
        self.parts.clear()
        self.linked = self.strong = self.pending_breaks = 0


def blocks_of(root: LexborNode | None) -> list[Block]:
    """The blocks of a tree in reading order; what lies beyond the limits of any real page is left out."""
    if root is None:
        return []
    gatherer = _Gatherer()
    box = Box(None, "body", 0, 0, 0)
    # Open elements: (node, what it was before: box, in a link, in strong text, block-level).
    open_elements: list[tuple[LexborNode, Box, bool, bool, bool]] = []
    in_link = in_strong = False
    node: LexborNode | None = root.first_child
    seen = 0
    while node is not None:
        seen += 1
        if seen > _NODE_LIMIT or len(gatherer.blocks) > _BLOCK_LIMIT:
            break
        tag = node.tag or ""
        child: LexborNode | None = None
        if tag == "-text":
            content = node.text_content
            if content:
                if content.isspace():
                    if gatherer.parts:
                        gatherer.parts.append(" ")
                else:
                    gatherer.text(content, in_link=in_link, in_strong=in_strong, box=box)
        elif tag == "br":
            gatherer.pending_breaks += 1
        elif tag not in _SKIPPED:
            child = node.first_child
            if child is not None:
                is_block = tag in _BLOCK
                open_elements.append((node, box, in_link, in_strong, is_block))
                if is_block:
                    gatherer.close(box)
                    own = _own_bits(tag, node)
                    box = Box(box, tag, own, box.inside | own, box.depth + 1)
                elif tag == "a":
                    in_link = True
                elif tag in ("b", "strong"):
                    in_strong = True
                elif tag in ("span", "button", "label", "time") or "-" in tag:
                    own = _own_bits(tag, node)
                    if own & _INLINE_APART:
                        open_elements[-1] = (node, box, in_link, in_strong, True)
                        gatherer.close(box)
                        box = Box(box, tag, own, box.inside | own, box.depth + 1)
            elif tag == "hr":
                gatherer.close(box)
        if child is not None:
            node = child
            continue
        following = node.next
        while following is None and open_elements:
            node, before, in_link, in_strong, is_block = open_elements.pop()
            if is_block:
                gatherer.close(box)
            box = before
            following = node.next
        if following is None:
            break
        node = following
    gatherer.close(box)
    _sum_up(gatherer.blocks)
    return gatherer.blocks


# Inline elements that are set apart on the page by what they are: captions, share bars, bylines.
_INLINE_APART = (
    BIT["button"] | BIT["label"] | BIT["c_caption"] | BIT["c_share"] | BIT["c_meta"] | BIT["c_hidden"]
    | BIT["hidden"] | BIT["c_related"] | BIT["c_ad"]
)  # fmt: skip


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
