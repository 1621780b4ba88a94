"""How near are predicted attributions to labelled ones? The measures of the labelled data's own scheme.

Spans are compared as sets of word tokens; punctuation does not count. Matching is one to one, best
overlap first. Each measure counts what is right, what was predicted and what was wanted:

    cue             any shared word
    source_head     the prediction covers the head token and at least half of it lies in the gold source
    content_exact   the same words
    content_iou50   intersection over union of at least a half
    content_token   words of all contents of an article
    attribution     content_iou50 and source_head on one pair (no source wanted: none predicted)
    core            attribution, on reported speech only: a quotation mark in the content, or a
                    reporting word in the cue
    resolved        content_iou50, and the predicted name agrees with the silver names
    named_set       the article's set of names; names known only through coreference are optional

``attribution`` is counted by class too, of which a pair has its label's: content quoted or not, source a
pronoun, left out, or given in words (``CLASSES``).

Statements inside statements are not labelled, so predictions with ``inside`` are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
Words = frozenset[int]

_WORD = re.compile(r"\w+(?:[.'’\-]\w+)*")
_QUOTE_MARK = re.compile(r"[\"“”„«»]|``|''")
_REPORTING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|add(?:s|ed|ing)?|according|wr(?:ite|ites|ote|iting|itten)"
    r"|tweet(?:s|ed|ing)?|announc(?:e|es|ed|ing)|ask(?:s|ed|ing)?|repl(?:y|ies|ied|ying)|respond(?:s|ed|ing)?"
    r"|stat(?:e|es|ed|ing)|report(?:s|ed|ing)?|declar(?:e|es|ed|ing)|explain(?:s|ed|ing)?|continu(?:e|es|ed|ing)"
    r"|not(?:e|es|ed|ing)|remark(?:s|ed|ing)?|argu(?:e|es|ed|ing)|claim(?:s|ed|ing)?|warn(?:s|ed|ing)?"
    r"|insist(?:s|ed|ing)?|conclud(?:e|es|ed|ing)|suggest(?:s|ed|ing)?|acknowledg(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sen",
        "rep",
        "gov",
        "gen",
        "senator",
        "representative",
        "governor",
        "general",
        "president",
        "secretary",
        "judge",
        "sir",
        "the",
    ]
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii"})

METRICS = (
    "cue",
    "source_head",
    "content_exact",
    "content_iou50",
    "content_token",
    "attribution",
    "core",
    "resolved",
    "named_set",
)
CLASSES = ("quoted", "unquoted", "pronoun", "sourceless", "worded")
_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you", "who", "one"})


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One attribution, labelled or predicted. ``head``: of a labelled source, where known."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    head: Span | None = None
    names: tuple[str, ...] = ()
    via: str | None = None


@dataclass(frozen=True)
class Count:
    """What was right, predicted and wanted; sums over articles."""

    right: float = 0
    predicted: float = 0
    wanted: float = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.predicted + other.predicted, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.predicted + self.wanted) if self.predicted + self.wanted else 0.0


@dataclass(frozen=True)
class _Item:
    source: Words
    cue: Words
    content: Words
    head: Words
    names: tuple[str, ...]
    core: bool
    classes: frozenset[str]


def score(
    text: str,
    gold: Sequence[Labelled],
    predicted: Sequence[Labelled],
    *,
    named: Iterable[tuple[str, bool]] = (),
    discard: Sequence[Span] = (),
) -> dict[str, Count]:
    """The counts of every measure for one article; ``named``: its names, and whether each is optional."""
    words = [match.span() for match in _WORD.finditer(text)]
    left_out = _cover(words, discard)
    wanted = [_item(text, words, label) for label in gold]
    found = [
        item for item in (_item(text, words, label) for label in predicted) if not item.content <= left_out
    ]
    counts = {
        "cue": _matched(wanted, found, lambda g, p: float(len(g.cue & p.cue)), lambda i: bool(i.cue)),
        "source_head": _matched(wanted, found, _head_overlap, lambda i: bool(i.source)),
        "content_exact": _matched(wanted, found, _exact, lambda i: bool(i.content)),
        "content_iou50": _matched(wanted, found, _half, lambda i: bool(i.content)),
        "content_token": _tokens(wanted, found),
    }
    pairs = _pairs(wanted, found, _half)
    whole = [(g, p) for g, p in pairs if _same_source(wanted[g], found[p])]
    counts["attribution"] = Count(len(whole), len(found), len(wanted))
    counts["core"] = _part(wanted, found, pairs, whole, lambda item: item.core)
    for name in CLASSES:
        counts[name] = _part(wanted, found, pairs, whole, _of_class(name))
    named_pairs = [(g, p) for g, p in pairs if wanted[g].names and found[p].names]
    counts["resolved"] = Count(
        sum(names_agree_any(wanted[g].names, found[p].names) for g, p in named_pairs),
        _resolved_predictions(wanted, found, pairs),
        sum(bool(item.names) for item in wanted),
    )
    counts["named_set"] = _named_set(list(named), found)
    return counts


def _resolved_predictions(wanted: list[_Item], found: list[_Item], pairs: list[tuple[int, int]]) -> int:
    """Predicted names, except on labelled sources of which nobody knows the name."""
    nameless = {p for g, p in pairs if not wanted[g].names}
    return sum(bool(item.names) for position, item in enumerate(found) if position not in nameless)


def _part(
    wanted: list[_Item],
    found: list[_Item],
    pairs: list[tuple[int, int]],
    whole: list[tuple[int, int]],
    belongs: Callable[[_Item], bool],
) -> Count:
    """Of one class alone; a matched prediction follows its label."""
    gold_of = {p: g for g, p in pairs}
    right = sum(belongs(wanted[g]) for g, _ in whole)
    predicted = sum(
        belongs(wanted[gold_of[position]]) if position in gold_of else belongs(item)
        for position, item in enumerate(found)
    )
    return Count(right, predicted, sum(map(belongs, wanted)))


def _of_class(name: str) -> Callable[[_Item], bool]:
    return lambda item: name in item.classes


def _classes(text: str, label: Labelled, content_text: str) -> frozenset[str]:
    source = " ".join(text[start:end] for start, end in label.source).strip().lower()
    who = "sourceless" if not source else "pronoun" if source in _PRONOUNS else "worded"
    return frozenset({who, "quoted" if _QUOTE_MARK.search(content_text) else "unquoted"})


def _item(text: str, words: list[Span], label: Labelled) -> _Item:
    cue_text = " ".join(text[start:end] for start, end in label.cue)
    content_text = " ".join(text[start:end] for start, end in label.content)
    return _Item(
        source=_cover(words, label.source),
        cue=_cover(words, label.cue),
        content=_cover(words, label.content),
        head=_cover(words, [label.head] if label.head else []),
        names=label.names,
        core=bool(_QUOTE_MARK.search(content_text) or _REPORTING.search(cue_text)),
        classes=_classes(text, label, content_text),
    )


def _cover(words: list[Span], spans: Sequence[Span]) -> Words:
    """The words that share a character with any of the spans."""
    from bisect import bisect_left, bisect_right

    starts, ends = [w[0] for w in words], [w[1] for w in words]
    covered: set[int] = set()
    for start, end in spans:
        covered.update(range(bisect_right(ends, start), bisect_left(starts, end)))
    return frozenset(covered)


def _head_overlap(gold: _Item, predicted: _Item) -> float:
    shared = len(gold.source & predicted.source)
    if not shared or 2 * shared < len(predicted.source):
        return 0.0
    if gold.head and not gold.head <= predicted.source:
        return 0.0
    return shared / len(gold.source | predicted.source)


def _same_source(gold: _Item, predicted: _Item) -> bool:
    if not gold.source:
        return not predicted.source
    return _head_overlap(gold, predicted) > 0


def _iou(gold: _Item, predicted: _Item) -> float:
    union = len(gold.content | predicted.content)
    return len(gold.content & predicted.content) / union if union else 0.0


def _half(gold: _Item, predicted: _Item) -> float:
    overlap = _iou(gold, predicted)
    return overlap if overlap >= 0.5 else 0.0


def _exact(gold: _Item, predicted: _Item) -> float:
    return 1.0 if gold.content and gold.content == predicted.content else 0.0


def _pairs(
    gold: list[_Item], predicted: list[_Item], overlap: Callable[[_Item, _Item], float]
) -> list[tuple[int, int]]:
    """One to one, best overlap first; ties in order."""
    scored = [(overlap(g, p), i, j) for i, g in enumerate(gold) for j, p in enumerate(predicted)]
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for value, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if value <= 0:
            break
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
            pairs.append((i, j))
    return pairs


def _matched(
    gold: list[_Item],
    predicted: list[_Item],
    overlap: Callable[[_Item, _Item], float],
    has: Callable[[_Item], bool],
) -> Count:
    gold = [item for item in gold if has(item)]
    predicted = [item for item in predicted if has(item)]
    return Count(len(_pairs(gold, predicted, overlap)), len(predicted), len(gold))


def _tokens(gold: list[_Item], predicted: list[_Item]) -> Count:
    wanted = frozenset[int]().union(*(item.content for item in gold))
    found = frozenset[int]().union(*(item.content for item in predicted))
    return Count(len(wanted & found), len(found), len(wanted))


def _named_set(named: list[tuple[str, bool]], predicted: list[_Item]) -> Count:
    """Each found name is right if it agrees with any; each name that is not optional is wanted."""
    found: list[str] = []
    for name in (name for item in predicted for name in item.names):
        if not any(names_agree(name, other) for other in found):
            found.append(name)
    right = sum(any(names_agree(name, other) for other, _ in named) for name in found)
    required = [name for name, optional in named if not optional]
    missed = sum(not any(names_agree(name, other) for other in found) for name in required)
    return Count(right, len(found), right + missed)


def names_agree_any(gold: Sequence[str], predicted: Sequence[str]) -> bool:
    return any(names_agree(one, other) for one in gold for other in predicted)


def names_agree(one: str, other: str) -> bool:
    """Titles aside: the same, or the same tail of words, or one the other's acronym.

    >>> names_agree("Mr. Trump", "Donald J. Trump"), names_agree("WHO", "World Health Organization")
    (True, True)
    """
    a, b = _name(one), _name(other)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    if long[-len(short) :] == short:
        return True
    return _acronym(one, b) or _acronym(other, a)


def _acronym(surface: str, words: tuple[str, ...]) -> bool:
    letters = surface.replace(".", "").strip()
    if not (letters.isupper() and len(letters) > 1 and len(words) > 1):
        return False
    initials = "".join(word[0] for word in words)
    important = "".join(word[0] for word in words if word not in {"of", "and", "for", "in"})
    return letters.lower() in (initials, important)


def _name(surface: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", surface)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    words = re.sub(r"['’]s\b", "", plain).replace(".", " ").replace("-", " ").split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return tuple(words)
