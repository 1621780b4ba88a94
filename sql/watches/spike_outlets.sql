-- title:    Articles of an outlet on a day, and what is usual
-- question: How much did each outlet publish on these days, and how much in the days before?
-- grain:    a row an outlet and day
-- params:   start date = last, end date = last, baseline integer = 28, least integer = 3,
--           outlets varchar[] = null
-- reads:    daily_outlets, outlets
-- method:   Days before that hold articles of any outlet and none of this one count as 0.
with
news_days as (
    select distinct day
    from daily_outlets
    where day between $start - $baseline and $end
),
published as (
    select day, outlet_id, sum(articles)::bigint as articles
    from daily_outlets
    where day between $start - $baseline and $end
    group by day, outlet_id
),
judged as (
    select day, outlet_id, articles
    from published
    where day >= $start
        and articles >= $least
        and ($outlets::varchar[] is null or list_contains($outlets::varchar[], outlet_id))
),
before as (
    select judged.day, judged.outlet_id, judged.articles, coalesce(published.articles, 0) as earlier
    from judged
    join news_days on news_days.day >= judged.day - $baseline and news_days.day < judged.day
    left join published on published.day = news_days.day and published.outlet_id = judged.outlet_id
)
select
    before.outlet_id as subject,
    coalesce(any_value(outlets.name), before.outlet_id) as name,
    before.day,
    before.articles as value,
    median(before.earlier) as usual,
    mad(before.earlier) as deviation,
    count(*) as known_days
from before
left join outlets on outlets.outlet_id = before.outlet_id
group by before.outlet_id, before.day, before.articles
order by before.day, before.outlet_id
