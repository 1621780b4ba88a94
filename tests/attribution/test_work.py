"""Reading a text ten times as long is ten times the work: counted in lines of our code that run, not in seconds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.attribution import read

_TEXTS = {
    "prose": (
        "Mira Oldane, the harbour master, said on Friday that 40 ships had left since Monday. “We waited,” she "
        "told reporters, adding that the pier was shut. According to Anselm Corrado, the port had warned it.\n\n"
    ),
    "no paragraphs": "Mira Oldane said that the pier was open, and Anselm Corrado told her that 40 ships had left. ",
    "no sentences": "Oldane said that Corrado had told her that ",
    "unbalanced quotations": "“Oldane said “the harbour “opens, she said. ",
    "quotation marks": '"“”« ',
    "names": "Mira Oldane of Halden Port Authority, ",
    "figures": "40 ships and 12 boats in 2015, ",
    "NULs": "Oldane\x00 said\x00\x01 harbour. ",
    "right to left": "قال أولدان إن الميناء مفتوح said Oldane. ",
}


@pytest.mark.parametrize("kind", _TEXTS)
def test_the_work_of_the_rules_grows_with_the_text(
    kind: str, lines: Callable[[Callable[[], object]], int]
) -> None:
    part = _TEXTS[kind]
    read(part, language="en", engine=None)  # what is made once in a process
    short = lines(lambda: read(12 * part, language="en", engine=None))
    long = lines(lambda: read(120 * part, language="en", engine=None))
    assert long < 11.5 * short
