"""What must the extractor make of these pages? Says it from the sources, not from any extractor."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from press.archive import Visited
from press.editions import PageFetch
from press.prose import Story
from press.render import Answer, served_blocks
from press.sites import Site


def files(visited: Sequence[Visited], chosen: Path) -> Iterator[tuple[Path, bytes]]:
    """The example files, by path below the folder of examples, of the pages that ``chosen`` (TOML) lists."""
    cases: dict[str, dict[str, str]] = tomllib.loads(chosen.read_text(encoding="utf-8"))
    outlets = {one.site.outlet_id: one for one in visited}
    for outlet_id, named in cases.items():
        for case, page in named.items():
            fetch, got = _page(outlets[outlet_id], page)
            folder = Path(outlet_id) / case
            yield folder / "page.html", got.body
            expected = json.dumps(
                expectation(outlets[outlet_id].site, fetch, got), ensure_ascii=False, indent=2
            )
            yield folder / "expected.json", f"{expected}\n".encode()


def expectation(site: Site, fetch: PageFetch, got: Answer) -> dict[str, object]:
    given: dict[str, object] = {
        "url": fetch.url,
        "fetched_at": _utc(fetch.at),
        "outlet": site.outlet_id,
        "content_type": dict(got.headers)["Content-Type"],
    }
    item = fetch.item
    if item.trap:
        return given | {"reject": item.trap.expect}
    if item.story is None:
        raise ValueError(f"{fetch.url} is neither an article nor a trap")
    return given | _article(site, fetch, item.story)


def _article(site: Site, fetch: PageFetch, story: Story) -> dict[str, object]:
    """Only what the page really carries: what it does not print is null."""

    def printed(field: str, value: str | None) -> str | None:
        return value if field in site.prints else None

    lead_in = site.story_lead_in(story)
    opening = lead_in or story.blocks[0].text
    is_dateline = story.dateline is not None and opening.startswith(story.dateline)
    # An outlet's own name before the first sentence is no part of the text; a dateline is.
    blocks = served_blocks(story, lead_in)
    own_name = "" if is_dateline else (site.lead_in or "")
    modified = fetch.item.last if "always modified" in site.prints else fetch.item.updated
    return {
        "title": _plain(story.title),
        "authors": _authors(site, story),
        "byline": site.story_byline(story),
        "published_at": _utc(fetch.item.published),
        "modified_at": printed("modified", _utc(modified)),
        "canonical_url": fetch.url,
        "section": printed("section", story.section),
        "language": site.language,
        "dateline": printed("dateline", story.dateline) if is_dateline else None,
        "wire_credit": _wire_credit(site, story),
        "paywalled": story.paywalled,
        "body": [_plain(line).removeprefix(own_name) for block in blocks for line in block.lines],
    }


def _authors(site: Site, story: Story) -> list[str]:
    """As the page names them: "W. Grissom" where his full name stands nowhere on it."""
    byline = site.story_byline(story)
    if "authors" not in site.prints or not byline or not story.authors:
        return []
    if any(name in byline for name in story.authors):
        return [name for name in story.authors if name in byline]
    return [byline.removeprefix(site.byline.partition("{")[0])]


def _wire_credit(site: Site, story: Story) -> str | None:
    credit = story.wire_credit
    stands = credit and ("wire_credit" in site.prints or credit in (site.story_byline(story) or ""))
    return credit if stands else None


def _page(visited: Visited, name: str) -> tuple[PageFetch, Answer]:
    """By the stem of an article (its last capture where it ends in ".corrected") or the end of a URL."""
    stem, corrected, _ = name.partition(".corrected")
    for fetch, got in visited.pages:
        story = fetch.item.story
        if fetch.url.endswith(name) or (
            story and story.stem == stem and bool(story.captured) == bool(corrected)
        ):
            return fetch, got
    raise ValueError(f"samples/examples.toml: {visited.site.outlet_id}: no page {name!r} was captured")


def _utc(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(line: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line).split())
