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
        outlet_id,
        coalesce(source_id, source_name) as source_key,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct
    from daily_sources
    where day between $start and $end and voice = 'identified' and ($language is null or language = $language)
    group by outlet_id, source_key
),
of_outlets as (
    select outlet_id, sum(attributions) as attributions, sum(sum(attributions)) over () as all_attributions
    from cited
    group by outlet_id
),
of_sources as (
    select source_key, sum(attributions) as attributions
    from cited
    group by source_key
),
foremost as (
    select cited.*, coalesce(sources.name, cited.source_key) as source
    from cited
    left join sources on sources.source_id = cited.source_key
    where ($outlet is null or cited.outlet_id = $outlet)
        and ($source is null or $source in (cited.source_key, sources.name))
    order by attributions desc, outlet_id, source_key
    limit $top
),
weighed as (
    select
        foremost.*,
        foremost.attributions / of_outlets.attributions as share,
        of_sources.attributions / of_outlets.all_attributions as common_share
    from foremost
    join of_outlets on of_outlets.outlet_id = foremost.outlet_id
    join of_sources on of_sources.source_key = foremost.source_key
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
order by weighed.attributions desc, weighed.outlet_id, weighed.source_key
