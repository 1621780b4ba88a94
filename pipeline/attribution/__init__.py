"""Who says what in an article? Sources, cues and contents with their evidence, and who is meant.

A rule engine: word lists in ``catalog/`` and patterns here, no parser and no model. One reading goes
``tokens`` → ``speech`` (sentence by sentence, ``clauses``) → ``names`` and ``cast`` → ``resolve`` →
``figures``; a text in another language ends at ``language``.
"""

from pipeline.attribution.jsonform import to_json
from pipeline.attribution.lexicon import FILES, Lexicon, default_lexicon, parse_lexicon
from pipeline.attribution.lint import Problem, problems
from pipeline.attribution.reading import Reading, actors, attribute, read
from pipeline.attribution.resolved import Rule

__all__ = [
    "FILES",
    "Lexicon",
    "Problem",
    "Reading",
    "Rule",
    "actors",
    "attribute",
    "default_lexicon",
    "parse_lexicon",
    "problems",
    "read",
    "to_json",
]
