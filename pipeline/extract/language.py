"""Which language is the body written in?"""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 3000
_FEWEST = 20


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def language_of(body: str, stated: str | None = None) -> str | None:
    """ISO 639-1 by detection; what the page states of itself only where there is too little text."""
    if len(body) >= _FEWEST:
        found = str(_identifier().classify(body[:_SAMPLE])[0])
        # The page's own word decides between languages that share their words: Norwegian's written
        # forms, Serbian, Croatian and Bosnian, Indonesian and Malay.
        said = _short(stated)
        return said if said and any(found in group and said in group for group in _ALIKE) else _written(found)
    return _short(stated)


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
