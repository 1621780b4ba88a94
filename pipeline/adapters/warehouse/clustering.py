"""Which clusters of near-duplicates change when articles come and go?

A cluster is all that is joined by chains of copies, so only clusters with an article that went, or that
is a copy of one that came, can change: these are worked out again as a whole from their members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta

import duckdb
import pyarrow as pa

from pipeline.adapters.warehouse.loading import keep
from pipeline.protocols import NearDuplicates
from pipeline.records import Member, Placement

_MEMBERS = """
with
signed as (
    select article_id, signature from signatures
    where article_id in (select article_id from {ids}) and day in (select day from {ids})
)
select a.article_id, a.dated_at, a.text_digest, signed.signature, a.collected_at, a.word_count
from articles a
left join signed on signed.article_id = a.article_id
where a.article_id in (select article_id from {ids}) and a.day in (select day from {ids})
"""

# Pairs that share a band or the whole text: of an article in `ids` and any in the window beside it.
_NEIGHBOURS = """
with
ours as (
    select article_id, day, band from bands
    where article_id in (select article_id from came) and day in (select day from came)
),
reach as (select min(day) - {days} as first_day, max(day) + {days} as last_day from came),
texts as (
    select article_id, day, text_digest from articles
    where article_id in (select article_id from came) and day in (select day from came)
)
select distinct ours.article_id, bands.article_id, bands.day
from bands
join ours on ours.band = bands.band
where bands.day between (select first_day from reach) and (select last_day from reach)
    and bands.day between ours.day - {days} and ours.day + {days}
    and bands.article_id <> ours.article_id
union
select texts.article_id, articles.article_id, articles.day
from articles
join texts on texts.text_digest = articles.text_digest
where articles.day between (select first_day from reach) and (select last_day from reach)
    and articles.day between texts.day - {days} and texts.day + {days}
    and articles.article_id <> texts.article_id
"""

# The same among the articles to be placed, each pair once.
_PAIRS = """
with
ours as (
    select article_id, band from bands
    where article_id in (select article_id from to_place) and day in (select day from to_place)
),
texts as (
    select article_id, text_digest from articles
    where article_id in (select article_id from to_place) and day in (select day from to_place)
)
select distinct one.article_id, other.article_id
from ours one
join ours other on other.band = one.band and other.article_id > one.article_id
union
select one.article_id, other.article_id
from texts one
join texts other on other.text_digest = one.text_digest and other.article_id > one.article_id
"""


def refresh_clusters(con: duckdb.DuckDBPyConnection, near: NearDuplicates) -> None:
    """Place the articles that loading moved, and whoever shared or now shares a cluster with them."""
    _note_moved(con)
    _keep_ids(con, "neighbours", _neighbours(con, near))
    con.execute(
        """
        create or replace temp table to_place as
        with met as (
            select article_id from neighbours union select article_id from came union select article_id from went
        ),
        clustered as (select cluster_id, article_id from clusters where article_id in (select article_id from met))
        select article_id, day from clusters where cluster_id in (select cluster_id from clustered)
        union
        -- Whoever came without a copy is in no cluster and meets nobody.
        select article_id, day from neighbours
        union
        select article_id, day from came where exists (from neighbours)
        """
    )
    if not con.execute("from to_place limit 1").fetchone():
        return
    members = _members(con, "to_place")
    pairs = con.execute(_PAIRS).fetchall()
    placements = near.clusters(members.values(), pairs)
    con.execute("delete from clusters where article_id in (select article_id from to_place)")
    if not placements:
        return
    keep(con, "staged_clusters", _table(placements))
    con.execute(
        """
        insert into clusters by name
        select c.*, a.outlet_id, a.day
        from staged_clusters c
        join articles a on a.article_id = c.article_id
        order by a.dated_at, a.article_id
        """
    )


def _table(placements: Sequence[Placement]) -> pa.Table:
    second = timedelta(seconds=1)
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "cluster_id": (pa.int64(), [placement.cluster_id for placement in placements]),
        "article_id": (pa.int64(), [placement.article_id for placement in placements]),
        "similarity": (pa.float64(), [placement.similarity for placement in placements]),
        "is_first": (pa.bool_(), [placement.is_first for placement in placements]),
        "lag": (pa.int64(), [placement.lag // second for placement in placements]),
        "is_first_seen": (pa.bool_(), [placement.is_first_seen for placement in placements]),
        "seen_lag": (pa.int64(), [placement.seen_lag // second for placement in placements]),
        "own_share": (pa.float64(), [placement.own_share for placement in placements]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _note_moved(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        create or replace temp table came as
        select article_id, day from sightings
        where not is_repeat and shelf in ('staged', 'held')
        """
    )
    con.execute(
        """
        create or replace temp table went as
        select article_id from leaving where shown
        union
        select article_id from sightings where is_repeat and shelf = 'shown'
        """
    )


def _neighbours(con: duckdb.DuckDBPyConnection, near: NearDuplicates) -> dict[int, date]:
    """The articles, of any age in the window, that are copies of one that came; each with its day."""
    pairs = con.execute(_NEIGHBOURS.format(days=near.WINDOW.days + 1)).fetchall()
    if not pairs:
        return {}
    days = dict(con.execute("from came").fetchall())
    met = {one for one, _, _ in pairs}
    candidates = {one: days[one] for one in met} | {other: day for _, other, day in pairs}
    _keep_ids(con, "candidates", candidates)
    members = _members(con, "candidates")
    return {other: day for one, other, day in pairs if near.are_copies(members[one], members[other])}


def _members(con: duckdb.DuckDBPyConnection, ids: str) -> dict[int, Member]:
    return {
        article_id: Member(
            article_id=article_id,
            at=at.astimezone(UTC),
            text_digest=text_digest,
            signature=signature,
            seen_at=seen_at.astimezone(UTC),
            word_count=word_count or 0,
        )
        for article_id, at, text_digest, signature, seen_at, word_count in con.execute(
            _MEMBERS.format(ids=ids)
        ).fetchall()
    }


def _keep_ids(con: duckdb.DuckDBPyConnection, name: str, days: Mapping[int, date]) -> None:
    ids = sorted(days)
    columns = {
        "article_id": pa.array(ids, pa.int64()),
        "day": pa.array([days[at] for at in ids], pa.date32()),
    }
    keep(con, name, pa.table(columns))
