"""How does a search's tree become a query of the index?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tantivy import FieldType, Occur, Query

from pipeline.adapters.search.fields import day_number, schema
from pipeline.adapters.search.languages import folded, variants
from pipeline.adapters.search.words import Any, Days, Node, Not, Words
from pipeline.errors import UsageError

Kinds = tuple[str | None, ...]

_TITLE_WEIGHT = 2.0  # a word of the title says more of what an article is about than one of its body


def query_of(node: Node, kinds: Kinds) -> Query:
    """``kinds``: of the languages whose words the index holds."""
    if isinstance(node, Days):
        return unscored(days(node.first, node.last))
    if isinstance(node, Words):
        return _words(node, kinds)
    if isinstance(node, Not):
        return Query.boolean_query(
            [(Occur.Must, Query.all_query()), (Occur.MustNot, query_of(node.part, kinds))]
        )
    if isinstance(node, Any):
        return Query.boolean_query([(Occur.Should, query_of(part, kinds)) for part in node.parts])
    return all_of(
        (Occur.MustNot, query_of(part.part, kinds))
        if isinstance(part, Not)
        else (Occur.Must, query_of(part, kinds))
        for part in node.parts
    )


def all_of(parts: Iterable[tuple[Occur, Query]]) -> Query:
    listed = list(parts)
    if all(occur == Occur.MustNot for occur, _ in listed):
        listed.append((Occur.Must, Query.all_query()))
    return Query.boolean_query(listed)


def unscored(query: Query) -> Query:
    """What narrows a search says nothing of how good an answer is."""
    return Query.const_score_query(query, 0.0)


def days(first: date | None, last: date | None) -> Query:
    return Query.range_query(
        schema(),
        "day",
        FieldType.Integer,
        None if first is None else day_number(first),
        None if last is None else day_number(last),
    )


def outlets(ids: Iterable[str]) -> Query:
    return unscored(Query.term_set_query(schema(), "outlet", [outlet.lower() for outlet in ids]))


def languages(codes: Iterable[str]) -> Query:
    return unscored(Query.term_set_query(schema(), "language", [code.lower() for code in codes]))


def source(named: str) -> Query:
    """Articles that cite a source: by its id, or by words of its name."""
    by_name = _in_field("source_words", named, (None,), 0)
    by_id = Query.term_query(schema(), "source_id", folded(named.strip()), "basic")
    return unscored(Query.boolean_query([(Occur.Should, by_id), *((Occur.Should, one) for one in by_name)]))


def _words(node: Words, kinds: Kinds) -> Query:
    if node.field == "source":
        return source(node.text)
    if node.field == "outlet":
        return outlets([node.text])
    if node.field == "language":
        return languages([node.text])
    fields = (node.field,) if node.field else ("body", "title")
    found = [
        (Occur.Should, Query.boost_query(query, _TITLE_WEIGHT) if field == "title" else query)
        for field in fields
        for query in _alternatives(field, node, kinds)
    ]
    if not found:
        raise UsageError(f"{node.text!r} holds no letter or digit to look for")
    return found[0][1] if len(found) == 1 else Query.boolean_query(found)


def _alternatives(field: str, node: Words, kinds: Kinds) -> Iterator[Query]:
    """What the words are in each kind of language; of them the best counts, not the sum."""
    found = list(_in_field(field, node.text, kinds, node.slop))
    if node.is_prefix:
        found.extend(
            Query.regex_query(schema(), field, f"{words[0]}.*")
            for words in variants(node.text, (None,))
            if len(words) == 1
        )
    if found:
        yield found[0] if len(found) == 1 else Query.disjunction_max_query(found)


def _in_field(field: str, text: str, kinds: Kinds, slop: int) -> Iterator[Query]:
    for words in variants(text, kinds):
        if len(words) == 1:
            yield Query.term_query(schema(), field, words[0])
        else:
            yield Query.phrase_query(schema(), field, list(words), slop)
