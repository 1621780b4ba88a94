"""What bytes did a server send? Fills an outlet's templates and puts the headers of its server before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from press.editions import FeedFetch, Fetch, Item, PageFetch, RedirectFetch, RobotsFetch
from press.prose import Block, Story
from press.sites import Encoding, Site

_SERVED_OF_A_STUB = 2  # paragraphs of a subscribers' article that everybody gets
_RELATED_COUNT = 4
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP response."""

    url: str
    at: datetime
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer(site: Site, fetch: Fetch) -> Answer:
    match fetch:
        case RobotsFetch():
            text = _filled(site, "robots.txt")
            return _answer(site, fetch, text.encode(), "text/plain; charset=utf-8", None)
        case FeedFetch():
            return _feed_answer(site, fetch)
        case RedirectFetch():
            return _redirect_answer(site, fetch)
        case PageFetch(item=Item(story=Story())):
            return _article_answer(site, fetch)
        case PageFetch():
            return _trap_answer(site, fetch)


def body_blocks(story: Story, lead_in: str) -> tuple[Block, ...]:
    """The body as the article's text prints it: lead-in put before, the line that ends it left out."""
    blocks = [block for block in story.blocks if block.lines != ("ENDS",)]
    # An agency's notice stands before it: "(Corrects the number of passengers)".
    place = next((at for at, block in enumerate(blocks) if not block.text.startswith("(")), 0)
    opening = blocks[place]
    blocks[place] = replace(opening, lines=(lead_in + opening.text, *opening.lines[1:]))
    return tuple(blocks)


def served_blocks(story: Story, lead_in: str) -> tuple[Block, ...]:
    """Those that everybody gets."""
    blocks = body_blocks(story, lead_in)
    return blocks[:_SERVED_OF_A_STUB] if story.paywalled else blocks


def _feed_answer(site: Site, fetch: FeedFetch) -> Answer:
    feed = fetch.feed
    text = _filled(site, feed.template, feed=feed, items=fetch.items, now=site.local(fetch.at))
    body = text.encode(feed.encoding, "xmlcharrefreplace")
    if fetch.is_broken:
        # In the middle of the first title, before any link: nothing can be saved from it.
        body = body[: body.index(b"<title", body.index(b"<entry" if b"<entry" in body else b"<item")) + 30]
    changed = max((item.last for item in fetch.items), default=None)
    return _answer(site, fetch, body, feed.content_type, changed)


def _redirect_answer(site: Site, fetch: RedirectFetch) -> Answer:
    body = f'<html><body>Moved to <a href="{fetch.target}">{fetch.target}</a></body></html>\n'.encode()
    moved = _answer(site, fetch, body, "text/html", None, "301 Moved Permanently")
    return replace(moved, headers=(("Location", fetch.target), *moved.headers))


def _article_answer(site: Site, fetch: PageFetch) -> Answer:
    item, story = fetch.item, fetch.item.story
    if story is None:
        raise ValueError(f"{fetch.url} is no article")
    text = _filled(
        site,
        "article.html",
        **_page_context(site, fetch),
        story=story,
        byline=site.story_byline(story),
        blocks=served_blocks(story, site.story_lead_in(story)),
        authors_ld=[{"@type": "Person", "name": name} for name in story.authors]
        or [{"@type": "Organization", "name": site.name, "url": site.homepage}],
    )
    return _answer(site, fetch, _encoded(text, item.encoding), _page_type(item.encoding), item.last)


def _trap_answer(site: Site, fetch: PageFetch) -> Answer:
    item, trap = fetch.item, fetch.item.trap
    if trap is None or trap.template is None:
        raise ValueError(f"{fetch.url} has no page")
    if trap.template.endswith(".pdf"):
        body = _pdf((site.folder / f"{trap.template}.txt").read_text(encoding="utf-8"))
    else:
        text = _filled(site, trap.template, **_page_context(site, fetch))
        body = _encoded(text, item.encoding)
    return _answer(site, fetch, body, trap.content_type or _page_type(item.encoding), None, trap.status)


def _page_context(site: Site, fetch: PageFetch) -> dict[str, object]:
    return {
        "item": fetch.item,
        "others": fetch.others,
        "related": fetch.others[:_RELATED_COUNT],
        "now": site.local(fetch.at),
        "charset": fetch.item.encoding.meta,
    }


def _filled(site: Site, template: str, **context: object) -> str:
    """A template's text, its quote marks as people write them: apostrophes plain, the others by name."""
    text = _environment(site.folder).get_template(template).render(context, site=site)
    return text.replace("&#39;", "'").replace("&#34;", "&quot;")


def _encoded(text: str, encoding: Encoding) -> bytes:
    return text.encode(encoding.bytes, "xmlcharrefreplace")


def _page_type(encoding: Encoding) -> str:
    return f"text/html; charset={encoding.header}" if encoding.header else "text/html"


def _answer(
    site: Site, fetch: Fetch, body: bytes, content_type: str, changed: datetime | None, status: str = "200 OK"
) -> Answer:
    headers = [("Server", site.server), ("Date", _http_date(fetch.at)), ("Content-Type", content_type)]
    if site.validators and status.startswith("200"):
        headers.append(("ETag", f'"{sha256(body).hexdigest()[:20]}"'))
        if changed:
            headers.append(("Last-Modified", _http_date(changed)))
    headers += [("Content-Length", str(len(body))), ("Connection", "close")]
    return Answer(url=fetch.url, at=fetch.at, status=status, headers=tuple(headers), body=body)


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters |= {
        "iso": lambda instant: instant.isoformat(),
        "utc": lambda instant: f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "rfc822": format_datetime,
        "english": lambda instant: f"{instant.day} {instant:%B %Y}",
        "american": lambda instant: f"{instant:%B} {instant.day}, {instant:%Y}",
        "clock12": lambda instant: f"{(instant.hour - 1) % 12 + 1}:{instant:%M %p}",
        "french": lambda instant: f"{instant.day} {_month(instant, 'fr')} {instant.year}",
        "russian": lambda instant: f"{instant.day} {_month(instant, 'ru')} {instant.year}",
    }
    return environment


def _month(instant: datetime, language: str) -> str:
    return _MONTHS[language].split()[instant.month - 1]


def _http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def _pdf(text: str) -> bytes:
    """A one-page PDF of a few lines of ASCII."""
    shown = "".join(f"({line}) Tj T*\n" for line in text.splitlines())
    content = f"BT /F1 11 Tf 60 780 Td 16 TL\n{shown}ET".encode("ascii")
    objects: Mapping[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    body, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, payload in objects.items():
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, payload)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(body),
        )
    )
