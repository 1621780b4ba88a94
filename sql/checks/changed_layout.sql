-- title:    No outlet has changed its layout unnoticed
-- question: Of which outlets are articles suddenly undated, of another length, without attributions, or in other elements?
-- grain:    a row an outlet, day and what has changed
-- severity: warn
-- params:   start timestamp, end timestamp
-- reads:    outlet_health, daily_outlets, articles
-- method:   Against the median of the 28 days before, where at least 7 have articles, for days with at least 4:
--           half of the articles more without a date; a median length under a third or over three times the
--           usual; under a quarter of the usual attributions an article, where one is usual. And for days with at
--           least 4 articles that were read with a template: under half of their text in the elements it knows.
with
cited as (
    select outlet_id, day, sum(attributions) / sum(articles) as cited
    from daily_outlets
    where day >= cast($start as date) - 28 and day < cast($end as date)
    group by outlet_id, day
),
brought as (
    select
        outlet_health.outlet_id,
        outlet_health.day,
        outlet_health.articles,
        outlet_health.missing_date / outlet_health.articles as undated,
        outlet_health.median_words as words,
        cited.cited
    from outlet_health
    left join cited on cited.outlet_id = outlet_health.outlet_id and cited.day = outlet_health.day
    where outlet_health.articles > 0
        and outlet_health.day >= cast($start as date) - 28
        and outlet_health.day < cast($end as date)
),
compared as (
    select
        brought.outlet_id,
        brought.day,
        any_value(brought.undated) as undated,
        any_value(brought.words) as words,
        any_value(brought.cited) as cited,
        median(earlier.undated) as usual_undated,
        median(earlier.words) as usual_words,
        median(earlier.cited) as usual_cited
    from brought
    join brought earlier
        on earlier.outlet_id = brought.outlet_id
        and earlier.day >= brought.day - 28
        and earlier.day < brought.day
    where brought.day >= cast($start as date) and brought.articles >= 4
    group by brought.outlet_id, brought.day
    having count(*) >= 7
)
select outlet_id, day, 'share without a date' as changed, undated as now, usual_undated as usual
from compared
where undated >= usual_undated + 0.5
union all
select outlet_id, day, 'median words', words, usual_words
from compared
where words * 3 < usual_words or words > usual_words * 3
union all
select outlet_id, day, 'attributions an article', cited, usual_cited
from compared
where usual_cited >= 1 and cited * 4 < usual_cited
union all
select outlet_id, day, 'share of text in known elements', avg(known_share), 1.0
from articles
where day >= cast($start as date) and day < cast($end as date) and known_share is not null
group by outlet_id, day
having count(*) >= 4 and avg(known_share) < 0.5
order by outlet_id, day, changed
