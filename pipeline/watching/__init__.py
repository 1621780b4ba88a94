"""Watching: which rows are worth telling, in which words. Rows in, alerts and messages out."""

from __future__ import annotations

from pipeline.watching.deciding import decide
from pipeline.watching.messages import alerts_message, text_message
from pipeline.watching.usual import sightings_of_counts
from pipeline.watching.wording import threshold_words

__all__ = ["alerts_message", "decide", "sightings_of_counts", "text_message", "threshold_words"]
