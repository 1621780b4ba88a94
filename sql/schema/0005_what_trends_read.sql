-- title: what lets trends and loads read little: days beside what articles hold, rollups of citations, voices, headlines
alter table mentions add column day date;  -- of the article
alter table figures add column day date;  -- of the article
alter table signatures add column day date;  -- of the article
alter table held.mentions add column day date;
alter table held.figures add column day date;
alter table held.signatures add column day date;
update mentions set day = articles.day from articles where articles.article_id = mentions.article_id;
update figures set day = articles.day from articles where articles.article_id = figures.article_id;
update signatures set day = articles.day from articles where articles.article_id = signatures.article_id;
update held.mentions set day = articles.day from held.articles where articles.capture_id = mentions.holding_capture_id;
update held.figures set day = articles.day from held.articles where articles.capture_id = figures.holding_capture_id;
update held.signatures set day = articles.day from held.articles where articles.capture_id = signatures.holding_capture_id;
alter table daily_sources add column first_at timestamptz;  -- dated_at of the first article that cites it

-- Rollup: whom all outlets together cited on a day. First states of pages only.
create table daily_citations (
    day date,                       -- of the articles
    source_id varchar,              -- in sources; null: not in the registry
    source_name varchar,            -- of those that are not in the registry
    voice varchar,                  -- identified, anonymous, unresolved
    attributions bigint,            -- to the source
    direct bigint,                  -- of these, wholly quoted
    articles bigint,                -- that cite it
    outlets bigint                  -- that cite it
);

-- Rollup: what kinds of people each outlet let speak on a day. First states of pages only.
create table daily_voices (
    day date,                       -- of the articles
    outlet_id varchar,              -- in outlets
    source_id varchar,              -- in sources; null: not in the registry
    parent_source_id varchar,       -- the institution they speak for
    described_as varchar,           -- by the English words that name them: expert, civilian, official; null: none of these
    voice varchar,                  -- identified, anonymous, unresolved
    attributions bigint,            -- to them
    direct bigint                   -- of these, wholly quoted
);

-- Rollup: which words, and pairs of words that stand together, each outlet's headlines had on a day. First states only.
create table daily_terms (
    day date,                       -- of the articles
    term varchar,                   -- in lower case; empty: whatever they had
    outlet_id varchar,              -- in outlets
    language varchar,               -- of the articles
    headlines bigint                -- that have the term
);

delete from daily_sources;
insert into daily_sources by name
select
    attributions.day,
    attributions.outlet_id,
    source_id,
    case when source_id is null then source_name end as source_name,
    case
        when source_id is not null or attributions.source_name is not null then 'identified'
        when source_kind = 'anonymous' then 'anonymous'
        else 'unresolved'
    end as voice,
    count(*) as attributions,
    count(*) filter (kind = 'direct') as direct,
    count(distinct attributions.article_id) as articles,
    min(dated_at) as first_at
from attributions
join articles on articles.article_id = attributions.article_id
where articles.is_revision_of is null
group by all
order by all;

insert into daily_citations by name
select
    day, source_id, source_name, voice, sum(attributions)::bigint as attributions, sum(direct)::bigint as direct,
    sum(articles)::bigint as articles, count(*) as outlets
from daily_sources
group by day, source_id, source_name, voice
order by day, source_id, source_name, voice;

insert into daily_voices by name
select
    attributions.day,
    attributions.outlet_id,
    attributions.source_id,
    parent_source_id,
    case
        when regexp_matches(source_surface, '\b(analysts?|experts?|professors?|researchers?|scholars?|scientists?|economists?|historians?|arch(a)?eologists?|academics?)\b', 'i') then 'expert'
        when regexp_matches(source_surface, '\b(residents?|(eye)?witness(es)?|survivors?|villagers?|refugees?|migrants?|civilians?|passengers?|neighbou?rs?|mothers?|fathers?|students?|shopkeepers?|farmers?|activists?|families|relatives?)\b', 'i') then 'civilian'
        when regexp_matches(source_surface, '\b(ministers?|ministry|ministries|government|president|officials?|authorities|police|army|military|commanders?|generals?|colonels?|ambassadors?|diplomats?|governors?|mayors?|senators?|judges?|prosecutors?|courts?)\b', 'i') then 'official'
    end as described_as,
    case
        when attributions.source_id is not null or source_name is not null then 'identified'
        when source_kind = 'anonymous' then 'anonymous'
        else 'unresolved'
    end as voice,
    count(*) as attributions,
    count(*) filter (kind = 'direct') as direct
from attributions
join articles on articles.article_id = attributions.article_id
where articles.is_revision_of is null
group by all
order by all;

insert into daily_terms by name
with
titles as (
    select day, outlet_id, language, regexp_extract_all(lower(title), '[\p{L}\p{M}\p{N}]+') as words
    from articles
    where is_revision_of is null and title is not null
),
printed as (
    select day, outlet_id, language, unnest(list_distinct(list_concat(
        [''],
        list_filter(words, lambda word: length(word) >= 3),
        list_transform(range(1, len(words)), lambda place: words[place] || ' ' || words[place + 1])
    ))) as term
    from titles
)
select day, term, outlet_id, language, count(*) as headlines
from printed
group by all
order by all;
