-- title:    Bursts
-- question: When was a source cited in a burst, far above what it usually is, and which bursts were strongest?
-- grain:    a row a burst
-- params:   start date = last - 89, end date = last, outlet varchar = null, language varchar = null,
--           ratio double = 2, cost double = 1, least integer = 5, top integer = 20
-- reads:    daily_citations, daily_sources, daily_outlets, sources
-- step:     bursts ratio cost top
-- method:   Kleinberg's automaton of two states over the days' articles (Bursty and hierarchical structure
--           in streams, 2003, doi:10.1023/A:1024940629314, section 4): at rest an article cites the source
--           with its share over the whole period, in a burst with `ratio` times that. Of all ways to go
--           between them the most likely is taken, every rise into a burst costing `cost` times ln of the
--           number of days. weight: how much likelier the days are in the burst than at rest, as ln. Sources
--           in fewer than `least` articles are left out; days without news say nothing.
with
news_days as (
    select (day - date '1970-01-01') as number, sum(articles)::bigint as articles
    from daily_outlets
    where day between $start and $end
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
    group by day
),
cited as (
    select (day - date '1970-01-01') as number, coalesce(source_id, source_name) as source_key, articles
    from daily_citations
    where $outlet is null and $language is null and day between $start and $end and voice = 'identified'
    union all
    select (day - date '1970-01-01'), coalesce(source_id, source_name), sum(articles)::bigint
    from daily_sources
    where ($outlet is not null or $language is not null)
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and day between $start and $end
        and voice = 'identified'
    group by all
),
frequent as (
    select source_key, list(number) as numbers, list(articles) as articles
    from cited
    group by source_key
    having sum(articles) >= $least
)
select null as source_key, null as source, list(number) as numbers, list(articles) as articles
from news_days
union all
select frequent.source_key, coalesce(sources.name, frequent.source_key), frequent.numbers, frequent.articles
from frequent
left join sources on sources.source_id = frequent.source_key
order by source_key nulls first
