"""The reading side: which articles does a search find, best first, and what shows it?

A search sees one state of the index, that of the published tables. Of articles that fit equally well the newer
comes first, then the one with the smaller id, so that the order does not hang on how the index was written.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress, Occur, Order, Query, Searcher

from pipeline.adapters.search import matching
from pipeline.adapters.search.fields import day_of, instant, opened, page_of
from pipeline.adapters.search.found import Found, Hit, Question
from pipeline.adapters.search.generations import days_of, mirrored
from pipeline.adapters.search.languages import kind_of
from pipeline.adapters.search.snippets import Finder, snippet
from pipeline.adapters.search.words import Node, parsed
from pipeline.adapters.tables import Table
from pipeline.errors import UsageError, WarehouseError

_ATTEMPTS = 3  # to open a state: between being told of it and opening it, another may be published
_DIGITS = 4  # of a score that tell apart; what differs less is equally good
_MORE = 16  # times as many are asked for, where there may be more that are equally good
_MOST_COUNTED = 1_000  # different outlets, sources or languages in a count
COUNTED = ("day", "month", "outlet", "source", "language")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ranked:
    article_id: int
    dated: int
    score: float
    address: DocAddress


class Searching:
    """Answers from the state of the index that goes with what is published."""

    def __init__(self, folder: Path, published: Callable[[], str | None]) -> None:
        """``published``: the name of that state, as the published tables give it."""
        self.folder = folder
        self._published = published
        # A state never changes, so it is opened once; a few stay open for who asks while another is published.
        self._searcher_of = lru_cache(maxsize=2)(self._opened)
        self._mirrors: list[TemporaryDirectory[str]] = []  # of states in a folder that we cannot write

    def hits(self, question: Question) -> Found:
        """The best articles, of a page the best state; UsageError says how a search is misspelt."""
        searcher, kinds = self._searcher()
        node = parsed(question.words)
        query = _narrowed(node, question, kinds)
        ranked, count = _ranked(
            searcher, query, question.offset + question.limit, is_newest_first=question.is_newest_first
        )
        finders: dict[str | None, Finder] = {}
        hits = []
        for one in ranked[question.offset :]:
            page = page_of(searcher.doc(one.address))
            if page.language not in finders:
                finders[page.language] = Finder(node, page.language, kinds)
            hits.append(
                Hit(
                    article_id=one.article_id,
                    dated_at=instant(one.dated),
                    score=one.score,
                    page=page,
                    snippet=snippet(page.body, finders[page.language]),
                )
            )
        return Found(hits=tuple(hits), count=count)

    def counts(self, question: Question, by: str) -> Table:
        """How many articles fit, by day, month, outlet, source or language; days in order, all else by number."""
        if by not in COUNTED:
            raise UsageError(f"{by}: articles are counted by {', '.join(COUNTED)}")
        searcher, kinds = self._searcher()
        query = _narrowed(parsed(question.words), question, kinds)
        if by in ("day", "month"):
            buckets = _buckets(searcher, query, {"histogram": {"field": "day", "interval": 1}})
            days = Counter[str]()
            for number, count in buckets:
                day = day_of(int(number)).isoformat()
                days[day if by == "day" else day[:7]] += count
            return _counted(by, sorted((day, count) for day, count in days.items() if count))
        buckets = _buckets(searcher, query, {"terms": {"field": by, "size": _MOST_COUNTED}})
        return _counted(
            by, sorted(((str(name), count) for name, count in buckets), key=lambda one: (-one[1], one[0]))
        )

    def _searcher(self) -> tuple[Searcher, matching.Kinds]:
        for _ in range(_ATTEMPTS):
            name = self._published()
            if name is None:
                break
            try:
                return self._searcher_of(name)
            except FileNotFoundError:
                continue
        raise WarehouseError(
            f"{self.folder}: what is published has no search index; `wirewatch publish` writes one"
        )

    def _opened(self, name: str) -> tuple[Searcher, matching.Kinds]:
        folder = self.folder / name
        if not folder.is_dir():
            raise FileNotFoundError(folder)
        try:
            if os.access(folder, os.W_OK):
                place = folder
            else:
                self._mirrors.append(mirrored(folder))
                place = Path(self._mirrors[-1].name)
            searcher = opened(place).searcher()
        except (ValueError, OSError) as error:
            if not days_of(folder):  # removed while it was being opened
                raise FileNotFoundError(folder) from error
            raise WarehouseError(
                f"{folder}: the search index cannot be read ({error}); `wirewatch publish --reindex` writes it anew"
            ) from error
        codes = [code for code, _ in searcher.terms_with_prefix("language", "")]
        # Of an index without articles: words are looked for as they are, and not found.
        return searcher, tuple(dict.fromkeys(kind_of(code or None) for code in codes)) or (None,)


def _narrowed(node: Node, question: Question, kinds: matching.Kinds) -> Query:
    if question.start and question.end and question.end < question.start:
        raise UsageError(f"the last day ({question.end}) lies before the first ({question.start})")
    parts = [matching.query_of(node, kinds)]
    if question.start is not None or question.end is not None:
        parts.append(matching.unscored(matching.days(question.start, question.end)))
    if question.outlets:
        parts.append(matching.outlets(question.outlets))
    if question.sources:
        any_source = [(Occur.Should, matching.source(named)) for named in question.sources]
        parts.append(matching.unscored(Query.boolean_query(any_source)))
    if question.languages:
        parts.append(matching.languages(question.languages))
    return parts[0] if len(parts) == 1 else matching.all_of((Occur.Must, part) for part in parts)


def _ranked(
    searcher: Searcher, query: Query, limit: int, *, is_newest_first: bool
) -> tuple[list[_Ranked], int]:
    """The best pages, each by its best state, whatever the order of equals in the index; and how many articles fit."""
    order: dict[str, Any] = {"order_by_field": "dated_at", "order": Order.Desc} if is_newest_first else {}
    asked = 2 * limit + 10
    while True:
        # To count as well costs nothing: what fits is walked through in any case.
        result = searcher.search(query, asked, count=True, **order)
        addresses = [address for _, address in result.hits]
        ids, pages, dated = (
            np.array(searcher.fast_field_values(name, addresses), np.int64)
            for name in ("article_id", "page_id", "dated_at")
        )
        scores = np.zeros(len(ids)) if is_newest_first else _scores(result.hits)
        places = np.lexsort((ids, -dated, -scores))
        _, firsts = np.unique(pages[places], return_index=True)
        best = places[np.sort(firsts)][:limit]
        worth = dated if is_newest_first else scores
        # More may be as good as the last of these, unless a worse one was seen after them.
        if len(ids) < asked or (len(best) == limit and worth[places[-1]] < worth[best[-1]]):
            ranked = [
                _Ranked(
                    article_id=int(ids[place]),
                    dated=int(dated[place]),
                    score=float(scores[place]),
                    address=addresses[place],
                )
                for place in best
            ]
            return ranked, int(result.count)  # type: ignore[attr-defined]  # not in its stub
        asked *= _MORE


def _scores(hits: Sequence[tuple[Any, DocAddress]]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = np.array([score for score, _ in hits], np.float64).round(_DIGITS)
    return scores


def _buckets(searcher: Searcher, query: Query, how: dict[str, object]) -> Iterable[tuple[Any, int]]:
    counted = searcher.aggregate(query, {"counted": how})["counted"]["buckets"]
    return [(bucket["key"], bucket["doc_count"]) for bucket in counted]


def _counted(by: str, counts: Iterable[tuple[str, int]]) -> Table:
    return Table(columns=(by, "articles"), types=("VARCHAR", "BIGINT"), rows=tuple(counts))
