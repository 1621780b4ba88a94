"""How much of what is in the archive? The table of ``samples/README.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from press.archive import Visited
from press.editions import FeedFetch

_HEAD = (
    "outlet",
    "articles",
    "words",
    "verbatim copies",
    "wire credits",
    "corrections",
    "feeds",
    "responses",
)


def table(visited: Sequence[Visited]) -> str:
    """Two tables in Markdown: what each outlet has, and where the traps are."""
    rows = [_row(one) for one in visited]
    sums = tuple(str(sum(int(row[column]) for row in rows)) for column in range(1, len(_HEAD)))
    lines = [_line(_HEAD), "|---" + "|---:" * (len(_HEAD) - 1) + "|"]
    lines += [_line(row) for row in (*rows, ("**all**", *sums))]
    lines += ["", _line(("trap", "count", "where")), "|---|---:|---|"]
    counts: Counter[str] = Counter()
    places: dict[str, set[str]] = {}
    for kind, outlet_id in traps(visited):
        counts[kind] += 1
        places.setdefault(kind, set()).add(outlet_id)
    lines += [_line((kind, str(counts[kind]), ", ".join(sorted(places[kind])))) for kind in sorted(counts)]
    return "\n".join(lines) + "\n"


def traps(visited: Sequence[Visited]) -> Iterator[tuple[str, str]]:
    """The kind and outlet of everything in the archive that should surprise a careless pipeline."""
    for one in visited:
        outlet_id = one.site.outlet_id
        yield from ((trap.kind, outlet_id) for trap in one.site.traps)
        for fetch, _ in one.exchanges:
            if isinstance(fetch, FeedFetch) and fetch.is_broken:
                yield "broken feed", outlet_id
        for fetch, _ in one.pages:
            if fetch.item.story and fetch.item.encoding.is_mislabelled:
                yield "wrong charset", outlet_id
            if fetch.item.story and fetch.item.story.paywalled:
                yield "paywall stub", outlet_id
            if fetch.item.story and fetch.item.story.captured:
                yield "corrected under the same URL", outlet_id


def _row(one: Visited) -> tuple[str, ...]:
    articles = [story for story in one.stories if not story.captured]
    words = sum(len(line.split()) for story in articles for block in story.blocks for line in block.lines)
    return (
        one.site.outlet_id,
        str(len(articles)),
        str(words),
        str(sum(story.copy_of is not None for story in articles)),
        str(sum(story.wire_credit is not None for story in articles)),
        str(len(one.stories) - len(articles)),
        str(len(one.site.feeds)),
        str(len(one.exchanges)),
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
