-- title:    whom each outlet cited on a day
-- question: How often did each outlet cite each source on the touched days?
-- grain:    a row a day, outlet, language, source and voice
-- reads:    attributions, articles, touched_days
with
counted as (
    select article_id, language, dated_at
    from articles
    where day in (select day from touched_days) and is_revision_of is null
),
said as (
    select
        attributions.day,
        attributions.outlet_id,
        counted.language,
        source_id,
        case when source_id is null then source_name end as source_name,
        case
            when source_id is not null or source_name is not null then 'identified'
            when source_kind = 'anonymous' then 'anonymous'
            else 'unresolved'
        end as voice,
        kind,
        counted.article_id,
        counted.dated_at
    from attributions
    join counted on counted.article_id = attributions.article_id
    where attributions.day in (select day from touched_days)
)
select
    day,
    outlet_id,
    language,
    source_id,
    source_name,
    voice,
    count(*) as attributions,
    count(*) filter (kind = 'direct') as direct,
    count(distinct article_id) as articles,
    min(dated_at) as first_at
from said
group by day, outlet_id, language, source_id, source_name, voice
order by day, outlet_id, language, source_id, source_name, voice
