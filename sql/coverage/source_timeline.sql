-- title:    A source's days
-- question: How often was the source cited each day?
-- grain:    a row a day, days without a citation too
-- params:   source_id varchar = null, source_name varchar = null, start date, end date,
--           outlets varchar[] = null, languages varchar[] = null
-- reads:    daily_citations, daily_sources
with
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
counted as (
    select day, sum(attributions) as attributions, sum(articles) as articles
    from citations($start, $end, $outlets, $languages, null)
    where ($source_id is null or source_id = $source_id)
        and ($source_name is null or (source_id is null and source_name = $source_name))
    group by day
)
select
    days.day,
    coalesce(counted.attributions, 0)::bigint as attributions,
    coalesce(counted.articles, 0)::bigint as articles
from days
left join counted on counted.day = days.day
order by days.day
