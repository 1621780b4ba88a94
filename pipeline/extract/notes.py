"""Does the outlet say that it corrected or changed the article?"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract import words
from pipeline.extract.blocks import Block
from pipeline.extract.surroundings import BIT

_SHORTEST, _LONGEST = 25, 800
_MOST = 5
_APART = BIT["nav"] | BIT["footer"] | BIT["c_comment"] | BIT["c_related"]
_MARKS = " *([—–-"
# Between the word and its mark may stand a day: "Correction, 27 March 2016:".
_LABEL_LIMIT = 28


def notes(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The notes of corrections and changes as printed: "Correction: an earlier version …"."""
    found = (
        block.text
        for block in blocks
        if _SHORTEST <= len(block.text) <= _LONGEST and not block.box.inside & _APART and is_note(block.text)
    )
    return tuple(dict.fromkeys(found))[:_MOST]


def is_note(text: str) -> bool:
    """It begins with a label and a mark ("Correction:"), or with words that only such a note begins with."""
    line = text.lstrip(_MARKS)
    if words.begins("amended", line):
        return True
    length = words.begins("correction", line)
    return length > 0 and any(mark in line[length : length + _LABEL_LIMIT] for mark in ":：—–")
