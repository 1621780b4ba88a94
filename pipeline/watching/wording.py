"""In which words is a finding told? One sentence that holds the number and what it is measured by."""

from __future__ import annotations

from pipeline.alerts import Sighting, Threshold, Watch, WatchKind
from pipeline.text import clean_line

_THINGS = {WatchKind.WORDS: "articles", WatchKind.SOURCES: "statements", WatchKind.OUTLETS: "articles"}


def reason(watch: Watch, seen: Sighting) -> str:
    """The sentence; names from the web are one clean line in it."""
    name, things = clean_line(seen.name), _THINGS.get(watch.kind, "")
    if watch.threshold is Threshold.SPIKE:
        return f"{name}: {seen.value:g} {things} on {seen.day}, usually {seen.usual or 0:g} a day"
    if watch.threshold is Threshold.FIRST_MENTION:
        if watch.over < 1:
            return f"{name}: {seen.value:g} {things} on {seen.day}"
        before = (
            f"not since {seen.last_day}" if seen.last_day else f"not once in the {watch.over:g} days before"
        )
        return f"{name}: {seen.value:g} {things} on {seen.day}, and {before}"
    if watch.threshold is Threshold.CONFLICTING_FIGURES:
        return f"{name} on {seen.day}: from {seen.usual or 0:g} to {seen.value:g} ({clean_line(seen.detail)})"
    if watch.threshold is Threshold.SILENT:
        since = f"since {seen.last_day}" if seen.last_day else "since it is watched"
        return f"{name}: no article for {seen.value:g} days, {since}{clean_line(seen.detail)}"
    return f"“{name}”: {seen.value:g} copies in {seen.count} other outlets, first on {seen.day}"


def threshold_words(watch: Watch) -> str:
    """What must happen, in short: "a spike of more than 3"."""
    over = f"{watch.over:g}"
    if watch.threshold is Threshold.FIRST_MENTION:
        return "any mention" if watch.over < 1 else f"a first mention in {over} days"
    return {
        Threshold.SPIKE: f"a spike of more than {over}",
        Threshold.CONFLICTING_FIGURES: f"figures more than {over} times the lowest",
        Threshold.SILENT: f"no article for more than {over} days",
        Threshold.COPIES: f"more than {over} copies",
    }[watch.threshold]
