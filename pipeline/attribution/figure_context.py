"""Which statement gives a figure, and over which time was it counted?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.attribution.periods import Period, find_periods, period_of
from pipeline.attribution.tokens import Tokens
from pipeline.records import Attribution
from pipeline.text import Span

# "40 judges will vote on Sunday"; not "the will".
_TO_COME = re.compile(
    r"(?<!the )\b(?:will|shall|would|won['’]t|(?:is|are) (?:to|due|expected|scheduled|set))\b"
)
_CLAUSE = 80  # characters around a figure in which its verb stands


class FigureStatements:
    """Which statement gives a number: the innermost whose content holds it."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        parts = [(part, index) for index, a in enumerate(attributions) for part in a.content]
        self.parts: list[tuple[Span, int]] = sorted(parts, key=lambda item: (item[0][0], -item[0][1]))
        self.next = 0
        self.open: list[tuple[Span, int]] = []

    def of(self, span: Span) -> tuple[int, Span] | None:
        """The statement, and the part of its content; asked in rising order of position."""
        while self.next < len(self.parts) and self.parts[self.next][0][0] <= span[0]:
            self.open.append(self.parts[self.next])
            self.next += 1
        self.open = [item for item in self.open if item[0][1] >= span[0]]
        holding = [item for item in self.open if item[0][1] >= span[1]]
        if not holding:
            return None
        part, index = min(holding, key=lambda item: item[0][1] - item[0][0])
        return index, part


class FigurePeriods:
    """Over which time is a figure counted? Asked of its own sentence, and of its own statement there."""

    def __init__(self, tokens: Tokens, attributions: Sequence[Attribution], told: date | None) -> None:
        self.tokens = tokens
        self.periods = find_periods(tokens.text, told)
        contents = FigureStatements(attributions)
        cues = {end for attribution in attributions for _, end in attribution.cue}
        self.free = [  # "he said on Monday" is the day of the saying
            period
            for period in self.periods
            if contents.of(period.span) is None and not {period.span[0], period.span[0] - 1} & cues
        ]

    def of(self, position: int, figure: Span, statement: Span | None) -> Period | None:
        """``position``: of a token of the figure; ``statement``: the content that gives it."""
        sentence = self.tokens.sentence[position]
        if not self.periods or sentence < 0:
            return None
        begin, end = self.tokens.span(*self.tokens.sentence_range[sentence])
        if statement is not None:
            begin, end = max(begin, statement[0]), min(end, statement[1])
        among = self.free if statement is None else self.periods
        period = period_of(figure, (begin, end), among, self.tokens.text)
        if period is None:
            return None
        near = (
            max(begin, min(figure[0], period.span[0]) - _CLAUSE),
            min(end, max(figure[1], period.span[1]) + _CLAUSE),
        )
        if _TO_COME.search(self.tokens.text, *near):
            return replace(period, first=None, last=None)  # "on Sunday" is no day gone by
        return period
