-- title:    Top sources of a period
-- question: Whom do articles cite most?
-- grain:    a row a source
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           top integer = 20
-- reads:    daily_citations, daily_sources, sources
with
counted as (
    select
        source_key(source_id, source_name) as source_key,
        source_id,
        source_name,
        sum(attributions)::bigint as attributions,
        sum(articles)::bigint as articles
    from citations($start, $end, $outlets, $languages, $sources)
    group by source_id, source_name
    order by attributions desc, source_key
    limit $top
),
-- counted for these alone: distinct outlets of all sources would cost more than all the rest
spread as (
    select source_key(source_id, source_name) as source_key, count(distinct outlet_id) as outlets
    from cited($start, $end, $outlets, $languages, $sources)
    where source_key(source_id, source_name) in (select source_key from counted)
    group by source_id, source_name
)
select
    counted.source_key,
    coalesce(sources.name, counted.source_name, counted.source_id) as source_name,
    sources.kind,
    counted.attributions,
    counted.articles,
    spread.outlets
from counted
join spread on spread.source_key = counted.source_key
left join sources on sources.source_id = counted.source_id
order by counted.attributions desc, counted.source_key
