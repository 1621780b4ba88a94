-- title:    Attention of a period
-- question: How many articles and attributions does each day have?
-- grain:    a row a day, days without articles too
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null
-- reads:    daily_outlets, articles, attributions
with
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
counted as (
    select day, sum(articles) as articles, sum(attributions) as attributions
    from output($start, $end, $outlets, $languages, $sources)
    group by day
)
select
    days.day,
    coalesce(counted.articles, 0)::bigint as articles,
    coalesce(counted.attributions, 0)::bigint as attributions
from days
left join counted on counted.day = days.day
order by days.day
