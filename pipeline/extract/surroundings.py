"""What do the names around a text say of it: a caption, a share bar, the article itself?

Every kind of surroundings is one bit, so that a block can carry all it stands in as one number. The
patterns match on single classes, ids and roles in lower case; what a bit is worth is learnt, not said here.
"""

from __future__ import annotations

import re
from functools import lru_cache

# The surroundings that have a bit of their own: by tag, then by what class, id or role say.
_TAG_NAMES = [
    "nav",
    "aside",
    "footer",
    "header",
    "form",
    "figure",
    "figcaption",
    "ul",
    "ol",
    "table",
    "blockquote",
    "article",
    "main",
    "section",
    "a",
    "button",
    "li",
    "h1",
    "details",
    "dl",
    "label",
    "td",
    "address",
]
# Each matches on a class, id, role or data attribute: "related-links"; most on whole parts of a name only.
_CLASS_PATTERNS: tuple[tuple[str, str], ...] = (
    ("c_body", (r"article-?_?(?:body|text|content)|story-?_?(?:body|content|text)|entry-?_?content|post-?_?(?:body|content)"
               r"|articlebody|body-?(?:text|content|copy)|content-?body|rich-?text|news-?text|main-?text|detail-?(?:text|body)")),
    ("c_paragraph", r"paragraph|\bpara\b|\bp-\w|text-?block|-text\b|\btext-"),
    ("c_content", r"content|article|story|post\b"),
    ("c_lead", r"lead\b|lede|intro|standfirst|summary|teaser-?text|chapeau|dek\b|subtitle|subhead|sapo|excerpt|description|kicker"),
    ("c_related", (r"relat|recomm|similar|read-?_?(?:more|next|also)|more-?_?(?:from|on|stories|news)|also-?like|most-?_?(?:read|popular|viewed)"
                  r"|popular|trending|\bnext|see-?also|further|suggest|associated|latest|outbrain|taboola|zergnet|onward|recirc")),
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
    ("c_hidden", r"hidden|hide\b|obfuscat|sr-only|visually|screen-?reader|invisible|offscreen|noprint|no-print|accessib"),
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
# ` class="card"`, ` id="top"`; not ` data-class="card"`.
_NAMING = re.compile(r' (?:class|id|role|data-(?:component|testid|type|module))="([^"]*)"')
# ` hidden=""`, ` style="display:none"`; not ` style="display:block"`.
_HIDDEN = re.compile(
    r' hidden=""| aria-hidden="true"| style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden)', re.I
)
_BODY_PROPERTY = re.compile(r' itemprop="[^"]*articleBody')


# What an alternative of a pattern begins with: the "ad" of `[-_]ads?\\b`, the "article" of `article-?_?(?:body|text)`.
_LEAD = re.compile(r"(?:\\b|\[[^\]]+\])?([a-z-]+)(\??)")
# The "|" between alternatives; not one inside brackets.
_ALTERNATIVE = re.compile(r"\|(?![^(]*\))")

Kind = tuple[int, re.Pattern[str]]
_CLASSES: tuple[Kind, ...] = tuple((BIT[name], re.compile(pattern)) for name, pattern in _CLASS_PATTERNS)


def _by_lead() -> tuple[re.Pattern[str], dict[str, tuple[Kind, ...]]]:
    """One pattern that finds where any kind may match, and the kinds to try for what it found there.

    At each place of a name it finds the longest beginning, so the kinds of shorter ones stand with it.
    """
    kinds: dict[str, list[Kind]] = {}
    for name, pattern in _CLASS_PATTERNS:
        for alternative in _ALTERNATIVE.split(pattern):
            lead = _LEAD.match(alternative)
            assert lead is not None, alternative  # noqa: S101  # the patterns above are ours
            kinds.setdefault(lead[1][:-1] if lead[2] else lead[1], []).append(
                (BIT[name], re.compile(pattern))
            )
    leads = sorted(kinds, reverse=True)
    first = "|".join(
        f"{letter}(?:{'|'.join(re.escape(lead[1:]) for lead in leads if lead[0] == letter)})"
        for letter in dict.fromkeys(lead[0] for lead in leads)
    )
    whole = {
        lead: tuple(kind for other in leads if lead.startswith(other) for kind in kinds[other])
        for lead in leads
    }
    return re.compile(f"(?=({first}))"), whole


_LEADS, _KINDS = _by_lead()


@lru_cache(maxsize=50_000)
def _bits_of_name(name: str) -> int:
    """The bits of one class or id; cached, for an outlet's pages share their names."""
    lowered = name[:80].lower()
    bits = 0
    for lead in _LEADS.findall(lowered):
        for bit, pattern in _KINDS[lead]:
            if not bits & bit and pattern.search(lowered):
                bits |= bit
    return bits


@lru_cache(maxsize=20_000)
def _bits_of_names(names: str) -> int:
    bits = 0
    for name in names.split()[:30]:
        bits |= _bits_of_name(name)
    return bits


def _bits_of_attributes(attributes: str) -> int:
    bits = 0
    if ("hid" in attributes or "display" in attributes) and _HIDDEN.search(attributes):
        bits |= BIT["hidden"]
    if "articleBody" in attributes and _BODY_PROPERTY.search(attributes):
        bits |= BIT["itemprop_body"]
    for names in _NAMING.findall(attributes):
        bits |= _bits_of_names(names)
    return bits


_remembered = lru_cache(maxsize=20_000)(_bits_of_attributes)
_BRIEF = 120  # longer attributes are one element's own


def own_bits(tag: str, attributes: str) -> int:
    """The bits of an element, its attributes written as lexbor writes them: ` class="a" hidden=""`."""
    bits = _TAG_BIT.get(tag, 0)
    if not attributes:
        return bits
    return bits | (_remembered(attributes) if len(attributes) < _BRIEF else _bits_of_attributes(attributes))
