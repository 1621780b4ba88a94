"""How do texts become the words that are looked for? By their language: stems where words have endings.

Words are runs of letters and digits, in lower case and without accents. Where a script writes no spaces,
every letter is a word, and what is typed together is looked for as a phrase.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# The language of what is indexed by Tantivy's own threads, without a detour through Python.
FOREMOST = "en"

_STEMMED = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Languages with marks inside of words, which the simple tokenizer takes for ends: "हिन्दी", "مُحَمَّد".
_MARKED = frozenset(
    {"ar", "bn", "fa", "gu", "he", "hi", "kn", "ml", "mr", "ne", "pa", "si", "ta", "te", "ur"}
)
UNSPACED = frozenset({"ja", "km", "ko", "lo", "my", "th", "zh"})

_UNSPACED_LETTERS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
# "हिन्दी" is one word, "巴尔米拉 2016" five.
_WORDS = rf"[{_UNSPACED_LETTERS}]|[[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED_LETTERS}]]+"
_LONGEST = 60  # bytes of a word: what is longer is no word but a key or an address


@cache
def analyzer(language: str | None) -> TextAnalyzer:
    """What makes words of a text in that language; of an unknown one, words as they stand."""
    by_letters = language in _MARKED or language in UNSPACED
    builder = TextAnalyzerBuilder(Tokenizer.regex(_WORDS) if by_letters else Tokenizer.simple())
    builder = builder.filter(Filter.remove_long(_LONGEST)).filter(Filter.lowercase())
    if language in _STEMMED:
        builder = builder.filter(Filter.stemmer(_STEMMED[language]))
    return builder.filter(Filter.ascii_fold()).build()


def kind_of(language: str | None) -> str | None:
    """Languages of one kind make the same words: all that are neither stemmed nor marked are one."""
    if language in UNSPACED:
        return "zh"
    return language if language in _STEMMED or language in _MARKED else None


def variants(text: str, kinds: tuple[str | None, ...]) -> tuple[tuple[str, ...], ...]:
    """The different runs of words that a text may be, by the kinds of languages it may be in."""
    found = dict.fromkeys(tuple(analyzer(kind).analyze(text)) for kind in kinds)
    return tuple(words for words in found if words)


def folded(text: str) -> str:
    """The text in lower case and without accents, letter for letter, so that offsets stay."""
    return text.lower() if text.isascii() else text.translate(_letters())


@cache
def _letters() -> dict[int, str]:
    """For every letter with a lower case or an accent the plain one, where it is one letter again."""
    plain = {}
    for number in range(0x41, 0x2000):
        letter = chr(number)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if base != letter and len(base) == 1:
            plain[number] = base
    return plain
