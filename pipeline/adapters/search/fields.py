"""What stands in the index of an article? The words to find it by, and the page to show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from tantivy import Document, Index, Schema, SchemaBuilder

from pipeline.adapters.search.languages import FOREMOST, analyzer, folded, kind_of

FORMAT = 1  # of what is written here: another number means that all is indexed anew
_TOKENIZER = "words"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article as the index takes it up."""

    article_id: int
    mark: int  # a hash of all the rest: equal marks, equal entries
    page_id: int
    outlet_id: str
    language: str | None
    dated_at: datetime
    url: str
    title: str
    body: str
    source_ids: tuple[str, ...]
    source_names: tuple[str, ...]


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("article_id", indexed=True, fast=True)
    builder.add_unsigned_field("mark", fast=True)
    builder.add_integer_field("page_id", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("dated_at", fast=True)  # seconds
    for name in ("outlet", "language", "source_id", "source"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("source_words", tokenizer_name=_TOKENIZER)
    builder.add_text_field("title", tokenizer_name=_TOKENIZER)
    builder.add_text_field("body", tokenizer_name=_TOKENIZER)
    builder.add_bytes_field("page", stored=True)
    return builder.build()


def opened(folder: Path) -> Index:
    """The index in a folder; a new one where the folder is empty."""
    index = Index(schema(), path=str(folder))
    index.register_tokenizer(_TOKENIZER, analyzer(FOREMOST))
    return index


def document(entry: Entry) -> Document:
    made = Document()
    made.add_integer("article_id", entry.article_id)
    made.add_unsigned("mark", entry.mark)
    made.add_integer("page_id", entry.page_id)
    made.add_integer("day", day_number(entry.dated_at.date()))
    made.add_integer("dated_at", int(entry.dated_at.timestamp()))
    made.add_text("outlet", entry.outlet_id)
    made.add_text("language", entry.language or "")
    for source_id in entry.source_ids:
        made.add_text("source_id", folded(source_id))
    names = analyzer(None)
    for name in entry.source_names:
        made.add_text("source", name)
        # Names have no endings to take off, whatever the language around them.
        made.add_pre_tokenized_text("source_words", names.pre_tokenize(name))
    if kind_of(entry.language) == FOREMOST:
        made.add_text("title", entry.title)
        made.add_text("body", entry.body)
    else:
        words = analyzer(kind_of(entry.language))
        made.add_pre_tokenized_text("title", words.pre_tokenize(entry.title))
        made.add_pre_tokenized_text("body", words.pre_tokenize(entry.body))
    made.add_bytes("page", _packed(entry))
    return made


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What is shown of an article that was found."""

    outlet_id: str
    language: str | None
    url: str
    title: str
    body: str


def page_of(found: Document) -> Page:
    outlet_id, language, url, title, body = json.loads(bytes(found.get_first("page") or b""))
    return Page(outlet_id=outlet_id, language=language, url=url, title=title, body=body)


def _packed(entry: Entry) -> bytes:
    shown = [entry.outlet_id, entry.language, entry.url, entry.title, entry.body]
    return json.dumps(shown, ensure_ascii=False).encode("utf-8", errors="replace")


def day_number(day: date) -> int:
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    return date.fromordinal(_EPOCH.toordinal() + number)


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
