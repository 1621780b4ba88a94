-- title: in which language each outlet published, and cited whom, on a day
alter table daily_outlets add column language varchar;  -- of the articles; null: not known
alter table daily_sources add column language varchar;  -- of the articles; null: not known

delete from daily_outlets;
insert into daily_outlets by name
with
said as (select article_id, count(*) as attributions from attributions group by article_id),
signed as (select distinct article_id from authors)
select
    day,
    outlet_id,
    language,
    count(*) as articles,
    sum(word_count)::bigint as words,
    coalesce(sum(said.attributions), 0)::bigint as attributions,
    count(wire_credit) as wire_articles,
    count(*) filter (byline is not null or signed.article_id is not null) as bylined_articles
from articles
left join said on said.article_id = articles.article_id
left join signed on signed.article_id = articles.article_id
where is_revision_of is null
group by day, outlet_id, language
order by day, outlet_id, language;

delete from daily_sources;
insert into daily_sources by name
with
-- by article first: distinct articles of every source and day are not held in memory
said as (
    select
        articles.article_id,
        attributions.day,
        attributions.outlet_id,
        language,
        source_id,
        case when source_id is null then source_name end as source_name,
        case
            when source_id is not null or source_name is not null then 'identified'
            when source_kind = 'anonymous' then 'anonymous'
            else 'unresolved'
        end as voice,
        count(*) as attributions,
        count(*) filter (kind = 'direct') as direct,
        any_value(dated_at) as dated_at
    from attributions
    join articles on articles.article_id = attributions.article_id
    where is_revision_of is null
    group by all
)
select
    day,
    outlet_id,
    language,
    source_id,
    source_name,
    voice,
    sum(attributions)::bigint as attributions,
    sum(direct)::bigint as direct,
    count(*) as articles,
    min(dated_at) as first_at
from said
group by day, outlet_id, language, source_id, source_name, voice
order by day, outlet_id, language, source_id, source_name, voice;
