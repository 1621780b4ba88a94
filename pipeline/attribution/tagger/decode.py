"""Which whole attributions do the network's scores add up to?

First the best sequence of tags gives spans of sources, cues and contents. Then whole attributions are
put together: each content goes to one cue, each cue and its contents to one source or none, by where all
of them point. A source that no tag marks but its cue and content point at is taken from there.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

import numpy as np

from pipeline.attribution.tagger.pointers import Floats, Pointed, View
from pipeline.attribution.tagger.scores import Scores

SOURCE, CUE, CONTENT = ROLE_NUMBERS = (0, 1, 2)
ROLES = len(ROLE_NUMBERS)
TAGS = 1 + 2 * ROLES  # none; then begin and inside of each role
_LEAST = 1e-4  # probability below which pointers tell nothing
_HOPELESS = 0.05  # probability of all pointers to a source below which it is not weighed at all
_UNSURE = 0.03  # probability of a pointer back that speaks neither for nor against


class Stretch(NamedTuple):
    """Words from ``begin`` to before ``end``."""

    begin: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One attribution, as stretches of words."""

    source: tuple[Stretch, ...]
    cue: tuple[Stretch, ...]
    content: tuple[Stretch, ...]
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Tuned on articles kept out of the training."""

    eagerness: float = 0.0  # taken off the score of "no role"
    faint: float = 0.2  # probability of a content's pointer to a cue below which it tells nothing
    loose: float = 0.5  # how sure a content must be that it has no cue, to stand without one
    back: float = 0.3  # weight of a cue's pointer to a content, beside the content's to the cue
    from_source: float = 0.5  # weights of the three pointers that choose a source
    from_cue: float = 1.0
    from_content: float = 1.0
    sourceless: float = 0.0  # added to the score of having no source
    untagged: float = 0.5  # how sure pointers must be of a source that no tag marks
    spread: float = 0.15  # how probable its further words must be as words of a source


DEFAULT = Settings()


@dataclass(slots=True)
class _Draft:
    cue: Stretch | None
    contents: list[Stretch]
    source: Stretch | None = None
    sureness: float = 1.0


def decode(scores: Scores, settings: Settings = DEFAULT) -> list[Found]:
    """The attributions of a text in the order of their first words."""
    tags = best_tags(scores.tags, settings.eagerness)
    sources, cues, contents = (stretches(tags, role) for role in ROLE_NUMBERS)
    drafts = _with_contents(scores, cues, contents, settings)
    _choose_sources(scores, drafts, sources, settings)
    _find_untagged(scores, drafts, sources, tags, settings)
    found = [_found(scores, draft) for draft in drafts]
    return sorted(found, key=lambda one: min(stretch.begin for stretch in one.cue + one.content))


# ---- tags ----------------------------------------------------------------------------------------


def best_tags(scores: Floats, eagerness: float) -> list[int]:
    """The likeliest sequence in which no role goes on that has not begun."""
    rows: list[list[float]] = scores.tolist()
    back: list[tuple[int, list[int]]] = []
    totals = [0.0] + [-1e9] * (TAGS - 1)
    for row in rows:
        best = max(range(TAGS), key=totals.__getitem__)
        top = totals[best]
        following = [top + row[0] - eagerness] + [0.0] * (TAGS - 1)
        stays: list[int] = []
        for begin in range(1, TAGS, 2):
            following[begin] = top + row[begin]
            stay = begin if totals[begin] >= totals[begin + 1] else begin + 1
            following[begin + 1] = totals[stay] + row[begin + 1]
            stays.append(stay)
        back.append((best, stays))
        totals = following
    tag = max(range(TAGS), key=totals.__getitem__)
    path: list[int] = []
    for best, stays in reversed(back):
        path.append(tag)
        tag = stays[tag // 2 - 1] if tag and tag % 2 == 0 else best
    return path[::-1]


def stretches(tags: list[int], role: int) -> list[Stretch]:
    begins, inside = 2 * role + 1, 2 * role + 2
    found: list[Stretch] = []
    at = 0
    while at < len(tags):
        if tags[at] != begins:
            at += 1
            continue
        end = at + 1
        while end < len(tags) and tags[end] == inside:
            end += 1
        found.append(Stretch(at, end))
        at = end
    return found


# ---- contents to cues ----------------------------------------------------------------------------


def _with_contents(
    scores: Scores, cues: list[Stretch], contents: list[Stretch], settings: Settings
) -> list[_Draft]:
    """A draft for each cue that has a content, and for each content that surely has no cue.

    A content that is neither is left out: most are scraps of some other content.
    """
    by_cue: dict[Stretch, _Draft] = {}
    loose: list[_Draft] = []
    for content in contents:
        view = scores.view(*content)
        pointed = view.pointed(CUE, *content)
        best, sureness, top = None, pointed.nowhere, log(pointed.nowhere + _LEAST)
        for cue in _within(cues, view):
            share = pointed.share(*cue)
            if share < settings.faint:
                continue
            back = _points(scores, CONTENT, cue, content)
            value = log(share + _LEAST) + settings.back * log((back + _LEAST) / _UNSURE)
            if value > top:
                best, sureness, top = cue, share, value
        if best is None:
            if pointed.nowhere >= settings.loose:
                loose.append(_Draft(None, [content], sureness=sureness))
        else:
            draft = by_cue.setdefault(best, _Draft(best, []))
            draft.contents.append(content)
            draft.sureness = min(draft.sureness, sureness)  # as sure as its weakest content
    return [*by_cue.values(), *loose]


def _within(parts: list[Stretch], view: View) -> list[Stretch]:
    """Those of some ordered stretches that a window shows."""
    low = bisect_left(parts, view.first, key=lambda part: part.begin)
    return parts[low : bisect_left(parts, view.last, key=lambda part: part.begin)]


def _points(scores: Scores, role: int, one: Stretch, other: Stretch) -> float:
    """How much of one stretch's pointer to that role falls on another stretch."""
    return scores.view(*one).pointed(role, *one).share(*other)


