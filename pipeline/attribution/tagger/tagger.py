"""Who is cited in a text, by which words, and for what? The trained model's answer, as spans of the text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tokenizers import Tokenizer

from pipeline import bundled
from pipeline.attribution.tagger.decode import DEFAULT, Settings, Stretch, decode
from pipeline.attribution.tagger.network import open_network
from pipeline.attribution.tagger.scores import Network, score_words
from pipeline.attribution.tagger.windows import Frame, frame_of
from pipeline.attribution.tagger.words import Words, has_letters, read_words, segments
from pipeline.text import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Spans:
    """One attribution: offsets in the text, each role in its parts. No source: the text leaves it out."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float  # 0..1


class Tagger:
    """Holds an opened model. ``model``: the path of the ONNX file; ``tokenizer``: its JSON."""

    def __init__(self, model: str, tokenizer: str, settings: Settings = DEFAULT) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._frame = frame_of(self._tokenizer)
        self._network = open_network(model)
        self._settings = settings

    def spans(self, text: str) -> tuple[Spans, ...]:
        """The attributions of a text in reading order; time is linear in its length, memory bounded."""
        return find_spans(text, self._tokenizer, self._frame, self._network, self._settings)


@cache
def bundled_tagger() -> Tagger:
    """The model that ships with Wirewatch; a process opens it once."""
    model = str(bundled.path("models/attribution/attribution.int8.onnx"))
    return Tagger(model, bundled.text("models/attribution/tokenizer.json"))


def find_spans(
    text: str, tokenizer: Tokenizer, frame: Frame, network: Network, settings: Settings = DEFAULT
) -> tuple[Spans, ...]:
    found: list[Spans] = []
    for begin, end in segments(text):
        words = read_words(text[begin:end])
        if not has_letters(words):
            continue
        scores = score_words(words, tokenizer, frame, network)
        found.extend(
            Spans(
                source=_spans(one.source, words, begin),
                cue=_spans(one.cue, words, begin),
                content=_spans(one.content, words, begin),
                confidence=one.confidence,
            )
            for one in decode(scores, settings)
        )
    return tuple(found)


def _spans(parts: tuple[Stretch, ...], words: Words, offset: int) -> tuple[Span, ...]:
    return tuple((offset + words.spans[p.begin][0], offset + words.spans[p.end - 1][1]) for p in parts)
