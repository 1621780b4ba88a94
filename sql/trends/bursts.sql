-- title:    Bursts
-- question: When was a source cited in a burst, far above what it usually is, and which bursts were strongest?
-- grain:    a row a burst
-- params:   start date = last - 89, end date = last, outlet varchar = null, ratio double = 2,
--           cost double = 1, least integer = 5, top integer = 20
-- reads:    daily_sources, daily_outlets, sources
-- step:     bursts ratio cost top
-- method:   Kleinberg's automaton of two states over the days' articles (Bursty and hierarchical structure
--           in streams, 2003, doi:10.1023/A:1024940629314, section 4): at rest an article cites the source
--           with its share over the whole period, in a burst with `ratio` times that. Of all ways to go
--           between them the most likely is taken, every rise into a burst costing `cost` times ln of the
--           number of days. weight: how much likelier the days are in the burst than at rest, as ln. Sources
--           in fewer than `least` articles are left out; days without news say nothing.
with
news_days as (
    select day, sum(articles)::bigint as articles
    from daily_outlets
    where day between $start and $end and ($outlet is null or outlet_id = $outlet)
    group by day
),
cited as (
    select
        daily_sources.day,
        coalesce(daily_sources.source_id, daily_sources.source_name) as source_key,
        min(coalesce(sources.name, daily_sources.source_name, daily_sources.source_id)) as source,
        sum(daily_sources.articles)::bigint as citing
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where daily_sources.day between $start and $end
        and voice = 'identified'
        and ($outlet is null or daily_sources.outlet_id = $outlet)
    group by daily_sources.day, source_key
),
frequent as (
    select source_key, min(source) as source
    from cited
    group by source_key
    having sum(citing) >= $least
)
select
    frequent.source_key,
    frequent.source,
    news_days.day,
    coalesce(cited.citing, 0) as citing,
    news_days.articles
from frequent
cross join news_days
left join cited on cited.source_key = frequent.source_key and cited.day = news_days.day
order by frequent.source_key, news_days.day
