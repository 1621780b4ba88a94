"""Wirewatch: who is saying what, through whom, since when, and who copied it from whom."""

__version__ = "0.1.0"
