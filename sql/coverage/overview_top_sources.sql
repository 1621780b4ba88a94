-- title:    Top sources of a period
-- question: Whom do articles cite most?
-- grain:    a row a source
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           top integer = 20
-- reads:    daily_sources, attributions, articles, sources
with
counted as (
    select
        source_key,
        min(source_id) as source_id,
        min(source_name) as source_name,
        sum(attributions)::bigint as attributions,
        sum(articles)::bigint as articles,
        count(distinct outlet_id) as outlets
    from cited($start, $end, $outlets, $languages, $sources)
    group by source_key
    order by attributions desc, source_key
    limit $top
)
select
    counted.source_key,
    coalesce(sources.name, counted.source_name, counted.source_id) as source_name,
    sources.kind,
    counted.attributions,
    counted.articles,
    counted.outlets
from counted
left join sources on sources.source_id = counted.source_id
order by counted.attributions desc, counted.source_key
