-- title:    Sources of a period
-- question: Who is cited, and how often?
-- grain:    a row a source, most cited first; beside each row the number of all that fit
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null,
--           words varchar = null, limit integer, offset integer
-- reads:    daily_sources, attributions, articles, sources
-- method:   words stand in the name or in another name of the source, in any case.
with
counted as (
    select
        source_key,
        min(source_id) as source_id,
        min(source_name) as source_name,
        sum(attributions)::bigint as attributions,
        sum(articles)::bigint as articles,
        count(distinct outlet_id) as outlets
    from cited($start, $end, $outlets, $languages, $sources)
    group by source_key
),
named as (
    select
        counted.source_key,
        coalesce(sources.name, counted.source_name, counted.source_id) as source_name,
        sources.kind,
        sources.country,
        counted.attributions,
        counted.articles,
        counted.outlets
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
)
select total.count, page.*
from (select count(*) as count from named) total
left join page on true
order by page.attributions desc, page.source_key