# ---- sources -------------------------------------------------------------------------------------


def _choose_sources(scores: Scores, drafts: list[_Draft], sources: list[Stretch], settings: Settings) -> None:
    """A source speaks in one attribution: the surest pairs are joined first."""
    pairs: list[tuple[float, int, Stretch]] = []
    for number, draft in enumerate(drafts):
        asked = _asked(scores, draft, settings)
        nobody = settings.sourceless + sum(
            weight * log(pointed.nowhere + _LEAST) for weight, pointed in asked
        )
        for source in _within(sources, scores.view(*(draft.cue or draft.contents[0]))):
            shares = [pointed.share(*source) for _, pointed in asked]
            if max(shares) < _HOPELESS:
                continue
            value = (
                sum(one[0] * log(share + _LEAST) for one, share in zip(asked, shares, strict=True)) - nobody
            )
            role, target = (CUE, draft.cue) if draft.cue else (CONTENT, draft.contents[0])
            value += settings.from_source * log((_points(scores, role, source, target) + _LEAST) / _UNSURE)
            if value > 0:
                pairs.append((value, number, source))
    given: set[Stretch] = set()
    for value, number, source in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if source not in given and drafts[number].source is None:
            given.add(source)
            drafts[number].source = source
            drafts[number].sureness *= 1 / (1 + exp(-value))


def _asked(scores: Scores, draft: _Draft, settings: Settings) -> list[tuple[float, Pointed]]:
    """Where the cue and the contents of a draft point for their source, with the weight of each."""
    weight = settings.from_content / len(draft.contents)
    asked = [(weight, scores.view(*content).pointed(SOURCE, *content)) for content in draft.contents]
    if draft.cue:
        asked.append((settings.from_cue, scores.view(*draft.cue).pointed(SOURCE, *draft.cue)))
    return asked


def _find_untagged(
    scores: Scores, drafts: list[_Draft], sources: list[Stretch], tags: list[int], settings: Settings
) -> None:
    taken = {word for source in sources for word in range(*source)}
    likely = np.exp(np.logaddexp(scores.tags[:, 1], scores.tags[:, 2]))
    for draft in drafts:
        if draft.source is not None or draft.cue is None:
            continue
        pointed = scores.view(*draft.cue).pointed(SOURCE, *draft.cue)
        at = int(pointed.words.argmax())
        sureness = float(pointed.words[at])
        begin = pointed.first + at
        if sureness < settings.untagged or tags[begin] or begin in taken:
            continue
        end = begin + 1
        while end < len(tags) and not tags[end] and end not in taken and likely[end] >= settings.spread:
            end += 1
        draft.source = Stretch(begin, end)
        draft.sureness *= sureness
        taken.update(range(begin, end))


# ---- the whole -----------------------------------------------------------------------------------


def _found(scores: Scores, draft: _Draft) -> Found:
    source = (draft.source,) if draft.source else ()
    cue = (draft.cue,) if draft.cue else ()
    content = tuple(sorted(draft.contents))
    logs = [
        _log_tagged(scores.tags, role, parts)
        for role, parts in ((SOURCE, source), (CUE, cue), (CONTENT, content))
        if parts
    ]
    tagged = exp(sum(logs) / len(logs))
    return Found(source=source, cue=cue, content=content, confidence=min(1.0, tagged * draft.sureness))


def _log_tagged(tags: Floats, role: int, parts: tuple[Stretch, ...]) -> float:
    """Mean log probability that the words of the parts have that role."""
    logs = [
        np.logaddexp(tags[p.begin : p.end, 2 * role + 1], tags[p.begin : p.end, 2 * role + 2]) for p in parts
    ]
    return float(np.concatenate(logs).mean())
