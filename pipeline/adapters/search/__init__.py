"""Full-text search: an index beside the warehouse, of which every published state has its own."""

from __future__ import annotations

from pipeline.adapters.search.following import SearchIndex
from pipeline.adapters.search.found import Found, Question
from pipeline.adapters.search.searching import Searching

__all__ = ["Found", "Question", "SearchIndex", "Searching"]
