-- title:    Source diversity
-- question: How many voices does each outlet let speak, and how evenly?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last, language varchar = null
-- reads:    daily_sources, outlets
-- method:   Over identified sources. shannon is -sum(p ln p) in nats; simpson the chance that two
--           attributions have different sources, 1 - sum(p²); effective_sources is exp(shannon), the number
--           of equally cited sources with that diversity (Hill 1973, doi:10.2307/1934352).
with
cited as (
    select outlet_id, coalesce(source_id, source_name) as source_key, sum(attributions) as attributions
    from daily_sources
    where day between $start and $end and voice = 'identified' and ($language is null or language = $language)
    group by outlet_id, source_key
),
shares as (
    select
        outlet_id,
        source_key,
        attributions,
        attributions / sum(attributions) over (partition by outlet_id) as share
    from cited
)
select
    coalesce(min(outlets.name), shares.outlet_id) as outlet,
    sum(attributions)::bigint as attributions,
    count(*) as sources,
    round(sum(share * ln(1 / share)), 4) as shannon,
    round(1 - sum(share * share), 4) as simpson,
    round(exp(sum(share * ln(1 / share))), 2) as effective_sources,
    round(max(share), 4) as top_share
from shares
left join outlets on outlets.outlet_id = shares.outlet_id
group by shares.outlet_id
order by effective_sources desc, shares.outlet_id
