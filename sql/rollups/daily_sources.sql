-- title:    whom each outlet cited on a day
-- question: How often did each outlet cite each source on the touched days?
-- grain:    a row a day, outlet, source and voice
-- reads:    attributions, articles, touched_days
with
counted as (
    select article_id
    from articles
    where day in (select day from touched_days) and is_revision_of is null
),
said as (
    select
        day,
        outlet_id,
        source_id,
        case when source_id is null then source_name end as source_name,
        case
            when source_id is not null or source_name is not null then 'identified'
            when source_kind = 'anonymous' then 'anonymous'
            else 'unresolved'
        end as voice,
        kind,
        article_id
    from attributions
    where day in (select day from touched_days)
        and article_id in (select article_id from counted)
)
select
    day,
    outlet_id,
    source_id,
    source_name,
    voice,
    count(*) as attributions,
    count(*) filter (kind = 'direct') as direct,
    count(distinct article_id) as articles
from said
group by day, outlet_id, source_id, source_name, voice
order by day, outlet_id, source_id, source_name, voice
