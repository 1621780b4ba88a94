-- title:    Share of voice
-- question: Which share of all that is attributed goes to each source?
-- grain:    a row a source
-- params:   start date = last - 13, end date = last, outlet varchar = null, language varchar = null,
--           identified boolean = false, top integer = 20
-- reads:    daily_citations, daily_sources, sources
-- method:   Shares are of all attributions of the period, those to anonymous and unresolved sources
--           included, so that they add up to one over all sources; with `identified`, of those to
--           identified sources, and only these are listed.
with
cited as (
    select coalesce(source_id, source_name, '(' || voice || ')') as source_key, voice, attributions, direct, articles
    from daily_citations
    where $outlet is null and $language is null and day between $start and $end
    union all
    select coalesce(source_id, source_name, '(' || voice || ')'), voice, attributions, direct, articles
    from daily_sources
    where ($outlet is not null or $language is not null)
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and day between $start and $end
),
summed as (
    select
        source_key,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct,
        sum(articles)::bigint as articles
    from cited
    where voice = 'identified' or not $identified
    group by source_key
),
foremost as (
    select *, attributions / sum(attributions) over () as share
    from summed
    order by attributions desc, source_key
    limit $top
),
spread as (
    select coalesce(source_id, source_name, '(' || voice || ')') as source_key, count(distinct outlet_id) as outlets
    from daily_sources
    where day between $start and $end
        and ($outlet is null or outlet_id = $outlet)
        and ($language is null or language = $language)
        and coalesce(source_id, source_name, '(' || voice || ')') in (select source_key from foremost)
    group by all
)
select
    coalesce(sources.name, foremost.source_key) as source,
    sources.kind,
    foremost.attributions,
    round(foremost.share, 4) as share,
    foremost.direct,
    foremost.articles,
    spread.outlets
from foremost
join spread on spread.source_key = foremost.source_key
left join sources on sources.source_id = foremost.source_key
order by foremost.attributions desc, foremost.source_key
