"""A small published press, written into real tables, and the index that follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.adapters.search import SearchIndex, Searching
from pipeline.adapters.warehouse.schema import migrate

# article_id, page_id, outlet_id, language, dated_at, title, body
PRESS = (
    (
        1,
        11,
        "kald-post",
        "en",
        "2016-03-21 08:00:00+00",
        "Quay closed",
        "The quay stays closed. Ferries wait.",
    ),
    (
        2,
        12,
        "kald-post",
        "en",
        "2016-03-21 09:00:00+00",
        "Frost in the valley",
        "Orchards froze, growers say.",
    ),
    (
        3,
        13,
        "le-mole",
        "fr",
        "2016-03-22 08:00:00+00",
        "Le quai fermé",
        "Les réfugiés attendent l’ouverture du quai.",
    ),
    (4, 14, "saltern", "zh", "2016-03-22 09:00:00+00", "码头关闭", "码头仍然关闭，渡轮在等待。"),
    (5, 15, "saltern", "ru", "2016-03-23 08:00:00+00", "Причал закрыт", "Жители говорят о причалах города."),
    (
        6,
        16,
        "kald-post",
        "en",
        "2016-03-23 09:00:00+00",
        "Ferries run again",
        "The quay is open, said Ilse Varn.",
    ),
    (
        7,
        17,
        "kald-post",
        "en",
        "2016-03-24 09:00:00+00",
        "Ferries run again",
        "The quay is open, said Ilse Varn.",
    ),
    (
        8,
        18,
        "saltern",
        "xx",
        "2016-03-24 10:00:00+00",
        "Tugs",
        "A tugboat towed the refugees’ dinghy to harbour.",
    ),
)
SAID = (
    (61, 6, "2016-03-23", "ilse-varn", "Ilse Varn", "harbour-office"),
    (71, 7, "2016-03-24", "ilse-varn", "Ilse Varn", "harbour-office"),
    (21, 2, "2016-03-21", None, "Growers’ Union of Kald", None),
)

Ask = Callable[..., list[int]]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        opened.execute("set TimeZone = 'UTC'")
        migrate(opened)
        for row in PRESS:
            add_article(opened, *row)
        opened.executemany(
            "insert into attributions (attribution_id, article_id, day, source_id, source_name, parent_source_id) "
            "values (?, ?, ?, ?, ?, ?)",
            SAID,
        )
        yield opened


def add_article(
    con: duckdb.DuckDBPyConnection,
    article_id: int,
    page_id: int,
    outlet_id: str,
    language: str,
    dated_at: str,
    title: str,
    body: str,
) -> None:
    con.execute(
        "insert into articles (article_id, page_id, outlet_id, language, dated_at, day, title, body, url, text_digest) "
        "values ($1, $2, $3, $4, $5, $5::timestamptz::date, $6, $7, 'https://x.example/' || $1, md5($6 || $7))",
        [article_id, page_id, outlet_id, language, dated_at, title, body],
    )


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return SearchIndex(tmp_path / "search")


@pytest.fixture
def searching(con: duckdb.DuckDBPyConnection, index: SearchIndex) -> Searching:
    """Answers from the index that goes with the tables as they were last followed."""
    index.follow(con)

    def published() -> str | None:
        row = con.execute("select generation from search_state").fetchone()
        return None if row is None else str(row[0])

    return Searching(index.folder, published)
