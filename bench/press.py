"""Which warehouse do the benches measure? One of an invented press, generated set by set (bench/press.sql)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb

from pipeline import bundled
from pipeline.adapters.warehouse.loading import ROLLUPS
from pipeline.adapters.warehouse.plain_file import PlainFile

DAYS = 1_096
LAST = date(2016, 12, 31)
OUTLETS, SOURCES, REGISTERED = 200, 20_000, 3_000

_AT_ONCE = 250_000  # articles
_SENTENCE = 20  # words
_CUES = "said told added claimed says announced stated according to warned denied reported noted admitted insisted argued confirmed called explained suggested urged wrote acknowledged promised alleged vowed".replace("according to", "according-to").split()  # fmt: skip
_UNNAMED = ["officials", "a senior official", "residents", "analysts", "witnesses", "a spokesman", "the ministry", "police", "experts", "activists", "a source", "the company"]  # fmt: skip
_SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
_MACROS = """
create or replace temp macro dice(n, salt) as hash(n, salt) / 18446744073709551616.0;
create or replace temp macro identity(n, salt) as (hash(n, salt) >> 1)::bigint;
create or replace temp macro zipf(n, salt, size) as floor(pow(size, dice(n, salt)))::integer - 1;
create or replace temp macro phrase(n, salt) as getvariable('phrases')[1 + (hash(n, salt) % 4096)::integer];
create or replace temp macro story(n, day) as hash(date_trunc('week', day), zipf(n, 30, 40));
create or replace temp macro title_word(n, day, place) as getvariable('words')[1 + case
    when place < 3 and dice(n, 31) < 0.3 then zipf(story(n, day), 20 + place, 30000)
    else zipf(n, 20 + place, 30000) end];
"""
_DESCRIBED = """
insert into outlets by name
select 'outlet-' || n as outlet_id, 'Outlet ' || n as name,
    case when n % 10 = 0 then 'agency' else 'paper' end as kind, 'C' || n % 40 as country,
    'https://' || outlet_id || '.example/' as homepage, 'en' as language
from range({outlets}) t(n);
insert into feeds by name
select outlet_id || '/main' as feed_id, outlet_id, homepage || 'feed' as url, 'syndication' as kind from outlets;
insert into sources by name
select 'source-' || n as source_id, 'Source ' || n as name,
    case when n = 7 then 'agency' when n % 11 = 0 then 'ngo' when n % 3 = 0 then 'institution' else 'person' end as kind,
    case when n % 4 = 1 then 'source-' || n // 10 end as parent_id, 'C' || n % 40 as country,
    case when n % 50 = 2 then 'state' end as affiliation, case when n = 7 then ['Seven News'] else [] end as aliases
from range({registered}) t(n)
union all by name
select 'place-' || n as source_id, 'Place ' || n as name, 'place' as kind, 'C' || n % 40 as country, [] as aliases
from range(200) t(n);
"""
# Each weekday has its share of a week's articles.
_MADE_DAYS = """
create or replace temp table all_days as
with
weighed as (
    select cast(unnest(generate_series(date '{first}', date '{last}', interval 1 day)) as date) as day,
        case when dayofweek(day) in (0, 6) then 0.55 else 1.0 end as weight
),
summed as (select day, sum(weight) over (order by day) as upto, sum(weight) over () as total from weighed)
select day, coalesce(lag(number) over (order by day), 0) as first_number, number - first_number as article_count
from (select day, floor({articles} * upto / total)::bigint as number from summed);
"""


def fill(file: PlainFile, articles: int, *, words: int = 300, is_signed: bool = True) -> None:
    """A build with so many articles of three years, and what hangs on them; one that is there is taken as it is.

    ``words`` of each body, 0 for none; ``is_signed``: with signatures and bands.
    """
    is_there = file.build.exists()
    with file.writing() as con:  # one that is there is brought to today's schema
        if is_there:
            return
        con.execute(_MACROS)
        prepare(con, words, is_signed=is_signed)
        con.execute(_DESCRIBED.format(outlets=OUTLETS, registered=REGISTERED))
        con.execute(_MADE_DAYS.format(first=LAST - timedelta(days=DAYS - 1), last=LAST, articles=articles))
        for stretch in range(-(-articles // _AT_ONCE)):
            con.execute(
                "create or replace temp table made_days as from all_days where first_number // $size = $stretch",
                {"size": _AT_ONCE, "stretch": stretch},
            )
            con.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
            for table in ROLLUPS:
                con.execute(f"insert into {table} by name {bundled.text(f'sql/rollups/{table}.sql')}")
            con.execute("checkpoint")


def prepare(con: duckdb.DuckDBPyConnection, words: int, *, is_signed: bool) -> None:
    """The lists and numbers that the generating SQL draws from."""
    random = Random(7)  # noqa: S311 - an invented press, always the same one
    vocabulary = sorted(
        {"".join(random.choices(_SYLLABLES, k=random.choice((1, 2, 2, 3)))) for _ in range(90_000)}
    )
    random.shuffle(vocabulary)
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    drawn = random.choices(vocabulary, weights, k=4096 * _SENTENCE)
    phrases = [" ".join(drawn[at : at + _SENTENCE]).capitalize() for at in range(0, len(drawn), _SENTENCE)]
    for name, value in {
        "outlets": OUTLETS,
        "sources": SOURCES,
        "registered": REGISTERED,
        "sentences": words // _SENTENCE,
        "is_signed": is_signed,
        "cues": _CUES,
        "unnamed": _UNNAMED,
        "words": vocabulary[:30_000],
        "phrases": phrases,
    }.items():
        con.execute(f"set variable {name} = $value", {"value": value})
