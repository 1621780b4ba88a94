"""Which language is this text in? Told by the words little is written without."""

from __future__ import annotations

from collections import Counter

from pipeline.attribution.lexicon import Lexicon
from pipeline.attribution.tokens import Tokens

_SAMPLE = 400  # words looked at
_SHORT = 12  # words below which function words are too few to judge by
_SHARE = 0.15  # of an English text's words, at the least; running text has about 0.4


def language_of(tokens: Tokens, lexicon: Lexicon, language: str | None) -> str:
    """ISO 639-1, or "unknown". ``language``: what the article gives, which is believed; ``tokens``: as of English."""
    if language is not None:
        return language.lower().split("-")[0].split("_")[0]
    read = {"en", *lexicon.others}
    words = [word for position, word in enumerate(tokens.low[: _SAMPLE * 2]) if tokens.word[position]][
        :_SAMPLE
    ]
    if not words:
        return "en"
    counts = Counter(words)
    shares = {
        code: sum(counts[word] for word in common) / len(words)
        for code, common in lexicon.function_words.items()
    }
    best = max(shares, key=lambda code: (shares[code], code in read))
    if len(words) < _SHORT:  # too few words to judge by: English unless they speak against it
        plain = shares[best] == 0 and all(word.isascii() for word in words)
        if plain or (shares["en"] > 0 and shares["en"] >= shares[best] / 2):
            return "en"
    return best if shares[best] >= _SHARE else "unknown"
