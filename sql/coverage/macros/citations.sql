-- title:    Citations that fit, of all outlets together
-- question: How often was each identified source cited on each day, as the filters have it?
-- grain:    a row a day and source
-- reads:    daily_citations, daily_sources
-- method:   Where neither outlets nor languages are asked for, from the rollup that tells neither apart.
create temp macro citations(first_day, last_day, in_outlets, in_languages, of_sources) as table
select day, source_id, source_name, attributions, articles
from daily_citations
where in_outlets is null
    and in_languages is null
    and day between first_day and last_day
    and voice = 'identified'
    and (of_sources is null or list_contains(of_sources, source_key(source_id, source_name)))
union all
select day, source_id, source_name, sum(attributions)::bigint as attributions, sum(articles)::bigint as articles
from cited(first_day, last_day, in_outlets, in_languages, of_sources)
where in_outlets is not null or in_languages is not null
group by day, source_id, source_name
