"""Which warehouse do the readers of bench/coverage.py read? One of any size, made by SQL, with real-looking ids.

The rows are those of bench/trends.py, written in the order of time, as loads write them; ids become hashes, so that
no lookup profits from their order. To them come bodies of some 300 words, sentences, captures, feeds and readings.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import trends

from pipeline.adapters.warehouse.plain_file import PlainFile, swap_in
from pipeline.adapters.warehouse.schema import migrate

LAST = trends.LAST  # the newest day
_IDS = ("article_id", "attribution_id", "capture_id", "page_id", "cluster_id", "is_revision_of")
_TABLES = ("outlets", "sources", "gaps", "rejects", "outlet_health", "runs", "daily_outlets", "daily_sources", "mentions",
           "figures", "clusters")  # fmt: skip

# Paragraphs are drawn from a pool, which costs little and still has to be unpacked by who reads them.
_POOL = """
create temp table pool as
select list(paragraph order by n) as paragraphs from (
    select n, string_agg('w' || floor(pow(hash(n, k) / 18446744073709551615.0, 3) * 20000)::int, ' ' order by k) || '.' as paragraph
    from range(600) p(n), range(75) w(k) group by n
)
"""
_ARTICLES = """
insert into warehouse.articles by name
select * exclude (p) replace ({ids}),
    {capture} as capture_id,
    'https://' || outlet_id || '.example/' || article_id as url, url as canonical_url, 'meta' as published_from,
    dated_at + interval 20 minute as collected_at,
    p[1 + (hash(article_id, 1) % 600)::int] || chr(10) || chr(10) || p[1 + (hash(article_id, 2) % 600)::int] || chr(10) || chr(10)
        || p[1 + (hash(article_id, 3) % 600)::int] || chr(10) || chr(10) || p[1 + (hash(article_id, 4) % 600)::int] as body
from (select a.* exclude (capture_id, url, canonical_url, published_from, collected_at, body), pool.paragraphs as p from articles a, pool)
order by dated_at
"""
_CAPTURES = """
insert into warehouse.captures by name
select capture_id, outlet_id, 'page' as kind, url, url as final_url, 200 as status, collected_at as fetched_at,
    text_digest as digest, outlet_id || '/' || day || '.warc.gz' as warc_file, hash(capture_id) % 10000000 as warc_offset,
    interval_start, interval_end
from warehouse.articles order by day, outlet_id
"""
_ATTRIBUTIONS = """
insert into warehouse.attributions by name
select * replace ({ids}), 'The source ' || cue || ' that ' || content || '.' as sentence,
    [[ordinal * 100, ordinal * 100 + 8]] as source_spans, [[ordinal * 100 + 9, ordinal * 100 + 14]] as cue_spans,
    [[ordinal * 100 + 15, ordinal * 100 + 60]] as content_spans
from (select * exclude (sentence, source_spans, cue_spans, content_spans) from attributions)
order by day, article_id, ordinal
"""
_FEEDS = """
insert into warehouse.feeds by name
select outlet_id || '/news' as feed_id, outlet_id, 'https://' || outlet_id || '.example/rss' as url, 'syndication' as kind from outlets;
insert into warehouse.readings by name
select outlet_id || '/news' as feed_id, outlet_id, 'https://' || outlet_id || '.example/rss' as url, day + interval 6 hour as "at",
    'ok' as status, found, new, day::timestamptz as interval_start, interval_start + interval 1 day as interval_end
from outlet_health
"""


def write(folder: Path, articles: int) -> None:
    """A build of so many articles in the folder, not yet published."""
    store = PlainFile(folder)
    with store.writing():
        pass
    rows = folder / "rows.duckdb"
    with duckdb.connect(rows, config={"storage_compatibility_version": "latest"}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set preserve_insertion_order = true")
        migrate(con)
        trends.generate(con, articles)
        con.execute(_POOL)
        con.execute(f"attach '{store.build}' as warehouse")
        for table in _TABLES:
            ids = _hashed(con, table)
            con.execute(f"insert into warehouse.{table} by name select * {ids} from {table}")  # noqa: S608
        con.execute(
            _ARTICLES.format(
                ids=_replaced(con, "articles", without="capture_id"), capture=_hash("article_id")
            )
        )
        con.execute(_CAPTURES)
        con.execute(_ATTRIBUTIONS.format(ids=_replaced(con, "attributions")))
        con.execute(_FEEDS)
    rows.unlink()


def publish(folder: Path) -> None:
    """Give the build to the readers, without a search index and unaudited: its rows are made, not collected."""
    store = PlainFile(folder)
    swap_in(store.build, store.published)


def _hashed(con: duckdb.DuckDBPyConnection, table: str) -> str:
    replaced = _replaced(con, table)
    return f"replace ({replaced})" if replaced else ""


def _replaced(con: duckdb.DuckDBPyConnection, table: str, without: str = "") -> str:
    names = [name for name, *_ in con.execute(f"describe {table}").fetchall()]
    return ", ".join(f"{_hash(name)} as {name}" for name in names if name in _IDS and name != without)


def _hash(name: str) -> str:
    """An id that says nothing of the order in which things were made."""
    return f"case when {name} is not null then (hash({name}) >> 1)::bigint end"
