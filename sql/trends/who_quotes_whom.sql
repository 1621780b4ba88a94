-- title:    Who quotes whom
-- question: Which sources does each outlet rely on, and how far more than the others do?
-- grain:    a row an outlet and source
-- params:   start date = last - 13, end date = last, outlet varchar = null, source varchar = null,
--           language varchar = null, top integer = 30
-- reads:    daily_sources, sources, outlets
-- method:   share is of the outlet's attributions to identified sources; lean is that share over the
--           source's share in all outlets together: 1 as everybody, 2 twice as much.
with
cited as (
    select
        daily_sources.outlet_id,
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        coalesce(sources.name, daily_sources.source_name, daily_sources.source_id) as source,
        daily_sources.attributions,
        daily_sources.direct
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where day between $start and $end and voice = 'identified' and ($language is null or language = $language)
),
pairs as (
    select
        outlet_id,
        source_key,
        min(source) as source,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct
    from cited
    group by outlet_id, source_key
),
weighed as (
    select
        *,
        attributions / sum(attributions) over (partition by outlet_id) as share,
        sum(attributions) over (partition by source_key) / sum(attributions) over () as common_share
    from pairs
)
select
    coalesce(outlets.name, weighed.outlet_id) as outlet,
    weighed.source,
    weighed.attributions,
    weighed.direct,
    round(weighed.share, 4) as share,
    round(weighed.share / weighed.common_share, 2) as lean
from weighed
left join outlets on outlets.outlet_id = weighed.outlet_id
where ($outlet is null or weighed.outlet_id = $outlet)
    and ($source is null or weighed.source_key = $source or weighed.source = $source)
order by weighed.attributions desc, weighed.outlet_id, weighed.source_key
limit $top
