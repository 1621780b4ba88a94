-- title:    Attention
-- question: Whom do the outlets cite each day, and is it more or less than the week's average?
-- grain:    a row a day and source, for the sources cited most in the period; days without a citation too
-- params:   start date = last - 13, end date = last, outlet varchar = null, top integer = 5
-- reads:    daily_sources, sources
-- method:   Attributions to identified sources in first states of pages. week_average is the mean of the
--           day and the six before it, as far as they lie in the period.
with
cited as (
    select
        day,
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        coalesce(sources.name, daily_sources.source_name, daily_sources.source_id) as source,
        daily_sources.outlet_id,
        daily_sources.attributions
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where day between $start and $end
        and voice = 'identified'
        and ($outlet is null or daily_sources.outlet_id = $outlet)
),
foremost as (
    select source_key, min(source) as source, sum(attributions) as total
    from cited
    group by source_key
    order by total desc, source_key
    limit $top
),
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
counted as (
    select day, source_key, sum(attributions) as attributions, count(distinct outlet_id) as outlets
    from cited
    group by day, source_key
),
filled as (
    select
        days.day,
        foremost.source_key,
        foremost.source,
        foremost.total,
        coalesce(counted.attributions, 0)::bigint as attributions,
        coalesce(counted.outlets, 0) as outlets
    from days
    cross join foremost
    left join counted on counted.day = days.day and counted.source_key = foremost.source_key
)
select
    day,
    source,
    attributions,
    outlets,
    round(avg(attributions) over (
        partition by source_key order by day rows between 6 preceding and current row
    ), 2) as week_average
from filled
order by day, total desc, source_key
