"""Writes docs/data.md from the headers and comments under sql/: what do tables and questions mean?

Run it after a change to a file under sql/; a test fails until the page is current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import bundled
from pipeline.adapters import dictionary, named_sql
from pipeline.adapters.named_sql import NamedQuery, Param

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data.md"

_INTRODUCTION = """\
# The data

This page is written by `scripts/write_data_dictionary.py` from the comments under `sql/`; edit those.

- [Tables](#tables): what stands in `wirewatch.duckdb`, the published file.
- [Trends](#trends): the named questions, `wirewatch trend NAME`.
- [Checks](#checks): what must hold before a build is published.
- [Rules](#rules): what loading decides, and why the order of loading never shows.

All instants are UTC. Offsets count characters of `articles.body` from 0 and end exclusive, so in SQL
`substring(body, start + 1, "end" - start)` is the thing itself. `at` and `end` are words of SQL's own:
write `rejects."at"`, `mentions."end"`.

An id is the first 63 bits of a SHA-256 over what makes the thing itself, so the same input gives the same
ids on any machine; the full hash stands beside it for articles and captures.
"""

_RULES = """\
## Rules

**What is an article.** An outlet's page in one state of its text. A capture that shows the same bytes, or
the same text under the same canonical URL, as an earlier capture is a reject with the reason `unchanged`.
A changed text is an article of its own, and `is_revision_of` names the state before it. Rollups and trends
count first states only: a correction is no second article.

**When an article counts.** On the UTC day of `published_at`. Where the page gives none, or one that is over
an hour after we had the page, or before 1990, it counts for the day it was collected; what the page said
is kept, `published_from` says where, and the check `unbelieved_dates` shows it.

**What a load replaces.** The rows of the outlets named whose collecting run starts in the interval, in one
transaction, together with all that follows from them: repeats, revisions, clusters, rollups of the days
touched. What stands in the tables depends on the captures loaded, never on the order or number of loads.
Rows of repeats wait in the schema `held`, which is not part of the answer.

**What is a copy.** Two articles at most 14 days apart whose MinHash signatures (128 places over four-word
shingles of lower-case words) agree in 0.4 or more, or whose title and body are the same. Texts under 20
words are compared by digest only. Candidates share at least one of 42 bands of 3 places. A cluster is all
that chains of copies join; its first article, by date and then id, leads it. An article's lag is from the
first, its similarity to the first: in a long chain it can be low, and trends ask for more. Outlets date
what they print as they like, so `is_first_seen` and `seen_lag` tell the same by our own clock, as far as
collecting is frequent. `own_share` is what a member adds: 0 where it only cuts.

**What is published.** What was loaded and has passed its checks since: a publish is refused while `unchecked`
has a row, whichever run loaded it. A copy of the build file, made durable and then renamed over the old one: readers see
the old file or the new, never half of one, and a reader who has the old one open keeps it.
"""


def page() -> str:
    """The whole page as it should be."""
    return "\n".join((_INTRODUCTION, _tables(), _trends(), _checks(), _RULES))


def _tables() -> str:
    parts = ["## Tables\n"]
    for table in dictionary.tables():
        parts.append(f"### {table.name}\n\n{table.description}\n\n| column | type | meaning |\n|---|---|---|")
        parts.extend(
            f"| `{column.name}` | {column.type} | {column.description.replace('|', chr(92) + '|')} |"
            for column in table.columns
        )
        parts.append("")
    return "\n".join(parts)


def _trends() -> str:
    queries = named_sql.folder(bundled.path("sql/trends"))
    return "\n".join(["## Trends\n", *(_described(query) for query in queries)])


def _checks() -> str:
    lines = ["## Checks\n", "An `error` stops the publish and shows the rows; a `warn` shows them.\n"]
    lines += ["| check | severity | question |", "|---|---|---|"]
    lines += [
        f"| `{query.name}` | {query.severity} | {query.question} |"
        for query in named_sql.folder(bundled.path("sql/checks"))
    ]
    return "\n".join([*lines, ""])


def _described(query: NamedQuery) -> str:
    lines = [f"### {query.name}\n", f"{query.question} ({query.grain})\n"]
    if query.method:
        lines.append(f"{query.method}\n")
    lines.append("Parameters: " + ", ".join(_parameter(param) for param in query.params) + ".")
    lines.append("Reads: " + ", ".join(f"`{table}`" for table in query.reads) + ".\n")
    return "\n".join(lines)


def _parameter(param: Param) -> str:
    return f"`{param.name}` {param.kind}" + ("" if param.default is None else f" = {param.default}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")
