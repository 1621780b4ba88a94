"""What does another extractor make of a corpus? Run by bench/extraction.py in that extractor's own environment.

    python bench/extraction_peers.py NAME CORPUS OUT

Reads ``CORPUS/pages.jsonl`` and writes a line of JSON for each page to OUT: what the peer said, and its
CPU seconds. Only the standard library and the peer are imported, for nothing of the project stands beside it.
"""

from __future__ import annotations

import gzip
import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Said = dict[str, Any]


def newspaper4k() -> Callable[[str, str], Said]:
    import newspaper

    def read(html: str, url: str) -> Said:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {
            "body": article.text,
            "title": article.title,
            "authors": article.authors,
            "published": _written(article.publish_date),
            "tags": sorted(article.tags or ()),
            "language": article.meta_lang,
        }

    return read


def news_please() -> Callable[[str, str], Said]:
    from newsplease import NewsPlease

    def read(html: str, url: str) -> Said:
        article = NewsPlease.from_html(html, url=url)
        return {
            "body": article.maintext,
            "title": article.title,
            "authors": article.authors,
            "published": _written(article.date_publish),
            "language": article.language,
        }

    return read


def goose3() -> Callable[[str, str], Said]:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})

    def read(html: str, url: str) -> Said:  # noqa: ARG001
        article = goose.extract(raw_html=html)
        return {
            "body": article.cleaned_text,
            "title": " ".join(_texts(article.title)),
            "authors": _texts(article.authors),
            "published": _written(article.publish_datetime_utc),
            "tags": _texts(article.tags),
            "language": article.meta_lang,
        }

    return read


def readability_lxml() -> Callable[[str, str], Said]:
    from lxml.html import fromstring
    from readability import Document

    def read(html: str, url: str) -> Said:
        document = Document(html, url=url)
        tree = fromstring(document.summary())
        for block in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4"):
            block.tail = f"\n{block.tail or ''}"
        return {"body": tree.text_content(), "title": document.short_title()}

    return read


def resiliparse() -> Callable[[str, str], Said]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: str, url: str) -> Said:  # noqa: ARG001
        tree = HTMLTree.parse(html)
        return {
            "body": extract_plain_text(tree, main_content=True, alt_texts=False, links=False),
            "title": tree.title,
        }

    return read


def fundus() -> Callable[[str, str], Said]:
    """Parsers written by hand for known publishers: what it has none for, it is not asked."""
    from urllib.parse import urlsplit

    from fundus import PublisherCollection

    known = {
        urlsplit(publisher.domain).netloc.removeprefix("www."): publisher for publisher in PublisherCollection
    }

    def read(html: str, url: str) -> Said:
        publisher = known.get(urlsplit(url).netloc.removeprefix("www."))
        if publisher is None:
            return {"unknown": True}
        found = publisher.parser().parse(html, "suppress")
        body = found.get("body")
        return {
            "body": str(body) if body else "",
            "title": found.get("title"),
            "authors": found.get("authors") or (),
            "published": _written(found.get("publishing_date")),
            "tags": found.get("topics") or (),
        }

    return read


PEERS: dict[str, Callable[[], Callable[[str, str], Said]]] = {
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "goose3": goose3,
    "readability-lxml": readability_lxml,
    "resiliparse": resiliparse,
    "fundus": fundus,
}


def _texts(given: Any) -> list[str]:
    """The texts of a field that holds a text, a list of them, or lists and objects of a page's data."""
    return [given] if isinstance(given, str) else [text for text in given or () if isinstance(text, str)]


def _written(instant: Any) -> str | None:
    return instant.isoformat() if hasattr(instant, "isoformat") else None


def main() -> int:
    name, corpus, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    logging.disable(logging.CRITICAL)
    read = PEERS[name]()
    read(
        "<html><head><title>Warm</title></head><body><p>" + "It was warm. " * 90 + "</p></body></html>",
        "https://a.example/",
    )
    with (corpus / "pages.jsonl").open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as file:
        for line in lines:
            row = json.loads(line)
            html = gzip.decompress((corpus / row["html"]).read_bytes()).decode("utf-8", "replace")
            start = time.process_time()
            try:
                said = read(html, row["url"])
            except Exception as error:  # a page that breaks a peer is a page it has no answer for
                said = {"failed": repr(error)[:200]}
            seconds = time.process_time() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            file.write(
                json.dumps({"id": row["id"], "seconds": seconds, "peak_mb": peak, **said}, default=list)
                + "\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
