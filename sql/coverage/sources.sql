-- title:    Sources of a period
-- question: Who is cited, and how often?
-- grain:    a row a source, most cited first; beside each row the number of all that fit
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           words varchar = null, limit integer, offset integer
-- reads:    daily_citations, daily_sources, sources
-- method:   words stand in the name or in another name of the source, in any case.
with
counted as (
    select
        source_id,
        source_name,
        sum(attributions)::bigint as attributions,
        sum(articles)::bigint as articles
    from citations($start, $end, $outlets, $languages, $sources)
    group by source_id, source_name
),
named as (
    select
        source_key(counted.source_id, counted.source_name) as source_key,
        coalesce(sources.name, counted.source_name, counted.source_id) as source_name,
        sources.kind,
        sources.country,
        counted.attributions,
        counted.articles
    from counted
    left join sources on sources.source_id = counted.source_id
    where $words is null
        or contains(lower(coalesce(sources.name, counted.source_name, counted.source_id)), lower($words))
        or contains(lower(array_to_string(sources.aliases, chr(10))), lower($words))
),
page as (
    select *
    from named
    order by attributions desc, source_key
    limit $limit offset $offset
),
-- counted for these alone: distinct outlets of all sources would cost more than all the rest
spread as (
    select source_key(source_id, source_name) as source_key, count(distinct outlet_id) as outlets
    from cited($start, $end, $outlets, $languages, $sources)
    where source_key(source_id, source_name) in (select source_key from page)
    group by source_id, source_name
),
shown as (
    select page.*, spread.outlets
    from page
    join spread on spread.source_key = page.source_key
)
select total.count, shown.*
from (select count(*) as count from named) total
left join shown on true
order by shown.attributions desc, shown.source_key
