-- title:    Who cites a source
-- question: In which outlets does the source stand, how often word for word, and is that much for the outlet?
-- grain:    a row an outlet
-- params:   source_id varchar = null, source_name varchar = null, start date, end date,
--           outlets varchar[] = null, languages varchar[] = null
-- reads:    daily_sources, outlets
-- method:   share is of the outlet's attributions to identified sources.
with
own as (
    select outlet_id, sum(attributions) as attributions, sum(direct) as direct
    from cited($start, $end, $outlets, $languages, null)
    where ($source_id is null or source_id = $source_id)
        and ($source_name is null or (source_id is null and source_name = $source_name))
    group by outlet_id
),
everyone as (
    select outlet_id, sum(attributions) as attributions
    from cited($start, $end, $outlets, $languages, null)
    group by outlet_id
)
select
    own.outlet_id,
    coalesce(outlets.name, own.outlet_id) as outlet,
    own.attributions::bigint as attributions,
    own.direct::bigint as direct,
    round(own.attributions / everyone.attributions, 4) as share
from own
join everyone on everyone.outlet_id = own.outlet_id
left join outlets on outlets.outlet_id = own.outlet_id
order by own.attributions desc, own.outlet_id
