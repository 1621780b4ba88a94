-- title:    Regime shift
-- question: Which sources came to be cited at another level for good, and since when?
-- grain:    a row a source
-- params:   start date = last - 89, end date = last, outlet varchar = null, language varchar = null,
--           least_days integer = 5, least integer = 10, threshold double = 12, top integer = 20
-- reads:    daily_citations, daily_sources, daily_outlets, sources
-- step:     shifts least_days threshold top
-- method:   The share of articles that cite a source, held to be one level up to a day and another from it
--           on; since is the day that makes the days most likely, with at least `least_days` days of news on
--           either side (Hinkley and Hinkley 1970, doi:10.1093/biomet/57.3.477). strength is twice the log
--           likelihood ratio against one level throughout, over the dispersion of the days around their
--           levels where they vary more than chance (McCullagh and Nelder 1989, section 4.5); as the best of
--           many days is taken, 12 is rarer than one in fifty where nothing changed. Sources in fewer
--           than `least` articles are left out.
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
