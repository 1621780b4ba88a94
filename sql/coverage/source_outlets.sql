-- title:    Who cites a source
-- question: In which outlets does the source stand, how often word for word, and is that much for the outlet?
-- grain:    a row an outlet
-- params:   key varchar, start date, end date, outlets varchar[] = null, languages varchar[] = null
-- reads:    daily_sources, attributions, articles, outlets
-- method:   share is of the outlet's attributions to identified sources.
with
counted as (
    select
        outlet_id,
        sum(attributions) filter (source_key = $key) as attributions,
        sum(direct) filter (source_key = $key) as direct,
        sum(attributions) as all_attributions
    from cited($start, $end, $outlets, $languages, null)
    group by outlet_id
)
select
    counted.outlet_id,
    coalesce(outlets.name, counted.outlet_id) as outlet,
    counted.attributions::bigint as attributions,
    counted.direct::bigint as direct,
    round(counted.attributions / counted.all_attributions, 4) as share
from counted
left join outlets on outlets.outlet_id = counted.outlet_id
where counted.attributions > 0
order by counted.attributions desc, counted.outlet_id
