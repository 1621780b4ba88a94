"""The trained tagger: finds sources, cues and contents; who is meant is decided elsewhere."""

from pipeline.attribution.tagger.tagger import Spans, Tagger, bundled_tagger

__all__ = ["Spans", "Tagger", "bundled_tagger"]
