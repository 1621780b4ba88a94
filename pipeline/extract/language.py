"""Which language is the body written in, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Two samples of this many characters, from the start and from the middle: an English standfirst over a Greek
# text does not decide, and longer samples change no answer but cost in proportion.
_SAMPLE = 300
_FEWEST = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    code: str | None  # ISO 639-1
    confidence: float | None = None  # of the detection, 0..1; None where the page's own word is all there is


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(body: str, stated: str | None = None) -> Language:
    """By detection; what the page states of itself only where there is too little text."""
    if len(body) < _FEWEST:
        return Language(code=_short(stated))
    found, confidence = _identifier().classify(_sample(body))
    # The page's own word decides between languages that share their words: Norwegian's written
    # forms, Serbian, Croatian and Bosnian, Indonesian and Malay.
    said, code = _short(stated), str(found)
    alike = any(code in group and said in group for group in _ALIKE)
    return Language(code=said if said and alike else _written(code), confidence=round(float(confidence), 3))


def _sample(body: str) -> str:
    if len(body) <= 2 * _SAMPLE:
        return body
    middle = len(body) // 2
    return f"{body[:_SAMPLE]}\n{body[middle : middle + _SAMPLE]}"


_ALIKE = (
    frozenset(("no", "nb", "nn")),
    frozenset(("hr", "sr", "bs")),
    frozenset(("id", "ms")),
    frozenset(("cs", "sk")),
    frozenset(("pt", "gl")),
)


def _written(code: str) -> str:
    return "no" if code in ("nb", "nn") else code


def _short(stated: str | None) -> str | None:
    code = (stated or "").strip().lower().replace("_", "-").split("-")[0]
    return _written(code) if len(code) == 2 and code.isalpha() else None
