-- title:    Attention to the most cited
-- question: How often do articles cite each of the sources that they cite most, day by day?
-- grain:    a row a day and source, for the sources cited most in the period; days without a citation too
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           top integer = 5
-- reads:    daily_citations, daily_sources, sources
-- method:   As the trend `attention`, with all filters of a period.
with
foremost as (
    select source_key(source_id, source_name) as source_key, source_id, sum(attributions) as total
    from citations($start, $end, $outlets, $languages, $sources)
    group by source_id, source_name
    order by total desc, source_key
    limit $top
),
said as (
    select
        day,
        source_key(source_id, source_name) as source_key,
        sum(attributions)::bigint as attributions,
        count(distinct outlet_id) as outlets
    from cited($start, $end, $outlets, $languages, $sources)
    where source_key(source_id, source_name) in (select source_key from foremost)
    group by day, source_id, source_name
),
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
filled as (
    select
        days.day,
        foremost.source_key,
        coalesce(sources.name, foremost.source_id, substr(foremost.source_key, 6)) as source_name,
        foremost.total,
        coalesce(said.attributions, 0) as attributions,
        coalesce(said.outlets, 0) as outlets
    from days
    cross join foremost
    left join sources on sources.source_id = foremost.source_id
    left join said on said.day = days.day and said.source_key = foremost.source_key
)
select
    day,
    source_key,
    source_name,
    attributions,
    outlets,
    round(avg(attributions) over (
        partition by source_key order by day rows between 6 preceding and current row
    ), 2) as week_average
from filled
order by day, total desc, source_key
