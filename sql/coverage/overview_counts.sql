-- title:    Counts of a period
-- question: What did collecting find, keep, refuse and lose, and what stands in the articles?
-- grain:    one row
-- params:   start date, end date, outlets varchar[] = null, languages varchar[] = null, sources varchar[] = null
-- reads:    outlet_health, daily_outlets, daily_citations, daily_sources, articles, attributions
-- method:   found, new, rejected and gaps are of the days of collecting, and know neither language nor source.
with
collected as (
    select sum(found) as found, sum(new) as new, sum(rejected) as rejected, sum(gaps) as gaps
    from outlet_health
    where day between $start and $end and ($outlets is null or list_contains($outlets, outlet_id))
),
published as (
    select sum(articles) as articles, sum(attributions) as attributions
    from output($start, $end, $outlets, $languages, $sources)
),
voices as (
    select distinct source_id, source_name
    from citations($start, $end, $outlets, $languages, $sources)
)
select
    coalesce(collected.found, 0)::bigint as found,
    coalesce(collected.new, 0)::bigint as new,
    coalesce(published.articles, 0)::bigint as articles,
    coalesce(published.attributions, 0)::bigint as attributions,
    (select count(*) from voices) as sources,
    coalesce(collected.rejected, 0)::bigint as rejected,
    coalesce(collected.gaps, 0)::bigint as gaps
from collected
cross join published
