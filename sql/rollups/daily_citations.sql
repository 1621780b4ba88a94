-- title:    whom all outlets together cited on a day
-- question: How often was each source cited on the touched days, and in how many outlets?
-- grain:    a row a day, source and voice
-- reads:    daily_sources, touched_days
-- method:   An article is of one outlet and one language, so their counts add up.
select
    day,
    source_id,
    source_name,
    voice,
    sum(attributions)::bigint as attributions,
    sum(direct)::bigint as direct,
    sum(articles)::bigint as articles,
    count(distinct outlet_id) as outlets
from daily_sources
where day in (select day from touched_days)
group by day, source_id, source_name, voice
order by day, source_id, source_name, voice
