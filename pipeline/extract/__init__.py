"""What does this page say? Bytes in, an ``Article`` or a ``Reject`` out.

The walk: bytes → text (``decoding``) → one parse (``page``) → blocks and their chances (``blocks``,
``features``, ``scoring``) → body, headline, people, instants, labels, each in its module → is it an
article at all (``gate``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pipeline.extract import authors, body, canonical, dates, form, gate, labels, plain, title
from pipeline.extract.byline import is_byline, near_title
from pipeline.extract.decoding import Decoded, decode
from pipeline.extract.features import squeezed
from pipeline.extract.language import language_of
from pipeline.extract.lead_image import lead_image
from pipeline.extract.notes import notes
from pipeline.extract.opening import opening
from pipeline.extract.page import Page, page_of
from pipeline.extract.scoring import Forest
from pipeline.extract.template import Known, known_share, ready
from pipeline.extract.wire_credit import wire_credit
from pipeline.records import Article, Outlet, Reason, Reject, Selectors, Stage, Template
from pipeline.text import PARAGRAPH_BREAK, clean_line, word_count

EXTRACTOR: Final = "wirewatch"
EXTRACTOR_VERSION: Final = "1"

__all__ = ["EXTRACTOR", "EXTRACTOR_VERSION", "extract"]


def extract(
    html: bytes,
    url: str,
    *,
    outlet: Outlet | None = None,
    fetched_at: datetime | None = None,
    encoding: str | None = None,
    template: Template | None = None,
    trees: Forest | None = None,
) -> Article | Reject:
    """The article on a page, or why there is none.

    ``encoding``: what the response's header declared; ``template``: what earlier pages of the outlet have taught;
    ``trees``: those to judge blocks by in place of the bundled ones, for whoever trains them.
    """
    verdict = gate.of_bytes(html)
    if verdict is None:
        decoded = decode(html, encoding)
        verdict = gate.of_text(decoded.text)
        if verdict is None:
            found = (
                _plain(decoded.text, url, outlet)
                if plain.is_plain(decoded.text)
                else _article(decoded, url, outlet, fetched_at, ready(template), trees)
            )
            if isinstance(found, Article):
                return found
            verdict = found
    return Reject(
        stage=Stage.PROCESS,
        key=url,
        reason=verdict.reason,
        detail=verdict.detail,
        outlet_id=outlet.outlet_id if outlet else None,
        at=fetched_at,
    )


def _plain(text: str, url: str, outlet: Outlet | None) -> Article | gate.Verdict:
    found = plain.article_of_text(text, url, outlet)
    return found or gate.Verdict(reason=Reason.NOT_HTML, detail="plain text without a sentence")


def _article(
    decoded: Decoded,
    url: str,
    outlet: Outlet | None,
    fetched_at: datetime | None,
    known: Known,
    trees: Forest | None,
) -> Article | gate.Verdict:
    page = page_of(decoded, url)
    selectors = outlet.selectors if outlet else Selectors()
    body.drop(page, selectors)
    found = body.candidates(page)
    names = labels.site_names(page, outlet)
    headline = _selected(page, selectors.title) or title.headline(page, found.blocks, names)
    chosen = body.body_of(page, found, selectors, headline, known, trees)
    near = near_title(found.blocks, headline, chosen.first)
    who = authors.written(
        page,
        found.blocks,
        near,
        site_names=names,
        last=chosen.last,
        selected=_selected(page, selectors.byline),
    )
    own = {squeezed(line) for line in (*names, who.byline or "")}
    lines = [
        line for line in chosen.paragraphs if squeezed(line) not in own and not is_byline(line, who.authors)
    ]
    opened = opening(lines, names=names)
    text = PARAGRAPH_BREAK.join(opened.paragraphs)
    verdict = gate.of_page(page, found.blocks, text, headline)
    if verdict is not None:
        return verdict
    when = dates.dates(
        page,
        near,
        blocks=found.blocks,
        zone=dates.zone_of(outlet.timezone if outlet else None),
        fetched_at=fetched_at,
        printed=_selected(page, selectors.published),
    )
    language = language_of(text, page.head.language)
    return Article(
        url=url,
        canonical_url=canonical.canonical_url(page, outlet),
        title=headline,
        body=text,
        language=language.code,
        language_confidence=language.confidence,
        byline=who.byline,
        authors=who.authors,
        dateline=opened.dateline,
        wire_credit=opened.wire_credit
        or wire_credit(
            page, found.blocks, who.byline, first=chosen.first, last=chosen.last, site_names=names
        ),
        site_name=labels.site_name(page) or opened.site_name or (outlet.name if outlet else None),
        outlet_id=outlet.outlet_id if outlet else None,
        section=labels.section(page, headline),
        tags=labels.tags(page),
        published_at=when.published.at if when.published else None,
        published_from=when.published.found_in if when.published else None,
        published_precision=when.published.instant.precision if when.published else None,
        published_offset=when.published.instant.offset if when.published else None,
        published_refused=when.refused,
        modified_at=when.modified.at if when.modified else None,
        modified_from=when.modified.found_in if when.modified else None,
        image_url=lead_image(page),
        notes=notes(found.blocks),
        paywalled=gate.is_paywalled(page, " ".join(block.text for block in found.blocks), word_count(text)),
        form=form.form_of(page),
        known_share=known_share(known, found.blocks[chosen.first : chosen.last + 1])
        if known.weights
        else None,
        extractor=EXTRACTOR,
        extractor_version=f"{EXTRACTOR_VERSION}+{known.since}" if known.since else EXTRACTOR_VERSION,
    )


def _selected(page: Page, selector: str | None) -> str | None:
    """What the outlet's own selector points at: its datetime or content attribute, or its text."""
    if not selector:
        return None
    for node in page.tree.css(selector):
        attributes = node.attributes
        text = clean_line(attributes.get("datetime") or attributes.get("content") or node.text(separator=" "))
        if text:
            return text
    return None
