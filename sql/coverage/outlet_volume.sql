-- title:    An outlet's days
-- question: How much did the outlet publish each day, and how much of it was agency copy?
-- grain:    a row a day, days without articles too
-- params:   outlet_id varchar, start date, end date, languages varchar[] = null, sources varchar[] = null
-- reads:    daily_outlets, articles, attributions
with
days as (
    select cast(unnest(generate_series($start, $end, interval 1 day)) as date) as day
),
published as (
    select
        day,
        sum(articles)::bigint as articles,
        sum(wire_articles)::bigint as wire_articles,
        sum(attributions)::bigint as attributions
    from output($start, $end, [$outlet_id], $languages, $sources)
    group by day
)
select
    days.day,
    coalesce(published.articles, 0) as articles,
    coalesce(published.wire_articles, 0) as wire_articles,
    coalesce(published.attributions, 0) as attributions
from days
left join published on published.day = days.day
order by days.day
