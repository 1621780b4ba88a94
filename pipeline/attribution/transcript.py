"""Is it a transcript, or an interview, and whose turn is what? "OLDANE: We will …", "Q: …", "Mira Oldane: …"."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.attribution.draft import Draft
from pipeline.attribution.lexicon import Lexicon
from pipeline.attribution.resolved import Rule
from pipeline.attribution.tokens import Tokens

_MOST_OF_NAME = 90  # characters
_FEWEST_TURNS = 3  # of a text that is nothing but turns from the first to the last
# "OLDANE: We will …", "MS. OLDANE: …", "Q: …" and "Mira Oldane: We will …" at a paragraph's start; not "Moscow (TASS): …".
_TURN = re.compile(
    r"(?P<name>[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]+){0,3}|[QA]|(?:[A-Z][\w.'’\-]+ ){0,2}[A-Z][\w'’\-]+):[^\S\n]+\S"
)


def turns(tokens: Tokens, lexicon: Lexicon) -> dict[int, Draft]:
    """The turns by the number of the paragraph that each begins with.

    A paragraph without a name goes on with the turn before it where most paragraphs around are turns; one in
    brackets, "(Applause.)", is nobody's.
    """
    colons = _colons(tokens, lexicon)
    found = {number: _turn(tokens, number, colon) for number, colon in colons.items()}
    if len(found) >= _FEWEST_TURNS and max(found) - min(found) + 1 <= 2 * len(found):
        speaking = min(found)
        for number in range(min(found), max(found)):
            if number in found:
                speaking = number
            else:
                first, end = tokens.paragraph_range[number]
                if first < end and tokens.low[first] not in ("(", "["):
                    found[speaking].content.append((first, end))
    return found


def _colons(tokens: Tokens, lexicon: Lexicon) -> dict[int, int]:
    """Paragraphs that open with a speaker's name and a colon → the offset of that colon."""
    found: dict[int, tuple[int, str]] = {}
    for number, (lo, hi) in enumerate(tokens.paragraph_range):
        if lo >= hi or not tokens.capital[lo]:
            continue
        start = tokens.start[lo]
        match = _TURN.match(tokens.text, start, min(len(tokens.text), start + _MOST_OF_NAME))
        if match is not None and match["name"].lower().replace("’", "'") not in lexicon.labels:
            found[number] = (match.end("name"), match["name"])
    repeated = Counter(name for _, name in found.values())
    return {
        number: end
        for number, (end, name) in found.items()
        if (name.isupper() and len(name) > 3) or repeated[name] > 1
    }


def _turn(tokens: Tokens, number: int, colon: int) -> Draft:
    lo, hi = tokens.paragraph_range[number]
    position = next(p for p in range(lo, hi) if tokens.start[p] >= colon)
    return Draft(
        source=(lo, position),
        cue=[(position, position + 1)],
        content=[(position + 1, hi)],
        strength=0.9,
        verb=position,
        rule=Rule.TRANSCRIPT,
    )
