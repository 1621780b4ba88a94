"""Who says what in an article? Sources, cues and contents with their evidence, and who is meant.

An engine finds where sources, cues and contents stand: a trained one (``tagger``), or the rules (word lists
in ``catalog/`` and patterns here, no parser and no model). One reading goes ``tokens`` → ``speech`` (sentence
by sentence, ``clauses``), or ``drafting`` of the engine's spans → ``inner`` → ``names`` and ``cast`` →
``resolve`` → ``figures``; a text in another language ends at ``language``.
"""

from pipeline.attribution.engine import Engine, Spans, trained
from pipeline.attribution.jsonform import to_json
from pipeline.attribution.lexicon import FILES, Lexicon, default_lexicon, parse_lexicon
from pipeline.attribution.lint import Problem, problems
from pipeline.attribution.reading import Reading, actors, attribute, read
from pipeline.attribution.resolved import Rule

__all__ = [
    "FILES",
    "Engine",
    "Lexicon",
    "Problem",
    "Reading",
    "Rule",
    "Spans",
    "actors",
    "attribute",
    "default_lexicon",
    "parse_lexicon",
    "problems",
    "read",
    "to_json",
    "trained",
]
