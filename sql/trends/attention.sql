-- title:    Attention
-- question: Whom do the outlets cite each day, and is it more or less than the week's average?
-- grain:    a row a day and source, for the sources cited most in the period; days without a citation too
-- params:   start date = last - 13, end date = last, outlet varchar = null, language varchar = null,
--           top integer = 5
-- reads:    daily_citations, daily_sources, sources
-- method:   Attributions to identified sources in first states of pages. week_average is the mean of the
--           day and the six before it, as far as they lie in the period.
with
cited as (
    select day, coalesce(source_id, source_name) as source_key, attributions, outlets
    from daily_citations
    where $outlet is null and $language is null and day between $start and $end and voice = 'identified'
    union all
    select day, coalesce(source_id, source_name), sum(attributions), count(distinct outlet_id)
    from daily_sources
    where ($outlet is not null or $language is not null)
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and day between $start and $end
        and voice = 'identified'
    group by all
),
foremost as (
    select source_key, sum(attributions) as total
    from cited
    group by source_key
    order by total desc, source_key
    limit $top
),
named as (
    select foremost.source_key, foremost.total, coalesce(sources.name, foremost.source_key) as source
    from foremost
    left join sources on sources.source_id = foremost.source_key
),
counted as (
    select day, source_key, sum(attributions)::bigint as attributions, sum(outlets)::bigint as outlets
    from cited
    where source_key in (select source_key from foremost)
    group by day, source_key
),
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
filled as (
    select
        days.day,
        named.source_key,
        named.source,
        named.total,
        coalesce(counted.attributions, 0) as attributions,
        coalesce(counted.outlets, 0) as outlets
    from days
    cross join named
    left join counted on counted.day = days.day and counted.source_key = named.source_key
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
