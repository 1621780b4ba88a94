-- title:    Share of voice
-- question: Which share of all that is attributed goes to each source?
-- grain:    a row a source
-- params:   start date = last - 13, end date = last, outlet varchar = null, identified boolean = false,
--           top integer = 20
-- reads:    daily_sources, sources
-- method:   Shares are of all attributions of the period, those to anonymous and unresolved sources
--           included, so that they add up to one over all sources; with `identified`, of those to
--           identified sources, and only these are listed.
with
cited as (
    select
        coalesce(daily_sources.source_id, daily_sources.source_name, '(' || voice || ')') as source_key,
        coalesce(sources.name, daily_sources.source_name, daily_sources.source_id, '(' || voice || ')') as source,
        sources.kind,
        daily_sources.outlet_id,
        daily_sources.attributions,
        daily_sources.direct,
        daily_sources.articles
    from daily_sources
    left join sources on sources.source_id = daily_sources.source_id
    where day between $start and $end
        and ($outlet is null or daily_sources.outlet_id = $outlet)
        and (voice = 'identified' or not $identified)
),
summed as (
    select
        source_key,
        min(source) as source,
        min(kind) as kind,
        sum(attributions)::bigint as attributions,
        sum(direct)::bigint as direct,
        sum(articles)::bigint as articles,
        count(distinct outlet_id) as outlets
    from cited
    group by source_key
)
select
    source,
    kind,
    attributions,
    round(attributions / sum(attributions) over (), 4) as share,
    direct,
    articles,
    outlets
from summed
order by attributions desc, source_key
limit $top
