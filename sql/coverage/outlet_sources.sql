-- title:    Whom an outlet cites
-- question: Which sources does the outlet cite most, and how often word for word?
-- grain:    a row a source
-- params:   outlet_id varchar, start date, end date, languages varchar[] = null, sources varchar[] = null,
--           top integer = 30
-- reads:    daily_sources, sources
with
counted as (
    select
        source_key(source_id, source_name) as source_key,
        source_id,
        source_name,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct
    from cited($start, $end, [$outlet_id], $languages, $sources)
    group by source_id, source_name
    order by attributions desc, source_key
    limit $top
)
select
    counted.source_key,
    coalesce(sources.name, counted.source_name, counted.source_id) as source_name,
    counted.attributions,
    counted.direct
from counted
left join sources on sources.source_id = counted.source_id
order by counted.attributions desc, counted.source_key
