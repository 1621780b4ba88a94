-- title:    Source diversity
-- question: How many voices does each outlet let speak, and how evenly?
-- grain:    a row an outlet
-- params:   start date = last - 13, end date = last, language varchar = null
-- reads:    daily_sources, outlets
-- method:   Over identified sources. shannon is -sum(p ln p) in nats, worked out as ln n - sum(c ln c) / n of
--           counts c that sum up to n; simpson the chance that two attributions have different sources,
--           1 - sum(p²); effective_sources is exp(shannon), the number of equally cited sources with that
--           diversity (Hill 1973, doi:10.2307/1934352).
with
cited as (
    select outlet_id, coalesce(source_id, source_name) as source_key, sum(attributions) as attributions
    from daily_sources
    where day between $start and $end and voice = 'identified' and ($language is null or language = $language)
    group by outlet_id, source_key
),
summed as (
    select
        outlet_id,
        sum(attributions) as attributions,
        count(*) as sources,
        ln(sum(attributions)) - sum(attributions * ln(attributions)) / sum(attributions) as shannon,
        1 - sum(attributions * attributions) / (sum(attributions) * sum(attributions)) as simpson,
        max(attributions) / sum(attributions) as top_share
    from cited
    group by outlet_id
)
select
    coalesce(outlets.name, summed.outlet_id) as outlet,
    summed.attributions::bigint as attributions,
    summed.sources,
    round(summed.shannon, 4) as shannon,
    round(summed.simpson, 4) as simpson,
    round(exp(summed.shannon), 2) as effective_sources,
    round(summed.top_share, 4) as top_share
from summed
left join outlets on outlets.outlet_id = summed.outlet_id
order by effective_sources desc, summed.outlet_id
