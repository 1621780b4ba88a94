-- title:    Citations that fit
-- question: How often did each outlet cite each identified source on each day, as the filters have it?
-- grain:    a row a day, outlet and source; where languages are asked for, a row an article and source
-- reads:    daily_sources, attributions, articles
-- method:   From the rollup; where languages are asked for, which it does not tell apart, from the attributions.
create temp macro cited(first_day, last_day, in_outlets, in_languages, of_sources) as table
with
rolled as (
    select day, outlet_id, source_id, source_name, attributions, direct, articles
    from daily_sources
    where in_languages is null
        and day between first_day and last_day
        and voice = 'identified'
    union all
    select
        attributions.day,
        attributions.outlet_id,
        attributions.source_id,
        case when attributions.source_id is null then attributions.source_name end as source_name,
        count(*) as attributions,
        count(*) filter (attributions.kind = 'direct') as direct,
        1 as articles
    from attributions
    join articles on articles.day = attributions.day and articles.article_id = attributions.article_id
    where in_languages is not null
        and attributions.day between first_day and last_day
        and articles.day between first_day and last_day
        and articles.is_revision_of is null
        and list_contains(in_languages, articles.language)
        and (attributions.source_id is not null or attributions.source_name is not null)
    group by
        attributions.day,
        attributions.outlet_id,
        attributions.article_id,
        attributions.source_id,
        case when attributions.source_id is null then attributions.source_name end
)
select *
from rolled
where (in_outlets is null or list_contains(in_outlets, outlet_id))
    and (of_sources is null or list_contains(of_sources, source_key(source_id, source_name)))
