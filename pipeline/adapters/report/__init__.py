"""How do plots leave as one file? An HTML page with all it needs inside: numbers, style, scripts, no address."""

from __future__ import annotations

from pipeline.adapters.report.page import written
from pipeline.adapters.report.sections import Section, sections

__all__ = ["Section", "sections", "written"]
